"""Fractional bounds of a graph's heaviest part, for graphs as a whole too large to find heaviest stable sets in.

A graph needs as many colours as any part of it. The part that needs most has the vertices that
column generation gives most weight, even where its weights are not known to be a bound.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from analyzer.planner.bits import mask, members
from analyzer.planner.dual import Dual, Kind
from analyzer.planner.fractional import Column, Fractional, exchanged, relax, searched
from analyzer.planner.heaviest import Work
from analyzer.planner.independence import Independence

FIRST = 100
"""Vertices of the first part."""
GROWTH = 1.25
"""How many times as many the next part has."""


def core_bound(system: Independence, met: Fractional, enough: int, work: Work) -> Dual | None:
    """The best Dual of parts of a graph, larger and larger, as far as the work goes; stops where it bounds enough.

    ``met`` is what column generation knows of the whole graph, from exclusions of pairs alone.
    """
    order = sorted((v for v, weight in enumerate(met.weights) if weight), key=lambda v: (-met.weights[v], v))
    best: Dual | None = None
    kinds = [Kind(system)]
    size = float(FIRST)
    while work.left > 0 and (best is None or best.bound(kinds) < enough):
        part = order[: int(size)]
        found = _relaxed(system, part, met, enough, work).dual
        if found and (best is None or found.bound(kinds) >= best.bound(kinds)):
            weights = dict(zip(part, found.weights, strict=True))
            best = replace(found, weights=tuple(weights.get(v, 0) for v in range(len(system.adjacent))))
        if len(part) == len(order):
            break
        size *= GROWTH
    return best


def _relaxed(system: Independence, part: Sequence[int], met: Fractional, enough: int, work: Work) -> Fractional:
    place = {v: i for i, v in enumerate(part)}
    inside = mask(part)
    columns = (mask(place[v] for v in members(column.items & inside)) for column in met.columns)
    smaller = system.renumbered(part)
    distinct = [Column(0, items) for items in dict.fromkeys(columns) if items]
    return relax([Kind(smaller)], distinct, enough, work, pricers=(exchanged(smaller), searched))
