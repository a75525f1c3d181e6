"""What would make the plan cheaper, and the way to it, as the page shows them."""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.plan import Plan
from analyzer.report import Report
from analyzer.verdict import Stance
from reports import price_prose
from reports.html.stances import TITLES
from reports.migration_prose import step


@dataclass(frozen=True, slots=True)
class Offer:
    """A change in words, and what it gains; ``open`` where it is not within reach."""

    text: str
    gain: str
    open: bool = False


@dataclass(frozen=True, slots=True)
class Way:
    """The steps from the present layout to one plan."""

    title: str
    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Prices:
    """The price list: single changes that save most, what each merge takes, what was left out."""

    savings: tuple[Offer, ...]
    merges: tuple[Offer, ...]
    left_out: str
    ways: tuple[Way, ...]


def prices(report: Report) -> Prices:
    """The price list of a Report, and the steps to its plans."""
    known = report.price_list
    return Prices(
        tuple(
            Offer(price_prose.sentence(price_prose.change(report, s.change)), price_prose.saving(report, s))
            for s in known.savings
        ),
        tuple(
            Offer(
                price_prose.sentence(price_prose.changes(report, p)), f"{p.merge[0]} + {p.merge[1]}", bool(p.obstacle)
            )
            for p in known.prices
        ),
        price_prose.left_out(report),
        tuple(_way(stance, report.plans[stance]) for stance in Stance if _leads(report, stance)),
    )


def _leads(report: Report, stance: Stance) -> bool:
    return stance in report.plans and bool(report.plans[stance].migration)


def _way(stance: Stance, plan: Plan) -> Way:
    return Way(TITLES[stance], tuple(step(move) for move in plan.migration))
