"""The page as a value: everything the templates show, already decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from analyzer.plan import Plan
from analyzer.report import Report
from analyzer.verdict import Depth, Stance
from reports import prose
from reports.html.cards import Group, anchor, cause, groups, label
from reports.html.housing import Housing, housings
from reports.html.inventory import Row, inventory
from reports.html.matrix import Matrix, matrix
from reports.html.openings import Omission, Opening, omissions, open_anchors, openings
from reports.html.prices import Prices, prices
from reports.html.stances import TITLES
from reports.html.text import abridged, joined

MANY = 500
"""Conflicts beyond which cards are laid out only when they come into view, at the price of exact jumps."""

OPTION = 60
"""Characters of an entry in a selection list."""

CONTENTS = (
    ("matrix", "Matrix"),
    ("conflicts", "Conflicts"),
    ("plan", "Plan"),
    ("prices", "Prices"),
    ("undecided", "Undecided"),
    ("skipped", "Skipped"),
    ("inventory", "Inventory"),
)
"""Anchors and names of the page's sections, in order."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A number on the first screen. ``tone`` is a class of the style sheet."""

    number: str
    name: str
    note: str
    href: str
    tone: str


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
class Filters:
    """Entries of the selection lists: (generated key or code, text)."""

    services: tuple[tuple[str, str], ...]
    packages: tuple[tuple[str, str], ...]
    codes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Page:
    """The whole report."""

    fleet: str
    contents: tuple[tuple[str, str], ...]
    facts: tuple[str, ...]
    lead: str
    summary: tuple[str, ...]
    tiles: tuple[Tile, ...]
    views: tuple[View, ...]
    larger: tuple[Larger, ...]
    groups: tuple[Group, ...]
    conflicts: int
    many: bool
    filters: Filters
    housings: tuple[Housing, ...]
    prices: Prices
    openings: tuple[Opening, ...]
    omissions: tuple[Omission, ...]
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
        summary=prose.summary(report),
        tiles=tuple(_tiles(report)),
        views=_views(report, keys),
        larger=_larger(report),
        groups=shown,
        conflicts=len(report.conflicts),
        many=len(report.conflicts) > MANY,
        filters=_filters(report, keys, shown),
        housings=housings(report, keys),
        prices=prices(report),
        openings=openings(report),
        omissions=omissions(report),
        inventory=inventory(report, keys),
    )


def _facts(report: Report) -> Iterator[str]:
    yield f"index as of {report.asked_as_of}" if report.asked_as_of else "frozen index"
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
    """How good a Plan is, without what proves it."""
    return prose.bound(replace(plan, certificate=()), report) if not prose.sure(plan, report) else prose.bound(plan)


def _moved(plan: Plan) -> str:
    return f" (drift: {prose.count(plan.drift, 'version')})" if plan.drift else ""


def _planned(report: Report) -> list[Stance]:
    return [stance for stance in Stance if stance in report.plans]


def _tiles(report: Report) -> Iterator[Tile]:
    alone = len(report.alone(Stance.LOCKED))
    unclear = len({u.services for u in report.undecided if len(u.services) == 1})
    fine = f"{unclear} undecided alone" if unclear else "each satisfiable alone"
    note = f"{alone} unsatisfiable alone" if alone else fine
    yield _counted(len(report.fleet.services), "service", note, "inventory", "plain")
    yield _pairs(report)
    larger = len(_larger(report))
    yield _counted(larger, "larger conflict", "of three or more services", "matrix", "bad" if larger else "good")
    yield from _plan_tiles(report)
    yield _undecided(report)


def _pairs(report: Report) -> Tile:
    declared, locked = report.verdicts[Stance.RELOCKED].conflict, report.verdicts[Stance.LOCKED].conflict
    note = f"{declared} as declared, {locked - declared} in locks only" if locked else "all pairs fit or are open"
    return _counted(locked, "conflicting pair", note, "conflicts", "bad" if locked else "good")


def _undecided(report: Report) -> Tile:
    most = max(counts.undecided for counts in report.verdicts.values())
    note = "never counted as compatible" if most else "every pair has a verdict"
    return _counted(most, "undecided pair", note, "undecided", "open" if most else "good")


def _plan_tiles(report: Report) -> Iterator[Tile]:
    for stance in _planned(report):
        plan = report.plans[stance]
        gap = plan.cost - plan.lower_bound
        fewest = "proven optimal" if prose.sure(plan, report) else "the fewest with undecided pairs apart"
        proof = fewest if plan.proven else f"lower bound {plan.lower_bound}, gap {gap}"
        note = f"{proof}, drift {plan.drift}" if plan.drift else proof
        number, _, environments = prose.housing(report, plan.environments).partition(" ")
        tone = "good" if plan.proven else "open"
        yield Tile(number, f"{environments} {TITLES[stance].lower()}", note, f"plan-{stance.value}", tone)


def _counted(number: int, noun: str, note: str, href: str, tone: str) -> Tile:
    amount, _, name = prose.count(number, noun).partition(" ")
    return Tile(amount, name, note, href, tone)


def _views(report: Report, keys: Mapping[str, str]) -> tuple[View, ...]:
    anchors = open_anchors(report)
    return tuple(View(s.value, TITLES[s], matrix(report, s, keys, anchors)) for s in Stance)


def _larger(report: Report) -> tuple[Larger, ...]:
    return tuple(
        Larger(anchor(position), f"{joined(conflict.services)}: {cause(conflict)}", conflict.stance is Depth.LOCKED)
        for position, conflict in enumerate(report.conflicts)
        if len(conflict.services) > 2
    )


def _filters(report: Report, keys: Mapping[str, str], shown: tuple[Group, ...]) -> Filters:
    codes = dict(sorted((c.code.value, f"{c.code.value} {label(c)}") for c in report.conflicts))
    packages = sorted((abridged(group.package, OPTION), group.key) for group in shown)
    return Filters(
        services=tuple((key, abridged(name, OPTION)) for name, key in keys.items()),
        packages=tuple((key, text) for text, key in packages),
        codes=tuple(codes.items()),
    )
