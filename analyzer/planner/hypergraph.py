"""Hypergraphs to be coloured weakly: no edge may have all its vertices in one colour."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

Edge = frozenset[int]
Colouring = dict[int, int]
"""Colours, counted from 0, of some or all vertices."""


@dataclass(frozen=True, slots=True)
class Hypergraph:
    """Vertices with the edges at each: pairs as neighbours, and larger edges as they are.

    No edge contains another, and every edge has two vertices or more.
    """

    neighbours: Mapping[int, set[int]]
    larger: Mapping[int, tuple[Edge, ...]]

    def degree(self, vertex: int) -> int:
        """How many edges there are at a vertex: no more colours than that can be blocked for it."""
        return len(self.neighbours[vertex]) + len(self.larger[vertex])

    def blocked(self, vertex: int, colours: Mapping[int, int]) -> set[int]:
        """The colours that a vertex can't take beside the vertices that have one already."""
        blocked = {colours[other] for other in self.neighbours[vertex] if other in colours}
        for edge in self.larger[vertex]:
            around = {colours.get(other, -1) for other in edge if other != vertex}
            if len(around) == 1:
                blocked |= around
        return blocked - {-1}

    def within(self, vertices: Collection[int]) -> Hypergraph:
        """The vertices given and the edges that lie wholly among them."""
        inside = set(vertices)
        return Hypergraph(
            {v: self.neighbours[v] & inside for v in sorted(inside)},
            {v: tuple(edge for edge in self.larger[v] if edge <= inside) for v in sorted(inside)},
        )

    def components(self) -> list[Hypergraph]:
        """Connected components, in the order of their first vertices."""
        left, found = set(self.neighbours), []
        for start in sorted(self.neighbours):
            reached, fresh = set[int](), {start} & left
            while fresh:
                reached |= fresh
                fresh = self._beside(fresh) - reached
            if reached:
                found.append(self.within(reached))
            left -= reached
        return found

    def _beside(self, vertices: Iterable[int]) -> set[int]:
        """The vertices that share an edge with one of these."""
        edges = (edge for v in vertices for edge in (self.neighbours[v], *self.larger[v]))
        return set().union(*edges)


def hypergraph(vertices: int, edges: Iterable[Edge]) -> Hypergraph:
    """The Hypergraph of the vertices ``0 … vertices - 1`` and the minimal ones among the edges.

    An edge that contains another one holds whenever that one does, so it is left out.
    """
    neighbours: dict[int, set[int]] = {v: set() for v in range(vertices)}
    larger: dict[int, list[Edge]] = {v: [] for v in range(vertices)}
    distinct = set(edges)
    for first, second in (edge for edge in distinct if len(edge) == 2):
        neighbours[first].add(second)
        neighbours[second].add(first)
    for edge in sorted((edge for edge in distinct if len(edge) > 2), key=lambda edge: (len(edge), sorted(edge))):
        if not any(neighbours[v] & edge or any(known <= edge for known in larger[v]) for v in edge):
            for v in edge:
                larger[v].append(edge)
    return Hypergraph(neighbours, {v: tuple(found) for v, found in larger.items()})
