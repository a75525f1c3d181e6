"""The drawing of who touches what: Services in their planned containers, and the Packages that they clash over.

Three columns: containers left and right, Packages between them. The order in each column is decided here, so that
the same Report is drawn alike everywhere; the script only gives each row of what is drawn its height.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass

from markupsafe import Markup

from analyzer.package import Package
from analyzer.report import Report
from analyzer.service import Service
from analyzer.verdict import Conflict, Depth, Stance
from reports.html.address import addressed
from reports.html.cards import cause
from reports.html.data_block import data_block
from reports.html.stances import TITLES

_APART = ("Services", "Not housed")


@dataclass(frozen=True, slots=True)
class Ties:
    """Positions of the Services that clash over a Package under one stance: declared, or by their locks only."""

    declared: tuple[int, ...]
    locks: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Contested:
    """A Package that Conflicts concern, by ``name`` and by its name in the page's address. ``group`` is the name of the
    only group of its Conflicts, empty where they stand in several; ``needs`` are the positions of all Services that ask
    for it or lock it."""

    name: str
    address: str
    group: str
    ties: Mapping[str, Ties]
    needs: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Room:
    """A container: its ``column`` (0 left, 2 right), and the positions of its Services from top to bottom; a Service
    with replicas stands in several. Those in no container share a Room that is not ``housed``."""

    title: str
    housed: bool
    column: int
    services: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """What one stance looks like: Rooms and positions of Packages from top to bottom."""

    title: str
    rooms: tuple[Room, ...]
    packages: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Drawing:
    """All that the script needs. ``services`` are (key on the page, name, which is that of the address too)."""

    services: tuple[tuple[str, str], ...]
    packages: tuple[Contested, ...]
    stances: Mapping[str, Arrangement]

    @property
    def data(self) -> Markup:
        """JSON that may stand in a script element."""
        return data_block(asdict(self))


def drawing(report: Report, keys: Mapping[str, str]) -> Drawing:
    """The drawing of a Report, whose Services have ``keys``."""
    services = report.fleet.services
    places = {service.name: place for place, service in enumerate(services)}
    packages = tuple(_contested(report, places))
    return Drawing(
        tuple((keys[service.name], addressed(service.name)) for service in services),
        packages,
        {stance.value: _arrangement(report, stance, places, packages) for stance in Stance},
    )


def _contested(report: Report, places: Mapping[str, int]) -> Iterator[Contested]:
    under = {stance: _by_package(report.conflicts_under(stance)) for stance in Stance}
    every, needs = _by_package(report.conflicts), _needs(report.fleet.services)
    alike = Counter(package.name for package in every)
    for package in sorted(every):
        groups = {cause(conflict) for conflict in every[package]}
        yield Contested(
            addressed(package.name if alike[package.name] == 1 else str(package)),
            addressed(str(package)),
            addressed(groups.pop()) if len(groups) == 1 else "",
            {stance.value: _ties(under[stance][package], places) for stance in Stance},
            tuple(sorted(needs[package])),
        )


def _by_package(conflicts: Iterable[Conflict]) -> defaultdict[Package, list[Conflict]]:
    found: defaultdict[Package, list[Conflict]] = defaultdict(list)
    for conflict in conflicts:
        for package in conflict.packages:
            found[package].append(conflict)
    return found


def _needs(services: Iterable[Service]) -> defaultdict[Package, set[int]]:
    found: defaultdict[Package, set[int]] = defaultdict(set)
    for place, service in enumerate(services):
        for item in service.sets:
            for package in (r.package for r in item.requirements):
                found[package].add(place)
            for package in (locked.candidate.package for locked in item.locked or ()):
                found[package].add(place)
    return found


def _ties(conflicts: Iterable[Conflict], places: Mapping[str, int]) -> Ties:
    found: dict[Depth, set[int]] = {depth: set() for depth in Depth}
    for conflict in conflicts:
        found[conflict.stance].update(places[name] for name in conflict.services if name in places)
    declared = found[Depth.DECLARED]
    return Ties(tuple(sorted(declared)), tuple(sorted(found[Depth.LOCKED] - declared)))


def _arrangement(
    report: Report, stance: Stance, places: Mapping[str, int], packages: Sequence[Contested]
) -> Arrangement:
    rooms = tuple(_rooms(tuple(_housed(report, stance, places))))
    rows = {place: row for column in (0, 2) for place, row in _column(rooms, column)}
    heights = [_height(package.ties[stance.value], rows) for package in packages]
    order = sorted(range(len(packages)), key=lambda number: (heights[number], number))
    return Arrangement(TITLES[stance], rooms, tuple(order))


def _housed(report: Report, stance: Stance, places: Mapping[str, int]) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Titles with positions of Services, those with replicas in each of their containers."""
    plan, left = report.plans.get(stance), set(places.values())
    for number, container in enumerate(plan.containers() if plan else (), 1):
        if found := tuple(places[name] for name in dict.fromkeys(container.services) if name in places):
            left.difference_update(found)
            yield f"Container {number}", found
    if left:
        yield _APART[bool(plan)], tuple(sorted(left))


def _rooms(housed: Sequence[tuple[str, tuple[int, ...]]]) -> Iterator[Room]:
    """Down the left column until half of all places are taken there, then down the right one."""
    seen, places = 0, sum(len(found) for _, found in housed)
    for title, found in housed:
        yield Room(title, title not in _APART, 0 if 2 * seen < places else 2, found)
        seen += len(found)


def _column(rooms: Iterable[Room], column: int) -> Iterator[tuple[int, float]]:
    """Positions of Services with how far down they stand, from 0 to 1: both columns are drawn equally tall."""
    down = [place for room in rooms if room.column == column for place in room.services]
    return ((place, row / len(down)) for row, place in enumerate(down))


def _height(ties: Ties, rows: Mapping[int, float]) -> float:
    """The mean height of the Services that clash over a Package: few lines cross where it stands there."""
    found = [rows[place] for place in (*ties.declared, *ties.locks)]
    return sum(found) / len(found) if found else 0.0
