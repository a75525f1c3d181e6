from __future__ import annotations

from collections.abc import Sequence

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.planner.bits import members
from analyzer.planner.heaviest import Work, heavier, heaviest
from analyzer.planner.independence import Independence
from tests.analyzer.planner.graphs import of, rows

ENOUGH = 1_000_000


@st.composite
def systems(draw: st.DrawFn) -> tuple[Independence, tuple[int, ...]]:
    """Pairs, larger exclusions, sizes in up to two dimensions, items left out; and a weight for each item."""
    adjacent = draw(rows(8))
    count = len(adjacent)
    number = st.integers(0, 6)
    each = st.lists(number, min_size=count, max_size=count).map(tuple)
    triples = (
        draw(st.lists(st.sets(st.integers(0, count - 1), min_size=3, max_size=3), max_size=3)) if count > 2 else []
    )
    edges = {sum(1 << v for v in triple) for triple in triples}
    larger = tuple(tuple(sorted(edge for edge in edges if edge >> v & 1)) for v in range(count))
    sizes = tuple(draw(st.lists(each, max_size=2)))
    capacity = tuple(draw(st.integers(0, 12)) for _ in sizes)
    allowed = draw(st.integers(0, (1 << count) - 1))
    return Independence(tuple(adjacent), larger, allowed, sizes, capacity), draw(each)


def independent(system: Independence) -> list[int]:
    return [found for found in range(1 << len(system.adjacent)) if system.holds(found)]


def weight(weights: Sequence[int], found: int) -> int:
    return sum(weights[v] for v in members(found))


@given(systems(), st.integers(0, 15))
@settings(max_examples=400, deadline=None)
def test_as_heavy_as_any(given: tuple[Independence, tuple[int, ...]], beat: int) -> None:
    system, weights = given
    most = max(weight(weights, found) for found in independent(system))
    chosen, proven = heaviest(system, weights, Work(ENOUGH), beat)
    assert proven == max(most, beat)
    assert system.holds(chosen)
    assert weight(weights, chosen) == (most if most > beat else 0)


@given(systems(), st.integers(0, 15))
@settings(max_examples=400, deadline=None)
def test_every_maximal_one_above(given: tuple[Independence, tuple[int, ...]], beat: int) -> None:
    system, weights = given
    known = set(independent(system))
    maximal = [
        found
        for found in known
        if weight(weights, found) > beat
        and not any(found | 1 << v in known for v in range(len(weights)) if not found >> v & 1)
    ]
    listed = heavier(system, weights, beat, 1 << 8, Work(ENOUGH))
    assert listed is not None
    assert sorted(listed) == sorted(maximal)
    if maximal:
        assert heavier(system, weights, beat, len(maximal) - 1, Work(ENOUGH)) is None


@pytest.mark.parametrize("left", [1, 50, 500])
def test_without_work_no_claim(left: int) -> None:
    adjacent = tuple(of(nx.gnp_random_graph(60, 0.2, seed=5)))
    system = Independence(adjacent, ((),) * 60, (1 << 60) - 1)
    work = Work(left)
    chosen, proven = heaviest(system, [10 + v % 7 for v in range(60)], work)
    assert proven is None
    assert system.holds(chosen)
    assert work.left > -100
    assert heavier(system, [1] * 60, 5, 1000, Work(left)) is None
