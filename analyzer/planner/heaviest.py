"""Heaviest independent sets, by branch and bound on bit sets: the pricing of column generation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analyzer.planner.bits import mask, members
from analyzer.planner.independence import Independence

ROOM = 2
"""Steps for each dimension in which the room that an item leaves is counted."""


@dataclass(slots=True)
class Work:
    """Steps left for a search, each about a microsecond of an idle core; the same on every machine."""

    left: int


def heaviest(system: Independence, weights: Sequence[int], work: Work, beat: int = 0) -> tuple[int, int | None]:
    """The heaviest independent set above ``beat`` (0 if none is), and what none exceeds; None where work ran out.

    Items without weight are left out of it.
    """
    search = _Search(system, [v for v in members(system.allowed) if weights[v] > 0], weights, work, beat)
    best = 0
    for chosen, weight, _ in search:
        if weight > search.beat:
            best, search.beat = chosen, weight
    return search.original(best), search.beat if search.complete else None


def heavier(system: Independence, weights: Sequence[int], beat: int, limit: int, work: Work) -> list[int] | None:
    """Every maximal independent set above ``beat``; None where there are more than ``limit`` or work ran out."""
    search = _Search(system, list(members(system.allowed)), weights, work, beat)
    found = []
    for chosen, weight, free in search:
        work.left -= len(search.order) // 64
        if not free and weight > beat:
            found.append(search.original(chosen))
            work.left -= chosen.bit_count()
            if len(found) > limit:
                return None
    return found if search.complete else None


class _Search:
    """The independent sets that may have a part in one above ``beat``: each with its weight and what may join it.

    Items are numbered by falling weight. A set of items that all exclude one another adds no more
    than its first one, so the sum over a cover by such sets bounds what candidates add; so does,
    in each dimension, the fractional knapsack.
    """

    def __init__(self, system: Independence, items: list[int], weights: Sequence[int], work: Work, beat: int) -> None:
        self.order = sorted(items, key=lambda v: (-weights[v], -system.adjacent[v].bit_count(), v))
        self.system = system.renumbered(self.order)
        self.weights = [weights[v] for v in self.order]
        self.work = work
        self.beat = beat
        self.complete = False
        self.rates = [
            sorted(range(len(self.order)), key=lambda v: (-self.weights[v] / (sizes[v] or 0.5), v))
            for sizes in self.system.sizes
        ]

    def original(self, chosen: int) -> int:
        return mask(self.order[v] for v in members(chosen))

    def __iter__(self) -> Iterator[tuple[int, int, int]]:
        system, left = self.system, self.system.capacity
        free = system.room(left)
        frames = [(0, 0, free, left, free, self._ranked(free, 0, left))]
        while frames:
            chosen, weight, candidates, left, free, ranked = frames.pop()
            if not ranked or weight + ranked[-1][1] <= self.beat:
                continue
            if self.work.left <= 0:
                return
            v, _ = ranked.pop()
            self.work.left -= ROOM * len(self.rates)
            candidates ^= 1 << v
            frames.append((chosen, weight, candidates, left, free, ranked))
            grown, total, less = chosen | 1 << v, weight + self.weights[v], system.less(left, v)
            joins = system.beside(v, grown, free) & system.room(less)
            yield grown, total, joins
            rest = candidates & joins
            if rest:
                frames.append((grown, total, rest, less, joins, self._ranked(rest, total, less)))
        self.complete = True

    def _ranked(self, candidates: int, weight: int, left: tuple[int, ...]) -> list[tuple[int, int]]:
        """Candidates, each with what it and those before it add at most; none where that is too little."""
        self.work.left -= 1 + candidates.bit_count() // 2
        if any(weight + self._knapsack(d, candidates, room) <= self.beat for d, room in enumerate(left)):
            return []
        ranked = []
        bound = 0
        adjacent, weights = self.system.adjacent, self.weights
        while candidates:
            clique = candidates
            bound += weights[(candidates & -candidates).bit_length() - 1]
            while clique:
                low = clique & -clique
                v = low.bit_length() - 1
                ranked.append((v, bound))
                candidates ^= low
                clique &= adjacent[v]
        return ranked

    def _knapsack(self, dimension: int, candidates: int, room: int) -> float:
        """What candidates add at most by their sizes in one dimension (Dantzig's bound, rounded up)."""
        sizes, total = self.system.sizes[dimension], 0
        for v in self.rates[dimension]:
            if candidates >> v & 1:
                if sizes[v] > room:
                    return total + self.weights[v] * room // sizes[v] + 1
                room -= sizes[v]
                total += self.weights[v]
        return total
