"""``Cargo.toml`` and ``Cargo.lock`` (The Cargo Book)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analyzer.origin import Origin
from analyzer.requirement import Source
from resolvers.bundled.declared import Declared, shown
from resolvers.toml_file import TomlFile

CARGO_TOML = "Cargo.toml"
CARGO_LOCK = "Cargo.lock"

_DEPENDENCIES = "dependencies"
_REGISTRY = ("registry+", "sparse+")


@dataclass(frozen=True, slots=True)
class Crate:
    """A crate of a lock: ``needs`` has each as ``name``, ``name version`` or ``name version (source)``."""

    name: str
    version: str
    source: str
    needs: tuple[str, ...]
    origin: Origin


def declare_manifest(declared: Declared, manifest: TomlFile, workspace: TomlFile | None) -> list[str]:
    """The normal dependencies, of all targets, as requirements; the names of all that a build takes from a lock.

    Build and development dependencies are left out. Raises ManifestError.
    """
    names = []
    for keys in _places(manifest):
        for alias in manifest.table(*keys):
            file, where = _said(manifest, (*keys, alias), workspace)
            names.append(_declare(declared, file, where, alias))
    return names


def _places(manifest: TomlFile) -> Iterator[tuple[str, ...]]:
    yield (_DEPENDENCIES,)
    yield from (("target", target, _DEPENDENCIES) for target in manifest.table("target"))


def _said(manifest: TomlFile, keys: tuple[str, ...], workspace: TomlFile | None) -> tuple[TomlFile, tuple[str, ...]]:
    """Where a dependency's version stands: in the manifest, or in its workspace's."""
    inherited = isinstance(manifest.get(*keys), dict) and manifest.boolean(*keys, "workspace")
    if inherited and workspace is not None and workspace.get("workspace", _DEPENDENCIES, keys[-1]) is not None:
        return workspace, ("workspace", _DEPENDENCIES, keys[-1])
    return manifest, keys


def _declare(declared: Declared, file: TomlFile, keys: tuple[str, ...], alias: str) -> str:
    if not isinstance(file.get(*keys), dict):
        declared.require(alias, file.string(*keys), file.origin(*keys))
        return alias
    name = file.string(*keys, "package") or alias
    if (path := file.string(*keys, "path")) and not file.string(*keys, "version"):
        declared.skip(name, f"is the folder {shown(path)} of the project itself", file.origin(*keys))
        return name
    git = file.string(*keys, "git")
    reference = next((text for key in ("rev", "tag", "branch") if (text := file.string(*keys, key))), "")
    source = Source("git", shown(git), shown(reference)) if git else None
    declared.require(name, file.string(*keys, "version"), file.origin(*keys), source)
    return name


def declare_lock(declared: Declared, lock: TomlFile, root: str, names: list[str] | None) -> None:
    """The crates that the crate ``root`` takes; ``names`` are those of its own dependencies that count, None
    where nothing tells. Raises ManifestError."""
    declared.locked = [] if declared.locked is None else declared.locked
    crates = list(_crates(lock))
    by_name: dict[str, list[Crate]] = {}
    for crate in crates:
        by_name.setdefault(crate.name, []).append(crate)
    starts = [crate for crate in crates if crate.name == root and not crate.source]
    if not starts or names is None:
        reached = crates
    else:
        reached = _closure([n for crate in starts for n in crate.needs if n.partition(" ")[0] in names], by_name)
    for crate in reached:
        if crate.source:
            source = None if crate.source.startswith(_REGISTRY) else _source(crate.source)
            declared.lock(crate.name, crate.version, crate.origin, source)


def _closure(needs: list[str], by_name: Mapping[str, list[Crate]]) -> list[Crate]:
    found: list[Crate] = []
    seen: set[str] = set()
    pending = list(needs)
    while pending:
        need = pending.pop()
        if need in seen:
            continue
        seen.add(need)
        name, _, rest = need.partition(" ")
        version = rest.partition(" ")[0]
        for crate in by_name.get(name, []):
            if not version or crate.version == version:
                found.append(crate)
                pending += crate.needs
    return found


def _crates(lock: TomlFile) -> Iterator[Crate]:
    for number, _ in enumerate(lock.tables("package")):
        keys = ("package", number)
        yield Crate(
            lock.string(*keys, "name"),
            lock.string(*keys, "version"),
            lock.string(*keys, "source"),
            tuple(lock.strings(*keys, _DEPENDENCIES)),
            lock.origin(*keys, "name"),
        )


def _source(text: str) -> Source:
    kind, _, place = text.partition("+")
    location, _, commit = place.partition("#")
    return Source("git" if kind == "git" else "url", shown(location), shown(commit))
