"""Waivers: conflicts that a team lives with for a while, and who answers for that."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from analyzer.origin import Origin
from analyzer.verdict import Conflict


@dataclass(frozen=True, slots=True)
class Waiver:
    """A statement that matching Conflicts do not fail the gate until the end of the day ``expires``.

    What it names must all match: ``id`` a Conflict's id, ``code`` its code, ``services`` are all among its
    services, ``packages`` (purl-like, ``pypi/flask``) are all among its packages. Empty ones match anything.
    """

    reason: str
    owner: str
    expires: date
    origin: Origin
    id: str = ""
    code: str = ""
    services: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()

    def covers(self, conflict: Conflict) -> bool:
        """Whether it speaks of a Conflict, expired or not."""
        return (
            self.id in ("", conflict.id)
            and self.code in ("", conflict.code)
            and set(self.services) <= set(conflict.services)
            and set(self.packages) <= set(map(str, conflict.packages))
        )
