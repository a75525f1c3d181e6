"""What one manifest says of RPM packages: the value that every reader here returns."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from analyzer.origin import Origin
from analyzer.package import Candidate, Package
from analyzer.requirement import Locked, Requirement
from analyzer.service import Skipped

ECOSYSTEM = "rpm"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Target:
    """What the packages are for: a release (``centos:9``, empty where nothing tells it) and an
    architecture (as uname)."""

    release: str = ""
    arch: str = "x86_64"

    @property
    def namespace(self) -> str:
        """The distribution (``centos``), or nothing."""
        return self.release.partition(":")[0]

    def package(self, name: str, arch: str = "") -> Package:
        """The Package of a name. One for another architecture keeps it (``glibc.i686``), as dnf writes it."""
        foreign = arch and arch not in (self.arch, "noarch")
        return Package(ECOSYSTEM, f"{name}.{arch}" if foreign else name, self.namespace)

    def requirement(self, name: str, constraint: str, origin: Origin, arch: str = "") -> Requirement:
        """A Requirement on a package or a capability."""
        return Requirement(self.package(name, arch), constraint, origin)

    def locked(self, name: str, version: str, origin: Origin, arch: str = "") -> Locked:
        """A package that is installed. ``version`` is ``[epoch:]version-release``."""
        return Locked(Candidate(self.package(name, arch), version), origin)


@dataclass(frozen=True, slots=True)
class Declared:
    """The content of one manifest.

    ``locked`` is None where the file fixes no versions. ``provides`` holds the names of packages,
    capabilities and files that the manifest's own packages provide. ``unknown`` is as in
    ``analyzer.service.DependencySet``.
    """

    requirements: tuple[Requirement, ...] = ()
    locked: tuple[Locked, ...] | None = None
    skipped: tuple[Skipped, ...] = ()
    unknown: tuple[str, ...] = ()
    provides: frozenset[str] = frozenset()


def join_declared(parts: Iterable[Declared]) -> Declared:
    """What several manifests say together: what one provides, the others need not look for."""
    parts = tuple(parts)
    own = frozenset(name for part in parts for name in part.provides)
    locks = [part.locked for part in parts if part.locked is not None]
    return Declared(
        unique(r for part in parts for r in part.requirements if r.package.name not in own),
        unique(pin for lock in locks for pin in lock) if locks else None,
        unique(s for part in parts for s in part.skipped),
        unique(u for part in parts for u in part.unknown),
        own,
    )


def unique(items: Iterable[T]) -> tuple[T, ...]:
    """The items without repetitions, in order."""
    return tuple(dict.fromkeys(items))
