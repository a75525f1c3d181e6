from __future__ import annotations

import os
import random
import subprocess
import sys
from itertools import combinations
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.planner.budget import Budget
from analyzer.planner.partition import Exclusions, Partition, partition, repartition

NAMES = tuple("abcdefgh")


def queens(size: int) -> Any:
    """Squares of a chess board, two joined where a queen moves between them (DIMACS queen5_5, …)."""
    squares = [(row, column) for row in range(size) for column in range(size)]
    graph = nx.Graph()
    for (r, c), (s, d) in combinations(squares, 2):
        if r == s or c == d or abs(r - s) == abs(c - d):
            graph.add_edge((r, c), (s, d))
    return graph


def crown(size: int) -> Any:
    """A perfect matching taken out of a complete bipartite graph: greedy in the wrong order needs ``size``."""
    return nx.Graph(((0, i), (1, j)) for i in range(size) for j in range(size) if i != j)


def planted(groups: int, size: int) -> Any:
    """A dense random graph inside a complete ``groups``-partite one, with one clique planted."""
    generator = random.Random(7)
    parts = [[(g, i) for i in range(size)] for g in range(groups)]
    graph = nx.Graph((a, b) for p, q in combinations(parts, 2) for a in p for b in q if generator.random() < 0.6)
    graph.add_edges_from(combinations([part[0] for part in parts], 2))
    return graph


def excluded_pairs(graph: Any) -> Exclusions:
    edges = frozenset(frozenset((str(a), str(b))) for a, b in graph.edges)
    return Exclusions(tuple(str(v) for v in graph), edges)


def is_right(found: Partition, exclusions: Exclusions) -> None:
    """Whatever the input, this holds of every Partition."""
    excluded = exclusions.conflicts | exclusions.apart
    assert sorted(s for group in found.groups for s in group) == sorted(exclusions.services)
    assert not [edge for edge in excluded for group in found.groups if edge <= set(group)]
    assert found.lower_bound <= len(found.groups)
    assert found.proven == (found.lower_bound == len(found.groups))
    assert list(found.groups) == sorted(found.groups, key=lambda group: (-len(group), group))
    if found.certificate:
        assert len(found.certificate) == found.lower_bound
        assert all(frozenset(pair) in excluded for pair in combinations(found.certificate, 2))


@pytest.mark.parametrize(
    ("graph", "groups", "clique"),
    [
        pytest.param(nx.mycielski_graph(4), 4, 0, id="myciel3"),
        pytest.param(nx.mycielski_graph(5), 5, 0, id="myciel4"),
        pytest.param(nx.mycielski_graph(6), 6, 0, id="myciel5"),
        pytest.param(queens(5), 5, 5, id="queen5_5"),
        pytest.param(queens(6), 7, 0, id="queen6_6"),
        pytest.param(queens(7), 7, 7, id="queen7_7"),
        pytest.param(crown(12), 2, 2, id="crown"),
        pytest.param(nx.complete_graph(40), 40, 40, id="complete"),
        pytest.param(planted(6, 12), 6, 6, id="planted"),
        pytest.param(nx.petersen_graph(), 3, 0, id="petersen"),
        pytest.param(nx.cycle_graph(9), 3, 0, id="odd cycle"),
        pytest.param(nx.empty_graph(5), 1, 1, id="no conflicts"),
        pytest.param(nx.disjoint_union(nx.petersen_graph(), nx.complete_graph(4)), 4, 4, id="two components"),
        pytest.param(nx.Graph(), 0, 0, id="nobody"),
    ],
)
def test_known_graphs(graph: Any, groups: int, clique: int) -> None:
    exclusions = excluded_pairs(graph)
    found = partition(exclusions, seconds=20)
    is_right(found, exclusions)
    assert (len(found.groups), found.lower_bound, found.proven) == (groups, groups, True)
    assert len(found.certificate) == clique


def test_exclusions_of_three_only() -> None:
    """The Fano plane: seven triples, any two groups hold one of them whole."""
    lines = ["abc", "ade", "afg", "bdf", "beg", "cdg", "cef"]
    exclusions = Exclusions(tuple("abcdefg"), frozenset(map(frozenset, lines)))
    found = partition(exclusions)
    is_right(found, exclusions)
    assert (len(found.groups), found.proven, found.certificate) == (3, True, ())


def test_who_can_live_with_anyone_goes_to_the_largest_group() -> None:
    pairs = frozenset(frozenset(pair) for pair in ["ax", "bx", "cx", "pq"])
    found = partition(Exclusions(("a", "b", "c", "x", "p", "q", "free", "too"), pairs))
    assert found.groups[0] == ("a", "b", "c", "free", "p", "too")
    assert found.groups[1] == ("q", "x")


def test_certificate_is_of_true_conflicts_where_they_suffice() -> None:
    conflicts = frozenset(frozenset(pair) for pair in combinations("xyz", 2))
    apart = frozenset(frozenset(pair) for pair in combinations("abc", 2))
    assert partition(Exclusions(tuple("abcxyz"), conflicts, apart)).certificate == ("x", "y", "z")
    assert partition(Exclusions(tuple("abcxyz"), frozenset(), apart)).certificate == ("a", "b", "c")


