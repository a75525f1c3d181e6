"""Reductions: vertices that need no thought, taken out before the search and put back after it."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from analyzer.planner.hypergraph import Colouring, Edge, Hypergraph


def kernel(graph: Hypergraph, colours: int) -> tuple[Hypergraph, list[int]]:
    """What is left without the easy vertices, and those vertices in the order of their removal.

    ``colours`` is a lower bound on the colours that the graph needs. Putting the vertices back in
    reverse order (``restore``) never takes more than ``max(colours, colours of the kernel)``:

    * *Low degree*: a vertex with fewer than ``colours`` edges. Each edge blocks one colour at
      most, a larger edge only once all its other vertices share it, so one of ``colours`` is free.
    * *Dominated* (and so *identical*): a vertex u beside a v such that for every edge e at u some
      other edge lies in e - u + v. Give u the colour of v: were e then of one colour, e - u + v
      would be too, and with it the edge inside it, in a graph that was coloured before u came.
    """
    shrinking = _Shrinking(graph)
    while shrinking.queue:
        vertex = shrinking.queue.popleft()
        shrinking.queued.discard(vertex)
        if shrinking.degree(vertex) < colours or shrinking.dominated(vertex):
            shrinking.remove(vertex)
    return graph.within(shrinking.neighbours), shrinking.removed


def restore(graph: Hypergraph, removed: Iterable[int], colouring: Colouring, colours: int) -> Colouring:
    """The colouring with the removed vertices, last removed first, each in the largest class open to it."""
    complete = dict(colouring)
    sizes = [0] * colours
    for colour in complete.values():
        sizes[colour] += 1
    for vertex in removed:
        blocked = graph.blocked(vertex, complete)
        colour = max((c for c in range(colours) if c not in blocked), key=lambda c: (sizes[c], -c))
        complete[vertex] = colour
        sizes[colour] += 1
    return complete


class _Shrinking:
    """A Hypergraph that loses vertices, and the queue of those that may go next."""

    def __init__(self, graph: Hypergraph) -> None:
        self.neighbours = {v: set(others) for v, others in graph.neighbours.items()}
        self.larger: dict[int, set[Edge]] = {v: set(edges) for v, edges in graph.larger.items()}
        # First out is last back: who has the fewest exclusions finds the groups already formed.
        self.queue = deque(sorted(self.neighbours, key=lambda v: (graph.degree(v), -v)))
        self.queued = set(self.queue)
        self.removed: list[int] = []

    def degree(self, vertex: int) -> int:
        return len(self.neighbours[vertex]) + len(self.larger[vertex])

    def remove(self, vertex: int) -> None:
        """Take a vertex out with its edges; those who lose an edge by it may be next."""
        touched = self.neighbours.pop(vertex)
        for other in touched:
            self.neighbours[other].discard(vertex)
        for edge in self.larger.pop(vertex):
            for other in edge - {vertex}:
                self.larger[other].discard(edge)
                touched.add(other)
        self.queue.extend(sorted(touched - self.queued))
        self.queued |= touched
        self.removed.append(vertex)

    def dominated(self, vertex: int) -> bool:
        """Whether another vertex excludes at least what this one does (only tried by way of pairs)."""
        around = sorted(self.neighbours[vertex], key=lambda v: (len(self.neighbours[v]), v))
        if not around:
            return False
        stronger = self.neighbours[around[0]] - {vertex}
        for other in around[1:]:
            if not stronger:
                return False
            stronger &= self.neighbours[other]
        return any(all(self._implied(edge - {vertex}, v) for edge in self.larger[vertex]) for v in stronger)

    def _implied(self, rest: Edge, vertex: int) -> bool:
        """Whether ``rest`` with the vertex is known to hold an edge (it may hold one that is overlooked)."""
        return bool(self.neighbours[vertex] & rest) or rest | {vertex} in self.larger[vertex]
