from __future__ import annotations

from random import Random

import networkx as nx
import pytest
from hypothesis import given, settings

from analyzer.planner import clash_table
from analyzer.planner.bits import members
from analyzer.planner.clash_table import NOISE, ClashTable
from tests.analyzer.planner.graphs import Rows, of, rows


@pytest.fixture(params=[3_000, 0], ids=["by rows", "by lists"])
def dense(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clash_table, "DENSE", request.param)


@pytest.mark.usefixtures("dense")
@pytest.mark.parametrize("graph", [nx.mycielski_graph(5), nx.star_graph(1_100), nx.empty_graph(3)])
def test_rows_count_the_members_beside_each_vertex(graph: nx.Graph) -> None:
    adjacent = of(graph)
    table = ClashTable(adjacent)
    classes = [1 << 0 | 1 << 2, 1 << 1]
    found = table.of(classes)
    assert found.tolist() == [[NOISE * (row & group).bit_count() for row in adjacent] for group in classes]
    table.add(found[1], 0)
    table.take(found[0], 0)
    assert table.of([1 << 2, 1 << 0 | 1 << 1]).tolist() == found.tolist()


@given(rows())
@settings(deadline=None)
def test_nothing_is_worse_than_what_is_forbidden(adjacent: Rows) -> None:
    table = ClashTable(adjacent)
    everyone = table.of([(1 << len(adjacent)) - 1])[0]
    assert all(int(clashes) + NOISE <= table.forbidden for clashes in everyone)
    assert everyone.dtype.type(table.forbidden + 1) == table.forbidden + 1


def test_chances_are_below_one_clash_and_the_same_again() -> None:
    table = ClashTable(of(nx.path_graph(4)))
    first, second = (table.chances(Random(7), 12).tolist() for _ in range(2))
    assert first == second
    assert len(first) >= clash_table.CHANCES + 12
    assert set(first) == set(range(NOISE))


def test_vertices_of_a_row_are_those_of_the_graph() -> None:
    adjacent = of(nx.cycle_graph(6))
    found = ClashTable(adjacent).of([1 << 0])[0]
    assert [v for v in range(6) if found[v]] == list(members(adjacent[0]))
