"""The gate's answer: each Conflict with its severity, age and waiver, and what is said of the gate itself."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cached_property

from analyzer.gate.past import Known
from analyzer.gate.severity import Severity
from analyzer.gate.waiver import Waiver
from analyzer.origin import Origin
from analyzer.report import Report
from analyzer.verdict import Conflict, Stance


class Age(StrEnum):
    """Whether a Conflict is known from a baseline or an earlier tree."""

    NEW = "new"
    KNOWN = "known"


class Standing(StrEnum):
    """Where a Conflict stands with the gate; each stands in one place, the first that holds from the last to NEW."""

    NEW = "new"
    """Nobody knew of it: it may fail the gate."""
    KNOWN = "known"
    """A baseline or an earlier tree knows it."""
    WAIVED = "waived"
    """A team lives with it for a while."""
    APART = "apart"
    """The present layout keeps its Services apart, whoever knows or waived it: for an earlier tree it is cleared."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A Conflict as the gate sees it.

    ``breaks`` says whether the present layout (without one: a single shared host) puts its Services together.
    ``since`` is the day (ISO) on which a baseline first held a KNOWN one, empty where nobody wrote it down.
    ``waiver`` is the one in force for it.
    """

    conflict: Conflict
    severity: Severity
    breaks: bool
    age: Age = Age.NEW
    since: str = ""
    waiver: Waiver | None = None

    @property
    def standing(self) -> Standing:
        """Where it stands with the gate (docs/decisions/0020)."""
        if not self.breaks:
            return Standing.APART
        if self.waiver is not None:
            return Standing.WAIVED
        return Standing.KNOWN if self.age is Age.KNOWN else Standing.NEW

    @property
    def counts(self) -> bool:
        """Whether it can fail the gate at all: it breaks the layout, is new, and nobody waived it."""
        return self.standing is Standing.NEW and self.severity is not Severity.OFF


class Note(StrEnum):
    """Stable codes of what the gate says of its own settings, documented in ``docs/codes.md``."""

    TOO_MANY = "GATE001"
    """The plan needs more environments than allowed."""
    EXPIRED = "GATE002"
    """A waiver has expired."""
    UNMATCHED = "GATE003"
    """A waiver speaks of no conflict."""
    EXPIRING = "GATE004"
    """A waiver expires soon."""
    CLEARED = "GATE005"
    """A baseline lists conflicts that are gone."""
    LACKING = "GATE006"
    """An earlier tree lacks what git has only the names of."""


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding about the gate itself, in one sentence. ``origin`` is the line that it speaks of, if any."""

    code: Note
    severity: Severity
    text: str
    origin: Origin | None = None


@dataclass(frozen=True)
class Judgement:
    """What the gate makes of a Report under a stance.

    ``findings`` hold each of ``report.conflicts_under(stance)`` that is not OFF, in the order of their ids.
    ``fail_on`` is the least severity that fails. ``compared_with`` names what the ages are told from (a file, a
    git reference), empty where all is NEW. ``cleared`` holds the ids that were known there and are gone.
    ``incomplete`` says that something stayed undecided or could not be examined. ``gone`` says of ``cleared``
    what they were, in the same order. ``today`` is the day on which waivers are judged, ``max_environments`` how
    many the plan may need; None where neither counts.
    """

    report: Report
    stance: Stance
    findings: tuple[Finding, ...]
    remarks: tuple[Remark, ...] = ()
    fail_on: Severity = Severity.ERROR
    compared_with: str = ""
    cleared: tuple[str, ...] = ()
    incomplete: bool = False
    gone: tuple[Known, ...] = ()
    today: date | None = None
    max_environments: int | None = None

    @cached_property
    def failing(self) -> tuple[Finding, ...]:
        """The findings for which the gate fails."""
        return tuple(f for f in self.findings if f.counts and f.severity.reaches(self.fail_on))

    def standing(self, place: Standing) -> tuple[Finding, ...]:
        """The findings that stand in one place: what every format counts."""
        return tuple(f for f in self.findings if f.standing is place)

    @cached_property
    def failing_remarks(self) -> tuple[Remark, ...]:
        """The remarks for which the gate fails."""
        return tuple(r for r in self.remarks if r.severity.reaches(self.fail_on))

    @property
    def passed(self) -> bool:
        """Whether a change may pass, as far as anything is known."""
        return not self.failing and not self.failing_remarks
