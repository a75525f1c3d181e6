"""The sections on conflicts: alone, declared, among three or more, and only in locks."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import groupby

from rich.console import RenderableType
from rich.text import Text

from analyzer.boundary import separating
from analyzer.ports import is_port
from analyzer.report import Report
from analyzer.verdict import Code, Conflict, Demand, Depth
from reports.prose import SEPARATIONS, count, headline, names, side
from reports.terminal.diagnostic import diagnostic
from reports.terminal.pen import Hanging, Pen, paragraph

IN_FULL = 3
"""Conflicts of one package that are explained; the others are named, since they repeat each other."""


IN_LINE = 12
"""Conflicts of one package that are named in a line each, beside those explained."""


def clashes(pen: Pen, report: Report, width: int, verbose: bool) -> Iterator[RenderableType]:
    """Every Conflict of the Report, under the heading it belongs to."""
    for title, belongs in _SECTIONS:
        yield from _explained(pen, report, title, tuple(filter(belongs, report.conflicts)), width if verbose else None)
    yield from _lock_only(pen, tuple(filter(_only_locks, report.conflicts)), verbose)


def heading(pen: Pen, title: str) -> Iterator[RenderableType]:
    """A section's title, underlined."""
    yield paragraph(pen.write(title, "heading"))
    yield pen.draw("double", "quiet", len(title))


def _only_locks(conflict: Conflict) -> bool:
    return conflict.stance is Depth.LOCKED and len(conflict.services) == 2


_SECTIONS: tuple[tuple[str, Callable[[Conflict], bool]], ...] = (
    ("Cannot be satisfied even alone", lambda c: len(c.services) == 1),
    ("Conflicts in what is declared", lambda c: len(c.services) == 2 and not _only_locks(c)),
    ("Conflicts that need three or more to meet", lambda c: len(c.services) > 2),
)


def _explained(
    pen: Pen, report: Report, title: str, conflicts: Sequence[Conflict], width: int | None
) -> Iterator[RenderableType]:
    if not conflicts:
        return
    yield from heading(pen, title)
    for package, group in _by_package(conflicts):
        yield _group(pen, package, group)
        sides = _sides(group) if group[0].code in _OF_SYSTEMS and len(group) > 1 else None
        if sides is not None:
            yield from _systems(pen, report, group, sides)
            continue
        full = len(group) if width is not None else IN_FULL
        for conflict in group[:full]:
            yield from diagnostic(pen, report, conflict, width)
        yield from _named(pen, group[full:], IN_LINE)


_OF_SYSTEMS = {
    Code.OPERATING_SYSTEM: "No root filesystem is two of these, so that services on the one and on the other never "
    "share {}.",
    Code.ARCHITECTURE: "No machine is two of these, so that services on the one and on the other never share {}.",
    Code.PORT: "A port has one listener in a network namespace, so that these never share {}.",
}
"""Clashes of each with each, which a table tells better than a list of pairs."""


def _systems(
    pen: Pen, report: Report, group: Sequence[Conflict], sides: dict[str, list[str]]
) -> Iterator[RenderableType]:
    first = group[0]
    boundary = SEPARATIONS[separating(first.boundary, report.fleet.boundaries)]
    yield paragraph(pen.write(f"{first.code} {_OF_SYSTEMS[first.code].format(boundary)}"))
    yield from _versions(pen, sides)


def _by_package(conflicts: Iterable[Conflict]) -> list[tuple[str, list[Conflict]]]:
    """The conflicts by the first package of each, the one that causes most first, systems last."""

    def cause(conflict: Conflict) -> str:
        return conflict.packages[0].name if conflict.packages else "other causes"

    groups = [(package, list(group)) for package, group in groupby(sorted(conflicts, key=cause), cause)]
    return sorted(groups, key=lambda item: (item[1][0].code in _OF_SYSTEMS, -len(item[1]), item[0]))


_SYSTEM_NAMES = {Code.OPERATING_SYSTEM: "operating systems", Code.ARCHITECTURE: "processor architectures"}


def _group(pen: Pen, package: str, group: Sequence[Conflict]) -> RenderableType:
    services = {service for conflict in group for service in conflict.services}
    package = _SYSTEM_NAMES.get(group[0].code, package)
    extent = f"  {count(len(group), 'conflict')}, {count(len(services), 'service')}"
    rule = pen.join(pen.draw("rule", "quiet", 2), " ")
    return Hanging(rule, pen.join(pen.write(package, "heading"), pen.write(extent, "quiet")))


def _named(pen: Pen, conflicts: Sequence[Conflict], most: int) -> Iterator[RenderableType]:
    for conflict in conflicts[:most]:
        code = pen.join(pen.write(conflict.code, "code"), " ")
        yield Hanging(code, pen.join(pen.tell(headline(conflict)), "  ", pen.write(conflict.id, "quiet")))
    if len(conflicts) > most:
        yield paragraph(pen.write(f"and {len(conflicts) - most} more, all in the JSON report", "quiet"), 2)
    if conflicts:
        yield Text()


def _lock_only(pen: Pen, conflicts: Sequence[Conflict], verbose: bool) -> Iterator[RenderableType]:
    if not conflicts:
        return
    yield from heading(pen, "Conflicts only in locks")
    yield paragraph(pen.write("What these services declare agrees; re-locking them together removes the clash."))
    yield Text()
    for package, group in _by_package(conflicts):
        yield _group(pen, package, group)
        sides = _sides(group)
        if sides is None or verbose:
            yield from _named(pen, group, len(group) if verbose else IN_LINE)
        else:
            yield from _versions(pen, sides)


def _versions(pen: Pen, sides: dict[str, list[str]]) -> Iterator[RenderableType]:
    width = min(24, max(len(version) for version in sides))
    for version, services in sorted(sides.items()):
        lead = pen.write(version)
        lead.pad_right(max(0, width - lead.cell_len))
        yield Hanging(pen.join("  ", lead, "  "), pen.write(names(services, 24)))
    yield Text()


def _who(demand: Demand) -> str:
    """A service in the list of one side; a port is a line that anybody can change, so that line is told."""
    place = demand.requirement.origin
    return f"{demand.service} ({place})" if is_port(demand.requirement.package) else demand.service


def _sides(conflicts: Iterable[Conflict]) -> dict[str, list[str]] | None:
    """Which Services fix which version, where the clash is as simple as that; else None."""
    sides: dict[str, set[str]] = defaultdict(set)
    for conflict in conflicts:
        if [d.service for d in conflict.requirements] != list(conflict.services):
            return None
        for demand in conflict.requirements:
            if (demand.requirement.package,) != conflict.packages[:1]:
                return None
            sides[side(demand)].add(_who(demand))
    return {version: sorted(services) for version, services in sides.items()}
