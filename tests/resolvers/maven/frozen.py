"""The frozen part of a Maven repository, and the projects whose trees Maven told (``fixtures/maven``)."""

from __future__ import annotations

import lzma
import tarfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analyzer.package import Candidate, Package
from resolvers.maven.coordinates import package
from resolvers.maven.local_place import local_place
from resolvers.maven.module import Kind, ModuleDependency, Modules
from resolvers.maven.repository import MavenRepository

FIXTURES = Path(__file__).parents[3] / "fixtures" / "maven"
PROJECTS, TREES, REPOSITORY = (FIXTURES / name for name in ("projects.txt", "trees.txt", "repository.tar.xz"))
READINGS = FIXTURES / "readings.txt.xz"
_ENTRY = "<dependency><groupId>{0}</groupId><artifactId>{1}</artifactId>{2}</dependency>"
_IMPORT = "<version>{}</version><type>pom</type><scope>import</scope>"


@dataclass(frozen=True)
class Project:
    """A project that declares one library, or imports a BOM and declares libraries without versions."""

    line: str

    @property
    def bom(self) -> Candidate | None:
        """The BOM, if there is one."""
        first = self.line.split()[0]
        return candidate(first.removeprefix("bom=")) if first.startswith("bom=") else None

    @property
    def libraries(self) -> Sequence[tuple[Package, str]]:
        """The libraries and their versions, which are empty where the BOM tells them."""
        words = (word.split(":") for word in self.line.split() if not word.startswith("bom="))
        return [(package(group, name), "".join(version)) for group, name, *version in words]

    def managed(self, modules: Modules) -> Mapping[tuple[Package, str], ModuleDependency]:
        """What the BOM says, by module and classifier."""
        bom = modules.module(self.bom) if self.bom else None
        return {(entry.package, entry.classifier): entry for entry in bom.managed} if bom else {}

    def wanted(self, modules: Modules) -> Iterator[ModuleDependency]:
        """What the project declares, with the BOM as a platform."""
        managed = self.managed(modules)
        if self.bom:
            yield ModuleDependency(self.bom.package, self.bom.version, Kind.PLATFORM)
        for library, version in self.libraries:
            default = managed.get((library, ""))
            exclusions = default.exclusions if default else frozenset()
            yield ModuleDependency(library, version or (default.constraint if default else ""), exclusions=exclusions)

    def as_pom(self) -> str:
        """The project as a POM."""
        bom = _entry(self.bom.package, _IMPORT.format(self.bom.version)) if self.bom else ""
        declared = (
            _entry(library, f"<version>{version}</version>" * bool(version)) for library, version in self.libraries
        )
        return (
            "<project><modelVersion>4.0.0</modelVersion><groupId>fixture</groupId><artifactId>fixture</artifactId>"
            f"<version>1</version><packaging>pom</packaging><dependencyManagement><dependencies>{bom}</dependencies>"
            f"</dependencyManagement><dependencies>{''.join(declared)}</dependencies></project>"
        )


def projects() -> Iterator[Project]:
    """All projects."""
    return map(Project, PROJECTS.read_text().splitlines())


def trees() -> Mapping[str, Sequence[str]]:
    """By project what Maven says."""
    blocks = (block.splitlines() for block in TREES.read_text().strip().split("\n\n"))
    return {head: lines for head, *lines in blocks}


def readings() -> Mapping[str, Sequence[str]]:
    """By version what Gradle reads in its POM: what its runtime depends on, in order. ``!`` for nothing it can read."""
    lines = (line.split(" ") for line in lzma.decompress(READINGS.read_bytes()).decode().splitlines())
    return {version: said for version, *said in lines}


def unpack(folder: Path) -> Path:
    """The frozen repository as a folder in Maven's layout."""
    with tarfile.open(REPOSITORY) as archive:
        # Our own archive; Debian 12's tarfile knows no filters yet.
        archive.extractall(folder)
    return folder


def frozen_modules(folder: Path, *, metadata: bool = True) -> MavenRepository:
    """The modules of an unpacked repository."""
    return MavenRepository((local_place(folder),), metadata)


def candidate(text: str) -> Candidate:
    """``group:name:version``."""
    group, name, version = text.split(":")
    return Candidate(package(group, name), version)


def _entry(library: Package, rest: str) -> str:
    return _ENTRY.format(library.namespace, library.name, rest)
