"""The cheapest cover by groups that were listed beforehand: CP-SAT finds it or proves that there is none."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analyzer.planner.bits import members
from analyzer.planner.budget import Budget
from analyzer.planner.dual import Kind
from analyzer.planner.failure import Failure
from analyzer.planner.fractional import Column

RATE = 1
"""Seconds in one of CP-SAT's deterministic ones for covers: twice that of others, as most are linear programs."""
TURNS = (0.25, 0.25, 0.25, 0.25)
"""Shares of the time for an exact cover, each searched with another seed: what one finds at once another never does."""
Cover = list[Column]
"""Groups that hold every item once."""


def cover(
    kinds: Sequence[Kind], columns: Sequence[Column], cost: int, budget: Budget, most: float = 1e9, once: int = 0
) -> Cover | Failure:
    """A cover with parts of these columns that costs no more than this, where one is found in so many seconds.

    The items of ``once`` are known to be in no two columns of any such cover. IMPOSSIBLE is of
    these columns only.
    """
    if budget.seconds < 0.01:
        return Failure.UNKNOWN
    model, takes = _model(kinds, columns, cost, once)
    budget.spend(sum(column.items.bit_count() for column in columns))
    exact = once == (1 << len(kinds[0].system.adjacent)) - 1
    seconds = min(budget.share, most)
    for seed, share in enumerate(TURNS if exact else (1,)):
        found = _sought(model, takes, seconds * share, budget, seed, exact)
        if found is not Failure.UNKNOWN:
            return found
    return Failure.UNKNOWN


def _sought(
    model: Any, takes: Mapping[Column, Any], seconds: float, budget: Budget, seed: int, exact: bool
) -> Cover | Failure:
    from ortools.sat.python import cp_model

    solver = cp_model.CpSolver()
    # One worker and a deterministic limit: the search takes the same path whatever the machine's load.
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = seed
    # Where each item is in exactly one group, propagation finds covers that linear programs only delay.
    solver.parameters.linearization_level = 0 if exact else 1
    rate = RATE / 2 if exact else RATE
    solver.parameters.max_deterministic_time = seconds / rate
    status = solver.solve(model)
    budget.seconds -= solver.deterministic_time * rate
    if status == cp_model.INFEASIBLE:
        return Failure.IMPOSSIBLE
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Failure.UNKNOWN
    return divided([column for column, taken in takes.items() for _ in range(solver.value(taken))])


def divided(columns: Sequence[Column]) -> Cover:
    """The same groups without what an earlier one holds already; without those that have nothing left."""
    taken = 0
    parts = []
    for column in columns:
        if column.items & ~taken:
            parts.append(Column(column.kind, column.items & ~taken))
            taken |= column.items
    return parts


def price(kinds: Sequence[Kind], columns: Sequence[Column]) -> int:
    """What groups cost."""
    return sum(kinds[column.kind].price for column in columns)


def _model(kinds: Sequence[Kind], columns: Sequence[Column], cost: int, once: int) -> tuple[Any, Mapping[Column, Any]]:
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    takes = {column: model.new_bool_var("") for column in columns}
    holding: list[list[Any]] = [[] for _ in kinds[0].system.adjacent]
    for column, taken in takes.items():
        for v in members(column.items):
            holding[v].append(taken)
    for v, found in enumerate(holding):
        (model.add_exactly_one if once >> v & 1 else model.add_at_least_one)(found)
    model.add(sum(kinds[column.kind].price * taken for column, taken in takes.items()) <= cost)
    for number, kind in enumerate(kinds):
        if kind.limit is not None:
            model.add(sum(taken for column, taken in takes.items() if column.kind == number) <= kind.limit)
    return model, takes
