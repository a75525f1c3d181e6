"""Exact colouring: is there a colouring with so many colours? CP-SAT finds one or proves there is none."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from analyzer.planner.budget import RATE
from analyzer.planner.budget import Budget as Budget
from analyzer.planner.failure import Failure as Failure
from analyzer.planner.hypergraph import Colouring, Edge, Hypergraph

LITERALS = 1_000_000
"""The largest model that is tried; beyond it, building one takes longer than greedy is worth improving."""


def coloured(
    graph: Hypergraph, clique: tuple[int, ...], count: int, budget: Budget, most: float
) -> Colouring | Failure:
    """A weak colouring with at most ``count`` colours, found in at most so many seconds, or why there is none."""
    if len(clique) > count:
        return Failure.IMPOSSIBLE
    size = sum(graph.degree(v) + 1 for v in graph.neighbours) * count
    if size > LITERALS or budget.seconds < 0.01:
        return Failure.UNKNOWN
    from ortools.sat.python import cp_model

    cliques = list(_edge_cliques(graph))
    model, takes = _model(graph, clique, count, cliques)
    budget.spend(count * sum(map(len, cliques)))
    solver = cp_model.CpSolver()
    # One worker and a deterministic limit: the search takes the same path whatever the machine's load.
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 0
    solver.parameters.max_deterministic_time = min(budget.share, most) * RATE
    status = solver.solve(model)
    budget.seconds -= solver.deterministic_time / RATE
    if status == cp_model.INFEASIBLE:
        return Failure.IMPOSSIBLE
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Failure.UNKNOWN
    return {v: next(c for c, taken in options.items() if solver.value(taken)) for v, options in takes.items()}


def _model(
    graph: Hypergraph, clique: tuple[int, ...], count: int, cliques: Iterable[Edge]
) -> tuple[Any, dict[int, dict[int, Any]]]:
    """The assignment model: one literal for each vertex and colour that it may take.

    The vertex at position i of an order may take the colours 0 … i only: any colouring can be
    renamed so, by first appearance. The clique comes first, which fixes its colours. ``cliques``
    cover every pair that is excluded.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    rest = sorted(graph.neighbours.keys() - set(clique), key=lambda v: (-graph.degree(v), v))
    takes: dict[int, dict[int, Any]] = {}
    for i, v in enumerate([*clique, *rest]):
        takes[v] = {c: model.new_bool_var(f"{v} takes {c}") for c in range(min(i + 1, count))}
        model.add_exactly_one(takes[v].values())
    for together in cliques:
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
