"""Independence systems: what one group may hold, where every part of what fits fits too."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import accumulate
from operator import or_

from analyzer.planner.bits import adjacency, mask, members
from analyzer.planner.hypergraph import Hypergraph


@dataclass(frozen=True, slots=True)
class Independence:
    """Which sets of the items 0 … n-1 are independent; sets are the bits of an int.

    ``adjacent`` are the items that each excludes; ``larger`` the sets of three or more, at each of
    their members, that are never whole; ``sizes`` give each item's size in every dimension, whose
    sum stays within ``capacity``; ``allowed`` are the items that may be in a set at all.
    """

    adjacent: tuple[int, ...]
    larger: tuple[tuple[int, ...], ...]
    allowed: int
    sizes: tuple[tuple[int, ...], ...] = ()
    capacity: tuple[int, ...] = ()
    _steps: tuple[tuple[tuple[int, ...], tuple[int, ...]], ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_steps", tuple(_steps(sizes) for sizes in self.sizes))

    def holds(self, chosen: int) -> bool:
        """Whether a set is independent."""
        found = list(members(chosen))
        return (
            not chosen & ~self.allowed
            and not any(self.adjacent[v] & chosen for v in found)
            and not any(edge & chosen == edge for v in found for edge in self.larger[v])
            and all(sum(sizes[v] for v in found) <= room for sizes, room in zip(self.sizes, self.capacity, strict=True))
        )

    def room(self, left: Sequence[int]) -> int:
        """The items of which each alone fits into what is left in every dimension."""
        fitting = self.allowed
        for (sizes, smaller), free in zip(self._steps, left, strict=True):
            fitting &= smaller[bisect_right(sizes, free)]
        return fitting

    def beside(self, item: int, chosen: int, free: int) -> int:
        """Those of ``free`` that may join a set that just got an item, as far as exclusions go."""
        free &= ~(self.adjacent[item] | 1 << item)
        for edge in self.larger[item]:
            missing = edge & ~chosen
            if missing & (missing - 1) == 0:
                free &= ~missing
        return free

    def less(self, left: tuple[int, ...], item: int) -> tuple[int, ...]:
        """The capacity that an item leaves of what was left."""
        return tuple(free - sizes[item] for free, sizes in zip(left, self.sizes, strict=True))

    def filled(self, order: Iterable[int], chosen: int = 0) -> int:
        """An independent set with every item added, in this order, that still fits."""
        free, left = self.beside_all(chosen)
        for item in order:
            if free >> item & 1:
                chosen |= 1 << item
                left = self.less(left, item)
                free = self.beside(item, chosen, free) & self.room(left)
        return chosen

    def beside_all(self, chosen: int) -> tuple[int, tuple[int, ...]]:
        """The items that may join an independent set, and the capacity that it leaves."""
        left = self.capacity
        free = self.room(left) & ~chosen
        for item in members(chosen):
            left = self.less(left, item)
            free = self.beside(item, chosen, free)
        return free & self.room(left), left

    def renumbered(self, order: Sequence[int]) -> Independence:
        """The system on some of its items, each numbered by its place in the order."""
        place = {v: i for i, v in enumerate(order)}
        inside = mask(order)
        edges = {e: mask(place[w] for w in members(e)) for v in order for e in self.larger[v] if not e & ~inside}
        return Independence(
            tuple(mask(place[w] for w in members(self.adjacent[v] & inside)) for v in order),
            tuple(tuple(edges[e] for e in self.larger[v] if e in edges) for v in order),
            mask(place[v] for v in members(self.allowed & inside)),
            tuple(tuple(sizes[v] for v in order) for sizes in self.sizes),
            self.capacity,
        )


def stable(graph: Hypergraph, order: Sequence[int]) -> Independence:
    """The stable sets of a hypergraph, its vertices numbered by their places in an order of all of them."""
    place = {v: i for i, v in enumerate(order)}
    larger = [tuple(mask(place[w] for w in edge) for edge in graph.larger[v]) for v in place]
    return Independence(tuple(adjacency(graph.neighbours, order)), tuple(larger), (1 << len(place)) - 1)


def _steps(sizes: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Sizes in ascending order, and for each number of them the items that have the smallest so many."""
    order = sorted(range(len(sizes)), key=sizes.__getitem__)
    smaller = accumulate((1 << item for item in order), or_, initial=0)
    return tuple(sizes[item] for item in order), tuple(smaller)
