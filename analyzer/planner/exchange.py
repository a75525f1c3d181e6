"""Heavy stable sets by exchange: a vertex comes in, its neighbours go out and may not come back soon.

Where branch and bound takes too long for each round of column generation, this tabu search finds
most of the sets that are worth their price. It proves nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random
from typing import Any

from analyzer.planner.bits import mask, members
from analyzer.planner.heaviest import Work

STEP = 12
"""Steps of work that one exchange takes, and one more for so many vertices:"""
WIDTH = 100
"""Vertices."""
NEVER = -(1 << 60)
"""The gain of what may not come in, lower than any sum of weights."""


class Exchange:
    """Searches in one graph, whose vertices are numbers from 0; each goes on with the same sequence of chances."""

    def __init__(self, adjacent: Sequence[int]) -> None:
        import numpy as np

        self.np = np
        self.beside = [np.array(list(members(row)), dtype=np.intp) for row in adjacent]
        self.chance = Random(0)  # noqa: S311 - a fixed sequence, so that the same input gives the same plan

    def heavy(self, weights: Sequence[int], start: int, moves: int, work: Work) -> tuple[int, int]:
        """The heaviest stable set met in so many exchanges from a stable one, and its weight."""
        np, random = self.np, self.chance.random
        values = np.array(weights, dtype=np.int64)
        gains = np.where(values > 0, values, NEVER)
        inside = np.zeros(len(values), dtype=bool)
        until = np.zeros(len(values), dtype=np.int64)
        total = best = 0
        found = inside.copy()
        for v in members(start):
            self._enter(v, values, gains, inside)
            total += weights[v]
        for move in range(moves):
            open_to = np.where(inside | (until > move), NEVER, gains)
            v = int(open_to.argmax())
            if open_to[v] < NEVER // 2:
                continue
            leaving = self.beside[v][inside[self.beside[v]]]
            total += int(gains[v])
            for w in leaving:
                inside[w] = False
                gains[self.beside[w]] += values[w]
            until[leaving] = move + 3 + int(random() * 8)
            self._enter(v, values, gains, inside)
            if total > best:
                best, found = total, inside.copy()
        work.left -= moves * (STEP + len(values) // WIDTH)
        return mask(int(v) for v in np.flatnonzero(found)), best

    def _enter(self, v: int, values: Any, gains: Any, inside: Any) -> None:
        inside[v] = True
        gains[self.beside[v]] -= values[v]
