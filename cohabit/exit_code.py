"""Exit codes: what a CI job needs to know of a Report (DESIGN, "Outputs: the contract")."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from analyzer.report import Report
    from analyzer.service import Fleet
    from analyzer.verdict import Conflict, Stance


class ExitCode(IntEnum):
    """The command line's answers to the shell."""

    FINE = 0
    CONFLICTS = 1
    UNUSABLE = 2
    INCOMPLETE = 3


def exit_code(report: Report, stance: Stance, *, allow_incomplete: bool = False) -> ExitCode:
    """CONFLICTS if one breaks the present layout, else INCOMPLETE if something stayed undecided or
    could not be examined, else FINE."""
    if breaking(report, stance):
        return ExitCode.CONFLICTS
    if not allow_incomplete and is_incomplete(report, stance):
        return ExitCode.INCOMPLETE
    return ExitCode.FINE


def breaking(report: Report, stance: Stance) -> tuple[Conflict, ...]:
    """The conflicts that the present layout, or without one a single shared host, does not separate."""
    return tuple(c for c in report.conflicts_under(stance) if _meet(c.services, report.fleet))


def is_incomplete(report: Report, stance: Stance) -> bool:
    """Whether the verdicts may lack something."""
    skipped = [*report.fleet.skipped, *(s for service in report.fleet.services for s in service.skipped)]
    return any(u.stance is stance for u in report.undecided) or any(s.incomplete for s in skipped)


def _meet(services: tuple[str, ...], fleet: Fleet) -> bool:
    """Whether these Services share an Environment today. One that no layout mentions is alone."""
    if not fleet.present or len(services) == 1:
        return True
    return any(set(services) <= set(environment.services) for environment in fleet.present)
