"""What real libraries bring, compared with what Maven and Gradle said of them (``fixtures/maven``)."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from analyzer.errors import ManifestError
from analyzer.package import Candidate
from resolvers.maven.coordinates import shown
from resolvers.maven.module import Kind, Module, ModuleDependency
from resolvers.maven.repository import MavenRepository
from tests.resolvers.maven.frozen import Project, candidate, frozen_modules, projects, readings, trees, unpack
from tests.resolvers.maven.nearest_wins import nearest_wins
from tests.resolvers.maven.written import told

TREES: Mapping[str, Sequence[str]] = trees()
GRADLE_LEAVES_OUT = {
    "io.netty:netty-tcnative-boringssl-static:[^:]+:[^:]+": "a module that names itself, for another of its files",
    "com.aayushatharva.brotli4j:native-linux-x86_64:[^:]+": "what a profile brings that an operating system activates",
}
"""Lines in Maven's trees that are not in what Gradle reads, and why (docs/decisions/0013-maven-closure.md)."""


TWO_ANSWERS = """
com.google.guava:guava:33.2.1-android -com.google.j2objc:j2objc-annotations:3.0.0
com.google.guava:guava:33.2.1-jre -com.google.j2objc:j2objc-annotations:3.0.0
com.google.guava:guava:33.3.0-jre -com.google.j2objc:j2objc-annotations:3.0.0
com.squareup.okhttp3:okhttp:5.0.0-alpha.14 +com.squareup.okio:okio:3.9.0 -com.squareup.okio:okio-jvm:3.9.0
org.junit.jupiter:junit-jupiter-api:5.11.0 -org.apiguardian:apiguardian-api:1.1.2
org.junit.jupiter:junit-jupiter-engine:5.11.0 -org.apiguardian:apiguardian-api:1.1.2
org.junit.jupiter:junit-jupiter-params:5.11.0 -org.apiguardian:apiguardian-api:1.1.2
org.junit.platform:junit-platform-commons:1.11.0 -org.apiguardian:apiguardian-api:1.1.2
org.junit.platform:junit-platform-engine:1.11.0 -org.apiguardian:apiguardian-api:1.1.2
"""
"""What Gradle Module Metadata says of a runtime class path and the POM beside it does not (+), and the reverse (-).
A POM cannot say that something is needed to compile alone; ``okio`` is there for several platforms."""


@pytest.fixture(scope="module")
def frozen(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack(tmp_path_factory.mktemp("maven"))


@pytest.fixture(scope="module")
def modules(frozen: Path) -> MavenRepository:
    return frozen_modules(frozen, metadata=False)


@pytest.mark.parametrize("project", list(projects()), ids=lambda project: project.line)
def test_brings_what_maven_says(modules: MavenRepository, project: Project) -> None:
    wanted = [entry for entry in project.wanted(modules) if entry.kind is Kind.DEPENDENCY]
    found = [line for node in nearest_wins(modules, wanted, project.managed(modules)) for line in node.lines()]
    left_out = re.compile("|".join(GRADLE_LEAVES_OUT))
    assert found == [line for line in TREES[project.line] if not left_out.fullmatch(line.strip())]


def test_module_metadata_says_what_the_pom_says(frozen: Path, modules: MavenRepository) -> None:
    """Two records of the same, written by the same build: a check of how variants are chosen, on real files."""
    preferred = frozen_modules(frozen)
    compared, different = 0, []
    for file in sorted(frozen.rglob("*.module")):
        *group, name, version, _ = file.relative_to(frozen).parts
        library = candidate(f"{'.'.join(group)}:{name}:{version}")
        # A POM whose parent Gradle never reads, since there is Gradle Module Metadata.
        with contextlib.suppress(ManifestError):
            from_pom, from_metadata = (_wanted(source.module(library)) for source in (modules, preferred))
            compared += 1
            changes = [f"+{each}" for each in sorted(from_metadata - from_pom)]
            changes += [f"-{each}" for each in sorted(from_pom - from_metadata)]
            different += [" ".join([f"{'.'.join(group)}:{name}:{version}", *changes])] if changes else []
    assert compared > 200
    assert different == TWO_ANSWERS.strip().splitlines()


def _wanted(module: Module | None) -> set[str]:
    assert module is not None
    return set(told(tuple(entry for entry in module.dependencies if entry.kind is Kind.DEPENDENCY)))


def test_reads_every_pom_as_gradle_does(modules: MavenRepository) -> None:
    different = [version for version, said in readings().items() if _reading(modules, version) != said]
    assert len(readings()) > 2600
    assert different == []


def _reading(modules: MavenRepository, version: str) -> list[str]:
    try:
        module = modules.module(candidate(version))
    except ManifestError:
        return ["!"]
    assert module is not None
    return [shown(module.relocated)] if module.relocated else list(dict.fromkeys(map(_shown, module.dependencies)))


def _shown(entry: ModuleDependency) -> str:
    return shown(Candidate(entry.package, entry.constraint))
