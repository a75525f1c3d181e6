"""Gathers the NuGet packages of a .NET service."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from dataclasses import replace

import msgspec

from analyzer.errors import ManifestError
from resolvers.bundled.declared import Declared
from resolvers.bundled.msbuild_project import Item, MsbuildProject, read_msbuild, substituted
from resolvers.discovery import FOR_DEVELOPMENT
from resolvers.json_file import read_json
from resolvers.seam import Gathered, Manifest, Wish
from resolvers.tree import Tree, join

ECOSYSTEM = "nuget"
PROJECT = ".NET project"
LOCK = "packages.lock.json"
CENTRAL = "Directory.Packages.props"
COMMON = "Directory.Build.props"
PROJECTS_LIMIT = 50
"""Projects of one folder that are read."""

_PROJECT = re.compile(r"[^.].*\.(?:cs|fs|vb)proj", re.IGNORECASE)
_PACKAGES = frozenset({"Direct", "Transitive", "CentralTransitive"})


class Entry(msgspec.Struct):
    """One package of a lock; of ``type`` Project it is another project of the service."""

    type: str = ""
    resolved: str = ""


class Lock(msgspec.Struct):
    """``packages.lock.json``: by target framework, and runtime, what is restored."""

    dependencies: dict[str, dict[str, Entry]] = {}


class NugetGatherer:
    """Gathers projects of MSBuild and ``packages.lock.json``: a .NET service is published with its assemblies."""

    ecosystem = ECOSYSTEM

    def manifests(self, tree: Tree, directory: str) -> tuple[Manifest, ...]:
        """The projects of a folder, with the lock beside them; tests are for development."""
        found = [name for name in tree.names(directory) if _PROJECT.fullmatch(name)][:PROJECTS_LIMIT]
        paths = [join(directory, name) for name in found if not tree.is_folder(join(directory, name))]
        if not paths:
            return ()
        suffix = f" {FOR_DEVELOPMENT}" if all(_is_test(tree, path) for path in paths) else ""
        lock = [Manifest(path, f"{LOCK}{suffix}")] if tree.exists(path := join(directory, LOCK)) else []
        return (*(Manifest(path, f"{PROJECT}{suffix}") for path in paths), *lock)

    def gather(self, tree: Tree, directory: str, wish: Wish) -> Gathered:
        """What is referenced, and what the lock fixes."""
        declared = Declared(ECOSYSTEM)
        manifests = self.manifests(tree, directory)
        central = _above(tree, directory, CENTRAL)
        properties = _above(tree, directory, COMMON).properties
        for manifest in manifests:
            try:
                if manifest.role.startswith(LOCK):
                    _lock(declared, tree, manifest.path)
                else:
                    _project(declared, read_msbuild(tree, manifest.path), central, properties)
            except ManifestError as error:
                declared.skip(manifest.path, error.reason, error.origin)
        return declared.gathered(is_there=bool(manifests))


def _is_test(tree: Tree, path: str) -> bool:
    try:
        return read_msbuild(tree, path).is_test
    except ManifestError:
        return False


def _above(tree: Tree, directory: str, name: str) -> MsbuildProject:
    """The nearest file of a name from a folder upwards, as MSBuild looks for it; an empty one where none is there
    that can be read."""
    folder = directory
    while True:
        if tree.exists(path := join(folder, name)):
            try:
                return read_msbuild(tree, path)
            except ManifestError:
                return MsbuildProject()
        if not folder:
            return MsbuildProject()
        folder = posixpath.dirname(folder)


def _project(
    declared: Declared, project: MsbuildProject, central: MsbuildProject, properties: Mapping[str, str]
) -> None:
    versions = central.versions()
    known = {**properties, **central.properties, **project.properties}
    everywhere = [item for item in central.items if item.kind == "GlobalPackageReference"]
    for item in (*project.items, *everywhere):
        if item.kind == "PackageVersion" or item.for_development:
            continue
        managed = versions.get(item.name.lower(), item)
        chosen: Item = item if item.version else replace(managed, name=item.name)
        declared.require(item.name, substituted(chosen.version, known), chosen.origin)


def _lock(declared: Declared, tree: Tree, path: str) -> None:
    declared.locked = []
    file = read_json(tree, path)
    for framework, packages in file.convert(Lock).dependencies.items():
        for name, entry in packages.items():
            if entry.type in _PACKAGES:
                declared.lock(name, entry.resolved, file.origin("dependencies", framework, name))
