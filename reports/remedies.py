"""What can be done about a conflict: changes that were verified for its price, then the general ways."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.pep440 import have_common_version
from analyzer.prices.change import Change
from analyzer.report import Report
from analyzer.verdict import Conflict
from reports import price_prose
from reports.prose import way_out

SHOWN = 2
"""Verified changes that are named for one conflict."""


def remedies(report: Report, conflict: Conflict) -> Iterator[str]:
    """The ways out of a Conflict, each a sentence: verified changes first."""
    yield from list(_saving(report, conflict))[:SHOWN]
    yield from way_out(conflict, report.fleet.boundaries)


def _saving(report: Report, conflict: Conflict) -> Iterator[str]:
    for found in report.price_list.savings:
        if _clears(found.change, conflict):
            told = price_prose.sentence(price_prose.change(report, found.change))
            yield f"{told}: {price_prose.saving(report, found)}."


def _clears(change: Change, conflict: Conflict) -> bool:
    """Whether a Change is known to end a Conflict, which is about this one package and nothing behind it."""
    others = [d.requirement for d in conflict.requirements if d.service != change.place.service]
    asked = {requirement.package for requirement in others}
    if change.place.package.type != "pypi" or not asked == set(conflict.packages) == {change.place.package}:
        return False
    mine = change.place.service in conflict.services
    return mine and have_common_version([change.after, *(requirement.constraint for requirement in others)])
