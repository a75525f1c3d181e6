"""The page as a value: everything the templates show, already decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from analyzer.plan import Plan
from analyzer.report import Report
from analyzer.verdict import Depth, Stance
from reports import prose
from reports.html.cards import Group, anchors, cause, groups
from reports.html.filters import Filters, filters
from reports.html.graph import Drawing, drawing
from reports.html.housing import Housing, housings
from reports.html.inventory import Row, inventory
from reports.html.matrix import Matrix, matrix
from reports.html.openings import Omissions, Opening, omissions, open_anchors, openings
from reports.html.prices import Prices, prices
from reports.html.stances import TITLES
from reports.html.summary import Summary, summary
from reports.html.text import joined

MANY = 500
"""Conflicts beyond which cards are laid out only when they come into view, at the price of exact jumps."""

LARGER = 100
"""Conflicts of three or more services that are named beside the matrix; all stand among the conflicts."""

CONTENTS = (
    ("matrix", "Matrix"),
    ("conflicts", "Conflicts"),
    ("graph", "Graph"),
    ("plan", "Plan"),
    ("prices", "Prices"),
    ("undecided", "Undecided"),
    ("skipped", "Skipped"),
    ("inventory", "Inventory"),
)
"""Anchors and names of the page's sections, in order."""


@dataclass(frozen=True, slots=True)
class View:
    """One stance's matrix."""

    key: str
    title: str
    matrix: Matrix


@dataclass(frozen=True, slots=True)
class Larger:
    """A Conflict that no cell of the matrix can show."""

    href: str
    text: str
    lock_only: bool


@dataclass(frozen=True, slots=True)
class Page:
    """The whole report."""

    fleet: str
    contents: tuple[tuple[str, str], ...]
    facts: tuple[str, ...]
    lead: str
    summary: Summary
    sentences: tuple[str, ...]
    views: tuple[View, ...]
    larger: tuple[Larger, ...]
    groups: tuple[Group, ...]
    conflicts: int
    many: bool
    filters: Filters
    drawing: Drawing
    housings: tuple[Housing, ...]
    prices: Prices
    openings: tuple[Opening, ...]
    omissions: tuple[Omissions, ...]
    inventory: tuple[Row, ...]


def view(report: Report) -> Page:
    """The page of a Report; the same Report gives the same page."""
    keys = {service.name: f"service-{number}" for number, service in enumerate(report.fleet.services, 1)}
    shown = groups(report, keys)
    return Page(
        fleet=report.fleet.name,
        contents=CONTENTS,
        facts=tuple(_facts(report)),
        lead=_lead(report),
        summary=summary(report),
        sentences=prose.summary(report),
        views=_views(report, keys),
        larger=_larger(report),
        groups=shown,
        conflicts=len(report.conflicts),
        many=len(report.conflicts) > MANY,
        filters=filters(report, keys, shown),
        drawing=drawing(report, keys),
        housings=housings(report, keys),
        prices=prices(report),
        openings=openings(report),
        omissions=omissions(report),
        inventory=inventory(report, keys),
    )


def _facts(report: Report) -> Iterator[str]:
    yield f"index {prose.cutoff(report.asked_as_of)}" if report.asked_as_of else "frozen index"
    yield from (f"{name} {version}" for name, version in report.tools.items())
    asked = sum(report.oracle.questions.values())
    yield f"{prose.count(asked, 'question')} asked, {report.oracle.cached} answered from the cache"


def _lead(report: Report) -> str:
    services = prose.count(len(report.fleet.services), "service")
    plans = [report.plans[stance] for stance in _planned(report)]
    housed = [
        f"{prose.housing(report, plan.environments)} {TITLES[plan.stance].lower()}{_moved(plan)}" for plan in plans
    ]
    proof = f", which is {_proof(plans[-1], report)}" if plans else ""
    return f"{services}: {', '.join(housed) or 'no plan was asked for'}{proof}."


def _proof(plan: Plan, report: Report) -> str:
    """How good a Plan is, and what proves it where that is all conflicts."""
    return prose.bound(plan if prose.sure(plan, report) else replace(plan, certificate=()), report)


def _moved(plan: Plan) -> str:
    return f" (drift: {prose.count(plan.drift, 'version')})" if plan.drift else ""


def _planned(report: Report) -> list[Stance]:
    return [stance for stance in Stance if stance in report.plans]


def _views(report: Report, keys: Mapping[str, str]) -> tuple[View, ...]:
    anchors = open_anchors(report)
    return tuple(View(s.value, TITLES[s], matrix(report, s, keys, anchors)) for s in Stance)


def _larger(report: Report) -> tuple[Larger, ...]:
    where = anchors(report)
    found = (
        Larger(where[position], f"{joined(conflict.services)}: {cause(conflict)}", conflict.stance is Depth.LOCKED)
        for position, conflict in enumerate(report.conflicts)
        if len(conflict.services) > 2
    )
    return tuple(islice(found, LARGER))
