"""What is quoted of an input in a message: one line, without credentials, not too long."""

from __future__ import annotations

from resolvers.credentials import without_credentials

_LONGEST = 200
_LOOKED_AT = 4000
"""Characters that are searched for credentials: more than are shown, so that none is cut in two."""


def quoted(text: str) -> str:
    """The text as it may be shown."""
    kept = without_credentials(" ".join(text.split())[:_LOOKED_AT])
    return "".join(char if char.isprintable() else "?" for char in kept)[:_LONGEST]
