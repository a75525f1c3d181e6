"""The root of every error that cohabit raises on purpose.

A Conflict is a value and never an exception; see ``analyzer.verdict``.
"""

from __future__ import annotations

from analyzer.origin import Origin


class CohabitError(Exception):
    """Something the user can act on. Only the command line catches it."""


class ManifestError(CohabitError):
    """An input file that cannot be read as what it claims to be.

    ``origin`` is the place at fault (line 0 where the whole file is), ``reason`` a sentence
    without the place in it.
    """

    def __init__(self, origin: Origin, reason: str) -> None:
        self.origin = origin
        self.reason = reason
        super().__init__(f"{origin}: {reason}")

    def __reduce__(self) -> tuple[type[ManifestError], tuple[Origin, str]]:
        # Errors cross a process boundary: the default would replay __init__ with the message.
        return type(self), (self.origin, self.reason)
