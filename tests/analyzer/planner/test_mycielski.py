from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import networkx as nx
import pytest
from hypothesis import given, settings

from analyzer.planner.heaviest import Work
from analyzer.planner.mycielski import Step, climbed, needs
from tests.analyzer.planner.graphs import Rows, chromatic, of, rows

ENOUGH = 1_000_000


@pytest.mark.parametrize("colours", range(3, 8))
def test_climbs_all_of_its_own_graphs(colours: int) -> None:
    """From an edge, one step for each colour above two; the graphs have no larger clique."""
    adjacent = of(nx.mycielski_graph(colours))
    clique, steps = climbed(adjacent, Work(ENOUGH))
    assert (clique.bit_count(), len(steps)) == (2, colours - 2)
    assert needs(adjacent, clique, steps) == colours


@pytest.mark.parametrize("length", [5, 7, 9])
def test_odd_cycles(length: int) -> None:
    """A cycle of five is an edge climbed once; in a longer one no twin lies beside a vertex of the right place."""
    adjacent = of(nx.cycle_graph(length))
    clique, steps = climbed(adjacent, Work(ENOUGH))
    assert clique.bit_count() + len(steps) == (3 if length == 5 else 2)


@given(rows())
@settings(max_examples=300, deadline=None)
def test_never_above_what_is_needed_and_its_proof_holds(adjacent: Rows) -> None:
    clique, steps = climbed(adjacent, Work(ENOUGH))
    proven = needs(adjacent, clique, steps)
    assert proven == clique.bit_count() + len(steps)
    assert proven <= chromatic(adjacent)


def test_without_work_a_clique_and_no_steps() -> None:
    adjacent = of(nx.mycielski_graph(5))
    clique, steps = climbed(adjacent, Work(0))
    assert (needs(adjacent, clique, steps), steps) == (2, [])


PENTAGON = of(nx.cycle_graph(5))
EDGE = 0b00011


@pytest.mark.parametrize(
    ("clique", "twins", "proven"),
    [
        pytest.param(EDGE, {0: 2, 1: 4}, 3, id="a proof"),
        pytest.param(0b00101, {0: 2, 2: 4}, None, id="no clique"),
        pytest.param(EDGE, {0: 2}, None, id="a vertex without a twin"),
        pytest.param(EDGE, {0: 2, 1: 1}, None, id="a twin that is not beside the vertex"),
        pytest.param(EDGE, {0: 4, 1: 2}, None, id="a twin that lacks a neighbour"),
    ],
)
def test_only_a_proof_is_one(clique: int, twins: Mapping[int, int], proven: int | None) -> None:
    assert needs(PENTAGON, clique, [Step(3, twins)]) == proven


def test_the_vertex_of_a_step_matters() -> None:
    clique, [step] = climbed(PENTAGON, Work(ENOUGH))
    others = [needs(PENTAGON, clique, [replace(step, vertex=v)]) for v in range(5) if v != step.vertex]
    assert others == [None] * 4
