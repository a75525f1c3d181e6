"""Which lock of a project counts, and whether it proves itself."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping

from analyzer.errors import ManifestError
from analyzer.requirement import Force, Locked, Requirement
from analyzer.service import Skipped
from resolvers.gradle import lockfile
from resolvers.tree import Tree, join

LOCKS: Mapping[str, Callable[[Tree, str], tuple[Locked, ...]]] = {
    "gradle.lockfile": lockfile.read_lockfile,
    "gradle/dependency-locks/runtimeClasspath.lockfile": lockfile.read_old_lockfile,
    "dependencies.lock": lockfile.read_nebula,
    "dependencies.txt": lockfile.read_output,
}
_WHOLE = frozenset({"gradle.lockfile", "gradle/dependency-locks/runtimeClasspath.lockfile"})
"""Locks that hold every module of a configuration: Gradle refuses to resolve to one that is not in them (user
manual, "Locking Versions"). Nebula's may leave out what dependencies bring."""


def read_lock(
    tree: Tree, directory: str, requirements: Collection[Requirement]
) -> tuple[tuple[Locked, ...] | None, bool, list[Skipped]]:
    """The first lock there is, whether it is closed, and one that cannot be read."""
    for name, read in LOCKS.items():
        path = join(directory, name)
        if tree.exists(path):
            try:
                locked = tuple(sorted(set(read(tree, path))))
            except ManifestError as error:
                return None, False, [Skipped(path, error.reason, error.origin)]
            return locked, name in _WHOLE and _has_all(locked, requirements), []
    return None, False, []


def _has_all(locked: Collection[Locked], requirements: Collection[Requirement]) -> bool:
    """Whether a lock has all that is required by name: it is stale otherwise."""
    known = {pin.candidate.package for pin in locked}
    return all(r.package in known for r in requirements if r.force is Force.REQUIRES)
