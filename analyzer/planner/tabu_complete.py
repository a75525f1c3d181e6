"""Tabu search among colourings in which some neighbours clash: TabuCol (Hertz and de Werra 1987)."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

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
    np, add, take, chance = table.np, table.add, table.take, random.random
    size = len(table.adjacent)
    joined = _joined(table.adjacent, classes, count)
    colours = np.zeros(size, dtype=np.intp)
    for colour, group in enumerate(joined):
        colours[list(members(group))] = colour
    clashes = table.of(joined)
    rows, flat, place = list(clashes), clashes.ravel(), colours * size + np.arange(size)
    until, columns = np.zeros(clashes.shape, dtype=np.int32), np.arange(size)
    noise = table.chances(random, count * size)
    fewest = flat.size * NOISE
    for move in range(moves):
        own = flat.take(place)
        clashing = own.nonzero()[0]
        width = clashing.size
        if not width or work.left <= 0:
            break
        work.left -= STEP + width * count // 250 + size // 250
        mine, before = own.take(clashing), colours.take(clashing)
        total = int(mine.sum())
        fewest = min(fewest, total)
        change = clashes.take(clashing, 1) - mine
        start = int(chance() * CHANCES)
        worth = change + noise[start : start + width * count].reshape(count, width)
        worth[until.take(clashing, 1) > move] = table.forbidden
        worth[before, columns[:width]] = table.forbidden + 1
        best = int(worth.argmin())
        if total + 2 * change.item(boldest := int(change.argmin())) < fewest:
            best = boldest
        colour, column = divmod(best, width)
        v, old = clashing.item(column), before.item(column)
        colours[v], place[v] = colour, colour * size + v
        take(rows[old], v)
        add(rows[colour], v)
        until[old, v] = move + 1 + int(0.6 * width + chance() * 10)
    else:
        return None
    return None if width else [sum(1 << int(v) for v in np.flatnonzero(colours == c)) for c in range(count)]


def _joined(adjacent: Sequence[int], classes: Sequence[int], count: int) -> list[int]:
    """The first classes, which the vertices of the others have joined."""
    joined = list(classes[:count])
    for v in members(sum(classes[count:])):
        joined[min(range(count), key=lambda c: ((adjacent[v] & classes[c]).bit_count(), c))] |= 1 << v
    return joined
