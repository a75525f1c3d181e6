"""How many members of each class each vertex clashes with, as vertices come and go: what tabu searches look at.

Clashes count ``NOISE`` each, so that a chance below it, added, settles which of equally good moves is made.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random
from typing import Any

from analyzer.planner.bits import members

NOISE = 16
CHANCES = 1 << 16
"""Random numbers that are drawn beforehand."""
DENSE = 3_000
"""The most vertices of which neighbours are kept as rows of a matrix, which are quicker to add than lists."""

Change = Callable[[Any, int], None]


class ClashTable:
    """A graph's neighbours, ready to be added to and taken from the row of a class, whose columns are vertices.

    ``forbidden`` is worse than any number of clashes with any chance, and one more still fits.
    """

    def __init__(self, adjacent: Sequence[int]) -> None:
        import numpy as np

        self.np, self.adjacent = np, adjacent
        most = NOISE * (1 + max((row.bit_count() for row in adjacent), default=0))
        small = most < 1 << 14
        self.number: Any = np.int16 if small else np.int32
        self.forbidden = 1 << (14 if small else 30)
        self.add, self.take = self._by_rows() if len(adjacent) <= DENSE else self._by_lists()

    def _by_rows(self) -> tuple[Change, Change]:
        table = self.np.zeros((len(self.adjacent),) * 2, dtype=self.number)
        for v, row in enumerate(self.adjacent):
            table[v, list(members(row))] = NOISE
        beside = list(table)

        def add(clashes: Any, v: int) -> None:
            clashes += beside[v]

        def take(clashes: Any, v: int) -> None:
            clashes -= beside[v]

        return add, take

    def _by_lists(self) -> tuple[Change, Change]:
        np, room = self.np, (len(self.adjacent) + 7) // 8
        rows = (np.frombuffer(row.to_bytes(room, "little"), dtype=np.uint8) for row in self.adjacent)
        beside = [np.flatnonzero(np.unpackbits(row, bitorder="little")) for row in rows]

        def add(clashes: Any, v: int) -> None:
            clashes[beside[v]] += NOISE

        def take(clashes: Any, v: int) -> None:
            clashes[beside[v]] -= NOISE

        return add, take

    def of(self, classes: Sequence[int]) -> Any:
        """A row of clashes for each class."""
        found = self.np.zeros((len(classes), len(self.adjacent)), dtype=self.number)
        for row, group in zip(found, classes, strict=True):
            for v in members(group):
                self.add(row, v)
        return found

    def chances(self, chance: Random, width: int) -> Any:
        """Random numbers below ``NOISE``, of which any ``width`` may be taken from one of the first ``CHANCES`` on."""
        return self.np.random.default_rng(chance.getrandbits(32)).integers(0, NOISE, CHANCES + width, self.number)
