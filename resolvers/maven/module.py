"""What a published Maven module says of itself, as Gradle takes it for a runtime class path."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from analyzer.origin import Origin
from analyzer.package import Candidate, Package


class Kind(StrEnum):
    """What a module's word on another one asks for."""

    DEPENDENCY = "dependency"
    """The other module must be there."""
    CONSTRAINT = "constraint"
    """If the other module is there, its version must suit (Gradle's ``constraints``, a BOM's entries)."""
    PLATFORM = "platform"
    """The other module's constraints count."""
    ENFORCED_PLATFORM = "enforced platform"
    """The other module's constraints count and override."""


@dataclass(frozen=True, slots=True, order=True)
class Exclusion:
    """Modules that are left out below a dependency; ``""`` stands for any group, or any name."""

    group: str = ""
    name: str = ""

    def covers(self, package: Package) -> bool:
        """Whether a module is left out by it."""
        return self.group in ("", package.namespace) and self.name in ("", package.name)


@dataclass(frozen=True, slots=True)
class ModuleDependency:
    """One module's word on another. ``constraint`` is as in ``Requirement`` for maven (``1.2``, ``[1,2)``,
    ``strictly 1.2; reject 1.3``; empty where only constraints tell the version). ``classifier`` names
    another file of the same module."""

    package: Package
    constraint: str = ""
    kind: Kind = Kind.DEPENDENCY
    exclusions: frozenset[Exclusion] = frozenset()
    transitive: bool = True
    classifier: str = ""


@dataclass(frozen=True, slots=True)
class Module:
    """One version of a module. ``dependencies`` are those of its runtime, and constraints; ``managed`` what a
    POM's dependencyManagement says, which counts where the module is used as a platform. ``capabilities``
    are what it provides besides itself (of two modules with one capability only one can be there),
    ``relocated`` is where it moved to (POM ``relocation``). ``origin`` is the file that says all this."""

    candidate: Candidate
    origin: Origin
    dependencies: tuple[ModuleDependency, ...] = ()
    managed: tuple[ModuleDependency, ...] = ()
    capabilities: tuple[Candidate, ...] = ()
    relocated: Candidate | None = None


class Modules(Protocol):
    """A Maven repository, as far as resolution is concerned."""

    def module(self, candidate: Candidate) -> Module | None:
        """A version of a module; None where there is no such version. Raises ManifestError where its
        metadata cannot be read, Unreachable (a CohabitError) where nobody can tell whether there is one."""
        ...

    def versions(self, package: Package) -> tuple[str, ...]:
        """The versions there are, in no order. Raises as ``module`` does."""
        ...
