"""A Module from its effective POM, as Gradle takes it for a JVM's runtime class path."""

from __future__ import annotations

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.package import Candidate
from resolvers.maven.coordinates import package, shown
from resolvers.maven.effective_pom import EffectivePom
from resolvers.maven.module import Kind, Module, ModuleDependency
from resolvers.maven.pom import Coordinates, PomDependency

_RUNTIME = ("compile", "runtime")
_LATEST = {"RELEASE": "latest.release", "LATEST": "latest.integration"}
_CLASSIFIERS = {"test-jar": "tests", "ejb-client": "client"}


def pom_module(candidate: Candidate, pom: EffectivePom, file: str) -> Module:
    """The Module that a POM tells. Raises ManifestError where it is that of another version."""
    if _candidate(pom.own) != candidate:
        told = shown(_candidate(pom.own))[:200]
        raise ManifestError(Origin(file), f"is kept as {shown(candidate)}, and says that it is {told}")
    # Some POMs name the module itself, or its tests, which adds nothing to a class path.
    entries = [entry for entry in pom.dependencies if (entry.group, entry.name) != (pom.own.group, pom.own.name)]
    wanted = [entry for entry in entries if entry.scope in _RUNTIME and not entry.optional]
    return Module(
        candidate,
        Origin(file),
        () if pom.relocation else tuple(_dependency(entry, Kind.DEPENDENCY) for entry in wanted),
        tuple(dict.fromkeys(_dependency(entry, Kind.CONSTRAINT) for entry in pom.managed)),
        relocated=_candidate(pom.relocation) if pom.relocation else None,
    )


def _candidate(own: Coordinates) -> Candidate:
    return Candidate(package(own.group, own.name), own.version)


def _dependency(entry: PomDependency, kind: Kind) -> ModuleDependency:
    return ModuleDependency(
        package(entry.group, entry.name),
        _LATEST.get(entry.version, entry.version),
        kind,
        entry.exclusions,
        classifier=entry.classifier or _CLASSIFIERS.get(entry.type, ""),
    )
