"""``pdm.lock`` (lock_version 4.x)."""

from __future__ import annotations

from dataclasses import dataclass, replace

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
    edge,
    locked_version,
    normalised,
    path_source,
    read_entries,
)
from resolvers.pip.locks.lock_marker import Situation
from resolvers.pip.locks.lock_roots import Roots, everything, roots_or_everything
from resolvers.pip.locks.lock_walk import walk
from resolvers.toml_file import TomlFile, read_toml

_DEFAULT = "default"
"""PDM's name of the group that holds what the project itself depends on."""


def read_pdm_lock(context: Context, path: str) -> Declared:
    """What the lock at ``path`` installs for the group ``default`` and the chosen extras and groups.

    A package says to which groups it belongs if the lock was made with ``inherit_metadata``; else the
    ``pyproject.toml`` beside the lock tells what is wanted. Raises ManifestError.
    """
    toml = read_toml(context.tree, path)
    if not toml.string("metadata", "lock_version").startswith("4."):
        raise ManifestError(toml.origin("metadata", "lock_version"), "is no pdm.lock of version 4")
    selects = "inherit_metadata" in toml.strings("metadata", "strategy")
    lock = read_entries(toml, "package", _Reader(toml, context, selects).entry)
    roots = Roots(everything(lock)) if selects else roots_or_everything(context, path, lock)
    found = walk(_joined(lock), roots.edges, Situation.of(context))
    demands, covered = _targets(toml, Situation.of(context))
    return Declared(
        locked=found.locked,
        interpreter=tuple(r for r in demands if isinstance(r, Requirement)),
        skipped=(*lock.skipped, *roots.skipped, *found.skipped, *(s for s in demands if isinstance(s, Skipped))),
        closed=found.closed and covered and not lock.skipped and not roots.skipped,
        distribution=roots.distribution,
    )


def _targets(toml: TomlFile, situation: Situation) -> tuple[list[Requirement | Skipped], bool]:
    """What the one target of the lock demands of the interpreter, and whether a target covers the situation.

    With several targets, nothing is demanded that holds for all.
    """
    keys = ("metadata", "targets")
    demands: list[Requirement | Skipped] = []
    covered = not toml.array(*keys)
    for number in range(len(toml.array(*keys))):
        text, origin = toml.string(*keys, number, "requires_python"), toml.origin(*keys, number, "requires_python")
        demands += [read_interpreter(text, origin)] if text else []
        is_general = not toml.string(*keys, number, "platform") and not toml.string(*keys, number, "implementation")
        covered = covered or (is_general and situation.is_admitted(text, origin))
    return demands if len(toml.array(*keys)) == 1 else [], covered


def _joined(lock: Entries) -> Entries:
    """The lock with each ``name[extra]`` made part of the package itself."""
    joined: dict[tuple[str, str, Source | None], Entry] = {}
    for entry in lock.entries:
        key = (entry.name, entry.version, entry.source)
        known = joined.get(key)
        if known is None:
            joined[key] = entry
        else:
            base = known if entry.optional else entry
            joined[key] = replace(base, optional={**known.optional, **entry.optional})
    return replace(lock, entries=tuple(joined.values()))


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
        if not self._is_selected(number, origin):
            return None
        extras = normalised(toml.strings(*keys, "extras"))
        edges = self._edges(number)
        return Entry(
            name,
            locked_version(toml.string(*keys, "version"), origin),
            origin,
            () if extras else edges,
            optional=dict.fromkeys(extras, edges),
            source=self._source(number, origin),
        )

    def _is_selected(self, number: int, origin: Origin) -> bool:
        toml, choice = self.toml, self.context.choice
        if not Situation.of(self.context).holds(toml.string("package", number, "marker"), origin):
            return False
        chosen = {_DEFAULT, *normalised((*choice.extras, *choice.groups))}
        groups = {canonicalize_name(group) for group in toml.strings("package", number, "groups")}
        return not self.selects or bool(groups & chosen)

    def _edges(self, number: int) -> tuple[Edge, ...]:
        keys = ("package", number, "dependencies")
        lines = enumerate(self.toml.strings(*keys))
        found = [edge(text, self.toml.origin(*keys, line), self.context) for line, text in lines]
        return tuple(item for item in found if item is not None)

    def _source(self, number: int, origin: Origin) -> Source | None:
        toml, keys = self.toml, ("package", number)
        git, path, url = (toml.string(*keys, key) for key in ("git", "path", "url"))
        if git:
            return commit_source(git, toml.string(*keys, "revision"), toml.string(*keys, "subdirectory"), origin)
        if url:
            return archive_source(url, "", origin)
        return path_source(path, origin) if path else None
