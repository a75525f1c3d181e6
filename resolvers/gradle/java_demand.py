"""Which JDK a service that is built with Gradle asks for, with the projects of the build that it brings along."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.origin import Origin
from resolvers.gradle.build import project_build
from resolvers.gradle.java_level import Level, Levels
from resolvers.gradle.plugins import brings_runtime
from resolvers.gradle.project import Project
from resolvers.tree import Tree


@dataclass(frozen=True, slots=True)
class Release:
    """A feature release of Java, and the place that asks for it."""

    release: int
    origin: Origin


@dataclass(frozen=True, slots=True)
class JavaDemand:
    """``toolchain`` is the JDK that the service is built and run with, ``class_files`` are the levels of its class
    files. ``brings_runtime``: the program needs no JDK where it runs."""

    toolchain: Release | None = None
    class_files: tuple[Release, ...] = ()
    unknown: tuple[str, ...] = ()
    brings_runtime: bool = False

    @property
    def said(self) -> bool:
        """Whether the build says anything."""
        return self.toolchain is not None or bool(self.class_files) or bool(self.unknown)


def java_demand(tree: Tree, directory: str) -> JavaDemand:
    """What the build of the service in a folder says; nothing where it has none.

    Raises ManifestError where a script cannot be read.
    """
    build = project_build(tree, directory)
    if build is None or build.is_frame(directory):
        return JavaDemand()
    project, others = build.whole(directory)
    levels = [*_levels(project.levels, others)]
    known = [Release(level.number, level.origin) for level in levels if level.number is not None]
    chosen = project.levels.toolchain
    toolchain = Release(chosen.number, chosen.origin) if chosen and chosen.number is not None else None
    told = [*levels, *([chosen] if chosen else [])]
    unknown = tuple(dict.fromkeys(_why(level) for level in told if level.number is None))
    beyond = tuple(r for r in dict.fromkeys(known) if toolchain is None or r.release > toolchain.release)
    return JavaDemand(toolchain, beyond, unknown, brings_runtime(project.plugins))


def _levels(own: Levels, others: tuple[Project, ...]) -> Iterator[Level]:
    """The levels of all class files. Without more being said a toolchain makes those of its own level."""
    yield from own.class_files()
    for other in others:
        made = list(other.levels.class_files())
        yield from made or ([other.levels.toolchain] if other.levels.toolchain else [])


def _why(level: Level) -> str:
    return f"{level.origin}: the Java version cannot be evaluated: {level.origin.text}"
