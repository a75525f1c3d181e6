"""Fractional covers by column generation: the strongest bound where groups are small or room is short."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from analyzer.planner.bits import members
from analyzer.planner.dual import Dual, Kind, dual
from analyzer.planner.exchange import Exchange
from analyzer.planner.heaviest import Work, heaviest
from analyzer.planner.independence import Independence

SCALE = 1_000_000
"""Into how many parts a price of 1 is divided."""
SEEDS = 40
"""Items from which a group is filled greedily in one round."""
TURNS = 12
"""Tabu searches in one round."""
MOVES = 250
"""Exchanges in one of them."""


@dataclass(frozen=True, slots=True)
class Column:
    """A group: a kind, and a set of items that it may hold."""

    kind: int
    items: int


@dataclass(slots=True)
class Fractional:
    """What column generation knows: the groups met so far, with their shares in the last cover; the best Dual.

    ``weights`` are those of the last round, of which no bound need be known.
    """

    kinds: Sequence[Kind]
    columns: dict[Column, None] = field(default_factory=dict)
    dual: Dual | None = None
    bound: int = 0
    shares: dict[Column, float] = field(default_factory=dict)
    weights: Sequence[int] = ()

    def learn(self, weights: Sequence[int], heaviest: Sequence[int]) -> None:
        """Keep a Dual where it is the best so far."""
        found = dual(weights, heaviest, self.kinds)
        if found and (self.dual is None or self._worth(found) > self._worth(self.dual)):
            self.dual = found
            self.bound = max(self.bound, found.bound(self.kinds))

    def _worth(self, found: Dual) -> Any:
        return -found.slack(self.kinds, 0) / found.rate


Pricer = Callable[[Fractional, Sequence[int], Sequence[int], Work], list[Column]]
"""Looks for groups that outweigh the rewards of their kinds, by the weights of items."""


def relax(
    kinds: Sequence[Kind],
    columns: Iterable[Column],
    enough: int,
    work: Work,
    left: int | None = None,
    pricers: Sequence[Pricer] = (),
) -> Fractional:
    """The Fractional that the work allows, from some columns on; stops where its bound is ``enough``.

    It covers all items, or those that are ``left``.

    The columns must hold each item, but for those that no kind may hold. Each round asks the
    pricers in turn until one finds groups that the weights of the last round pay for: by default
    groups are filled greedily, and only where that finds none, the heaviest are searched for,
    which also proves a bound.
    """
    found = Fractional(kinds, dict.fromkeys(columns))
    master = _Master(kinds, -1 if left is None else left)
    master.extend(found.columns)
    work.left -= sum(column.items.bit_count() for column in found.columns)
    while work.left > 0 and found.bound < enough:
        weights, rewards = master.solved()
        work.left -= master.steps
        found.shares = master.shares()
        if master.cost <= found.bound:
            break
        found.weights = weights
        answers = (pricer(found, weights, rewards, work) for pricer in pricers or EXACT)
        new = next(filter(None, (_unknown(found, answer) for answer in answers)), None)
        if new is None:
            break
        found.columns |= dict.fromkeys(new)
        master.extend(new)
    return found


def _unknown(found: Fractional, columns: Iterable[Column]) -> list[Column]:
    return [column for column in columns if column not in found.columns]


def level(kinds: Sequence[Kind], work: Work) -> Fractional:
    """The bound by numbers alone: the same weight for every item. Where it is tight, few groups are."""
    found = Fractional(kinds)
    searched(found, [1] * len(kinds[0].system.adjacent), [0] * len(kinds), work)
    return found


def filled(found: Fractional, weights: Sequence[int], rewards: Sequence[int], work: Work) -> list[Column]:
    """Groups that weigh more than they must, each filled greedily from another item."""
    kinds = found.kinds
    order = sorted((v for v, weight in enumerate(weights) if weight), key=lambda v: (-weights[v], v))
    seeds = order[:: max(1, len(order) // SEEDS)]
    work.left -= len(order) * len(seeds) * sum(1 + len(kind.system.sizes) for kind in kinds) // 2
    columns = []
    for number, kind in enumerate(kinds):
        rest = [v for v in members(kind.system.allowed) if not weights[v]]
        for seed in seeds:
            items = kind.system.filled(order, kind.system.filled([seed]))
            if sum(weights[v] for v in members(items)) > rewards[number]:
                columns.append(Column(number, kind.system.filled(rest, items)))
    return list(dict.fromkeys(columns))


def searched(found: Fractional, weights: Sequence[int], rewards: Sequence[int], work: Work) -> list[Column]:
    """The heaviest group of each kind, and the bound that they prove."""
    columns, most = [], []
    for number, kind in enumerate(found.kinds):
        items, heavy = heaviest(kind.system, weights, work, rewards[number])
        most.append(heavy)
        if items:
            columns.append(Column(number, kind.system.filled(range(len(weights)), items)))
    proven = [heavy for heavy in most if heavy is not None]
    if len(proven) == len(most):
        found.learn(weights, proven)
    return columns


def exchanged(system: Independence) -> Pricer:
    """Groups of one kind that weigh more than they must, by tabu search from groups in use and from nothing."""
    search = Exchange(system.adjacent)

    def pricer(found: Fractional, weights: Sequence[int], rewards: Sequence[int], work: Work) -> list[Column]:
        starts = [column.items for column in found.shares]
        order = list(range(len(weights)))
        columns = []
        for turn in range(TURNS):
            start = search.chance.choice(starts) if turn % 2 else 0
            items, weight = search.heavy(weights, start, MOVES, work)
            if weight > rewards[0]:
                search.chance.shuffle(order)
                columns.append(Column(0, system.filled(order, items)))
        return list(dict.fromkeys(columns))

    return pricer


EXACT: tuple[Pricer, ...] = (filled, searched)


class _Master:
    """The linear program over the columns so far: cover each item, keep within the limits, pay the least."""

    def __init__(self, kinds: Sequence[Kind], left: int) -> None:
        from ortools.linear_solver import pywraplp

        self.kinds = kinds
        self.solver = pywraplp.Solver.CreateSolver("GLOP")
        infinity = self.solver.infinity()
        self.objective = self.solver.Objective()
        self.objective.SetMinimization()
        self.rows = [self.solver.Constraint(left >> v & 1, infinity) for v in range(len(kinds[0].system.adjacent))]
        self.taken: dict[Column, Any] = {}
        self.limits = [self.solver.Constraint(-infinity, infinity if k.limit is None else k.limit) for k in kinds]
        self._price_of_nothing()

    def _price_of_nothing(self) -> None:
        """Items may stay out at a price above any cover's: limits must not leave the program without a solution."""
        price = 1 + len(self.rows) * max(kind.price for kind in self.kinds)
        for row in self.rows:
            out = self.solver.NumVar(0, self.solver.infinity(), "")
            self.objective.SetCoefficient(out, price)
            row.SetCoefficient(out, 1)

    def shares(self) -> dict[Column, float]:
        """The columns in the last solution, each with how much of it."""
        return {column: share.solution_value() for column, share in self.taken.items() if share.solution_value() > 1e-6}

    @property
    def cost(self) -> float:
        """What the last solution costs, less what rounding may hide: no bound is above it."""
        return float(self.objective.Value()) - 1e-6

    @property
    def steps(self) -> int:
        """What the last solution took: each iteration of the simplex algorithm visits every row and column."""
        return int((1 + self.solver.iterations()) * (len(self.rows) + len(self.taken)) // 8)

    def extend(self, columns: Iterable[Column]) -> None:
        for column in columns:
            share = self.taken[column] = self.solver.NumVar(0, self.solver.infinity(), "")
            self.objective.SetCoefficient(share, self.kinds[column.kind].price)
            self.limits[column.kind].SetCoefficient(share, 1)
            for v in members(column.items):
                self.rows[v].SetCoefficient(share, 1)

    def solved(self) -> tuple[list[int], list[int]]:
        """The weight of each item, and what a group of each kind has to outweigh to be worth its price."""
        self.solver.Solve()
        weights = [max(0, int(row.dual_value() * SCALE)) for row in self.rows]
        rewards = [
            int((kind.price - min(0.0, limit.dual_value())) * SCALE)
            for kind, limit in zip(self.kinds, self.limits, strict=True)
        ]
        return weights, rewards
