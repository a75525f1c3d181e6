"""``uv.lock``: the universal lock of a uv project, workspace or script (version 1, any revision)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import unquote

from packaging.utils import canonicalize_name

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.requirement import Requirement, Source
from analyzer.service import Skipped
from resolvers.pip.declared import Context, Declared
from resolvers.pip.interpreter import read_interpreter
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
from resolvers.pip.locks.lock_walk import Walk, walk
from resolvers.toml_file import TomlFile, read_toml

Keys = tuple[str | int, ...]

_FOLDERS = ("editable", "virtual", "directory")
"""Kinds of source that are a folder: a member of the workspace or a path dependency."""

_REPLACING = ("overrides", "excludes", "dependency-metadata")
"""Keys of ``[manifest]`` by which a project replaces what packages say of themselves."""

_SUBDIRECTORY = re.compile(r"[?&]subdirectory=([^&#]*)")


def read_uv_lock(context: Context, path: str, member: str = ".") -> Declared:
    """What the lock at ``path`` installs for one member of its workspace.

    ``member`` is the member's folder relative to the lock's. For the root of a workspace that is no
    project itself, every member is installed, as by ``uv sync``. Raises ManifestError.
    """
    toml = read_toml(context.tree, path)
    situation = Situation.of(context)
    _check_scope(toml, situation)
    lock = read_entries(toml, "package", _Reader(toml, situation).entry)
    own = _members(toml, lock, posixpath.normpath(member))
    roots = [edge for entry in own for edge in _roots(entry, context)]
    if posixpath.normpath(member) == ".":
        roots += _manifest_edges(toml, situation, context)
    found = _walk(toml, _without(lock, own), roots, [entry.name for entry in own], context)
    text, origin = toml.string("requires-python"), toml.origin("requires-python")
    demand = read_interpreter(text, origin) if text else None
    return Declared(
        locked=found.locked,
        interpreter=(demand,) if isinstance(demand, Requirement) else (),
        skipped=(*lock.skipped, *found.skipped, *((demand,) if isinstance(demand, Skipped) else ())),
        closed=found.closed and not _is_replaced(toml) and situation.is_covered(demand),
        distribution=own[0].name if len(own) == 1 else "",
    )


def _check_scope(toml: TomlFile, situation: Situation) -> None:
    number = toml.get("version")
    if number != 1 or isinstance(number, bool):
        raise ManifestError(toml.origin("version"), "is no uv.lock of version 1")
    origin = toml.origin("supported-markers")
    if not situation.any_holds(toml.strings("supported-markers"), origin):
        raise ManifestError(origin, f"is not locked for {situation}")


def _members(toml: TomlFile, lock: Entries, member: str) -> list[Entry]:
    places = {f"{kind}={member}" for kind in _FOLDERS}
    found = [entry for entry in lock.entries if entry.place in places]
    if found:
        return found[:1]
    if member != "." or not toml.get("manifest"):
        raise ManifestError(Origin(toml.path), f"has no package for the project in {member}")
    names = normalised(toml.strings("manifest", "members"))
    return [entry for entry in lock.entries if entry.name in names and entry.place.startswith(_FOLDERS)]


def _roots(entry: Entry, context: Context) -> list[Edge]:
    wanted = Edge(entry.name, entry.origin, normalised(context.choice.extras), place=entry.place)
    groups = (entry.groups.get(group, ()) for group in normalised(context.choice.groups))
    return [wanted, *(edge for group in groups for edge in group)]


def _manifest_edges(toml: TomlFile, situation: Situation, context: Context) -> list[Edge]:
    """What a script, or a workspace's root that is no project, wants itself."""
    reader = _Reader(toml, situation)
    groups = reader.tables(("manifest", "dependency-groups"), ())
    chosen = normalised(context.choice.groups)
    return [
        *reader.edges(("manifest", "requirements"), {}),
        *(edge for name, edges in groups.items() if name in chosen for edge in edges),
    ]


def _without(lock: Entries, own: Iterable[Entry]) -> Entries:
    places = {entry.place for entry in own}
    entries = (replace(e, installed=e.installed and e.place not in places) for e in lock.entries)
    return replace(lock, entries=tuple(entries))


def _walk(toml: TomlFile, lock: Entries, roots: Sequence[Edge], members: Sequence[str], context: Context) -> Walk:
    """The walk, repeated for as long as it meets extras that switch edges (declared conflicts).

    uv writes such an extra into markers as ``extra-<length of the package's name>-<package>-<extra>``.
    """
    groups = normalised(context.choice.groups)
    active = {f"project-{len(name)}-{name}" for name in members}
    active |= {f"group-{len(name)}-{name}-{group}" for name in members for group in groups}
    while True:
        found = walk(lock, roots, Situation.of(context), active)
        met = {f"extra-{len(name)}-{name}-{extra}" for name, extras in found.asked.items() for extra in extras}
        if met <= active or not toml.get("conflicts"):
            return found
        active |= met


