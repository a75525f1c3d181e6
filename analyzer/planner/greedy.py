"""Greedy colourings: DSATUR as a start, iterated greedy to tighten it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import heapify, heappop, heappush
from itertools import chain, count
from random import Random

from analyzer.planner.hypergraph import Colouring, Hypergraph

WORK = 3_000_000
"""Edge visits that iterated greedy may spend on one graph (about a second)."""


def dsatur(graph: Hypergraph) -> Colouring:
    """Colour the vertex with the most blocked colours next (Brélaz 1979), with a heap: O(m log m)."""
    blocked: dict[int, set[int]] = {v: set() for v in graph.neighbours}
    heap = [(0, -graph.degree(v), v) for v in graph.neighbours]
    heapify(heap)
    colours: Colouring = {}
    while heap:
        saturation, _, vertex = heappop(heap)
        if vertex in colours or -saturation != len(blocked[vertex]):
            continue
        colour = _first_not_in(blocked.pop(vertex))
        colours[vertex] = colour
        for other in _narrowed_by(graph, vertex, colours):
            if colour not in blocked[other]:
                blocked[other].add(colour)
                heappush(heap, (-len(blocked[other]), -graph.degree(other), other))
    return colours


def tightened(graph: Hypergraph, colours: Colouring, enough: int) -> Colouring:
    """A colouring with as many colours or fewer, by iterated greedy (Culberson 1992).

    First fit, run over the vertices class by class, never needs more colours than there were
    classes: a vertex can at worst join those of its own class. Stops at ``enough`` colours.
    """
    shuffle = Random(0).shuffle  # noqa: S311 - a fixed sequence, so that the same input gives the same plan
    cost = 1 + sum(graph.degree(v) for v in colours)
    for turn in range(min(200, WORK // cost)):
        found = classes(colours)
        if len(found) <= enough:
            break
        if turn % 2:
            shuffle(found)
        else:
            found.reverse()
        colours = _first_fit(graph, chain.from_iterable(found))
    return colours


def classes(colours: Colouring) -> list[list[int]]:
    """The colour classes, largest first, ties by their smallest vertices."""
    members: dict[int, list[int]] = {}
    for vertex, colour in sorted(colours.items()):
        members.setdefault(colour, []).append(vertex)
    return sorted(members.values(), key=lambda found: (-len(found), found))


def _first_fit(graph: Hypergraph, vertices: Iterable[int]) -> Colouring:
    colours: Colouring = {}
    for vertex in vertices:
        colours[vertex] = _first_not_in(graph.blocked(vertex, colours))
    return colours


def _first_not_in(blocked: set[int]) -> int:
    return next(colour for colour in count() if colour not in blocked)


def _narrowed_by(graph: Hypergraph, vertex: int, colours: Colouring) -> Iterator[int]:
    """Vertices without a colour that can't take the one that ``vertex`` just got."""
    yield from sorted(other for other in graph.neighbours[vertex] if other not in colours)
    for edge in graph.larger[vertex]:
        waiting = [other for other in edge if other not in colours]
        if len(waiting) == 1 and len({colours[other] for other in edge if other in colours}) == 1:
            yield waiting[0]
