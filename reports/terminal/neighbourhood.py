"""One service among the others: its place in the plans, its conflicts, and what it would take to move."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from analyzer.neighbourhood import Neighbourhood
from analyzer.plan import Container
from analyzer.verdict import Code, Conflict, Stance
from reports import price_prose
from reports.prose import headline, names, side
from reports.terminal.clashes import heading
from reports.terminal.pen import Hanging, Pen, paragraph

_HOW = {Stance.LOCKED: "As locked", Stance.RELOCKED: "After re-locking"}


def neighbourhood(pen: Pen, found: Neighbourhood) -> Iterator[RenderableType]:
    """Why a Service is where it is, who it could live with, and what it would take to move in with others."""
    yield pen.join(pen.write("cohabit", "label"), "  ", pen.write(found.service, "heading"))
    for stance in Stance:
        yield paragraph(pen.write(_housed(found, stance)), 2)
    yield Text()
    yield from _rivals(pen, found)
    yield from _moves(pen, found)


def _housed(found: Neighbourhood, stance: Stance) -> str:
    number = found.home(stance)
    if not number:
        return f"{_HOW[stance]}: housed nowhere, as it cannot be satisfied even alone."
    mates = [service for service in _containers(found, stance)[number - 1].services if service != found.service]
    return f"{_HOW[stance]}: in container {number}, {f'with {names(mates)}' if mates else 'alone'}."


def _containers(found: Neighbourhood, stance: Stance) -> list[Container]:
    return list(found.report.plans[stance].containers())


def _rivals(pen: Pen, found: Neighbourhood) -> Iterator[RenderableType]:
    if not found.conflicts:
        yield paragraph(pen.write("It clashes with nobody.", "good"))
        yield Text()
        return
    yield from heading(pen, "Kept apart by")
    alike = {code: [c for c in found.conflicts if c.code is code] for code in _ALIKE}
    for conflict in found.conflicts:
        if len(alike.get(conflict.code, ())) < 2:
            yield Hanging(pen.write(f"{conflict.code} ", "code"), pen.tell(f"{headline(conflict)}{_depth(conflict)}"))
    for code, conflicts in alike.items():
        if len(conflicts) > 1:
            yield Hanging(
                pen.write(f"{code} ", "code"), pen.write(f"{_ALIKE[code]}: {_others(conflicts, found.service)}")
            )
    yield Text()


_ALIKE = {
    Code.OPERATING_SYSTEM: "other operating systems",
    Code.ARCHITECTURE: "other processor architectures",
    Code.PORT: "the same ports",
}
"""Clashes with many others for one and the same reason, which are told in one line."""


def _others(conflicts: Sequence[Conflict], service: str) -> str:
    """What the others hold to, and who they are."""
    sides: dict[str, set[str]] = defaultdict(set)
    for conflict in conflicts:
        for demand in conflict.requirements:
            if demand.service != service:
                sides[side(demand)].add(demand.service)
    return "; ".join(f"{held} of {names(sorted(services), 24)}" for held, services in sorted(sides.items()))


def _depth(conflict: Conflict) -> str:
    return " (only in the locks)" if conflict.stance == "locked" else ""


def _moves(pen: Pen, found: Neighbourhood) -> Iterator[RenderableType]:
    if not found.welcome and not found.prices:
        return
    yield from heading(pen, "To move in with others, after re-locking")
    containers = _containers(found, Stance.RELOCKED)
    for number in found.welcome:
        mates = names(containers[number - 1].services)
        yield Hanging(pen.write(f"{number}  ", "label"), pen.write(f"{mates}: it could, as things are", "good"))
    for price in found.prices:
        number = price.merge[1]
        told = f"{names(containers[number - 1].services)}: {price_prose.changes(found.report, price)}"
        yield Hanging(pen.write(f"{number}  ", "label"), pen.tell(told))
    yield Text()
