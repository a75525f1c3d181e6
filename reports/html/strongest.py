"""Of several Conflicts of the same services, the one to show."""

from __future__ import annotations

from analyzer.report import Report
from analyzer.verdict import Code, Conflict, Depth, Stance


def strongest(report: Report, stance: Stance) -> dict[tuple[str, ...], int]:
    """By set of services, the position in ``report.conflicts`` of its strongest Conflict under a stance.

    What is declared outweighs locks; then the Conflict outweighs that takes the wider boundary to separate, and
    anything outweighs a port, which is moved.
    """
    standing = {conflict.id for conflict in report.conflicts_under(stance)}
    found = [(n, conflict) for n, conflict in enumerate(report.conflicts) if conflict.id in standing]
    return {conflict.services: n for n, conflict in sorted(found, key=lambda item: _strength(item[1]))}


def _strength(conflict: Conflict) -> tuple[bool, int, bool]:
    return conflict.stance is Depth.DECLARED, conflict.boundary.strength, conflict.code is not Code.PORT
