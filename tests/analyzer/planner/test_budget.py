from __future__ import annotations

import networkx as nx
import pytest

from analyzer.planner.budget import STEPS, Budget
from analyzer.planner.covering import cover
from analyzer.planner.dual import Kind
from analyzer.planner.exact import coloured
from analyzer.planner.fractional import Column
from analyzer.planner.hypergraph import Hypergraph
from analyzer.planner.independence import Independence


@pytest.mark.parametrize(("steps", "left"), [(0, 3.0), (STEPS, 2.0), (5 * STEPS, 0.0)])
def test_steps_are_seconds(steps: int, left: float) -> None:
    budget = Budget(3.0)
    budget.spend(steps)
    assert budget.seconds == left


def test_a_search_gets_a_share_and_only_what_it_used_is_spent() -> None:
    budget = Budget(10.0)
    with budget.work(100.0) as work:
        assert work.left == 5 * STEPS
        work.left -= STEPS
    assert budget.seconds == 9.0
    with budget.work(1.0) as work:
        assert work.left == STEPS


def test_making_a_model_to_colour_with_is_paid_for() -> None:
    """A graph that needs no search still has a literal for each vertex of a clique and colour."""
    graph = nx.complete_multipartite_graph(*[30] * 6)
    budget = Budget(10.0)
    found = coloured(Hypergraph({v: set(graph[v]) for v in graph}, dict.fromkeys(graph, ())), (), 30, budget, 5.0)
    assert isinstance(found, dict)
    assert budget.seconds <= 10.0 - 180 * 30 / STEPS


def test_making_a_model_to_cover_with_is_paid_for() -> None:
    everything = (1 << 400) - 1
    kind = Kind(Independence((0,) * 400, ((),) * 400, everything))
    columns = [Column(0, everything ^ 1 << v) for v in range(400)]
    budget = Budget(10.0)
    assert isinstance(cover([kind], columns, 2, budget), list)
    assert budget.seconds <= 10.0 - 400 * 399 / STEPS
