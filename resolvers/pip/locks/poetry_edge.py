"""Poetry's dependency tables as Edges: in ``poetry.lock`` and under ``[tool.poetry]`` alike."""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.origin import Origin
from resolvers.pip.locks.lock_entry import Edge, distribution, normalised
from resolvers.pip.projects.collector import both
from resolvers.pip.projects.poetry_constraint import alternatives, table_markers
from resolvers.toml_file import TomlFile

Keys = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class PoetryEdge:
    """An Edge, and whether it waits for an extra to ask for it."""

    edge: Edge
    optional: bool


def poetry_edges(toml: TomlFile, keys: Keys, name: str) -> list[PoetryEdge]:
    """The edges that ``name`` stands for in the table at ``keys``: one, or several by environment.

    The value is a constraint, a table, or an array of either. Raises ManifestError.
    """
    at = (*keys, name)
    value = toml.get(*at)
    if not isinstance(value, list):
        return [_edge(toml, at, name)]
    return [_edge(toml, (*at, number), name) for number in range(len(value))]


def _edge(toml: TomlFile, at: Keys, name: str) -> PoetryEdge:
    origin = toml.origin(*at)
    name = distribution(name, origin)
    if isinstance(toml.get(*at), str):
        return PoetryEdge(Edge(name, origin, constraints=_constraints(toml.string(*at), origin)), optional=False)
    # An array, a number or a date is refused by the accessor.
    toml.table(*at)
    edge = Edge(
        name,
        origin,
        normalised(toml.strings(*at, "extras")),
        both(*table_markers(toml, *at)),
        _constraints(toml.string(*at, "version"), origin),
    )
    return PoetryEdge(edge, toml.boolean(*at, "optional"))


def _constraints(text: str, origin: Origin) -> tuple[str, ...]:
    found = tuple(",".join(alternative) for alternative in alternatives(text or "*", origin))
    return () if "" in found else found
