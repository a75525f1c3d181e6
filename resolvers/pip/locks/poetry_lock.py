"""``poetry.lock`` (lock-version 1.x to 2.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from packaging.utils import canonicalize_name

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.package import PYTHON
from analyzer.requirement import Requirement, Source
from analyzer.service import Skipped
from resolvers.pip.declared import Context, Declared
from resolvers.pip.locks.lock_entry import (
    Edge,
    Entries,
    Entry,
    archive_source,
    commit_source,
    distribution,
    locked_version,
    normalised,
    path_source,
    read_entries,
)
from resolvers.pip.locks.lock_marker import Situation
from resolvers.pip.locks.lock_roots import Roots, project_roots, roots_or_everything
from resolvers.pip.locks.lock_walk import walk
from resolvers.pip.locks.poetry_edge import poetry_edges
from resolvers.pip.projects import poetry_constraint
from resolvers.toml_file import TomlFile, read_toml

_VERSIONS = re.compile(r"[12]\.\d{1,3}")
_LISTED = re.compile(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)")


def read_poetry_lock(context: Context, path: str) -> Declared:
    """What the lock at ``path`` installs for the group ``main`` and the chosen extras and groups.

    From lock-version 2.1 on, each package says to which groups and environments it belongs; before,
    only the ``pyproject.toml`` beside the lock tells what is wanted. Raises ManifestError.
    """
    toml = read_toml(context.tree, path)
    number = toml.string("metadata", "lock-version")
    if not _VERSIONS.fullmatch(number):
        raise ManifestError(toml.origin("metadata", "lock-version"), "is no poetry.lock of version 1 or 2")
    reader = _Reader(toml, context, selects=number not in ("1.0", "1.1", "2.0"))
    lock = read_entries(toml, "package", reader.entry)
    roots = reader.roots(lock, path)
    situation = Situation.of(context)
    found = walk(lock, roots.edges, situation)
    demand = _interpreter(toml)
    return Declared(
        locked=found.locked,
        interpreter=(demand,) if isinstance(demand, Requirement) else (),
        skipped=(*lock.skipped, *roots.skipped, *found.skipped, *((demand,) if isinstance(demand, Skipped) else ())),
        closed=found.closed and situation.is_covered(demand) and not lock.skipped and not roots.skipped,
        distribution=roots.distribution,
    )


def _interpreter(toml: TomlFile) -> Requirement | Skipped | None:
    origin = toml.origin("metadata", "python-versions")
    text = toml.string("metadata", "python-versions")
    try:
        specifier = poetry_constraint.interpreter(text, origin) if text else ""
    except ManifestError as error:
        return Skipped("python-versions", error.reason, error.origin)
    return Requirement(PYTHON, specifier, origin) if specifier else None


@dataclass(frozen=True, slots=True)
class _Reader:
    """Makes Entries of the lock's packages; with ``selects``, only of those that are installed."""

    toml: TomlFile
    context: Context
    selects: bool

    def entry(self, number: int) -> Entry | None:
        toml, keys = self.toml, ("package", number)
        origin = toml.origin(*keys)
        name = distribution(toml.string(*keys, "name"), origin)
        if self.selects and not self._is_selected(number, origin):
            return None
        found = [
            item
            for dependency in toml.table(*keys, "dependencies")
            for item in poetry_edges(toml, (*keys, "dependencies"), dependency)
        ]
        # An optional dependency whose marker names no extra is bound to one by [package.extras] only.
        bound = [item.edge for item in found if item.optional and "extra" not in item.edge.marker]
        return Entry(
            name,
            locked_version(toml.string(*keys, "version"), origin),
            origin,
            tuple(item.edge for item in found if item.edge not in bound),
            optional=self._optional(number, bound),
            source=self._source(number, origin),
        )

    def roots(self, lock: Entries, path: str) -> Roots:
        """What is wanted of the lock: by its own selection, or as the project beside it says."""
        if not self.selects:
            return roots_or_everything(self.context, path, lock)
        every = tuple(Edge(entry.name, entry.origin, version=entry.version) for entry in lock.entries)
        try:
            project = project_roots(self.context, path)
        except ManifestError:
            return Roots(every)
        # The project adds only which extras it asks for: the selection itself is the lock's.
        names = {entry.name for entry in lock.entries}
        asked = tuple(Edge(e.name, e.origin, e.extras, e.marker) for e in project.edges if e.name in names)
        return Roots((*every, *asked), distribution=project.distribution)

    def _is_selected(self, number: int, origin: Origin) -> bool:
        toml, keys = self.toml, ("package", number)
        situation, extras = Situation.of(self.context), normalised(self.context.choice.extras)
        chosen = {"main", *normalised(self.context.choice.groups)}
        groups = [group for group in toml.strings(*keys, "groups") if canonicalize_name(group) in chosen]
        by_group = isinstance(toml.get(*keys, "markers"), dict)
        markers = (toml.string(*keys, "markers", *([group] if by_group else [])) for group in groups)
        return any(situation.holds(marker, origin, extras) for marker in markers)

    def _optional(self, number: int, bound: Iterable[Edge]) -> dict[str, tuple[Edge, ...]]:
        keys = ("package", number, "extras")
        optional: dict[str, tuple[Edge, ...]] = {}
        for extra in self.toml.table(*keys):
            listed = {_LISTED.match(text) for text in self.toml.strings(*keys, extra)}
            names = {str(canonicalize_name(found[1])) for found in listed if found}
            optional[str(canonicalize_name(extra))] = tuple(edge for edge in bound if edge.name in names)
        return optional

    def _source(self, number: int, origin: Origin) -> Source | None:
        toml, keys = self.toml, ("package", number, "source")
        url = toml.string(*keys, "url")
        match toml.string(*keys, "type"):
            case "git":
                commit = toml.string(*keys, "resolved_reference") or toml.string(*keys, "reference")
                return commit_source(url, commit, toml.string(*keys, "subdirectory"), origin)
            case "url":
                return archive_source(url, "", origin)
            case "directory" | "file":
                return path_source(url, origin)
            case _:
                return None
