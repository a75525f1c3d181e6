from __future__ import annotations

from fractions import Fraction
from itertools import pairwise
from math import ceil

import networkx as nx
import pytest
from hypothesis import given, settings

from analyzer.planner.bits import members
from analyzer.planner.dual import Kind
from analyzer.planner.fractional import Column, Fractional, level, relax
from analyzer.planner.heaviest import Work
from analyzer.planner.independence import Independence
from tests.analyzer.planner.graphs import Rows, chromatic, of, rows, stable_sets

ENOUGH = 1_000_000


def kind(adjacent: Rows) -> Kind:
    return Kind(Independence(tuple(adjacent), ((),) * len(adjacent), (1 << len(adjacent)) - 1))


def relaxed(adjacent: Rows, enough: int = 1000, steps: int = ENOUGH) -> Fractional:
    return relax([kind(adjacent)], [Column(0, 1 << v) for v in range(len(adjacent))], enough, Work(steps))


def cost(found: Fractional) -> float:
    return sum(found.shares.values())


@given(rows())
@settings(max_examples=150, deadline=None)
def test_weights_that_no_group_exceeds(adjacent: Rows) -> None:
    """The bound holds by its Dual alone, whatever the linear program did, and is the fractional one rounded up."""
    found = relaxed(adjacent)
    assert found.dual is not None
    [most] = found.dual.heaviest
    groups = list(stable_sets(adjacent))
    assert max(sum(found.dual.weights[v] for v in members(group)) for group in groups) <= most
    assert found.bound == ceil(Fraction(sum(found.dual.weights), most)) == ceil(cost(found) - 1e-4)
    assert found.bound <= chromatic(adjacent)


@given(rows())
@settings(max_examples=100, deadline=None)
def test_its_shares_cover_everything(adjacent: Rows) -> None:
    found = relaxed(adjacent)
    for v in range(len(adjacent)):
        assert sum(share for column, share in found.shares.items() if column.items >> v & 1) > 1 - 1e-4
    assert all(kind(adjacent).system.holds(column.items) for column in found.columns)


@given(rows())
@settings(max_examples=100, deadline=None)
def test_level_counts_the_largest_group(adjacent: Rows) -> None:
    largest = max(group.bit_count() for group in stable_sets(adjacent))
    assert level([kind(adjacent)], Work(ENOUGH)).bound == ceil(len(adjacent) / largest)


@pytest.mark.parametrize(
    ("graph", "fractional"),
    [
        pytest.param(nx.cycle_graph(5), 5 / 2, id="pentagon"),
        pytest.param(nx.cycle_graph(7), 7 / 3, id="heptagon"),
        pytest.param(nx.petersen_graph(), 5 / 2, id="petersen"),
        pytest.param(nx.mycielski_graph(4), 29 / 10, id="groetzsch"),
        pytest.param(nx.complete_graph(6), 6, id="complete"),
        pytest.param(nx.kneser_graph(7, 2), 7 / 2, id="kneser"),
    ],
)
def test_known_fractional_chromatic_numbers(graph: nx.Graph, fractional: float) -> None:
    """Kneser graphs K(n, k) have n / k; a Mycielskian adds one divided by what there was (Larsen, Propp and Ullman)."""
    found = relaxed(of(graph))
    assert found.bound == ceil(fractional)
    assert cost(found) == pytest.approx(fractional, abs=1e-3)


def test_more_work_never_loosens_the_bound() -> None:
    adjacent = of(nx.gnp_random_graph(40, 0.5, seed=2))
    bounds = [relaxed(adjacent, steps=steps).bound for steps in (0, 1_000, 10_000, ENOUGH)]
    assert bounds[0] == 0
    assert all(one <= other for one, other in pairwise(bounds))
