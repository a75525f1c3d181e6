"""Fewer colours by two tabu searches: each succeeds where the other is stuck."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from analyzer.planner.clash_table import ClashTable
from analyzer.planner.heaviest import Work
from analyzer.planner.tabu_complete import complete
from analyzer.planner.tabu_partial import partial

MOVES = 150_000
"""Moves of the first walk of each search; the next ones start again, with other chances, and make twice as many."""


def recoloured(
    adjacent: Sequence[int], classes: Sequence[int], enough: int, work: Work, seed: int = 0
) -> Sequence[int]:
    """A colouring with as few classes as are found before the work runs out, but no fewer than ``enough``.

    One class less at a time, by both searches in turn.
    """
    if len(classes) <= enough:
        return classes
    table = ClashTable(adjacent)
    moves = MOVES
    while len(classes) > enough and work.left > 0:
        found = _one_fewer(table, _largest_first(classes), moves, work, seed)
        if found:
            classes = found
        else:
            moves *= 2
            seed += 1
    return classes


def leapt(adjacent: Sequence[int], classes: Sequence[int], enough: int, work: Work) -> Sequence[int]:
    """A colouring with ``enough`` classes, found by one walk straight to it, or the classes as they are.

    One class less is not always the easiest: where colours were planted, or services follow a few
    stacks, a walk that has to do with far fewer is led to them.
    """
    if len(classes) <= enough:
        return classes
    chance = Random(0)  # noqa: S311 - a fixed sequence, so that the same input gives the same plan
    return partial(ClashTable(adjacent), _largest_first(classes), enough, MOVES, work, chance) or classes


def _largest_first(classes: Sequence[int]) -> list[int]:
    return sorted(classes, key=lambda group: (-group.bit_count(), group))


def _one_fewer(table: ClashTable, classes: Sequence[int], moves: int, work: Work, seed: int) -> Sequence[int] | None:
    for search in (partial, complete):
        if found := search(table, classes, len(classes) - 1, moves, work, Random(seed)):  # noqa: S311
            return found
    return None
