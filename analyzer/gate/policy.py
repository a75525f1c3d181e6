"""What a team asks of the gate: how grave each finding is, how much fails, and what is waived for now."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analyzer.gate.judgement import Note
from analyzer.gate.severity import Severity
from analyzer.gate.waiver import Waiver
from analyzer.verdict import Code

SOON = 14
"""Days before its end on which a waiver begins to warn."""

_ECOSYSTEMS = {
    "PIP": "pip",
    "SYS": "pip",
    "DEB": "deb",
    "RPM": "rpm",
    "MVN": "maven",
    "GIT": "git",
    "NET": "port",
    "PY": "python",
    "JDK": "jdk",
    "PLAT": "platform",
    "KRN": "kernel",
}

ECOSYSTEMS = tuple(dict.fromkeys(_ECOSYSTEMS.values()))
"""The names under which codes are graded together."""

_OF_NOTES = {
    Note.TOO_MANY: Severity.ERROR,
    Note.EXPIRED: Severity.WARNING,
    Note.UNMATCHED: Severity.WARNING,
    Note.EXPIRING: Severity.WARNING,
    Note.CLEARED: Severity.NOTE,
    Note.LACKING: Severity.WARNING,
}


def ecosystem(code: Code) -> str:
    """The ecosystem that a code belongs to, by the letters it begins with."""
    return _ECOSYSTEMS[code.rstrip("0123456789")]


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules of the gate. ``severities`` are by code (``PIP004``, ``GATE003``) or ecosystem (``deb``); what
    is in neither is an error, of the gate's own remarks only GATE001. ``max_environments`` None sets no bound."""

    fail_on: Severity = Severity.ERROR
    max_environments: int | None = None
    severities: Mapping[str, Severity] = field(default_factory=dict)
    waivers: tuple[Waiver, ...] = ()

    def of_code(self, code: Code) -> Severity:
        """How grave a conflict with this code is: its own severity goes before that of its ecosystem."""
        by_ecosystem = self.severities.get(ecosystem(code), Severity.ERROR)
        return self.severities.get(code, by_ecosystem)

    def of_note(self, note: Note) -> Severity:
        """How grave a remark is."""
        return self.severities.get(note, _OF_NOTES[note])
