from __future__ import annotations

from collections.abc import Callable, Sequence
from random import Random

import networkx as nx
import pytest
from hypothesis import given, settings

from analyzer.planner.clash_table import ClashTable
from analyzer.planner.heaviest import Work
from analyzer.planner.recolouring import leapt, recoloured
from analyzer.planner.tabu_complete import complete
from analyzer.planner.tabu_partial import partial
from tests.analyzer.planner.graphs import Rows, chromatic, is_colouring, of, rows

ENOUGH = 300_000
Search = Callable[[Rows, Sequence[int], int, Work], Sequence[int] | None]
Walk = Callable[[ClashTable, Sequence[int], int, int, Work, Random], Sequence[int] | None]


def _walk(search: Walk) -> Search:
    return lambda adjacent, classes, count, work: search(ClashTable(adjacent), classes, count, 20_000, work, Random(0))


def _down(search: Callable[[Rows, Sequence[int], int, Work], Sequence[int]]) -> Search:
    def found(adjacent: Rows, classes: Sequence[int], count: int, work: Work) -> Sequence[int] | None:
        made = search(adjacent, classes, count, work)
        return made if len(made) == count else None

    return found


SEARCHES = pytest.mark.parametrize(
    "search",
    [_walk(partial), _walk(complete), _down(recoloured), _down(leapt)],
    ids=["partial", "complete", "recoloured", "leapt"],
)


@SEARCHES
@given(adjacent=rows())
@settings(max_examples=60, deadline=None)
def test_down_to_as_few_as_any_but_no_further(search: Search, adjacent: Rows) -> None:
    fewest = chromatic(adjacent)
    classes: Sequence[int] = [1 << v for v in range(len(adjacent))]
    while len(classes) > fewest:
        found = search(adjacent, classes, len(classes) - 1, Work(ENOUGH))
        assert found is not None
        assert len(found) == len(classes) - 1
        assert is_colouring(adjacent, found)
        classes = found
    if fewest > 1:
        assert search(adjacent, classes, fewest - 1, Work(3_000)) is None


@SEARCHES
@given(adjacent=rows())
@settings(max_examples=60, deadline=None)
def test_all_the_way_in_one_leap(search: Search, adjacent: Rows) -> None:
    fewest = chromatic(adjacent)
    found = search(adjacent, [1 << v for v in range(len(adjacent))], fewest, Work(ENOUGH))
    assert found is not None
    assert is_colouring(adjacent, found)


@SEARCHES
@pytest.mark.parametrize(
    ("graph", "colours"),
    [
        pytest.param(nx.mycielski_graph(6), 6, id="myciel5"),
        pytest.param(nx.complete_multipartite_graph(7, 5, 3, 1), 4, id="multipartite"),
        pytest.param(nx.cycle_graph(61), 3, id="odd cycle"),
    ],
)
def test_known_graphs(search: Search, graph: nx.Graph, colours: int) -> None:
    adjacent = of(graph)
    work = Work(3_000_000)
    classes: Sequence[int] = [1 << v for v in range(len(adjacent))]
    while len(classes) > colours:
        found = search(adjacent, classes, len(classes) - 1, work)
        assert found is not None
        classes = found
    assert is_colouring(adjacent, classes)


@SEARCHES
def test_work_is_spent_and_then_it_stops(search: Search) -> None:
    work = Work(10_000)
    assert search(of(nx.complete_graph(6)), [1 << v for v in range(6)], 5, work) is None
    assert -100 < work.left <= 0


@SEARCHES
def test_the_same_again(search: Search) -> None:
    adjacent = of(nx.gnp_random_graph(60, 0.4, seed=1))
    first, second = (search(adjacent, [1 << v for v in range(60)], 30, Work(ENOUGH)) for _ in range(2))
    assert first == second is not None


def test_enough_is_kept() -> None:
    classes = [1 << v for v in range(6)]
    assert recoloured(of(nx.complete_graph(6)), classes, 6, Work(ENOUGH)) == classes
