"""Diving: a cover made by rounding fractional ones, group by group, each after a relaxation of what is left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from random import Random

from analyzer.planner.covering import Cover, divided, price
from analyzer.planner.dual import Kind
from analyzer.planner.fractional import Column, relax
from analyzer.planner.heaviest import Work


def dive(kinds: Sequence[Kind], columns: Iterable[Column], ceiling: int, chance: Random, work: Work) -> Cover | None:
    """A cover that costs less than the ceiling; None where this dive found none.

    Each step takes one group for good, the likelier the larger its share; different chances
    make different dives (Sadykov and Vanderbeck 2013 on bin packing with conflicts).
    """
    known = dict.fromkeys(columns)
    left = (1 << len(kinds[0].system.adjacent)) - 1
    chosen: list[Column] = []
    while left and work.left > 0:
        rest = _rest(kinds, chosen)
        found = relax(rest, known, ceiling - price(kinds, chosen), work, left)
        known = found.columns
        if price(kinds, chosen) + found.bound >= ceiling:
            return None
        weighed = {column: share * chance.uniform(0.8, 1) for column, share in found.shares.items()}
        useful = [column for column in weighed if column.items & left]
        if not useful:
            return None
        chosen.append(max(useful, key=weighed.__getitem__))
        left &= ~chosen[-1].items
    return divided(chosen) if not left and price(kinds, chosen) < ceiling else None


def _rest(kinds: Sequence[Kind], chosen: Sequence[Column]) -> list[Kind]:
    """The kinds with the limits that the chosen groups leave."""
    used = [sum(column.kind == number for column in chosen) for number in range(len(kinds))]
    return [
        kind if kind.limit is None else replace(kind, limit=kind.limit - count)
        for kind, count in zip(kinds, used, strict=True)
    ]
