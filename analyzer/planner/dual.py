"""Weights as a bound: if no group weighs more than its price, no cover costs less than everything weighs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, gcd

from analyzer.planner.bits import mask
from analyzer.planner.independence import Independence


@dataclass(frozen=True, slots=True)
class Kind:
    """Groups of one kind: what they may hold, the price of each (at least 1), and how many there may be."""

    system: Independence
    price: int = 1
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Dual:
    """A weight for each item, and for each kind what no group of it outweighs.

    Fractional relaxations have such a dual (Farley 1990 for the bound of any of them). All are
    whole numbers, so that the bound is exact whatever rounding the weights went through (Held,
    Cook and Sewell 2012). ``rate`` is the weight that a price of 1 pays for.
    """

    weights: tuple[int, ...]
    heaviest: tuple[int, ...]
    rate: Fraction

    def bound(self, kinds: Sequence[Kind]) -> int:
        """What any cover costs at least, in steps that the prices can make."""
        step = gcd(*(kind.price for kind in kinds))
        return max(0, ceil((sum(self.weights) - sum(self._bonuses(kinds))) / self.rate / step) * step)

    def slack(self, kinds: Sequence[Kind], cost: int) -> Fraction:
        """By how much the groups of a cover of this cost fall short, all together, of the most they could weigh."""
        return cost * self.rate + sum(self._bonuses(kinds)) - sum(self.weights)

    def least(self, kinds: Sequence[Kind], cost: int, part: Fraction | int = 1) -> tuple[int, ...]:
        """For each kind, what every group in any cover of this cost weighs at least.

        With a ``part`` of the slack it is only what most of them are likely to.
        """
        slack = self.slack(kinds, cost) * part
        most = (max(Fraction(heavy), self.rate * kind.price) for heavy, kind in zip(self.heaviest, kinds, strict=True))
        return tuple(ceil(heavy - slack) for heavy in most)

    def once(self, kinds: Sequence[Kind], cost: int) -> int:
        """The items so heavy that no cover of this cost, its groups made as large as they can be, holds them twice."""
        slack = self.slack(kinds, cost)
        return mask(v for v, weight in enumerate(self.weights) if weight > slack)

    def _bonuses(self, kinds: Iterable[Kind]) -> list[Fraction]:
        """What the groups of each limited kind may weigh, all together, above what their price pays for."""
        return [
            kind.limit * max(Fraction(0), heavy - self.rate * kind.price)
            for heavy, kind in zip(self.heaviest, kinds, strict=True)
            if kind.limit is not None
        ]


def dual(weights: Sequence[int], heaviest: Sequence[int], kinds: Sequence[Kind]) -> Dual | None:
    """The Dual with the rate that gives the best bound; None where everything weighs nothing.

    No kind without a limit may weigh more than its price pays for, so its rate is a floor.
    """
    rates = [Fraction(heavy, kind.price) for heavy, kind in zip(heaviest, kinds, strict=True)]
    floor = max((rate for rate, kind in zip(rates, kinds, strict=True) if kind.limit is None), default=Fraction(0))
    open_to = sorted(rate for rate in {*rates, floor} if rate >= floor and rate > 0)
    made = [Dual(tuple(weights), tuple(heaviest), rate) for rate in open_to]
    return max(made, key=lambda found: found.bound(kinds), default=None)
