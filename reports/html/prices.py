"""What would make the plan cheaper, as the page shows it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzer.plan import Venv
from analyzer.report import Report
from analyzer.verdict import Stance
from reports import price_prose
from reports.prose import names

NAMED = 2
"""Services of an environment that are named beside its number."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A Change in words, and what it gains."""

    text: str
    gain: str


@dataclass(frozen=True, slots=True)
class Merge:
    """Environments that would become one for the same price, as pairs of numbers and who is in each."""

    text: str
    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Prices:
    """The price list: single changes that save most, what merges take, what was left out."""

    savings: tuple[Offer, ...]
    merges: tuple[Merge, ...]
    left_out: str


def prices(report: Report) -> Prices:
    """The price list of a Report."""
    savings = (
        Offer(price_prose.sentence(price_prose.change(report, s.change)), price_prose.saving(report, s))
        for s in report.price_list.savings
    )
    return Prices(tuple(savings), tuple(_merges(report)), price_prose.left_out(report))


def _merges(report: Report) -> Iterator[Merge]:
    alike: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
    for price in report.price_list.prices:
        alike[price_prose.sentence(price_prose.changes(report, price))].append(price.merge)
    plan = report.plans.get(Stance.RELOCKED)
    environments = tuple(plan.innermost()) if plan else ()
    for text, merges in alike.items():
        yield Merge(text, tuple((f"{one} + {other}", _who(environments, one, other)) for one, other in merges))


def _who(environments: Sequence[Sequence[Venv]], one: int, other: int) -> str:
    insides = ([service for venv in environments[number - 1] for service in venv.services] for number in (one, other))
    return " + ".join(names(services, NAMED) for services in insides)
