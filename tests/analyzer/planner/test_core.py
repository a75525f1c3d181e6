from __future__ import annotations

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings

from analyzer.planner import core
from analyzer.planner.bits import members
from analyzer.planner.core import core_bound
from analyzer.planner.dual import Dual, Kind
from analyzer.planner.fractional import Column, Fractional, exchanged, relax
from analyzer.planner.heaviest import Work, heaviest
from analyzer.planner.independence import Independence
from tests.analyzer.planner.graphs import Rows, chromatic, of, rows, stable_sets


def system(adjacent: Rows) -> Independence:
    return Independence(tuple(adjacent), ((),) * len(adjacent), (1 << len(adjacent)) - 1)


def met(found: Independence, steps: int = 200_000) -> Fractional:
    """What column generation by tabu search alone knows of a graph."""
    alone = [Column(0, 1 << v) for v in range(len(found.adjacent))]
    return relax([Kind(found)], alone, 1000, Work(steps), pricers=(exchanged(found),))


def bounded(found: Independence, steps: int = 200_000) -> Dual | None:
    return core_bound(found, met(found, steps), 1000, Work(1_000_000))


@pytest.fixture()
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core, "FIRST", 3)


@given(rows())
@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@pytest.mark.usefixtures("small_parts")
def test_no_stable_set_outweighs_what_is_claimed(adjacent: Rows) -> None:
    found = bounded(system(adjacent))
    assert found is not None
    [most] = found.heaviest
    assert max(sum(found.weights[v] for v in members(group)) for group in stable_sets(adjacent)) <= most
    assert found.bound([Kind(system(adjacent))]) <= chromatic(adjacent)


@pytest.mark.usefixtures("small_parts")
def test_the_bound_of_a_part_is_one_of_the_whole() -> None:
    """A pentagon with a hundred vertices that live with anyone: what it needs is found in a part."""
    graph = nx.disjoint_union(nx.cycle_graph(5), nx.path_graph(60))
    found = bounded(system(of(graph)))
    assert found is not None
    assert found.bound([Kind(system(of(graph)))]) == 3


def test_weights_are_checked_in_the_whole_graph() -> None:
    given = system(of(nx.gnp_random_graph(50, 0.6, seed=4)))
    found = bounded(given, steps=1_000_000)
    assert found is not None
    _, most = heaviest(given, found.weights, Work(10_000_000))
    assert most is not None
    assert most <= found.heaviest[0]
    assert found.bound([Kind(given)]) == 11


@pytest.mark.parametrize("steps", [0, 1])
def test_no_work_no_bound(steps: int) -> None:
    given = system(of(nx.cycle_graph(9)))
    assert core_bound(given, met(given), 10, Work(steps)) is None or steps
