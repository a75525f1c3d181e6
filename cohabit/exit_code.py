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
    return tuple(c for c in report.conflicts_under(stance) if _meet(c, report.fleet))


def is_incomplete(report: Report, stance: Stance) -> bool:
    """Whether the verdicts may lack something."""
    skipped = [*report.fleet.skipped, *(s for service in report.fleet.services for s in service.skipped)]
    return any(u.stance is stance for u in report.undecided) or any(s.incomplete for s in skipped)


def _meet(conflict: Conflict, fleet: Fleet) -> bool:
    """Whether the Services of a conflict share an Environment today, and none that would separate
    them parts them inside it. A Service that no layout mentions is alone."""
    services = set(conflict.services)
    if not fleet.present or len(services) == 1:
        return True
    parting = [e for e in fleet.present if e.boundary.strength >= conflict.boundary.strength]
    parted = any(0 < len(services & set(e.services)) < len(services) for e in parting)
    return not parted and any(services <= set(e.services) for e in fleet.present)
