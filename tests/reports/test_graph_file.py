"""Graph files: other tools read back what was written, whatever the names are."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator

import networkx as nx
import pytest

from analyzer.graph import service_graph
from analyzer.report import Report
from analyzer.verdict import Stance
from reports.graph_file import WRITERS, dot, graphml, node_link
from tests.reports.example import example_report, hostile_report

REPORTS = {"example": example_report(), "hostile": hostile_report()}
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def shape(graph: nx.Graph) -> tuple[int, int, list[int]]:
    return len(graph), graph.number_of_edges(), sorted(degree for _, degree in graph.degree())


def test_graphml_is_read_back_as_it_was() -> None:
    graph = example_report().graph
    read = nx.read_graphml(io.BytesIO(graphml(graph)))
    assert dict(read.nodes(data=True)) == dict(graph.nodes(data=True))
    assert {frozenset(e[:2]): e[2] for e in read.edges(data=True)} == {
        frozenset(e[:2]): e[2] for e in graph.edges(data=True)
    }


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_graphml_of_any_names_is_xml(report: Report) -> None:
    data = graphml(report.graph)
    assert shape(nx.read_graphml(io.BytesIO(data))) == shape(report.graph)
    assert not CONTROL.search(data.decode().replace("\n", ""))


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
def test_node_link_is_read_back(report: Report) -> None:
    read = nx.node_link_graph(json.loads(node_link(report.graph)), edges="edges")
    assert shape(read) == shape(report.graph)


def test_node_link_is_read_back_as_it_was() -> None:
    graph = example_report().graph
    assert nx.utils.graphs_equal(nx.node_link_graph(json.loads(node_link(graph)), edges="edges"), graph)


STRING = r'"(?:[^"\\\x00-\x1f]|\\[\\"])*"'
ATTRIBUTES = rf"\[\w+={STRING}(?:, \w+=(?:{STRING}|\w+))*\]"
NODE = re.compile(rf"  ({STRING}) {ATTRIBUTES};")
EDGE = re.compile(rf"  ({STRING}) -- ({STRING}) {ATTRIBUTES};")


def statements(data: bytes) -> Iterator[tuple[str, ...]]:
    first, *lines, last, end = data.decode().split("\n")
    assert re.fullmatch(rf"graph {STRING} {{", first)
    assert (last, end) == ("}", "")
    for line in lines:
        match = EDGE.fullmatch(line) or NODE.fullmatch(line)
        assert match, line[:200]
        yield match.groups()


@pytest.mark.parametrize("report", REPORTS.values(), ids=REPORTS)
@pytest.mark.parametrize("kind", ["conflicts", "services"])
def test_dot_is_well_formed(report: Report, kind: str) -> None:
    graph = report.graph if kind == "conflicts" else service_graph(report, Stance.LOCKED)
    read = nx.Graph()
    for ends in statements(dot(graph)):
        read.add_nodes_from(ends)
        read.add_edges_from([ends] if len(ends) == 2 else [])
    assert shape(read) == shape(graph)


@pytest.mark.parametrize(
    ("name", "quoted"),
    [
        ('say "hi"', r'"say \"hi\""'),
        ("ends with \\", r'"ends with \\"'),
        ('"; }', r'"\"; }"'),
        ("two\nlines", r'"two\\nlines"'),
    ],
)
def test_dot_quotes_names(name: str, quoted: str) -> None:
    graph = nx.Graph()
    graph.add_node(name)
    assert f"  {quoted} [" in dot(graph).decode()


def test_labels_show_entities_as_they_are_written() -> None:
    graph = nx.Graph()
    graph.add_node("x", kind="service", label="&lt;b&gt;")
    assert 'label="&amp;lt;b&amp;gt;"' in dot(graph).decode()


@pytest.mark.parametrize("name", WRITERS)
def test_same_graph_same_bytes(name: str) -> None:
    assert WRITERS[name](example_report().graph) == WRITERS[name](example_report().graph)
