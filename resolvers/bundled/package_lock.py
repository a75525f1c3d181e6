"""``package-lock.json`` and ``npm-shrinkwrap.json``, versions 1 to 3 of the format (npm's package-lock-json)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from analyzer.origin import Origin
from analyzer.requirement import Source
from resolvers.bundled.declared import Declared, shown
from resolvers.bundled.package_json import Project, declare_project
from resolvers.json_file import JsonFile, read_json
from resolvers.tree import Tree

LOCKS = ("npm-shrinkwrap.json", "package-lock.json")
"""By precedence: npm reads the first that is there."""

_MODULES = "node_modules/"
DEPTH_LIMIT = 200
"""Folders of modules in one another, in version 1."""


class Entry(msgspec.Struct, rename="camel"):
    """One installed folder (``packages`` of versions 2 and 3). ``link``: it is the folder ``resolved``."""

    version: str = ""
    name: str = ""
    resolved: Any = ""
    link: bool = False
    dependencies: dict[str, str] = {}
    optional_dependencies: dict[str, str] = {}
    peer_dependencies: dict[str, str] = {}

    def needs(self) -> Iterator[str]:
        """The names that must be found from this folder, those of peers included."""
        yield from (*self.dependencies, *self.optional_dependencies, *self.peer_dependencies)


class Nested(msgspec.Struct):
    """One installed package and what lies in its own folder (version 1)."""

    version: str = ""
    dev: bool = False
    dependencies: "dict[str, Nested]" = {}  # noqa: UP037 - msgspec resolves a recursive type by this name


class Lock(msgspec.Struct, rename="camel"):
    """A lock of any version."""

    lockfile_version: int = 1
    packages: dict[str, Entry] | None = None
    dependencies: dict[str, Nested] = {}


def read_lock(tree: Tree, path: str) -> tuple[Lock, JsonFile]:
    """Raises ManifestError where the file cannot be read."""
    file = read_json(tree, path)
    data = file.data
    if isinstance(data, dict) and isinstance(data.get("packages"), dict):
        # Version 2 repeats everything as version 1 has it.
        file_of_packages = JsonFile(path, {k: v for k, v in data.items() if k != "dependencies"}, file.text)
        return file_of_packages.convert(Lock), file
    return file.convert(Lock), file


def declare_lock(declared: Declared, lock: Lock, file: JsonFile, importer: str = "", *, alone: bool = False) -> None:
    """What is installed in production for ``importer``, a folder as seen from the lock's. ``alone``: there is no
    ``package.json``, so that the lock says what is required too."""
    declared.locked = [] if declared.locked is None else declared.locked
    if lock.packages is None:
        _declare_nested(declared, lock.dependencies, file, ())
        return
    root = lock.packages.get(importer)
    if alone and root is not None:
        project = Project(root.dependencies, root.optional_dependencies)
        declare_project(declared, project, file, "packages", importer)
    for key in sorted(_reached(lock.packages, importer)):
        _declare_entry(declared, key, lock.packages[key], file.origin("packages", key))


def _declare_entry(declared: Declared, key: str, entry: Entry, origin: Origin) -> None:
    name = entry.name or key.rpartition(_MODULES)[2]
    if _MODULES in key and not entry.link:
        declared.lock(name, entry.version, origin, _source(entry))


def _source(entry: Entry) -> Source | None:
    """The place of what does not come from a registry: its archive or repository."""
    place = entry.resolved if isinstance(entry.resolved, str) else ""
    if place.startswith("git"):
        return Source("git", shown(place.partition("#")[0]), shown(place.partition("#")[2]))
    return None


def _reached(packages: Mapping[str, Entry], importer: str) -> set[str]:
    """The keys of what a folder needs, by Node's search: its own ``node_modules``, then those above."""
    found: set[str] = set()
    pending = [importer]
    while pending:
        here = pending.pop()
        if here in found or here not in packages:
            continue
        found.add(here)
        entry = packages[here]
        if entry.link and isinstance(entry.resolved, str):
            pending.append(entry.resolved)
        pending += [key for name in entry.needs() if (key := _resolve(packages, here, name))]
    return found


def _resolve(packages: Mapping[str, Entry], here: str, name: str) -> str:
    folder = here
    while True:
        key = f"{folder}/{_MODULES}{name}" if folder else f"{_MODULES}{name}"
        if key in packages:
            return key
        if not folder:
            return ""
        folder = folder.rpartition("/")[0]


def _declare_nested(declared: Declared, found: Mapping[str, Nested], file: JsonFile, above: tuple[str, ...]) -> None:
    if len(above) > DEPTH_LIMIT:
        return
    for name, entry in found.items():
        if entry.dev:
            continue
        keys = (*above, "dependencies", name)
        origin = file.origin(*keys)
        if entry.version.startswith(("file:", "link:")):
            declared.skip(name, "is a folder of the project itself", origin)
        else:
            _declare_version(declared, name, entry.version, origin)
        _declare_nested(declared, entry.dependencies, file, keys)


def _declare_version(declared: Declared, name: str, version: str, origin: Origin) -> None:
    if "/" not in version:
        declared.lock(name, version.rpartition("@")[2], origin)
        return
    location, _, commit = version.partition("#")
    declared.lock(name, commit or "0", origin, Source("url", shown(location), shown(commit)))
