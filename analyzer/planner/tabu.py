"""Tabu search for a colouring with one colour less.

TabuCol (Hertz and de Werra 1987) with the tenure of Galinier and Hao (1999).
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from analyzer.planner.bits import members
from analyzer.planner.heaviest import Work

STEP = 30
"""Steps of work that one move takes, about 30 microseconds; more where there are many colours."""


def recoloured(adjacent: Sequence[int], classes: Sequence[int], work: Work, seed: int = 0) -> list[int] | None:
    """A colouring with one class fewer than this one, or None where the work ran out.

    The vertices of the smallest class join the others, where they clash least; then the best move
    of a clashing vertex to another class is made again and again, and may not be taken back soon.
    """
    import numpy as np

    count = len(classes) - 1
    beside = [np.array(list(members(row)), dtype=np.intp) for row in adjacent]
    colours = _merged(adjacent, classes)
    clashes = np.zeros((len(adjacent), count), dtype=np.int32)
    for v, colour in enumerate(colours):
        clashes[beside[v], colour] += 1
    search = _Tabu(np, beside, np.array(colours), clashes, Random(seed))  # noqa: S311 - a fixed sequence
    while work.left > 0:
        work.left -= STEP + search.conflicting.size * count // 300 + len(adjacent) // 100
        if not search.move():
            return [sum(1 << int(v) for v in np.flatnonzero(search.colours == c)) for c in range(count)]
    return None


def _merged(adjacent: Sequence[int], classes: Sequence[int]) -> list[int]:
    """The colours of vertices once those of the last class have joined the others."""
    *kept, broken = classes
    colours = {v: colour for colour, found in enumerate(kept) for v in members(found)}
    for v in members(broken):
        colours[v] = min(range(len(kept)), key=lambda c: ((adjacent[v] & kept[c]).bit_count(), c))
    return [colours[v] for v in range(len(adjacent))]


class _Tabu:
    """Colours, how many neighbours of each vertex have each colour, and until when each move is forbidden."""

    def __init__(self, np: Any, beside: list[Any], colours: Any, clashes: Any, chance: Random) -> None:
        self.np, self.beside, self.colours, self.clashes = np, beside, colours, clashes
        self.rows = np.arange(len(colours))
        self.until = np.zeros(clashes.shape, dtype=np.int64)
        self.random = chance.random
        self.turn = 0
        self._count()
        self.best = self.total

    def move(self) -> bool:
        """Make the best move that is not forbidden or beats everything so far; False once nothing clashes."""
        if not self.total:
            return False
        np, rows = self.np, self.conflicting
        here = self.clashes[rows, self.colours[rows]]
        change = self.clashes[rows] - here[:, None]
        forbidden = (self.until[rows] > self.turn) & (change + self.total >= self.best)
        change[forbidden] = 1 << 20
        change[np.arange(rows.size), self.colours[rows]] = 1 << 21
        found = np.flatnonzero(change.ravel() == change.min())
        row, colour = divmod(int(found[int(self.random() * found.size)]), change.shape[1])
        self._recolour(int(rows[row]), colour)
        return True

    def _recolour(self, v: int, colour: int) -> None:
        before = int(self.colours[v])
        self.turn += 1
        self.until[v, before] = self.turn + int(0.6 * self.conflicting.size) + int(self.random() * 10)
        self.clashes[self.beside[v], before] -= 1
        self.clashes[self.beside[v], colour] += 1
        self.colours[v] = colour
        self._count()
        self.best = min(self.best, self.total)

    def _count(self) -> None:
        own = self.clashes[self.rows, self.colours]
        self.conflicting = self.np.flatnonzero(own)
        self.total = int(own.sum()) // 2
