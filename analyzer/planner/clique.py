"""Large cliques: sets of vertices that all exclude one another, the bound that a person can check."""

from __future__ import annotations

from collections.abc import Mapping
from heapq import heapify, heappop, heappush

WORK = 4_000_000
"""Edges and vertices that the search may visit before it settles for the best clique so far (about a second)."""
GREEDY = 5_000_000
"""Neighbours that may be compared while cliques are grown greedily, before the search (a tenth of a second or so)."""


def largest_clique(neighbours: Mapping[int, set[int]], work: int = WORK) -> tuple[int, ...]:
    """The largest clique of a graph, sorted; possibly a smaller one where ``work`` runs out.

    Every clique lies in the later neighbourhood of its first vertex in degeneracy order, so one
    small search for each vertex is enough (Eppstein, Löffler and Strash 2010).
    """
    order = degeneracy_order(neighbours)
    place = {v: i for i, v in enumerate(order)}
    later = {v: {w for w in neighbours[v] if place[w] > place[v]} for v in order}
    best: list[int] = []
    order.sort(key=lambda v: (-len(later[v]), place[v]))
    left = GREEDY
    for v in order:
        if len(later[v]) >= len(best) and left > 0:
            left -= len(later[v]) ** 2
            best = max(best, [v, *_greedy(neighbours, later[v])], key=len)
    for v in order:
        if len(later[v]) >= len(best) and work > 0:
            found, work = _branch(neighbours, sorted(later[v], key=place.__getitem__), len(best) - 1, work)
            best = [v, *found] if found else best
    return tuple(sorted(best))


def degeneracy_order(neighbours: Mapping[int, set[int]]) -> list[int]:
    """Vertices, each of the least degree among those not yet listed; ties by number."""
    degree = {v: len(others) for v, others in neighbours.items()}
    # Degree and vertex as one number: pairs take twice as long to compare.
    size = max(neighbours, default=0) + 1
    heap = [d * size + v for v, d in degree.items()]
    heapify(heap)
    order: dict[int, None] = {}
    while heap:
        d, v = divmod(heappop(heap), size)
        if v in order or d != degree[v]:
            continue
        order[v] = None
        for other in neighbours[v]:
            if other not in order:
                degree[other] = fewer = degree[other] - 1
                heappush(heap, fewer * size + other)
    return list(order)


def _greedy(neighbours: Mapping[int, set[int]], candidates: set[int]) -> list[int]:
    """A maximal clique among the candidates, each time by most neighbours among those left."""
    chosen = []
    while candidates:
        v = min(candidates, key=lambda v: (-len(neighbours[v] & candidates), v))
        chosen.append(v)
        candidates = candidates & neighbours[v]
    return chosen


def _branch(neighbours: Mapping[int, set[int]], vertices: list[int], beat: int, work: int) -> tuple[list[int], int]:
    """A largest clique of more than ``beat`` among the vertices (or none), and the work left.

    Branch and bound with a greedy colouring as the bound, on bit sets (San Segundo, BBMC, 2011);
    a stack of its own, because a clique may be deeper than Python's.
    """
    number = {v: i for i, v in enumerate(vertices)}
    adjacent = [sum(1 << number[w] for w in neighbours[v] if w in number) for v in vertices]
    work -= sum(len(neighbours[v]) for v in vertices)
    everything = (1 << len(vertices)) - 1
    best: list[int] = []
    chosen: list[int] = []
    frames = [(everything, _ranked(adjacent, everything))]
    while frames and work > 0:
        candidates, ranked = frames.pop()
        if not ranked or len(chosen) + ranked[-1][1] <= max(beat, len(best)):
            del chosen[-1:]
            continue
        v, _ = ranked.pop()
        frames.append((candidates & ~(1 << v), ranked))
        rest = candidates & adjacent[v]
        chosen.append(v)
        if len(chosen) > max(beat, len(best)):
            best = chosen.copy()
        work -= rest.bit_count() + 1
        frames.append((rest, _ranked(adjacent, rest)))
    return [vertices[i] for i in best], work


def _ranked(adjacent: list[int], candidates: int) -> list[tuple[int, int]]:
    """The candidates with their colours in a greedy colouring, from the first colour to the last.

    No clique among a vertex and those before it is larger than the vertex's colour.
    """
    ranked = []
    colour = 0
    while candidates:
        colour += 1
        free = candidates
        while free:
            low = free & -free
            v = low.bit_length() - 1
            ranked.append((v, colour))
            candidates ^= low
            free &= ~(low | adjacent[v])
    return ranked
