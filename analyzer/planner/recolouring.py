"""A colouring with one colour less, by two tabu searches in turn: each succeeds where the other is stuck."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from analyzer.planner.clash_table import ClashTable
from analyzer.planner.heaviest import Work
from analyzer.planner.tabu_complete import complete
from analyzer.planner.tabu_partial import partial

MOVES = 100_000
"""Moves of the first walk of each search; the next ones start again, with other chances, and make twice as many."""


def recoloured(adjacent: Sequence[int], classes: Sequence[int], work: Work, seed: int = 0) -> list[int] | None:
    """A colouring with one class fewer than these two or more, or None where the work ran out."""
    table = ClashTable(adjacent)
    moves = MOVES
    while work.left > 0:
        for search in (partial, complete):
            found = search(table, classes, moves, work, Random(seed))  # noqa: S311 - a fixed sequence
            if found:
                return found
        moves *= 2
        seed += 1
    return None
