"""How grave a finding is, in the words of SARIF 2.1.0 (3.27.10)."""

from __future__ import annotations

from enum import StrEnum


class Severity(StrEnum):
    """From grave to none at all; a finding that is OFF is counted and not told."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    OFF = "off"

    @property
    def rank(self) -> int:
        """The greater, the graver."""
        return -_ORDER.index(self)

    def reaches(self, threshold: Severity) -> bool:
        """Whether it is at least as grave as a threshold; nothing reaches OFF."""
        return threshold is not Severity.OFF and self.rank >= threshold.rank


_ORDER = tuple(Severity)
