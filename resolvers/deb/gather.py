"""Gathers one service's Debian packages: from what builds its image, and from what is installed."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial

from analyzer.demands import ANY_LINUX
from analyzer.errors import ManifestError
from analyzer.service import DependencySet
from resolvers.ansible.installer import read_installer
from resolvers.container.build import Build
from resolvers.container.containerfile import read_recipe
from resolvers.container.image import resolve
from resolvers.container.os_release import release_of
from resolvers.container.places import recipe, root_filesystem
from resolvers.deb import manifests as role
from resolvers.deb.architecture import debian_architecture
from resolvers.deb.control_file import read_control
from resolvers.deb.deb_archive import read_deb
from resolvers.deb.declared import ECOSYSTEM, Context, Declared, attempt, join_declared
from resolvers.deb.dpkg_status import read_status
from resolvers.deb.install_line import read_install_lines
from resolvers.deb.package_list import read_package_list
from resolvers.deb.package_sources import sources_in
from resolvers.deb.root_filesystem import read_root_filesystem
from resolvers.seam import Gathered, Manifest, Recipe, Wish
from resolvers.tree import Tree

_READERS: Mapping[str, Callable[[Context, str], Declared]] = {
    role.PACKAGE_LIST: read_package_list,
    role.CONTROL_FILE: read_control,
    role.ARCHIVE: read_deb,
    role.STATUS: read_status,
}
_WITHOUT_RECIPE = (role.INSTALL_SCRIPT, role.ARCHIVE)
"""What counts only where no Dockerfile tells what of it is used."""
_OTHERS = frozenset(
    {
        "fedora", "centos", "rhel", "rocky", "almalinux", "amazonlinux", "oraclelinux", "opensuse", "sles", "photon",
        "alpine", "arch",
    }
)  # fmt: skip
"""Distributions without dpkg: what a script would do on Debian does not happen there."""


class DebGatherer:
    """Gathers what dpkg installs into a root filesystem.

    Dockerfiles are read for what they install; that they make a service is for the gatherer of images
    to say, as is what cannot be read of them.
    """

    ecosystem = ECOSYSTEM

    def manifests(self, tree: Tree, directory: str) -> tuple[Manifest, ...]:
        """The files of a service's folder that say which Debian packages it needs."""
        return tuple(role.recognise(tree, directory))

    def gather(self, tree: Tree, directory: str, wish: Wish) -> Gathered:
        """Read them all; what several ask for is asked for once."""
        folder = directory if tree.is_folder(directory) else posixpath.dirname(directory)
        meant = recipe(tree, directory, wish)
        builds = [(meant, _build(tree, meant))] if meant else []
        release = wish.platform.os if wish.platform.os != ANY_LINUX else _release(tree, directory, builds)
        distribution = release.partition(":")[0]
        context = Context(tree, distribution, debian_architecture(wish.platform.arch))
        found = [m for m in self.manifests(tree, directory) if not (wish.recipe and m.role in _WITHOUT_RECIPE)]
        parts = [*_built(context, builds), *_declared(context, folder, found)]
        return Gathered(tuple(_sets(parts, distribution)), skipped=join_declared(parts).skipped)


def _build(tree: Tree, meant: Recipe) -> Build:
    try:
        return read_recipe(tree, meant)
    except ManifestError:
        return Build()


def _release(tree: Tree, directory: str, builds: Sequence[tuple[Recipe, Build]]) -> str:
    """The release that the service stands on, empty where that is not known."""
    for base in (build.base for _, build in builds):
        image = resolve(base.image.text) if base is not None and base.image.known else None
        if image is not None and image.release:
            return image.release
    try:
        return release_of(tree.read_text(path), path) if (path := root_filesystem(tree, directory)) else ""
    except ManifestError:
        return ""


def _built(context: Context, builds: Sequence[tuple[Recipe, Build]]) -> Iterator[Declared]:
    for meant, build in builds:
        yield read_install_lines(context, build, meant.context)
        yield Declared(skipped=sources_in(context.tree, meant.path))


def _declared(context: Context, folder: str, found: Sequence[Manifest]) -> Iterator[Declared]:
    for manifest in found:
        if manifest.role == role.INSTALL_SCRIPT:
            yield attempt(manifest.path, partial(_script, context, folder, manifest.path))
        elif manifest.role == role.ROOT_FILESYSTEM:
            yield read_root_filesystem(context, folder)
        else:
            yield attempt(manifest.path, partial(_READERS[manifest.role], context, manifest.path))


def _script(context: Context, folder: str, path: str) -> Declared:
    build = read_installer(context.tree, path)
    installed = read_install_lines(context, build, folder)
    return join_declared([installed, Declared(skipped=(*build.skipped, *sources_in(context.tree, path)))])


def _sets(parts: Sequence[Declared], distribution: str) -> Iterator[DependencySet]:
    """What is asked for, and what is installed, which is a lock of its own.

    It is never ``closed``: that the union of two sound installations is one does not hold where
    packages exclude each other.
    """
    asked = join_declared(part for part in parts if part.locked is None)
    if asked.requirements or (asked.unknown and distribution not in _OTHERS):
        yield DependencySet(ECOSYSTEM, asked.requirements, unknown=asked.unknown)
    installed = join_declared(part for part in parts if part.locked is not None)
    if installed.locked is not None:
        yield DependencySet(ECOSYSTEM, installed.requirements, installed.locked, unknown=installed.unknown)
