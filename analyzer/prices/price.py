"""Prices: what it takes for two Environments to become one, or for the whole Fleet to need fewer."""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.prices.change import Change


@dataclass(frozen=True, slots=True)
class Price:
    """What the merge of two Environments of a Plan takes.

    ``merge`` are their numbers, counted from 1 in the Plan's order. ``changes`` is a smallest set after which
    all their Services fit, which was verified by resolving again; ``others`` are as small. Where there is
    none, ``obstacle`` says why, and ``upstream`` that only releases that do not exist yet could help.
    """

    merge: tuple[int, int]
    changes: tuple[Change, ...] = ()
    others: tuple[tuple[Change, ...], ...] = ()
    saves: int = 0
    obstacle: str = ""
    upstream: bool = False


@dataclass(frozen=True, slots=True)
class Saving:
    """One Change, and the Environments that the Fleet needs before and after it, both planned with every
    verdict asked anew. ``proven`` says that fewer are not possible after it."""

    change: Change
    before: int
    after: int
    proven: bool


@dataclass(frozen=True, slots=True)
class PriceList:
    """Prices of merges, the cheapest first, and the Changes that would save most by themselves, the best first.

    ``left_out`` counts the pairs of Environments that were not priced, as they are too far apart or too many.
    """

    prices: tuple[Price, ...] = ()
    savings: tuple[Saving, ...] = ()
    left_out: int = 0
