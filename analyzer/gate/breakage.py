"""What the present layout makes of a Report: which Conflicts it lets meet, and whether anything may be missing."""

from __future__ import annotations

from analyzer.report import Report
from analyzer.service import Fleet
from analyzer.verdict import Conflict, Stance


def breaking(report: Report, stance: Stance) -> tuple[Conflict, ...]:
    """The conflicts that the present layout, or without one a single shared host, does not separate."""
    return tuple(c for c in report.conflicts_under(stance) if breaks(c, report.fleet))


def breaks(conflict: Conflict, fleet: Fleet) -> bool:
    """Whether the Services of a conflict share an Environment today, and none that would separate
    them parts them inside it. A Service that no layout mentions is alone."""
    services = set(conflict.services)
    if not fleet.present or len(services) == 1:
        return True
    parting = [e for e in fleet.present if e.boundary.strength >= conflict.boundary.strength]
    parted = any(0 < len(services & set(e.services)) < len(services) for e in parting)
    return not parted and any(services <= set(e.services) for e in fleet.present)


def is_incomplete(report: Report, stance: Stance) -> bool:
    """Whether the verdicts may lack something."""
    skipped = [*report.fleet.skipped, *(s for service in report.fleet.services for s in service.skipped)]
    return any(u.stance is stance for u in report.undecided) or any(s.incomplete for s in skipped)
