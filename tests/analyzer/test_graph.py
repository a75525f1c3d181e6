"""The conflict graph: what is in it, under which keys, and that it agrees with the Report."""

from __future__ import annotations

import dataclasses
from itertools import combinations

from analyzer.graph import (
    conflict_graph,
    conflict_key,
    constraint_key,
    package_key,
    service_graph,
    service_key,
)
from analyzer.package import pypi
from analyzer.verdict import Code, Depth, Stance
from tests.reports.example import example_report, hostile_report


def test_every_service_and_conflict_is_a_node() -> None:
    report = example_report()
    graph = conflict_graph(report)
    kinds = {
        kind: {k for k, d in graph.nodes(data=True) if d["kind"] == kind}
        for kind in ("service", "conflict", "package", "constraint")
    }
    assert kinds["service"] == {service_key(s.name) for s in report.fleet.services}
    assert kinds["conflict"] == {conflict_key(c) for c in report.conflicts}
    named = {d.requirement.package for c in report.conflicts for d in c.requirements}
    contested = {package for c in report.conflicts for package in c.packages}
    assert kinds["package"] == {package_key(package) for package in named | contested}
    assert sum(map(len, kinds.values())) == len(graph)


def test_a_direct_clash_in_the_graph() -> None:
    report = example_report()
    graph = report.graph
    conflict = next(c for c in report.conflicts if c.services == ("accounts", "billing"))
    old, new = "constraint:pypi/flask<3", "constraint:pypi/flask>=3"
    assert set(graph[conflict_key(conflict)]) == {"service:accounts", "service:billing", "package:pypi/flask"}
    assert graph.edges[service_key("billing"), old] == {
        "relation": "requires",
        "file": "services/billing/requirements.in",
        "line": 2,
    }
    assert graph.edges[old, new] == {"relation": "excludes", "conflicts": conflict.id, "stance": "declared"}
    assert graph.edges[old, package_key(pypi("flask"))] == {"relation": "constrains"}
    assert graph.nodes[old]["constraint"] == "<3"


def test_excluding_constraints_are_exactly_the_two_sided_clashes() -> None:
    report = example_report()
    expected = {
        frozenset(constraint_key(d.requirement) for d in c.requirements)
        for c in report.conflicts
        if len(c.requirements) == 2
    }
    edges = report.graph.edges(data="relation")
    assert {frozenset((one, other)) for one, other, relation in edges if relation == "excludes"} == expected


def test_clashes_that_share_their_sides_share_the_edge() -> None:
    report = example_report()
    lock = next(c for c in report.conflicts if c.code is Code.LOCK)
    again = dataclasses.replace(lock, id="again", stance=Depth.DECLARED)
    graph = conflict_graph(dataclasses.replace(report, conflicts=(lock, again)))
    sides = [constraint_key(d.requirement) for d in lock.requirements]
    assert graph.edges[sides[0], sides[1]] == {
        "relation": "excludes",
        "conflicts": f"{lock.id} again",
        "stance": "declared",
    }


def test_the_service_graph_holds_the_conflicting_pairs() -> None:
    report = example_report()
    for stance in Stance:
        graph = service_graph(report, stance)
        pairs = {c.services for c in report.conflicts_under(stance) if len(c.services) == 2}
        assert set(graph) == {s.name for s in report.fleet.services}
        assert {pair for pair in combinations(sorted(graph), 2) if graph.has_edge(*pair)} == pairs
        assert graph.number_of_edges() == report.verdicts[stance].conflict
        assert {name for name, placeable in graph.nodes(data="placeable") if not placeable} == report.alone(stance)


def test_attributes_are_texts_and_whole_numbers() -> None:
    for graph in (example_report().graph, hostile_report().graph):
        data = [d for _, d in graph.nodes(data=True)] + [d for _, _, d in graph.edges(data=True)]
        assert {type(value) for attributes in data for value in attributes.values()} == {str, int}
        assert all(d["kind"] for _, d in graph.nodes(data=True))
        assert all(d["relation"] for _, _, d in graph.edges(data=True))
