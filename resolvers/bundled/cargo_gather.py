"""Gathers the crates of a service."""

from __future__ import annotations

import posixpath

from analyzer.errors import ManifestError
from resolvers.bundled.cargo_manifest import CARGO_LOCK, CARGO_TOML, declare_lock, declare_manifest
from resolvers.bundled.declared import Declared
from resolvers.seam import Gathered, Manifest, Wish
from resolvers.toml_file import TomlFile, read_toml
from resolvers.tree import Tree, join

ECOSYSTEM = "cargo"


class CargoGatherer:
    """Gathers ``Cargo.toml`` and ``Cargo.lock``, also where a workspace's root holds the lock of all members."""

    ecosystem = ECOSYSTEM

    def manifests(self, tree: Tree, directory: str) -> tuple[Manifest, ...]:
        """``Cargo.toml`` of a crate, and the lock beside it. A workspace without a crate of its own is its
        members' matter."""
        path = join(directory, CARGO_TOML)
        if not tree.exists(path) or _is_virtual(tree, path):
            return ()
        found = [name for name in (CARGO_TOML, CARGO_LOCK) if tree.exists(join(directory, name))]
        return tuple(Manifest(join(directory, name), name) for name in found)

    def gather(self, tree: Tree, directory: str, wish: Wish) -> Gathered:
        """The crates that are built in."""
        declared = Declared(ECOSYSTEM)
        manifests = self.manifests(tree, directory)
        if manifests:
            path = manifests[0].path
            declared.attempt(path, lambda: _read(declared, tree, path))
        return declared.gathered(is_there=bool(manifests))


def _read(declared: Declared, tree: Tree, path: str) -> None:
    manifest = read_toml(tree, path)
    directory = posixpath.dirname(path)
    home, workspace = _workspace(tree, directory)
    names = declare_manifest(declared, manifest, workspace)
    lock = join(directory, CARGO_LOCK)
    if not tree.exists(lock) and workspace is not None:
        lock = join(home, CARGO_LOCK)
    if tree.exists(lock):
        root = manifest.string("package", "name")
        declared.attempt(lock, lambda: declare_lock(declared, read_toml(tree, lock), root, names))


def _workspace(tree: Tree, directory: str) -> tuple[str, TomlFile | None]:
    """The nearest folder from here upwards whose manifest is a workspace's."""
    folder = directory
    while True:
        path = join(folder, CARGO_TOML)
        if tree.exists(path) and (found := _readable(tree, path)) and isinstance(found.data.get("workspace"), dict):
            return folder, found
        if not folder:
            return "", None
        folder = posixpath.dirname(folder)


def _is_virtual(tree: Tree, path: str) -> bool:
    found = _readable(tree, path)
    return found is not None and "workspace" in found.data and "package" not in found.data


def _readable(tree: Tree, path: str) -> TomlFile | None:
    try:
        return read_toml(tree, path)
    except ManifestError:
        return None
