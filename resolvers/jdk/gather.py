"""Gathers the JDK of one service: what its build asks for, locked to what its image brings."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.package import JDK, Candidate
from analyzer.requirement import Locked, Requirement
from analyzer.service import DependencySet
from resolvers.container.build import Build
from resolvers.container.containerfile import read_recipe
from resolvers.container.image import resolve
from resolvers.container.places import recipe
from resolvers.gradle.java_demand import JavaDemand, java_demand
from resolvers.jdk.feature_release import ECOSYSTEM, at_least, exactly
from resolvers.jdk.image import image_jdk
from resolvers.jdk.installed import installed
from resolvers.seam import Gathered, Manifest, Wish
from resolvers.tree import Tree

Offered = dict[int, Origin]


class JdkGatherer:
    """Gathers the JDK that a service runs on. A jar of the service's own still shares it with its neighbours."""

    ecosystem = ECOSYSTEM

    def manifests(self, tree: Tree, directory: str) -> tuple[Manifest, ...]:
        """None: builds and images are for others to find."""
        return ()

    def gather(self, tree: Tree, directory: str, wish: Wish) -> Gathered:
        """The set of the service's JDK; none where nothing speaks of one, or the program brings its own."""
        offered = _offered(tree, directory, wish)
        try:
            asked = java_demand(tree, directory)
        except (ManifestError, RecursionError):
            # Whoever gathers the build tells what cannot be read of it.
            asked = JavaDemand()
        if asked.brings_runtime and not offered:
            return Gathered()
        if len(offered) > 1:
            # Whoever wants one of them can have it beside the service's own.
            own = Requirement(JDK, exactly(offered), next(iter(offered.values())))
            return Gathered((DependencySet(ECOSYSTEM, (own,)),))
        locked = tuple(Locked(Candidate(JDK, str(release)), origin) for release, origin in offered.items())
        if not (locked or asked.said):
            return Gathered()
        found = DependencySet(ECOSYSTEM, tuple(_requirements(asked)), locked or None, unknown=asked.unknown)
        return Gathered((replace(found, closed=bool(locked)),))


def _requirements(asked: JavaDemand) -> Iterator[Requirement]:
    if asked.toolchain is not None:
        yield Requirement(JDK, exactly([asked.toolchain.release]), asked.toolchain.origin)
    for level in asked.class_files:
        yield Requirement(JDK, at_least(level.release), level.origin)


def _offered(tree: Tree, directory: str, wish: Wish) -> Offered:
    """The JDKs in the service's image, each with the line that brings it."""
    meant = recipe(tree, directory, wish)
    if meant is None:
        return {}
    try:
        build = read_recipe(tree, meant)
    except ManifestError:
        return {}
    return dict(reversed([*_brought(build)]))


def _brought(build: Build) -> Iterable[tuple[int, Origin]]:
    image = build.base.image.text if build.base is not None and build.base.image.known else ""
    release = image_jdk(image) if image else None
    if release is not None and build.base is not None:
        yield release, build.base.origin
    stands_on = resolve(image) if image else None
    yield from installed(build.commands, stands_on.release if stands_on else "")
