"""Tabu search among colourings of a part of the graph: PartialCol (Blöchliger and Zufferey 2008)."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from analyzer.planner.bits import members
from analyzer.planner.clash_table import CHANCES, ClashTable
from analyzer.planner.heaviest import Work

STEP = 7
"""Steps of work that one move takes at least, about 8 microseconds."""


def partial(
    table: ClashTable, classes: Sequence[int], count: int, moves: int, work: Work, random: Random
) -> list[int] | None:
    """So many classes for every vertex, fewer than before; None after so many moves, or once the work ran out.

    The vertices of the last classes are outside. Each move lets one of them into a class and sends those out
    that it clashes with, who may not come back soon (tenure of Galinier and Hao 1999).
    """
    adjacent, add, take, chance = table.adjacent, table.add, table.take, random.random
    inside, outside = list(classes[:count]), list(members(sum(classes[count:])))
    size = len(adjacent)
    clashes = table.of(inside)
    rows, until = list(clashes), table.np.zeros(clashes.shape, dtype=table.np.int32)
    noise = table.chances(random, count * size)
    fewest = len(outside)
    for move in range(moves):
        width = len(outside)
        if not width or work.left <= 0:
            break
        work.left -= STEP + width // 30 + width * count // 250 + size // 1500
        here = clashes.take(outside, 1)
        start = int(chance() * CHANCES)
        worth = here + noise[start : start + width * count].reshape(count, width)
        worth[until.take(outside, 1) > move] = table.forbidden
        best = int(worth.argmin())
        if width == fewest and not here.item(free := int(here.argmin())):
            best = free
        colour, place = divmod(best, width)
        v = outside[place]
        outside[place] = outside[-1]
        outside.pop()
        leaving = inside[colour] & adjacent[v]
        inside[colour] ^= leaving | 1 << v
        add(rows[colour], v)
        for w in members(leaving):
            take(rows[colour], w)
            outside.append(w)
            until[colour, w] = move + 1 + int(0.6 * len(outside) + chance() * 10)
        fewest = min(fewest, len(outside))
    return None if outside else inside
