"""Repositories written for a test."""

from __future__ import annotations

from pathlib import Path

from resolvers.maven.local_place import MavenFolder
from resolvers.maven.module import Module, ModuleDependency
from resolvers.maven.repository import MavenRepository
from resolvers.tree import Tree
from tests.resolvers.maven.frozen import candidate


def write(folder: Path, coordinates: str, content: str, extension: str = "pom") -> Path:
    """Write a file in Maven's layout."""
    group, name, version = coordinates.split(":")
    path = folder / group.replace(".", "/") / name / version / f"{name}-{version}.{extension}"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(content)
    return path


def pom(coordinates: str, body: str = "") -> str:
    """A POM with its coordinates and a body."""
    return f"<project>{gav(coordinates)}{body}</project>"


def gav(coordinates: str) -> str:
    """Coordinates as elements; empty ones are left out."""
    names = ("groupId", "artifactId", "version")
    return "".join(f"<{n}>{word}</{n}>" for n, word in zip(names, coordinates.split(":"), strict=False) if word)


def dependency(coordinates: str, more: str = "") -> str:
    """A ``dependency`` element."""
    return f"<dependency>{gav(coordinates)}{more}</dependency>"


def dependencies(*entries: str) -> str:
    """A ``dependencies`` element."""
    return f"<dependencies>{''.join(entries)}</dependencies>"


def managed(*entries: str) -> str:
    """A ``dependencyManagement`` element."""
    return f"<dependencyManagement>{dependencies(*entries)}</dependencyManagement>"


def repository(folder: Path, poms: dict[str, str]) -> MavenRepository:
    """A repository of POMs, given by coordinates with their bodies."""
    for coordinates, body in poms.items():
        write(folder, coordinates, pom(coordinates, body))
    return MavenRepository((MavenFolder(Tree(folder)),))


def module(folder: Path, poms: dict[str, str], wanted: str = "g:app:1") -> Module:
    """A module of such a repository."""
    found = repository(folder, poms).module(candidate(wanted))
    assert found is not None
    return found


def told(entries: tuple[ModuleDependency, ...]) -> list[str]:
    """``group:name[:classifier]:constraint`` of each, with its kind where it is no plain dependency or constraint."""
    words = ((e.package.namespace, e.package.name, *filter(None, [e.classifier]), e.constraint) for e in entries)
    return [":".join(each) for each in words]
