"""Of several Conflicts of the same services, the one to show."""

from __future__ import annotations

from analyzer.report import Report
from analyzer.verdict import Conflict, Depth, Stance


def strongest(report: Report, stance: Stance) -> dict[tuple[str, ...], int]:
    """By set of services, the position in ``report.conflicts`` of its strongest Conflict under a stance.

    What is declared outweighs locks; then the Conflict outweighs that takes the wider boundary to separate.
    """
    standing = {conflict.id for conflict in report.conflicts_under(stance)}
    found = [(n, conflict) for n, conflict in enumerate(report.conflicts) if conflict.id in standing]
    return {conflict.services: n for n, conflict in sorted(found, key=lambda item: _strength(item[1]))}


def _strength(conflict: Conflict) -> tuple[bool, int]:
    return conflict.stance is Depth.DECLARED, conflict.boundary.strength
