"""Maven modules in local folders: in Maven's layout, as in ``~/.m2/repository``, and in Gradle's cache."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from analyzer.package import Candidate, Package
from resolvers.maven.place import FILE_LIMIT, POM, Found, Place
from resolvers.tree import Kind, Tree

_GRADLE = "files-2.1"
_ABOVE = ("", "modules-2", "caches/modules-2")
"""Where Gradle's cache lies below the folders that people name (``~/.gradle`` for one)."""


def local_place(folder: Path) -> Place:
    """The place that a folder is."""
    if folder.name == _GRADLE:
        return GradleCache(Tree(folder))
    for above in _ABOVE:
        if (folder / above / _GRADLE).is_dir():
            return GradleCache(Tree(folder / above / _GRADLE))
    return MavenFolder(Tree(folder))


@dataclass(frozen=True, slots=True)
class MavenFolder:
    """A folder in Maven's layout: ``org/example/lib/1.2/lib-1.2.pom``."""

    tree: Tree

    def read(self, candidate: Candidate, extension: str) -> Found | None:
        """As in Place."""
        folder = f"{_folder(candidate.package)}/{candidate.version}"
        return _read(self.tree, f"{folder}/{candidate.package.name}-{candidate.version}.{extension}")

    def versions(self, package: Package) -> tuple[str, ...]:
        """The folders that hold a POM."""
        folder = _folder(package)
        if not self.tree.is_folder(folder):
            return ()
        listed = (name for name, kind in self.tree.listing(folder).items() if kind in (Kind.FOLDER, Kind.LINK))
        return tuple(name for name in listed if self.tree.exists(f"{folder}/{name}/{package.name}-{name}.{POM}"))


@dataclass(frozen=True, slots=True)
class GradleCache:
    """Gradle's cache of downloaded modules: ``org.example/lib/1.2/<SHA-1 of the file>/lib-1.2.pom``."""

    tree: Tree

    def read(self, candidate: Candidate, extension: str) -> Found | None:
        """As in Place; of several files (repositories may differ) the first by name."""
        package = candidate.package
        folder = f"{package.namespace}/{package.name}/{candidate.version}"
        if not self.tree.is_folder(folder):
            return None
        file = f"{package.name}-{candidate.version}.{extension}"
        found = (_read(self.tree, f"{folder}/{digest}/{file}") for digest in self.tree.names(folder))
        return next(filter(None, found), None)

    def versions(self, package: Package) -> tuple[str, ...]:
        """The folders that hold a POM."""
        folder = f"{package.namespace}/{package.name}"
        names = self.tree.names(folder) if self.tree.is_folder(folder) else ()
        return tuple(name for name in names if self.read(Candidate(package, name), POM))


def _folder(package: Package) -> str:
    return f"{package.namespace.replace('.', '/')}/{package.name}"


def _read(tree: Tree, path: str) -> Found | None:
    return Found(tree.read_bytes(path, FILE_LIMIT), f"{tree.root}/{path}") if tree.exists(path) else None
