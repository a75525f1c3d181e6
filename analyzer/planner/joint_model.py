"""The housing of several Tiers at once, as one model for CP-SAT."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, pairwise
from math import ceil, gcd
from typing import Any

from analyzer.planner.budget import RATE, Budget
from analyzer.planner.failure import Failure
from analyzer.planner.nested import Level, Nested
from analyzer.planner.site import Site, Tier

LITERALS = 400_000
"""The largest model that is tried."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What is known of a Tier before it is solved: how many Environments are enough, and what they may cost."""

    groups: int
    cost: int | None = None


@dataclass(slots=True)
class _Grid:
    """The literals of one Tier: ``takes[service][g]``, ``used[g]``, ``inside[g][h]``, ``rents[g][offer]``."""

    takes: dict[str, list[Any]] = field(default_factory=dict)
    used: list[Any] = field(default_factory=list)
    inside: list[list[Any]] = field(default_factory=list)
    rents: list[dict[str, Any]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class JointModel:
    """A model of the first Tiers of a Site; ``costs`` are those of the Tiers."""

    model: Any
    site: Site
    grids: Sequence[_Grid]
    costs: Sequence[Any]

    def holds(self, number: int, services: Iterable[str]) -> list[Any]:
        """For each group of a Tier how many of some Services it holds."""
        takes = [self.grids[number].takes[service] for service in services]
        return [sum(column) for column in zip(*takes, strict=True)]

    def minimise(self, objective: Any, budget: Budget, hint: Nested | None = None) -> tuple[Nested, int] | Failure:
        """The housing in which the objective is least, as far as was found in time, and a bound on that."""
        from ortools.sat.python import cp_model

        self.model.minimize(objective)
        if hint is not None:
            _hint(self.model, self.grids, hint)
        solver = cp_model.CpSolver()
        solver.parameters.num_workers = 1
        solver.parameters.random_seed = 0
        solver.parameters.max_deterministic_time = budget.share * RATE
        status = solver.solve(self.model)
        budget.seconds -= solver.deterministic_time / RATE
        if status == cp_model.INFEASIBLE:
            return Failure.IMPOSSIBLE
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Failure.UNKNOWN
        levels = (_level(solver, *pair) for pair in zip(self.site.tiers, self.grids, strict=False))
        return Nested(tuple(levels)), ceil(solver.best_objective_bound - 1e-6)


def joint_model(site: Site, limits: Sequence[Limits]) -> JointModel | None:
    """A model of as many Tiers as there are limits; None where it would be too large."""
    if sum(len(site.services) * limit.groups for limit in limits) * max(1, limits[0].groups) > LITERALS:
        return None
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    tiers = site.tiers[: len(limits)]
    grids = [_grid(model, site, tier, limit) for tier, limit in zip(tiers, limits, strict=True)]
    for outer, inner in pairwise(grids):
        _nest(model, site, outer, inner)
    costs = [_cost(tier, grid) for tier, grid in zip(tiers, grids, strict=True)]
    for cost, limit in zip(costs, limits, strict=True):
        if limit.cost is not None:
            model.add(cost <= limit.cost)
    return JointModel(model, site, grids, costs)


def solve(
    site: Site, limits: Sequence[Limits], goal: Sequence[int], budget: Budget, hint: Nested | None = None
) -> tuple[Nested, int] | Failure:
    """The cheapest housing of the first Tiers, as many as there are ``limits``, and a bound on its cost.

    The cost is the sum of the Tiers' costs by the weights in ``goal``. Of the levels in the answer nothing is
    proven by themselves.
    """
    joint = joint_model(site, limits)
    if joint is None:
        return Failure.UNKNOWN
    return joint.minimise(sum(weight * cost for weight, cost in zip(goal, joint.costs, strict=True)), budget, hint)


def _grid(model: Any, site: Site, tier: Tier, limit: Limits) -> _Grid:
    numbers = range(limit.groups)
    grid = _Grid()
    for place, service in enumerate(_order(site, tier)):
        # Groups can be renamed by first appearance: the service at place i needs no group past the i-th.
        grid.takes[service] = [model.new_bool_var("") if g <= place else model.new_constant(0) for g in numbers]
        model.add_exactly_one(grid.takes[service])
    for g in numbers:
        members = [takes[g] for takes in grid.takes.values()]
        grid.used.append(model.new_bool_var(""))
        model.add_max_equality(grid.used[g], members)
        grid.rents.append({offer.name: model.new_bool_var("") for offer in tier.offers})
        model.add(sum(grid.rents[g].values()) == grid.used[g])
        _bind(model, site, tier, grid, g)
    for offer in tier.offers:
        if offer.count is not None:
            model.add(sum(rents[offer.name] for rents in grid.rents) <= offer.count)
    return grid


def _order(site: Site, tier: Tier) -> list[str]:
    """The most excluded first: their groups are told apart by the renaming."""
    degree = dict.fromkeys(site.services, 0)
    for edge in tier.edges:
        for service in edge & degree.keys():
            degree[service] += 1
    return sorted(site.services, key=lambda service: (-degree[service], service))


def _bind(model: Any, site: Site, tier: Tier, grid: _Grid, g: int) -> None:
    """What one Environment of a Tier must obey."""
    takes = {service: literals[g] for service, literals in grid.takes.items()}
    for edge in sorted(tier.edges, key=sorted):
        if edge <= takes.keys():
            model.add(sum(takes[service] for service in sorted(edge)) <= len(edge) - 1)
    for belonging in tier.together:
        for one, other in combinations(sorted(belonging & takes.keys()), 2):
            model.add(takes[one] == takes[other])
    if tier.most is not None:
        model.add(sum(takes.values()) <= tier.most)
    for service, names in tier.admitted.items():
        if service in takes:
            model.add(takes[service] <= sum(grid.rents[g][o.name] for o in tier.offers if o.name in names))
    for amount, bound in _capacities(site, tier, grid, g):
        model.add(sum(amount[service] * takes[service] for service in takes) <= bound)


def _capacities(site: Site, tier: Tier, grid: _Grid, g: int) -> Iterator[tuple[dict[str, int], Any]]:
    for trait in ("memory", "cpu"):
        if all(getattr(offer, trait) is None for offer in tier.offers):
            continue
        amount = {service: getattr(site.load([service]), trait) for service in site.services}
        everything = sum(amount.values())
        room = {o.name: min(everything if (r := getattr(o, trait)) is None else r, everything) for o in tier.offers}
        # CP-SAT counts in 64 bits. Where bytes are too fine a unit, loads are rounded up and room down.
        unit = max(gcd(*amount.values(), *room.values()), everything >> 45, 1)
        fine = {service: -(-taken // unit) for service, taken in amount.items()}
        yield fine, sum(room[name] // unit * rented for name, rented in grid.rents[g].items())


def _nest(model: Any, site: Site, outer: _Grid, inner: _Grid) -> None:
    """Each used group of the inner Tier lies in one group of the outer one, with all its Services."""
    for g, used in enumerate(inner.used):
        inside = [model.new_bool_var("") for _ in outer.used]
        model.add(sum(inside) == used)
        inner.inside.append(inside)
        for service in site.services:
            for h, within in enumerate(inside):
                model.add(inner.takes[service][g] + within - 1 <= outer.takes[service][h])


def _cost(tier: Tier, grid: _Grid) -> Any:
    return sum(offer.price * rents[offer.name] for rents in grid.rents for offer in tier.offers)


def _hint(model: Any, grids: Sequence[_Grid], hint: Nested) -> None:
    for grid, level in zip(grids, hint.levels, strict=False):
        place = {service: i for i, service in enumerate(grid.takes)}
        ordered = sorted(level.groups, key=lambda group: min(place[service] for service in group))
        for number, group in enumerate(ordered):
            for service in group:
                for g, literal in enumerate(grid.takes[service]):
                    if g <= place[service]:
                        model.add_hint(literal, g == number)


def _level(solver: Any, tier: Tier, grid: _Grid) -> Level:
    found: list[tuple[tuple[str, ...], str]] = []
    for g, rents in enumerate(grid.rents):
        members = tuple(sorted(s for s, literals in grid.takes.items() if solver.value(literals[g])))
        if members:
            found.append((members, next(name for name, rented in rents.items() if solver.value(rented))))
    found.sort(key=lambda pair: (-len(pair[0]), pair[0]))
    price = {offer.name: offer.price for offer in tier.offers}
    return Level(tuple(g for g, _ in found), tuple(o for _, o in found), sum(price[o] for _, o in found))
