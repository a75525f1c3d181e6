"""Certificates: weights that show what any packing must cost, and how to check them without trusting the planner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction
from itertools import pairwise
from math import ceil, gcd

from analyzer.planner.freight import Bin, Freight


class Ground(Enum):
    """What the weights are, from what is easiest to see."""

    CLIQUE = "all exclude one another"
    ROOM = "all together need this much room"
    WEIGHTS = "no bin holds more than this weight"


@dataclass(frozen=True, slots=True)
class Certificate:
    """Weights of items, and for each type of bin what no bin of it outweighs.

    Everything has to be packed, so the bins must carry all the weight there is; what carries most
    for its price is paid for at least. For CLIQUE each weight is 1 and a bin holds one of them; for
    ROOM the weights are the sizes in ``dimension``.
    """

    ground: Ground
    weights: Mapping[str, int]
    heaviest: Mapping[str, int]
    dimension: str = ""

    def bound(self, bins: tuple[Bin, ...]) -> int:
        """What any packing costs at least, if no bin is outweighed: the best of the rates at which prices buy weight.

        A bin with a ``count`` may carry more than the rate; that much is given to it for nothing.
        """
        floor = max((Fraction(self.heaviest[b.name], b.price) for b in bins if b.count is None), default=Fraction(0))
        rates = {floor, *(Fraction(self.heaviest[b.name], b.price) for b in bins)}
        return max((self._bound(bins, rate) for rate in rates if rate >= floor and rate > 0), default=0)

    def _bound(self, bins: tuple[Bin, ...], rate: Fraction) -> int:
        step = gcd(*(b.price for b in bins))
        left = sum(self.weights.values()) - sum(self._gift(b, rate) for b in bins)
        return max(0, ceil(left / rate / step) * step)

    def _gift(self, kind: Bin, rate: Fraction) -> Fraction:
        over = self.heaviest[kind.name] - rate * kind.price
        return over * kind.count if kind.count is not None and over > 0 else Fraction(0)

    def checked(self, freight: Freight) -> bool:
        """Whether no bin outweighs what is claimed: CP-SAT looks for one that does, from the Freight itself."""
        return not any(_outweighed(freight, kind, self.weights, self.heaviest[kind.name]) for kind in freight.bins)


def _outweighed(freight: Freight, kind: Bin, weights: Mapping[str, int], claim: int) -> bool:
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    inside = {item: model.new_bool_var(item) for item in sorted(freight.items)}
    for item, taken in inside.items():
        if kind.name not in freight.admitted.get(item, {kind.name}):
            model.add(taken == 0)
    for edge in sorted(freight.exclusions, key=sorted):
        if edge <= inside.keys():
            model.add_bool_or(~inside[item] for item in sorted(edge))
    for dimension, room in kind.room.items():
        model.add(sum(freight.items[item].get(dimension, 0) * taken for item, taken in inside.items()) <= room)
    for found in sorted(freight.together, key=sorted):
        shared = [inside[item] for item in sorted(found) if item in inside]
        for one, other in pairwise(shared):
            model.add(one == other)
    if kind.most is not None:
        model.add(sum(inside.values()) <= kind.most)
    model.add(sum(weights.get(item, 0) * taken for item, taken in inside.items()) > claim)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    return solver.solve(model) != cp_model.INFEASIBLE
