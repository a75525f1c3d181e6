from __future__ import annotations

import pytest

from analyzer.planner.hypergraph import Edge, Hypergraph, hypergraph
from analyzer.planner.reduction import kernel, restore


def graph_of(vertices: int, *edges: tuple[int, ...]) -> Hypergraph:
    return hypergraph(vertices, [frozenset(edge) for edge in edges])


@pytest.mark.parametrize(
    ("graph", "colours", "left"),
    [
        pytest.param(graph_of(3), 1, set(), id="isolated"),
        pytest.param(graph_of(3, (0, 1), (1, 2), (0, 2)), 3, set(), id="low degree"),
        pytest.param(graph_of(3, (0, 1), (1, 2), (0, 2)), 2, {0, 1, 2}, id="a triangle needs thought with two"),
        pytest.param(graph_of(4, (0, 1), (1, 2), (2, 3), (3, 0)), 1, {0, 1}, id="twins twice"),
        pytest.param(graph_of(5, (0, 1), (1, 2), (2, 3), (3, 4), (4, 0)), 2, {0, 1, 2, 3, 4}, id="odd cycle"),
        pytest.param(graph_of(3, (0, 1, 2)), 2, set(), id="a triple is one constraint for each"),
        pytest.param(
            graph_of(7, (0, 1, 2), (0, 3, 4), (0, 5, 6), (1, 3, 5), (1, 4, 6), (2, 3, 6), (2, 4, 5)),
            2,
            set(range(7)),
            id="Fano plane",
        ),
    ],
)
def test_what_is_left(graph: Hypergraph, colours: int, left: set[int]) -> None:
    core, removed = kernel(graph, colours)
    assert core.neighbours.keys() == left
    assert sorted([*core.neighbours, *removed]) == sorted(graph.neighbours)


def test_a_triple_stands_in_the_way_of_domination() -> None:
    """1 is excluded by all that exclude 0, but 0 is also one of a triple that 1 knows nothing of."""
    pairs = [(0, 2), (0, 3), (1, 2), (1, 3), (2, 3), (2, 4), (3, 4), (1, 4)]
    assert 0 in kernel(graph_of(7, *pairs), 1)[1]
    assert 0 not in kernel(graph_of(7, *pairs, (0, 5, 6)), 1)[1]


def test_two_in_like_triples_are_identical() -> None:
    edges = [(0, 2), (1, 2), (0, 3, 4), (1, 3, 4), (2, 3), (2, 4)]
    assert {0, 1} & set(kernel(graph_of(5, *edges), 1)[1])


def test_the_easy_ones_come_back_within_the_colours() -> None:
    graph = graph_of(6, (0, 1), (1, 2), (0, 2), (2, 3), (3, 4, 5))
    core, removed = kernel(graph, 3)
    assert not core.neighbours
    colours = restore(graph, reversed(removed), {}, 3)
    edges: list[Edge] = [frozenset(e) for e in ((0, 1), (1, 2), (0, 2), (2, 3), (3, 4, 5))]
    assert set(colours) == set(range(6))
    assert all(len({colours[v] for v in edge}) > 1 for edge in edges)
    assert set(colours.values()) <= {0, 1, 2}
