"""Files of a graph: GraphML, DOT and node-link JSON, which other tools read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from reports.canonical_json import encode

if TYPE_CHECKING:
    import networkx as nx

_NOT_XML = re.compile("[^\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

_NODES = {
    "service": 'shape=box, style="rounded,filled", fillcolor="#dbe9f6"',
    "package": "shape=ellipse",
    "constraint": "shape=plaintext",
    "conflict": 'shape=octagon, style=filled, fillcolor="#f6dbdb"',
}
_EDGES = {"excludes": 'color="#c0392b", penwidth=2', "constrains": "style=dotted"}


def graphml(graph: nx.Graph) -> bytes:
    """A graph as GraphML (UTF-8). Characters that XML 1.0 cannot hold become ``\\x1b``."""
    import networkx as nx

    lines = nx.generate_graphml(_mapped(graph, _xml_text), named_key_ids=True)
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + "\n".join(lines) + "\n").encode()


def dot(graph: nx.Graph) -> bytes:
    """A graph in Graphviz's DOT language (UTF-8), every name quoted, services and conflicts in shapes."""
    nodes = [f"  {_quoted(key)} [{_attributes(data, _NODES, 'kind', key)}];" for key, data in graph.nodes(data=True)]
    edges = [
        f"  {_quoted(one)} -- {_quoted(other)} [{_attributes(data, _EDGES, 'relation', '')}];"
        for one, other, data in graph.edges(data=True)
    ]
    return "\n".join((f"graph {_quoted(graph.name)} {{", *nodes, *edges, "}", "")).encode()


def node_link(graph: nx.Graph) -> bytes:
    """A graph as node-link JSON, which ``networkx.node_link_graph`` and D3 read."""
    import networkx as nx

    return encode(nx.node_link_data(graph, edges="edges"))


WRITERS: Mapping[str, Callable[[nx.Graph], bytes]] = {"graphml": graphml, "dot": dot, "json": node_link}
"""Writers of graph files by the name of their format."""


def _mapped(graph: nx.Graph, text: Callable[[Any], Any]) -> nx.Graph:
    import networkx as nx

    mapped = nx.Graph(**{key: text(value) for key, value in graph.graph.items()})
    for key, data in graph.nodes(data=True):
        mapped.add_node(text(key), **{name: text(value) for name, value in data.items()})
    for one, other, data in graph.edges(data=True):
        mapped.add_edge(text(one), text(other), **{name: text(value) for name, value in data.items()})
    return mapped


def _xml_text(value: Any) -> Any:
    return _NOT_XML.sub(_escape, value) if isinstance(value, str) else value


def _escape(character: re.Match[str]) -> str:
    return character[0].encode("unicode_escape").decode("ascii")


def _attributes(data: Mapping[str, Any], styles: Mapping[str, str], key: str, otherwise: str) -> str:
    kind = str(data.get(key, ""))
    label = str(data.get("label", otherwise)).replace("&", "&amp;")
    told = [f"{key}={_quoted(kind)}", f"label={_quoted(label)}", styles.get(kind, "")]
    return ", ".join(part for part in told if part)


def _quoted(text: str) -> str:
    # In a quoted string only \" is an escape, but a label gives \n, \l, \N and \G a meaning, and
    # entities like &lt; too: there each backslash and ampersand stands for itself only if escaped.
    clean = _NOT_XML.sub(_escape, text).replace("\\", "\\\\").replace('"', '\\"')
    return f'"{clean}"'
