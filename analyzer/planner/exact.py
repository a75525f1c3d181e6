"""Exact colouring: is there a colouring with so many colours? CP-SAT finds one or proves there is none."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from typing import Any

from analyzer.planner.clique import largest_clique
from analyzer.planner.hypergraph import Colouring, Edge, Hypergraph

LITERALS = 3_000_000
"""The largest model that is tried; beyond it, building one takes longer than greedy is worth improving."""


class Failure(Enum):
    """Why there is no colouring."""

    IMPOSSIBLE = "impossible"
    UNKNOWN = "unknown"


@dataclass(slots=True)
class Budget:
    """Seconds left for solving, by CP-SAT's deterministic clock: the same input gives the same plan.

    One of them takes between a third and a half of a second on an idle core. Each question may
    spend half of what is left.
    """

    seconds: float

    @property
    def share(self) -> float:
        """What the next question may spend."""
        return self.seconds / 2


def settle(graph: Hypergraph, colours: Colouring, bound: int, budget: Budget) -> tuple[Colouring, int]:
    """The best colouring found, and the best bound, from ``bound`` up, on the colours that are needed.

    First down from the colouring at hand, for as long as fewer colours are found; where that gets
    too hard, up from the bound, for as long as so few colours are proved impossible.
    """
    if len(set(colours.values())) <= bound:
        return colours, bound
    clique = largest_clique(graph.neighbours)
    while (count := len(set(colours.values()))) > bound:
        found = coloured(graph, clique, count - 1, budget)
        if found is Failure.IMPOSSIBLE:
            return colours, count
        if isinstance(found, Failure):
            break
        colours = found
    while bound < len(set(colours.values())) - 1:
        found = coloured(graph, clique, bound, budget)
        if found is Failure.UNKNOWN:
            break
        if not isinstance(found, Failure):
            return found, bound
        bound += 1
    return colours, bound


def coloured(graph: Hypergraph, clique: tuple[int, ...], count: int, budget: Budget) -> Colouring | Failure:
    """A weak colouring with at most ``count`` colours, or why there is none."""
    if len(clique) > count:
        return Failure.IMPOSSIBLE
    size = sum(graph.degree(v) + 1 for v in graph.neighbours) * count
    if size > LITERALS or budget.seconds < 0.01:
        return Failure.UNKNOWN
    from ortools.sat.python import cp_model

    model, takes = _model(graph, clique, count)
    solver = cp_model.CpSolver()
    # One worker and a deterministic limit: the search takes the same path whatever the machine's load.
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = budget.share
    status = solver.solve(model)
    budget.seconds -= solver.deterministic_time
    if status == cp_model.INFEASIBLE:
        return Failure.IMPOSSIBLE
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Failure.UNKNOWN
    return {v: next(c for c, taken in options.items() if solver.value(taken)) for v, options in takes.items()}


def _model(graph: Hypergraph, clique: tuple[int, ...], count: int) -> tuple[Any, dict[int, dict[int, Any]]]:
    """The assignment model: one literal for each vertex and colour that it may take.

    The vertex at position i of an order may take the colours 0 … i only: any colouring can be
    renamed so, by first appearance. The clique comes first, which fixes its colours.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    rest = sorted(graph.neighbours.keys() - set(clique), key=lambda v: (-graph.degree(v), v))
    takes: dict[int, dict[int, Any]] = {}
    for i, v in enumerate([*clique, *rest]):
        takes[v] = {c: model.new_bool_var(f"{v} takes {c}") for c in range(min(i + 1, count))}
        model.add_exactly_one(takes[v].values())
    for together in _edge_cliques(graph):
        for c in range(count):
            model.add_at_most_one(takes[v][c] for v in sorted(together) if c in takes[v])
    for edge in _larger_edges(graph):
        for c in range(count):
            if all(c in takes[v] for v in edge):
                model.add_bool_or(~takes[v][c] for v in sorted(edge))
    return model, takes


def _larger_edges(graph: Hypergraph) -> list[Edge]:
    return sorted({edge for edges in graph.larger.values() for edge in edges}, key=sorted)


def _edge_cliques(graph: Hypergraph) -> Iterator[Edge]:
    """Cliques that cover every pair: fewer and stronger constraints than the pairs themselves."""
    uncovered = {v: set(others) for v, others in graph.neighbours.items()}
    for v in sorted(uncovered):
        while uncovered[v]:
            clique = {v}
            open_to = graph.neighbours[v] & uncovered[v]
            while open_to:
                chosen = min(open_to, key=lambda w: (-len(uncovered[w]), w))
                clique.add(chosen)
                open_to = open_to & graph.neighbours[chosen]
            for member in clique:
                uncovered[member] -= clique
            yield frozenset(clique)
