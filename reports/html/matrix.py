"""The service by service matrix, ordered by planned container: as data to draw, and as a table that tells the same."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from analyzer.report import Report
from analyzer.verdict import Code, Stance
from reports import prose
from reports.html.address import addressed
from reports.html.cards import anchors, cause, kind
from reports.html.data_block import data_block
from reports.html.lines import MOST, anchor
from reports.html.openings import OpenAnchors
from reports.html.strongest import strongest
from reports.html.text import abridged, shown

NAME = 60
"""Characters of a service's name in a list of many."""

FOLDED = 60
"""Services beyond which the table is closed at first, and a part of it names only the first ``NAMED``."""

NAMED = 12


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbours in a row, from ``column`` on, that lead to one place, or ``number`` 0 and the Reason's own."""

    row: int
    column: int
    length: int
    number: int


@dataclass(frozen=True, slots=True)
class Reason:
    """Why some cells are more than "fits". ``place`` is the anchor that tells it; a Run's number, if any, follows.

    ``runs`` are those on and above the diagonal: the matrix is symmetric.
    """

    kind: str
    text: str
    place: str
    runs: tuple[Run, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A planned container: a square on the diagonal, in cells."""

    at: int
    size: int
    title: str


@dataclass(frozen=True, slots=True)
class Part:
    """One reason of a row of the table, with the other Services that it concerns."""

    kind: str
    text: str
    others: str


@dataclass(frozen=True, slots=True)
class Row:
    """One Service in the table."""

    key: str
    name: str
    home: str
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Names of Services from top to bottom with their generated keys; the first ``compared`` of them are in pairs.

    ``homes`` are the numbers of their containers: several where a Service has replicas, whose row stands in the first.
    """

    names: tuple[str, ...]
    keys: tuple[str, ...]
    homes: tuple[tuple[int, ...], ...]
    compared: int
    reasons: tuple[Reason, ...]
    blocks: tuple[Block, ...]

    @property
    def data(self) -> Markup:
        """All that the script needs. Runs are flat: row, column, length, number of each."""
        return data_block(
            {
                "names": [addressed(name) for name in self.names],
                "replicated": {place: numbers for place, numbers in enumerate(self.homes) if len(numbers) > 1},
                "shared": list(self._shared()),
                "compared": self.compared,
                "blocks": [(block.at, block.size, block.title) for block in self.blocks],
                "reasons": [
                    (r.kind, str(shown(r.text)), r.place, [n for x in r.runs for n in _flat(x)]) for r in self.reasons
                ],
            }
        )

    @property
    def folded(self) -> bool:
        """Whether the table is closed at first."""
        return len(self.names) > FOLDED

    @property
    def rows(self) -> tuple[Row, ...]:
        """The table: for each Service those that it does not fit with, by reason."""
        parts = self._parts()
        return tuple(
            Row(key, name, _home(home), tuple(parts[place]))
            for place, (key, name, home) in enumerate(zip(self.keys, self.names, self.homes, strict=True))
        )

    def _shared(self) -> Iterator[tuple[int, ...]]:
        """The places of those who share a container in which one of them stands again."""
        inside: defaultdict[int, list[int]] = defaultdict(list)
        again = {number for numbers in self.homes for number in numbers[1:]}
        for place, numbers in enumerate(self.homes):
            for number in again.intersection(numbers):
                inside[number].append(place)
        return (tuple(places) for _, places in sorted(inside.items()) if len(places) > 1)

    def _parts(self) -> Mapping[int, list[Part]]:
        found: defaultdict[int, defaultdict[tuple[str, str], set[int]]] = defaultdict(lambda: defaultdict(set))
        for reason in self.reasons:
            for run in reason.runs:
                for column in range(run.column, run.column + run.length):
                    found[run.row][reason.kind, reason.text].add(column)
                    found[column][reason.kind, reason.text].add(run.row)
        return defaultdict(
            list,
            {
                place: [Part(*reason, self._others(places - {place})) for reason, places in parts.items()]
                for place, parts in found.items()
            },
        )

    def _others(self, places: Iterable[int]) -> str:
        named = sorted(places)
        most = NAMED if self.folded else len(named)
        more = f" and {len(named) - most} more" if len(named) > most else ""
        return ", ".join(abridged(self.names[place], NAME) for place in named[:most]) + more


def _home(numbers: Sequence[int]) -> str:
    if not numbers:
        return "not placed"
    return f"container{'s' * (len(numbers) > 1)} {prose.names([str(number) for number in numbers])}"


def _flat(run: Run) -> tuple[int, int, int, int]:
    return run.row, run.column, run.length, run.number


def matrix(report: Report, stance: Stance, keys: Mapping[str, str], open_anchors: OpenAnchors) -> Matrix:
    """The matrix under one stance. ``keys`` are the services' generated keys."""
    housed = list(_housed(report, stance))
    compared, order = _order(report, stance, housed)
    return Matrix(
        names=order,
        keys=tuple(keys[name] for name in order),
        homes=tuple(_homes(report, stance, order)),
        compared=compared,
        reasons=tuple(_reasons(report, stance, open_anchors, {name: place for place, name in enumerate(order)})),
        blocks=tuple(_blocks(housed)),
    )


def _order(report: Report, stance: Stance, housed: Iterable[Sequence[str]]) -> tuple[int, tuple[str, ...]]:
    known = {service.name for service in report.fleet.services}
    placed = [name for group in housed for name in group]
    alone = report.alone(stance) & known - set(placed)
    others = sorted(known - set(placed) - alone)
    return len(placed) + len(others), (*placed, *others, *sorted(alone))


def _housed(report: Report, stance: Stance) -> Iterator[tuple[str, ...]]:
    """The Services of each container, each Service once: where it has replicas, in its first container."""
    plan = report.plans.get(stance)
    left = {service.name for service in report.fleet.services}
    for container in plan.containers() if plan else ():
        services = tuple(name for name in container.services if name in left)
        left.difference_update(services)
        yield services


def _homes(report: Report, stance: Stance, order: Iterable[str]) -> Iterator[tuple[int, ...]]:
    plan, found = report.plans.get(stance), defaultdict[str, list[int]](list)
    for number, container in enumerate(plan.containers() if plan else (), 1):
        for name in dict.fromkeys(container.services):
            found[name].append(number)
    return (tuple(found[name]) for name in order)


def _blocks(housed: Iterable[Sequence[str]]) -> Iterator[Block]:
    start = 0
    for number, services in enumerate(housed, 1):
        if services:
            yield Block(start, len(services), f"Container {number}")
        start += len(services)


def _reasons(report: Report, stance: Stance, open_anchors: OpenAnchors, places: Mapping[str, int]) -> Iterator[Reason]:
    told: defaultdict[tuple[str, str, str], list[tuple[int, int, int]]] = defaultdict(list)
    for services, (symbol, text, target) in _told(report, stance, open_anchors).items():
        if len(services) < 3 and all(name in places for name in services):
            row, column = sorted((places[services[0]], places[services[-1]]))
            place, number = _split(target)
            told[symbol, text, place].append((row, column, number))
    for (symbol, text, place), cells in told.items():
        yield Reason(symbol, text, place, tuple(_runs(sorted(cells))))


def _told(report: Report, stance: Stance, open_anchors: OpenAnchors) -> Mapping[tuple[str, ...], tuple[str, str, str]]:
    """By set of Services the symbol, the reason and the anchor of what is to be shown of it."""
    told = {
        item.services: ("undecided", "undecided", open_anchors[item.services, item.reason])
        for item in report.undecided
        if item.stance is stance
    }
    drawn = [anchor(position) for position in range(len(report.conflicts))]
    where = drawn if len(drawn) <= MOST else anchors(report)
    for services, position in strongest(report, stance).items():
        conflict = report.conflicts[position]
        symbol = kind(conflict)
        text = _PORT if conflict.code is Code.PORT else _TOLD[symbol].format(cause(conflict))
        told[services] = (symbol, text, where[position])
    return told


_PORT = "the same port"
_TOLD = {
    "alone": "cannot be satisfied even alone, because of {}",
    "declared": "conflict on {}",
    "platform": "different {}",
    "locked": "only the locks clash, on {}",
}


def _split(target: str) -> tuple[str, int]:
    """An anchor as what many share, and its number; 0 where it has none."""
    head, dash, number = target.rpartition("-")
    return (f"{head}{dash}", int(number)) if number.isdecimal() else (target, 0)


def _runs(cells: Iterable[tuple[int, int, int]]) -> Iterator[Run]:
    run: Run | None = None
    for row, column, number in cells:
        if run and (run.row, run.column + run.length, run.number) == (row, column, number):
            run = Run(row, run.column, run.length + 1, number)
            continue
        if run:
            yield run
        run = Run(row, column, 1, number)
    if run:
        yield run
