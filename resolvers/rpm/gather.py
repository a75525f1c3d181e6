"""Gathers the RPM packages that one service brings into its root filesystem."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass

from analyzer.demands import ANY_LINUX, ARCHITECTURE, OPERATING_SYSTEM
from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.service import DependencySet, Skipped
from resolvers.ansible.installer import read_installer
from resolvers.container.build import Build
from resolvers.container.containerfile import read_recipe
from resolvers.container.gather import ImageGatherer
from resolvers.container.places import recipe
from resolvers.discovery import INSTALL_SCRIPT
from resolvers.rpm import manifests as role
from resolvers.rpm.declared import ECOSYSTEM, Declared, Target, join_declared
from resolvers.rpm.header import read_rpm
from resolvers.rpm.install_line import final_stage, read_commands
from resolvers.rpm.nevra import read_list
from resolvers.rpm.rpmdb import database, read_rpmdb
from resolvers.rpm.spec import read_spec
from resolvers.seam import Gathered, Manifest, Recipe, Wish
from resolvers.tree import Tree, join

PLACES_LIMIT = 200
"""Folders of a service in which a package is looked for that a command names by its path in the image."""


WITHOUT_RPM = frozenset({"debian", "ubuntu", "alpine", "arch"})
"""Distributions on which what a script would do elsewhere, under a condition, is not done."""


class RpmGatherer:
    """Gathers RPM packages from Dockerfiles, scripts, specs, lists, packages and root filesystems."""

    ecosystem = ECOSYSTEM

    def manifests(self, tree: Tree, directory: str) -> tuple[Manifest, ...]:
        """The manifests that belong to a service's folder, but for its Dockerfile."""
        return tuple(role.recognise(tree, directory))

    def gather(self, tree: Tree, directory: str, wish: Wish) -> Gathered:
        """What they, and the service's Dockerfile, ask for together."""
        target = _target(tree, directory, wish)
        reading = _Reading(tree, directory, target)
        scripts = () if wish.recipe is None else (INSTALL_SCRIPT,)
        found = [m for m in self.manifests(tree, directory) if m.role not in scripts]
        declared = join_declared([*reading.builds(recipe(tree, directory, wish)), *map(reading.read, found)])
        return Gathered(tuple(_sets(declared, target.namespace)), skipped=declared.skipped)


def _sets(declared: Declared, distribution: str) -> Iterator[DependencySet]:
    if distribution in WITHOUT_RPM and not declared.requirements:
        return
    if declared.requirements or declared.locked is not None or declared.unknown:
        yield DependencySet(ECOSYSTEM, declared.requirements, declared.locked, unknown=declared.unknown)


@dataclass(frozen=True, slots=True)
class _Reading:
    """Reads the manifests of one folder for one target."""

    tree: Tree
    directory: str
    target: Target

    @property
    def folder(self) -> str:
        """The service's folder, also where the service is a file of it."""
        is_folder = not self.directory or self.tree.is_folder(self.directory)
        return self.directory if is_folder else posixpath.dirname(self.directory)

    def builds(self, meant: Recipe | None) -> Iterator[Declared]:
        """What a Dockerfile installs. What cannot be read of it, the gatherer of images reports."""
        if meant is None:
            return
        with suppress(ManifestError):
            build = read_recipe(self.tree, meant)
            yield self._commands(build, final_stage(self.tree.read_text(meant.path), meant.path))

    def read(self, manifest: Manifest) -> Declared:
        """One manifest; a Skipped where it cannot be read."""
        try:
            return self._read(manifest.path, manifest.role)
        except ManifestError as error:
            return Declared(skipped=(Skipped(manifest.path, error.reason, error.origin),))

    def _read(self, path: str, kind: str) -> Declared:
        if kind == INSTALL_SCRIPT:
            build = read_installer(self.tree, path)
            return join_declared([self._commands(build, Origin(path)), Declared(skipped=build.skipped)])
        if kind == role.ROOT_FILESYSTEM:
            return read_rpmdb(self.tree, path, database(self.tree, path), self.target)
        readers = {role.SPEC: read_spec, role.PACKAGE: read_rpm, role.LIST: read_list}
        return readers[kind](self.tree, path, self.target)

    def _commands(self, build: Build, final: Origin) -> Declared:
        return read_commands(build, final, self.target, self._local)

    def _local(self, path: str) -> Declared | None:
        """The package of that file name in the service's folder, if there is exactly one."""
        name = posixpath.basename(path)
        places = [join(folder, name) for folder in self._folders()]
        files = [place for place in places if self.tree.exists(place) and not self.tree.is_folder(place)]
        return read_rpm(self.tree, files[0], self.target) if len(files) == 1 else None

    def _folders(self) -> list[str]:
        inner = [join(self.folder, name) for name in self.tree.names(self.folder)]
        return [self.folder, *[path for path in inner if self.tree.is_folder(path)][:PLACES_LIMIT]]


def _target(tree: Tree, directory: str, wish: Wish) -> Target:
    """The release and architecture: as configured, else those of the base image or the root filesystem."""
    base = {r.package: r.constraint for r in ImageGatherer().gather(tree, directory, wish).base}
    is_open = wish.platform.os == ANY_LINUX
    release = base.get(OPERATING_SYSTEM, "") if is_open else wish.platform.os
    return Target(release, base.get(ARCHITECTURE, wish.platform.arch))
