"""Tabu search among colourings in which some neighbours clash: TabuCol (Hertz and de Werra 1987)."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from analyzer.planner.bits import members
from analyzer.planner.clash_table import CHANCES, NOISE, ClashTable
from analyzer.planner.heaviest import Work

STEP = 12
"""Steps of work that one move takes at least, about 14 microseconds."""


def complete(
    table: ClashTable, classes: Sequence[int], count: int, moves: int, work: Work, random: Random
) -> list[int] | None:
    """So many classes of which none clashes, fewer than before; None after so many moves, or once the work ran out.

    The vertices of the last classes join the others, where they clash least. Each move gives a clashing
    vertex another colour, and may not be taken back soon (tenure of Galinier and Hao 1999).
    """
    colouring, size = _Colouring(table, _joined(table.adjacent, classes, count), random), len(table.adjacent)
    for move in range(moves):
        clashing, mine = colouring.clashing()
        width = clashing.size
        if not width:
            return colouring.classes()
        if work.left <= 0:
            return None
        work.left -= STEP + width * count // 250 + size // 250
        v, colour = colouring.best(clashing, mine, move)
        colouring.recolour(v, colour, move + 1 + int(0.6 * width + random.random() * 10))
    return None


def _joined(adjacent: Sequence[int], classes: Sequence[int], count: int) -> list[int]:
    """The first classes, which the vertices of the others have joined."""
    joined = list(classes[:count])
    for v in members(sum(classes[count:])):
        joined[min(range(count), key=lambda c: ((adjacent[v] & classes[c]).bit_count(), c))] |= 1 << v
    return joined


class _Colouring:
    """A colour for each vertex, how often each colour would clash there, and until which move none may go back."""

    def __init__(self, table: ClashTable, classes: Sequence[int], random: Random) -> None:
        np, size = table.np, len(table.adjacent)
        self.table, self.chance = table, random.random
        self.colours = np.zeros(size, dtype=np.intp)
        for colour, group in enumerate(classes):
            self.colours[list(members(group))] = colour
        self.clashes = table.of(classes)
        self.rows, self.flat = list(self.clashes), self.clashes.ravel()
        self.place, self.columns = self.colours * size + np.arange(size), np.arange(size)
        self.until = np.zeros(self.clashes.shape, dtype=np.int32)
        self.noise = table.chances(random, self.flat.size)
        self.fewest = self.flat.size * NOISE

    def clashing(self) -> tuple[Any, Any]:
        """The vertices that clash with their own class, and how often."""
        own = self.flat.take(self.place)
        vertices = own.nonzero()[0]
        return vertices, own.take(vertices)

    def best(self, clashing: Any, mine: Any, move: int) -> tuple[int, int]:
        """The vertex and other colour that leave fewest clashes; a forbidden one only if they are fewer than ever."""
        width, before = clashing.size, self.colours.take(clashing)
        total = int(mine.sum())
        self.fewest = min(self.fewest, total)
        change = self.clashes.take(clashing, 1) - mine
        start = int(self.chance() * CHANCES)
        worth = change + self.noise[start : start + change.size].reshape(change.shape)
        worth[self.until.take(clashing, 1) > move] = self.table.forbidden
        worth[before, self.columns[:width]] = self.table.forbidden + 1
        best = int(worth.argmin())
        if total + 2 * change.item(boldest := int(change.argmin())) < self.fewest:
            best = boldest
        colour, column = divmod(best, width)
        return clashing.item(column), colour

    def recolour(self, v: int, colour: int, until: int) -> None:
        """Gives a vertex another colour, and forbids it the one that it had until that move."""
        old = self.colours.item(v)
        self.colours[v], self.place[v] = colour, colour * len(self.colours) + v
        self.table.take(self.rows[old], v)
        self.table.add(self.rows[colour], v)
        self.until[old, v] = until

    def classes(self) -> list[int]:
        """The vertices of each colour, as bits."""
        found = (self.table.np.flatnonzero(self.colours == colour) for colour in range(len(self.rows)))
        return [sum(1 << int(v) for v in group) for group in found]
