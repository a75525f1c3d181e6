"""The service by service matrix: its geometry and its cells, ordered by planned container."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from analyzer.report import Report
from analyzer.verdict import Code, Stance
from reports.html.cards import anchors, cause, kind
from reports.html.openings import OpenAnchors
from reports.html.strongest import strongest
from reports.html.systems import told_together
from reports.html.text import abridged, joined

LABEL = 26
"""Characters of a service's name beside the matrix."""

_GLYPH = 6.9
"""Pixels that a character takes at 11.5 px in the widest usual monospaced font."""

_SIZES = ((30, 24), (60, 18))
_SMALLEST = 14


@dataclass(frozen=True, slots=True)
class Label:
    """A Service beside a row and above a column; ``at`` is the middle in pixels."""

    text: str
    name: str
    key: str
    at: float


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that is more than "fits": its corner in pixels, and where its reason is told."""

    x: int
    y: int
    kind: str
    href: str
    title: str


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbours in a row that say the same: the first one's corner and all their width in pixels."""

    x: int
    y: int
    width: int
    kind: str
    href: str
    title: str


@dataclass(frozen=True, slots=True)
class Block:
    """A planned container: a square on the diagonal."""

    at: int
    size: int
    title: str


@dataclass(frozen=True, slots=True)
class Matrix:
    """Pixels throughout. ``size`` is the edge of the grid, ``compared`` of the part with pairs."""

    cell: int
    size: int
    compared: int
    gutter: int
    labels: tuple[Label, ...]
    cells: tuple[Cell, ...]
    runs: tuple[Run, ...]
    blocks: tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class _Reason:
    kind: str
    href: str
    text: str
    common: bool = False


def matrix(report: Report, stance: Stance, keys: Mapping[str, str], open_anchors: OpenAnchors) -> Matrix:
    """The matrix under one stance. ``keys`` are the services' generated keys."""
    placed, order = _order(report, stance)
    edge = next((size for most, size in _SIZES if len(order) <= most), _SMALLEST)
    places = {name: place for place, name in enumerate(order)}
    reasons = _reasons(report, stance, open_anchors)
    labels = tuple(Label(abridged(n, LABEL), n, keys[n], (place + 0.5) * edge) for n, place in places.items())
    return Matrix(
        cell=edge,
        size=len(order) * edge,
        compared=placed * edge,
        gutter=int(max((len(label.text) for label in labels), default=0) * _GLYPH) + 14,
        labels=labels,
        cells=tuple(_cells(reasons, places, edge)),
        runs=tuple(_runs(reasons, order, edge)),
        blocks=tuple(_blocks(report, stance, edge)),
    )


def _order(report: Report, stance: Stance) -> tuple[int, tuple[str, ...]]:
    known = {service.name for service in report.fleet.services}
    housed = [name for group in _housed(report, stance) for name in group if name in known]
    alone = report.alone(stance)
    others = sorted(known - set(housed) - alone)
    return len(housed) + len(others), (*housed, *others, *sorted(alone & known - set(housed)))


def _housed(report: Report, stance: Stance) -> Iterable[tuple[str, ...]]:
    plan = report.plans.get(stance)
    return [container.services for container in plan.containers()] if plan else []


def _blocks(report: Report, stance: Stance, edge: int) -> Iterator[Block]:
    start = 0
    for number, services in enumerate(_housed(report, stance), 1):
        yield Block(start * edge, len(services) * edge, f"Container {number}: {', '.join(services)}")
        start += len(services)


def _reasons(report: Report, stance: Stance, open_anchors: OpenAnchors) -> dict[tuple[str, ...], _Reason]:
    reasons = {
        item.services: _Reason("undecided", open_anchors[item.services, item.reason], "undecided")
        for item in report.undecided
        if item.stance is stance
    }
    places, together = anchors(report), told_together(report.conflicts)
    for services, position in strongest(report, stance).items():
        conflict = report.conflicts[position]
        symbol = kind(conflict)
        text = _PORT if conflict.code is Code.PORT else _TOLD[symbol].format(cause(conflict))
        reasons[services] = _Reason(symbol, places[position], text, conflict.code in together)
    return reasons


_PORT = "the same port"
_TOLD = {
    "alone": "cannot be satisfied even alone, because of {}",
    "declared": "conflict on {}",
    "platform": "different {}",
    "locked": "only the locks clash, on {}",
}


def _cells(reasons: Mapping[tuple[str, ...], _Reason], places: Mapping[str, int], edge: int) -> Iterator[Cell]:
    for services, reason in reasons.items():
        if reason.common or len(services) > 2 or any(name not in places for name in services):
            continue
        title = f"{joined(services)}: {reason.text}"
        ends = (places[services[0]], places[services[-1]])
        for row, column in sorted({ends, ends[::-1]}):
            yield Cell(column * edge, row * edge, reason.kind, reason.href, title)


def _runs(reasons: Mapping[tuple[str, ...], _Reason], order: Sequence[str], edge: int) -> Iterator[Run]:
    common = {frozenset(services): reason for services, reason in reasons.items() if reason.common}
    for row, name in enumerate(order if common else ()):
        start = 0
        across = [common.get(frozenset((name, other))) for other in order]
        for reason, cells in groupby(across):
            length = len(tuple(cells))
            if reason is not None:
                yield Run(start * edge, row * edge, length * edge, reason.kind, reason.href, reason.text)
            start += length
