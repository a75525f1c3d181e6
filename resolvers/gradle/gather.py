"""Gathers the modules of a Gradle project, without running Gradle."""

from __future__ import annotations

from collections.abc import Mapping

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.service import DependencySet, Skipped
from resolvers.discovery import LIBRARY
from resolvers.gradle.build import BUILDS, SOURCES, Build, build_of, project_build
from resolvers.gradle.lock import LOCKS, read_lock
from resolvers.gradle.notation import MAVEN
from resolvers.gradle.plugins import Packaging, packaging
from resolvers.gradle.remembered import once
from resolvers.seam import Gathered, Manifest, Wish
from resolvers.tree import Tree, join


class GradleGatherer:
    """Gathers build scripts of both languages, catalogs and locks."""

    ecosystem = MAVEN

    def manifests(self, tree: Tree, directory: str) -> tuple[Manifest, ...]:
        """The build script of a project and its locks; of a library of the build, that it is one."""
        try:
            build = project_build(tree, directory)
            if build is None or build.is_frame(directory):
                return ()
            script = build.script(directory) or join(directory, SOURCES)
            if joining := _joined_by(build, directory):
                return (Manifest(script, f"{LIBRARY}{' and '.join(joining[:3])}"),)
        except (ManifestError, RecursionError):
            script = next((path for name in BUILDS if tree.exists(path := join(directory, name))), "")
        locks = [join(directory, name) for name in LOCKS if tree.exists(join(directory, name))]
        return (Manifest(script, "Gradle build"), *(Manifest(path, "Gradle lock") for path in locks)) if script else ()

    def gather(self, tree: Tree, directory: str, wish: Wish) -> Gathered:
        """What is on the runtime class path."""
        try:
            build = project_build(tree, directory)
            if build is None or build.is_frame(directory):
                return Gathered()
            return _gathered(build, directory)
        except ManifestError as error:
            return Gathered(skipped=(Skipped(error.origin.file, error.reason, error.origin),))
        except RecursionError:
            origin = Origin(directory or ".")
            return Gathered(skipped=(Skipped("Gradle build", "is nested too deeply", origin),))


def _gathered(build: Build, directory: str) -> Gathered:
    """The set of the project, with those of projects that it depends on."""
    project, others = build.whole(directory)
    requirements = tuple(dict.fromkeys(r for p in (project, *others) for r in p.requirements))
    unknown = tuple(dict.fromkeys((*build.settings.unknown, *(u for p in (project, *others) for u in p.unknown))))
    locked, closed, skipped = read_lock(build.tree, directory, requirements)
    closed = closed and not build.settings.unknown and all(p.lockable for p in (project, *others))
    bundled = packaging(project.plugins) is Packaging.BUNDLED
    found = DependencySet(MAVEN, requirements, locked, bundled, closed, unknown)
    return Gathered((found,), skipped=tuple(dict.fromkeys((*project.skipped, *skipped))))


def _joined_by(build: Build, directory: str) -> list[str]:
    """The projects of the build that depend on a library; none for what is packaged to run by itself."""
    if len(build.settings.projects) < 2 or packaging(build.project(directory).plugins) is not Packaging.NONE:
        return []
    return once(_joins, build.tree, build.root).get(build.path(directory), [])


def _joins(tree: Tree, root: str) -> Mapping[str, list[str]]:
    """By path which projects of the build in a folder each is joined by."""
    build = build_of(tree, root)
    found: dict[str, list[str]] = {}
    for path, place in build.settings.projects.items():
        try:
            joined = [build.named(other.path) for other in build.project(place).joined]
        except (ManifestError, RecursionError):
            continue
        for other in dict.fromkeys(joined):
            found.setdefault(other, []).append(path)
    return found
