"""Names as the page's addresses hold them: each made of the name alone, so that a kept link means the same tomorrow."""

from __future__ import annotations

from hashlib import sha256

from reports.html.text import abridged

LENGTH = 60
"""Characters of a name that is told whole."""

_DIGITS = 8


def addressed(name: str) -> str:
    """``name`` where all of it can be seen, else what can be seen of it and a digest that tells it from others."""
    seen = abridged(name, LENGTH)
    if seen == name:
        return name
    return f"{seen}~{sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:_DIGITS]}"