def test_no_time_leaves_an_honest_gap() -> None:
    exclusions = excluded_pairs(queens(8))
    found = partition(exclusions, seconds=0)
    is_right(found, exclusions)
    assert (found.lower_bound, found.proven) == (8, False)


def test_a_proof_without_the_plan_is_no_proof_of_the_plan() -> None:
    """What was proven for a part is kept only while nobody leaves."""
    three = Exclusions(tuple("abc"), frozenset(frozenset(pair) for pair in combinations("abc", 2)))
    before = partition(three)
    after = repartition(Exclusions(("a", "b"), three.conflicts), before, Budget(1))
    assert (after.groups, after.lower_bound) == ((("a",), ("b",)), 2)


@pytest.mark.parametrize(("first", "second"), [("s12", "s13"), ("s00", "s13"), ("s02", "s19")])
def test_a_new_exclusion_moves_the_freer_of_those_it_names(first: str, second: str) -> None:
    services = tuple(f"s{i:02}" for i in range(20))
    known = frozenset(frozenset((services[i], services[i + 1])) for i in range(0, 10, 2))
    before = partition(Exclusions(services, known))
    assert {first, second} <= set(before.groups[0])
    after = repartition(Exclusions(services, known | {frozenset((first, second))}), before, Budget(1))
    moved = {s for old, new in zip(before.groups, after.groups, strict=True) for s in set(old) ^ set(new)}
    assert len(after.groups) == 2
    assert moved == {second}


@pytest.mark.parametrize("edge", [frozenset(), frozenset("a")])
def test_an_exclusion_of_fewer_than_two_is_refused(edge: frozenset[str]) -> None:
    with pytest.raises(ValueError, match="two services"):
        Exclusions(("a",), frozenset([edge]))


def test_a_service_that_is_not_there_excludes_nobody() -> None:
    assert len(partition(Exclusions(("a", "b"), frozenset([frozenset("az"), frozenset("abz")]))).groups) == 1


@st.composite
def exclusions(draw: st.DrawFn) -> Exclusions:
    services = NAMES[: draw(st.integers(1, 8))]
    if len(services) < 2:
        return Exclusions(services)
    edge = st.sets(st.sampled_from(services), min_size=2, max_size=min(4, len(services))).map(frozenset)
    pair = st.sets(st.sampled_from(services), min_size=2, max_size=2).map(frozenset)
    conflicts = draw(st.frozensets(edge, max_size=14)) | draw(st.frozensets(pair, max_size=14))
    return Exclusions(services, conflicts, draw(st.frozensets(pair, max_size=4)))


@given(exclusions())
@settings(max_examples=400, deadline=None)
def test_as_few_groups_as_brute_force(fewest: Any, given: Exclusions) -> None:
    found = partition(given)
    is_right(found, given)
    assert found.proven
    assert len(found.groups) == fewest(given.services, given.conflicts | given.apart)
    clique = max(
        (c for n in range(9) for c in combinations(given.services, n) if _all_excluded(c, given)), key=len, default=()
    )
    assert bool(found.certificate) == (len(clique) == found.lower_bound)


def _all_excluded(services: tuple[str, ...], given: Exclusions) -> bool:
    return all(frozenset(pair) in given.conflicts | given.apart for pair in combinations(services, 2))


@given(exclusions(), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_order_of_input_does_not_matter(given: Exclusions, order: random.Random) -> None:
    services, conflicts = list(given.services), [list(edge) for edge in given.conflicts]
    order.shuffle(services)
    order.shuffle(conflicts)
    for edge in conflicts:
        order.shuffle(edge)
    again = Exclusions(tuple(services), frozenset(map(frozenset, conflicts)), given.apart)
    assert partition(again) == partition(given)


TWICE = """
import sys
import analyzer.planner.housing
from analyzer.planner.partition import Exclusions, partition
assert not {"networkx", "ortools"} & {name.split(".")[0] for name in sys.modules}
names = [f"s{i}" for i in range(40)]
edges = {frozenset((names[i], names[i * j % 40])) for i in range(40) for j in (3, 7, 11, 18)}
edges |= {frozenset(names[i : i + 3]) for i in range(0, 36, 5)}
print(partition(Exclusions(tuple(names), frozenset(e for e in edges if len(e) > 1))))
"""


def test_the_same_in_every_process_and_heavy_imports_only_when_planning() -> None:
    runs = {
        subprocess.run(
            [sys.executable, "-c", TWICE],
            env={**os.environ, "PYTHONHASHSEED": seed},
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(runs) == 1
    assert "proven=True" in runs.pop()


@given(exclusions(), exclusions())
@settings(max_examples=100, deadline=None)
def test_planning_again_is_as_good_as_planning_anew(fewest: Any, first: Exclusions, more: Exclusions) -> None:
    services = tuple(sorted({*first.services, *more.services}))
    grown = Exclusions(services, first.conflicts | more.conflicts, first.apart | more.apart)
    found = repartition(grown, partition(first), Budget(60))
    is_right(found, grown)
    assert len(found.groups) == fewest(services, grown.conflicts | grown.apart)
    assert found.proven
