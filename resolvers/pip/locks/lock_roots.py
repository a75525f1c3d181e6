"""The root of a lock that does not name it: what the ``pyproject.toml`` beside the lock wants."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from packaging.utils import canonicalize_name

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.service import Skipped
from resolvers.pip.declared import Context
from resolvers.pip.locks.lock_entry import Edge, Entries, edge, normalised
from resolvers.pip.locks.poetry_edge import poetry_edges
from resolvers.toml_file import TomlFile, read_toml
from resolvers.tree import join

Keys = tuple[str | int, ...]

_EXTRAS: Keys = ("project", "optional-dependencies")
_POETRY: Keys = ("tool", "poetry")
_GROUPS: tuple[Keys, ...] = (("dependency-groups",), ("tool", "pdm", "dev-dependencies"))


@dataclass(frozen=True, slots=True)
class Roots:
    """The root's edges for a context's choice of extras and groups, and what could not be read."""

    edges: tuple[Edge, ...]
    skipped: tuple[Skipped, ...] = ()
    distribution: str = ""


def project_roots(context: Context, lock: str) -> Roots:
    """What the project of a lock file wants (PEP 621, PEP 735, Poetry, PDM).

    An item that cannot be read is a Skipped item. Raises ManifestError where there is no
    ``pyproject.toml``, or none of the right shape.
    """
    reader = _Reader(read_toml(context.tree, join(lock.rpartition("/")[0], "pyproject.toml")), context)
    reader.read_project()
    reader.read_poetry()
    return Roots(tuple(reader.edges), tuple(reader.skipped), reader.name)


def roots_or_everything(context: Context, lock: str, entries: Entries) -> Roots:
    """What the project of a lock file wants; all that is locked, with a Skipped item, where nothing says."""
    try:
        return project_roots(context, lock)
    except ManifestError as error:
        reason = f"does not tell what is installed in production, and there is no help: {error}"
        return Roots(everything(entries), (Skipped(lock, reason, Origin(lock)),))


def everything(lock: Entries) -> tuple[Edge, ...]:
    """An edge to each Entry of a lock, with the extras that it has edges for."""
    return tuple(Edge(e.name, e.origin, tuple(e.optional), version=e.version) for e in lock.entries)


class _Reader:
    def __init__(self, toml: TomlFile, context: Context) -> None:
        self.toml = toml
        self.context = context
        self.edges: list[Edge] = []
        self.skipped: list[Skipped] = []
        # Both grow while they are read: an extra can ask for another, a group include one.
        self.extras = list(normalised(context.choice.extras))
        self.groups = list(normalised(context.choice.groups))
        self.name = str(canonicalize_name(toml.string("project", "name") or toml.string(*_POETRY, "name")))

    def read_project(self) -> None:
        self._read_lines(("project", "dependencies"))
        for extra in self.extras:
            self._read_named(_EXTRAS, extra)
        for group in self.groups:
            for keys in _GROUPS:
                self._read_named(keys, group)

    def read_poetry(self) -> None:
        asked = {
            str(canonicalize_name(name))
            for extra, names in self.toml.table(*_POETRY, "extras").items()
            if canonicalize_name(extra) in self.extras and isinstance(names, list)
            for name in names
            if isinstance(name, str)
        }
        self._read_table((*_POETRY, "dependencies"), asked)
        for group in self.toml.table(*_POETRY, "group"):
            if canonicalize_name(group) in self.groups:
                self._read_table((*_POETRY, "group", group, "dependencies"), ())
        if "dev" in self.groups:
            self._read_table((*_POETRY, "dev-dependencies"), ())

    def _read_named(self, keys: Keys, wanted: str) -> None:
        for name in self.toml.table(*keys):
            if canonicalize_name(name) == wanted:
                self._read_lines((*keys, name))

    def _read_lines(self, keys: Keys) -> None:
        for number in range(len(self.toml.array(*keys))):
            try:
                self._read_line((*keys, number))
            except ManifestError as error:
                self._skip(error)

    def _read_line(self, keys: Keys) -> None:
        if isinstance(self.toml.get(*keys), dict):
            _append_new(self.groups, normalised([self.toml.string(*keys, "include-group")]))
            return
        found = edge(self.toml.string(*keys), self.toml.origin(*keys), self.context, self.extras)
        if found is not None and found.name == self.name:
            _append_new(self.extras, found.extras)
        elif found is not None:
            self.edges.append(found)

    def _read_table(self, keys: Keys, asked: Iterable[str]) -> None:
        for name in self.toml.table(*keys):
            try:
                found = poetry_edges(self.toml, keys, name) if name.lower() != "python" else []
                self.edges += [item.edge for item in found if not item.optional or item.edge.name in asked]
            except ManifestError as error:
                self._skip(error)

    def _skip(self, error: ManifestError) -> None:
        self.skipped.append(Skipped("a requirement of the locked project", error.reason, error.origin))


def _append_new(names: list[str], more: Iterable[str]) -> None:
    names += [name for name in more if name not in names]