def _is_replaced(toml: TomlFile) -> bool:
    return any(toml.get("manifest", key) for key in _REPLACING)


@dataclass(frozen=True, slots=True)
class _Reader:
    """Makes Entries and Edges of the lock's tables; raises ManifestError for one that is none."""

    toml: TomlFile
    situation: Situation

    def entry(self, number: int) -> Entry:
        toml, keys = self.toml, ("package", number)
        origin = toml.origin(*keys)
        name = distribution(toml.string(*keys, "name"), origin)
        kind, place = self._place(keys)
        version = toml.string(*keys, "version")
        required = ("metadata", "requires-dist")
        return Entry(
            name,
            locked_version(version, origin) if version or kind not in _FOLDERS else "",
            origin,
            self.edges((*keys, "dependencies"), self._constraints((*keys, *required), ())),
            optional=self.tables((*keys, "optional-dependencies"), (*keys, *required)),
            groups=self.tables((*keys, "dev-dependencies"), (*keys, "metadata", "requires-dev")),
            environments=tuple(toml.strings(*keys, "resolution-markers")),
            source=self._source(keys, kind, origin),
            place=place,
            installed=kind != "virtual",
        )

    def tables(self, keys: Keys, required: Keys) -> Mapping[str, tuple[Edge, ...]]:
        """Lists of edges by the normalised name of their extra or group."""
        found: dict[str, tuple[Edge, ...]] = {}
        for name in self.toml.table(*keys):
            constraints: Mapping[str, tuple[str, ...]] = {}
            if required[-1:] == ("requires-dist",):
                constraints = self._constraints(required, (name,))
            elif required:
                constraints = self._constraints((*required, name), ())
            found[str(canonicalize_name(name))] = self.edges((*keys, name), constraints)
        return found

    def edges(self, keys: Keys, constraints: Mapping[str, tuple[str, ...]]) -> tuple[Edge, ...]:
        """The edges of an array of tables, with what the project demands of their names."""
        return tuple(self._edge((*keys, number), constraints) for number in range(len(self.toml.array(*keys))))

    def _edge(self, keys: Keys, constraints: Mapping[str, tuple[str, ...]]) -> Edge:
        toml = self.toml
        origin = toml.origin(*keys)
        name = distribution(toml.string(*keys, "name"), origin)
        extras = toml.strings(*keys, "extra") or toml.strings(*keys, "extras")
        stated = toml.string(*keys, "specifier")
        return Edge(
            name,
            origin,
            normalised(extras),
            toml.string(*keys, "marker"),
            (stated,) if stated else constraints.get(name, ()),
            toml.string(*keys, "version"),
            self._place(keys)[1],
        )

    def _constraints(self, keys: Keys, extras: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
        """What a project demands of each name here, where the lock repeats its requirements."""
        joined: dict[str, str] = {}
        for number in range(len(self.toml.array(*keys))):
            origin = self.toml.origin(*keys, number)
            if self.situation.holds(self.toml.string(*keys, number, "marker"), origin, extras):
                name = distribution(self.toml.string(*keys, number, "name"), origin)
                specifier = self.toml.string(*keys, number, "specifier")
                joined[name] = ",".join(part for part in (joined.get(name, ""), specifier) if part)
        return {name: (specifiers,) for name, specifiers in joined.items() if specifiers}

    def _place(self, keys: Keys) -> tuple[str, str]:
        """Kind and identity of the table ``source``, empty where there is none."""
        table = self.toml.table(*keys, "source")
        pairs = [(key, self.toml.string(*keys, "source", key)) for key in sorted(table)]
        kind = next((key for key, _ in pairs if key != "subdirectory"), "")
        return kind, ",".join(f"{key}={value}" for key, value in pairs)

    def _source(self, keys: Keys, kind: str, origin: Origin) -> Source | None:
        toml = self.toml
        text = toml.string(*keys, "source", kind) if kind else ""
        if kind == "git":
            url, _, commit = text.partition("#")
            folder = _SUBDIRECTORY.search(url)
            return commit_source(url, commit, unquote(folder[1]) if folder else "", origin)
        if kind == "url":
            subdirectory = toml.string(*keys, "source", "subdirectory")
            fragment = f"#subdirectory={subdirectory}" if subdirectory else ""
            return archive_source(text + fragment, toml.string(*keys, "sdist", "hash"), origin)
        return path_source(text, origin) if kind in ("path", *_FOLDERS) else None
