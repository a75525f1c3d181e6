"""``bun.lock``, the text lock of Bun (bun.sh/docs/install/lockfile): JSON with comments and idle commas."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

from resolvers.bundled.declared import Declared
from resolvers.bundled.package_json import Project
from resolvers.json_file import JsonFile, read_jsonc
from resolvers.tree import Tree

BUN_LOCK = "bun.lock"

_WORKSPACE = "workspace:"


class Needs(msgspec.Struct, rename="camel"):
    """What a package says of itself."""

    dependencies: dict[str, str] = {}
    optional_dependencies: dict[str, str] = {}
    peer_dependencies: dict[str, str] = {}


class BunLock(msgspec.Struct):
    """The folders of the project by their paths, and what is installed by where it lies (``parent/name``): what it
    is (``name@1.0.0``) and, among the members behind that, an object with what it needs."""

    workspaces: dict[str, Project] = {}
    packages: dict[str, list[Any]] = {}


def read_bun_lock(tree: Tree, path: str) -> tuple[BunLock, JsonFile]:
    """Raises ManifestError where the file cannot be read."""
    file = read_jsonc(tree, path)
    return file.convert(BunLock), file


def declare_bun_lock(declared: Declared, lock: BunLock, file: JsonFile, importer: str = "") -> None:
    """The versions that are installed in production for ``importer``, a folder as seen from the lock's."""
    declared.locked = [] if declared.locked is None else declared.locked
    places = {_place(entry): key for key, entry in lock.packages.items() if _place(entry)}
    seen: set[str] = set()
    pending = list(_of_folder(lock, importer, places.get(importer, "")))
    while pending:
        key = pending.pop()
        if key in seen:
            continue
        seen.add(key)
        entry = lock.packages[key]
        if folder := _place(entry):
            pending += _of_folder(lock, folder, key)
            continue
        name, version = _identity(entry)
        declared.lock(name, version, file.origin("packages", key))
        pending += _found(lock.packages, _needs(entry), key)


def _of_folder(lock: BunLock, folder: str, key: str) -> Iterator[str]:
    project = lock.workspaces.get(folder)
    if project is not None:
        yield from _found(lock.packages, (name for name, _, _ in project.wanted()), key)


def _found(packages: Mapping[str, list[Any]], names: Iterator[str], key: str) -> Iterator[str]:
    """Where names are installed as seen from ``key``: inside of it, or of what it lies in."""
    for name in names:
        folder = key
        while folder and f"{folder}/{name}" not in packages:
            folder = _parent(folder)
        place = f"{folder}/{name}" if folder else name
        if place in packages:
            yield place


def _parent(key: str) -> str:
    folder = key.rpartition("/")[0]
    return folder.rpartition("/")[0] if folder.rpartition("/")[2].startswith("@") else folder


def _needs(entry: list[Any]) -> Iterator[str]:
    for part in entry[1:]:
        if isinstance(part, dict):
            try:
                found = msgspec.convert(part, Needs)
            except (msgspec.ValidationError, RecursionError):
                return
            yield from (*found.dependencies, *found.optional_dependencies, *found.peer_dependencies)
            return


def _resolution(entry: list[Any]) -> str:
    return entry[0] if entry and isinstance(entry[0], str) else ""


def _place(entry: list[Any]) -> str:
    """The folder of the project that an entry is; empty where it is none."""
    what = _identity(entry)[1]
    return what.removeprefix(_WORKSPACE) if what.startswith(_WORKSPACE) else ""


def _identity(entry: list[Any]) -> tuple[str, str]:
    """Name and version of ``@scope/name@1.0.0``; what stands behind ``@`` of a repository is no version."""
    text = _resolution(entry)
    name, _, version = text[1:].partition("@")
    return text[:1] + name, version
