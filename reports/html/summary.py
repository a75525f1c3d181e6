"""The first screen: what an architect would put on a slide."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzer.boundary import Boundary
from analyzer.gate.breakage import breaking
from analyzer.plan import Plan
from analyzer.report import Report
from analyzer.verdict import Conflict, Depth, Stance
from reports import price_prose, prose
from reports.html.stances import TITLES

BEST = 3
"""Changes named on the first screen."""


@dataclass(frozen=True, slots=True)
class Tile:
    """A number on the first screen. ``tone`` is a class of the style sheet."""

    number: str
    name: str
    note: str
    href: str
    tone: str


@dataclass(frozen=True, slots=True)
class Best:
    """A change that saves much, and what it saves."""

    text: str
    gain: str


@dataclass(frozen=True, slots=True)
class Summary:
    """Tiles by what they are about, the changes that would save most, and where there is none what that means."""

    rows: tuple[tuple[str, tuple[Tile, ...]], ...]
    best: tuple[Best, ...]
    none: str


def summary(report: Report) -> Summary:
    """The first screen of a Report."""
    savings = report.price_list.savings[:BEST]
    best = tuple(
        Best(price_prose.sentence(price_prose.change(report, s.change)), price_prose.saving(report, s)) for s in savings
    )
    none = "No single change was found that saves an environment." if report.plans and not best else ""
    rows = (
        ("The fleet", tuple(_fleet(report))),
        ("Conflicts", tuple(_conflicts(report))),
        ("Environments", tuple(_environments(report))),
    )
    return Summary(rows, best, none)


def _fleet(report: Report) -> Iterator[Tile]:
    services = report.fleet.services
    ready_made = sum(service.is_ready_made for service in services)
    note = f"{ready_made} of them ready-made images" if ready_made else ""
    yield _counted(len(services), "service", note, "inventory", "plain")
    sets = [item for service in services for item in service.sets]
    ecosystems = sorted({"pip" if item.ecosystem == "pypi" else item.ecosystem for item in sets})
    yield _counted(len(ecosystems), "ecosystem", prose.names(ecosystems), "inventory", "plain")
    asked = {r.package for item in sets for r in item.requirements}
    locked = {found.candidate.package for item in sets for found in item.locked or ()}
    note = f"{len(asked)} required, {len(locked)} locked or installed" if locked else "all of them required"
    yield _counted(len(asked | locked), "package", note if asked | locked else "", "inventory", "plain")


def _conflicts(report: Report) -> Iterator[Tile]:
    declared, locked = report.verdicts[Stance.RELOCKED].conflict, report.verdicts[Stance.LOCKED].conflict
    note = f"{declared} as declared, {locked - declared} in locks only" if locked else "all pairs fit or are open"
    yield _counted(locked, "conflicting pair", note, "conflicts", _tone(locked))
    larger = [conflict for conflict in report.conflicts if len(conflict.services) > 2]
    note = f"{_of_locks(larger)}, each pair of them fits" if larger else "of three or more services"
    yield _counted(len(larger), "larger conflict", note, "conflicts", _tone(len(larger)))
    alone = len(report.alone(Stance.LOCKED))
    lasting = len(report.alone(Stance.RELOCKED))
    note = f"{lasting} still after re-locking" if alone else "each can be satisfied alone"
    yield _counted(alone, "service", note, "conflicts", _tone(alone), "unsatisfiable alone")
    most = max(counts.undecided for counts in report.verdicts.values())
    note = "never counted as compatible" if most else "every pair has a verdict"
    yield _counted(most, "undecided pair", note, "undecided", "open" if most else "good")


def _of_locks(conflicts: Sequence[Conflict]) -> str:
    locks = sum(conflict.stance is Depth.LOCKED for conflict in conflicts)
    return {0: "declared", len(conflicts): "in locks only"}.get(locks, f"{locks} in locks only")


def _environments(report: Report) -> Iterator[Tile]:
    yield _now(report)
    for stance in (s for s in Stance if s in report.plans):
        plan = report.plans[stance]
        note = f"{_proof(plan, report)}, drift {plan.drift}" if plan.drift else _proof(plan, report)
        number, _, environments = prose.housing(report, plan.environments).partition(" ")
        tone = "good" if plan.proven else "open"
        yield Tile(number, f"{environments} {TITLES[stance].lower()}", note, f"plan-{stance.value}", tone)


def _now(report: Report) -> Tile:
    """The present layout: its Environments of the innermost boundary, and each Service that it does not mention."""
    broken = len(breaking(report, Stance.LOCKED))
    clash = f"{prose.count(broken, 'conflict')} inside" if broken else "nothing clashes inside"
    tone = "bad" if broken else "good"
    present = report.fleet.present
    if not present:
        return Tile("1", "shared host assumed", f"no present layout is known; {clash}", "conflicts", tone)
    innermost = min((e.boundary for e in present), key=lambda boundary: boundary.strength, default=Boundary.VM)
    sharing = [e for e in present if e.boundary is innermost]
    elsewhere = len(report.fleet.services) - len({name for e in sharing for name in e.services})
    note = f"{clash}; {prose.count(elsewhere, 'service')} elsewhere" if elsewhere > 0 else clash
    return _counted(len(sharing), "environment", note, "conflicts", tone, "now")


def _proof(plan: Plan, report: Report) -> str:
    fewest = "proven optimal" if prose.sure(plan, report) else "the fewest with undecided pairs apart"
    gap = plan.cost - plan.lower_bound
    return fewest if plan.proven else f"lower bound {plan.lower_bound}, gap {gap}"


def _tone(number: int) -> str:
    return "bad" if number else "good"


def _counted(number: int, noun: str, note: str, href: str, tone: str, what: str = "") -> Tile:
    amount, _, name = prose.count(number, noun).partition(" ")
    return Tile(amount, " ".join(filter(None, (name, what))), note, href, tone)
