from __future__ import annotations

from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.planner.clique import degeneracy_order, largest_clique

Neighbours = dict[int, set[int]]


def joined(vertices: int, edges: set[tuple[int, int]]) -> Neighbours:
    graph = nx.Graph(edges)
    graph.add_nodes_from(range(vertices))
    return {v: set(graph[v]) for v in range(vertices)}


@st.composite
def graphs(draw: st.DrawFn) -> Neighbours:
    vertices = draw(st.integers(0, 14))
    return joined(vertices, {pair for pair in combinations(range(vertices), 2) if draw(st.booleans())})


@given(graphs())
@settings(max_examples=150, deadline=None)
def test_as_large_as_any(graph: Neighbours) -> None:
    found = largest_clique(graph)
    assert all(b in graph[a] for a, b in combinations(found, 2))
    largest = max(
        map(len, nx.find_cliques(nx.Graph((v, w) for v in graph for w in graph[v]))), default=min(1, len(graph))
    )
    assert len(found) == largest


@given(graphs())
@settings(max_examples=60, deadline=None)
def test_degeneracy_is_the_core_number(graph: Neighbours) -> None:
    order = degeneracy_order(graph)
    place = {v: i for i, v in enumerate(order)}
    assert sorted(order) == sorted(graph)
    later = [sum(place[w] > place[v] for w in graph[v]) for v in graph]
    cores = nx.core_number(nx.Graph({v: sorted(graph[v]) for v in graph}))
    assert max(later, default=0) == max(cores.values(), default=0)


@pytest.mark.parametrize("work", [0, 10])
def test_without_work_still_a_clique(work: int) -> None:
    graph = nx.gnp_random_graph(60, 0.5, seed=3)
    found = largest_clique({v: set(graph[v]) for v in graph}, work)
    assert len(found) >= 5
    assert all(graph.has_edge(a, b) for a, b in combinations(found, 2))


def test_a_hidden_clique_is_found_without_a_search() -> None:
    """Twelve of 400 vertices, whose degrees don't give them away; others reach five or so."""
    graph = nx.gnp_random_graph(400, 0.1, seed=5)
    graph.add_edges_from(combinations(range(200, 212), 2))
    assert largest_clique({v: set(graph[v]) for v in graph}, work=0) == tuple(range(200, 212))


def test_a_clique_deeper_than_the_stack() -> None:
    assert len(largest_clique({v: {w for w in range(1100) if w != v} for v in range(1100)})) == 1100
