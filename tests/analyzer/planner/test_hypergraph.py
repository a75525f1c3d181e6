from __future__ import annotations

import networkx as nx
from hypothesis import given
from hypothesis import strategies as st

from analyzer.planner.hypergraph import Edge, hypergraph

SIZE = 12
EDGES = st.sets(st.frozensets(st.integers(0, SIZE - 1), min_size=2, max_size=4), max_size=10)


def minimal(edges: set[Edge]) -> set[Edge]:
    return {edge for edge in edges if not any(other < edge for other in edges)}


@given(EDGES)
def test_components_are_those_that_networkx_finds(edges: set[Edge]) -> None:
    graph = nx.empty_graph(SIZE)
    for edge in minimal(edges):
        nx.add_path(graph, edge)
    found = [set(part.neighbours) for part in hypergraph(SIZE, edges).components()]
    assert found == sorted(nx.connected_components(graph), key=min)


@given(EDGES)
def test_only_minimal_edges_are_kept(edges: set[Edge]) -> None:
    graph = hypergraph(SIZE, edges)
    pairs = {frozenset((v, w)) for v, others in graph.neighbours.items() for w in others}
    assert pairs | {edge for found in graph.larger.values() for edge in found} == minimal(edges)
