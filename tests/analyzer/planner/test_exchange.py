from __future__ import annotations

from random import Random

import networkx as nx
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.planner.bits import members
from analyzer.planner.exchange import STEP, Exchange
from analyzer.planner.heaviest import Work
from tests.analyzer.planner.graphs import Rows, of, rows, stable_sets


@given(rows(), st.data())
@settings(max_examples=100, deadline=None)
def test_what_it_finds_is_stable_and_weighs_what_it_says(adjacent: Rows, data: st.DataObject) -> None:
    weights = data.draw(st.lists(st.integers(0, 9), min_size=len(adjacent), max_size=len(adjacent)))
    start = data.draw(st.sampled_from(list(stable_sets(adjacent))))
    found, weight = Exchange(adjacent).heavy(weights, start, 30, Work(1000))
    assert not any(adjacent[v] & found for v in members(found))
    assert sum(weights[v] for v in members(found)) == weight
    assert weight <= max(sum(weights[v] for v in members(group)) for group in stable_sets(adjacent))


def test_it_finds_the_heaviest_of_a_small_graph() -> None:
    adjacent = of(nx.petersen_graph())
    random = Random(3)
    for _ in range(20):
        weights = [random.randint(1, 50) for _ in adjacent]
        most = max(sum(weights[v] for v in members(group)) for group in stable_sets(adjacent))
        assert Exchange(adjacent).heavy(weights, 0, 100, Work(0))[1] == most


def test_the_same_every_time_and_paid_for() -> None:
    adjacent = of(nx.gnp_random_graph(60, 0.2, seed=1))
    weights = [1 + v % 7 for v in range(60)]
    works = [Work(10_000), Work(10_000)]
    one, other = (Exchange(adjacent).heavy(weights, 0, 50, work) for work in works)
    assert one == other
    assert [work.left for work in works] == [10_000 - 50 * STEP] * 2
