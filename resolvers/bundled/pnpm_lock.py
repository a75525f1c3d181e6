"""``pnpm-lock.yaml``, versions 5 to 9 of the format (github.com/pnpm/spec, lockfile)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.bundled.declared import Declared
from resolvers.deployment.yaml_file import Tag, Yaml, documents, parse
from resolvers.tree import Tree, join

PNPM_LOCK = "pnpm-lock.yaml"

TEXT_LIMIT = 4 * 2**20
"""Characters of the largest lock; what is left of it when ``thinned`` must be within the bounds of all YAML."""

_PACKAGE = frozenset({"dependencies", "optionalDependencies", "name", "version"})
_FIELDS = {"packages": _PACKAGE, "snapshots": _PACKAGE, "importers": _PACKAGE}
_IDLE_SECTIONS = frozenset({"settings", "catalogs", "overrides", "patchedDependencies", "time", "specifiers"})
_INSTALLED = ("dependencies", "optionalDependencies")
_LINK = "link:"
_ROOT = "."


@dataclass(frozen=True, slots=True)
class PnpmLock:
    """The folders that dependencies are for, by their paths, and the packages by their keys: ``needing`` has what
    each needs, ``described`` its name and version where the key does not tell them."""

    importers: Mapping[str, Yaml]
    needing: Mapping[str, Yaml]
    described: Mapping[str, Yaml]


def read_pnpm_lock(tree: Tree, path: str) -> PnpmLock:
    """Raises ManifestError where the file cannot be read."""
    text = tree.read_text(path)
    if len(text) > TEXT_LIMIT:
        raise ManifestError(Origin(path), f"is larger than {TEXT_LIMIT} characters")
    # Since version 10 of pnpm a document about its own tools may stand in front.
    found = [parse(document) for document in documents(thinned(text), path)]
    lock = found[-1] if found else Yaml(Tag.NULL, Origin(path))
    packages = lock.get("packages").mapping()
    # Without workspaces the oldest versions have what the root needs at the top.
    importers = lock.get("importers").mapping() or {_ROOT: lock}
    return PnpmLock(importers, lock.get("snapshots").mapping() or packages, packages)


def thinned(text: str) -> str:
    """The text with empty lines in place of fields that say nothing of versions, as pnpm lays them out: reading
    YAML is slow, and they are most of it."""
    kept: list[str] = []
    section, dropping = "", False
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(" "))
        key = line.strip().partition(":")[0]
        if line and depth == 0:
            section, dropping = key, key in _IDLE_SECTIONS
        elif depth == 2:
            dropping = section in _IDLE_SECTIONS
        elif depth == 4 and section in _FIELDS:
            dropping = key not in _FIELDS[section]
        kept.append("" if dropping or (depth == 8 and key == "specifier") else line)
    return "\n".join(kept)


def declare_pnpm_lock(declared: Declared, lock: PnpmLock, importer: str = "") -> None:
    """The versions that are installed in production for ``importer``, a folder as seen from the lock's. Raises
    ManifestError."""
    declared.locked = [] if declared.locked is None else declared.locked
    seen: set[str] = set()
    pending = list(_of_folder(lock, importer or _ROOT, seen))
    while pending:
        name, version = pending.pop()
        key = _key(lock, name, version)
        if not key or key in seen:
            continue
        seen.add(key)
        real, exact = _identity(lock, key)
        declared.lock(real, exact, _origin(lock, key))
        pending += _needs(lock.needing[key])


def _of_folder(lock: PnpmLock, importer: str, seen: set[str]) -> Iterator[tuple[str, str]]:
    """What a folder needs, and the folders of the workspace that it links to."""
    pending = [importer]
    while pending:
        folder = pending.pop()
        if f"{_LINK}{folder}" in seen or folder not in lock.importers:
            continue
        seen.add(f"{_LINK}{folder}")
        for name, version in _needs(lock.importers[folder]):
            if version.startswith(_LINK):
                pending += _linked(folder, version)
            else:
                yield name, version


def _linked(folder: str, version: str) -> Iterator[str]:
    try:
        yield join("" if folder == _ROOT else folder, version.removeprefix(_LINK)) or _ROOT
    except ManifestError:
        return


def _needs(holder: Yaml) -> Iterator[tuple[str, str]]:
    """Names with the versions that were chosen: a text, or since version 6 an entry of a mapping."""
    for field in _INSTALLED:
        for name, chosen in holder.get(field).mapping().items():
            yield name, (chosen.get("version") if chosen.tag is Tag.MAP else chosen).scalar()


def _key(lock: PnpmLock, name: str, version: str) -> str:
    """The key of a package; empty for what is no package, as a folder. An alias has the key as its version."""
    keys = (f"{name}@{version}", f"/{name}@{version}", f"/{name}/{version}", version)
    return next((key for key in keys if key in lock.needing), "")


def _identity(lock: PnpmLock, key: str) -> tuple[str, str]:
    """Name and version of ``/name@1.0.0(peer@2)``, ``name@1.0.0`` or ``/name/1.0.0_peer@2``."""
    plain = key.partition("(")[0]
    entry = lock.described.get(key) or lock.described.get(plain)
    if entry is not None and (version := entry.get("version").scalar()):
        return entry.get("name").scalar() or _split(plain)[0], version
    return _split(plain)


def _split(key: str) -> tuple[str, str]:
    text = key.removeprefix("/")
    name, at, version = text[:1] + text[1:].partition("@")[0], "@" in text[1:], text[1:].partition("@")[2]
    if at and "/" not in name.partition("/")[2] and (name.startswith("@") or "/" not in name):
        return name, version
    name, _, version = text.rpartition("/")
    return name, version.partition("_")[0]


def _origin(lock: PnpmLock, key: str) -> Origin:
    plain = key.partition("(")[0]
    return (lock.described.get(key) or lock.described.get(plain) or lock.needing[key]).origin
