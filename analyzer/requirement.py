"""Requirements: what a Service says it needs, and where it says so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from functools import total_ordering

from analyzer.origin import Origin
from analyzer.package import Candidate, Package


class Force(StrEnum):
    """How a Requirement acts on a resolution."""

    REQUIRES = "requires"
    """The Package must be there, within the constraint."""
    LIMITS = "limits"
    """If the Package is there, it must be within the constraint (pip's ``-c``)."""
    OVERRIDES = "overrides"
    """Replaces what anything else says of the Package (uv's ``override-dependencies``)."""


@dataclass(frozen=True, slots=True, order=True)
class Source:
    """A place that a Package must come from instead of an index.

    ``kind`` is ``url``, ``git`` (or another VCS) or ``path``; ``location`` is normalised, without
    credentials and without the reference; ``reference`` is what was asked for (branch, tag,
    commit, archive hash), empty if nothing was.
    """

    kind: str
    location: str
    reference: str = ""

    def __str__(self) -> str:
        at = f"@{self.reference}" if self.reference else ""
        return f"{self.location}{at}"


_INDEX = Source("", "")
"""Stands for an index where things are ordered: before every other place."""


@total_ordering
@dataclass(frozen=True, slots=True)
class Requirement:
    """A Package, a constraint in its ecosystem's own syntax, and an Origin.

    ``constraint`` is a PEP 440 specifier set for PyPI (``""`` admits every version). For deb it is what
    follows the package's name: ``=1.2-3`` and ``/bookworm-backports`` as on apt's command line,
    ``(>= 2) | other (<< 3)`` as in a control file (Debian Policy 7.1). For rpm it is ``>= 1.2-3``
    behind a capability, ``=1.2-3.el9`` behind a package; a file or a rich dependency is a name
    without constraint. ``==`` is a lock's in all of them. For git it is what is checked out and where:
    ``commit 1a2b3c4 in /opt/lib``, ``v1.2 (commit 1a2b3c4) in /opt/lib``, ``main in lib``. For maven it is as a
    Gradle build writes it: ``1.2``, ``[1.0,2.0)``, ``strictly 1.2; reject 1.3``. ``marker`` is
    an environment marker (PEP 508) that the service's platform leaves open because it depends on
    the Python version; it is empty where the Requirement always applies there. ``shipped_by`` names the
    system's package that has the Package in it (``python3-flask 2.2.2-3``): then nobody asks for this
    version, it is what there is.
    """

    package: Package
    constraint: str
    origin: Origin
    extras: tuple[str, ...] = ()
    force: Force = Force.REQUIRES
    source: Source | None = None
    marker: str = ""
    shipped_by: str = ""

    def __lt__(self, other: Requirement) -> bool:
        own, its = self.source or _INDEX, other.source or _INDEX
        one = (self.package, self.constraint, self.origin, self.extras, self.force, own, self.marker)
        two = (other.package, other.constraint, other.origin, other.extras, other.force, its, other.marker)
        return (*one, self.shipped_by) < (*two, other.shipped_by)

    def __str__(self) -> str:
        shown = [extra for extra in self.extras if not extra.startswith(("exclude ", "without ", "overruled "))]
        extras = f"[{','.join(shown)}]" if shown else ""
        if self.source is not None:
            return f"{self.package.name}{extras} @ {self.source}"
        first = self.constraint[:1]
        gap = " " if first.isalnum() or first in ("(", "|", "[", "]", "+") or " " in self.constraint else ""
        return f"{self.package.name}{extras}{gap}{self.constraint}"


@total_ordering
@dataclass(frozen=True, slots=True)
class Locked:
    """A Candidate that a lock (or an installation) fixes, and where it says so.

    The version is empty where only the source is fixed (a repository at a commit).
    """

    candidate: Candidate
    origin: Origin
    extras: tuple[str, ...] = ()
    source: Source | None = None
    marker: str = ""

    def __lt__(self, other: Locked) -> bool:
        own, its = self.source or _INDEX, other.source or _INDEX
        one = (self.candidate, self.origin, self.extras, own, self.marker)
        return one < (other.candidate, other.origin, other.extras, its, other.marker)

    def as_requirement(self) -> Requirement:
        """The lock's demand as a Requirement: exactly this version (PEP 440, ``==``)."""
        return Requirement(
            self.candidate.package,
            f"=={self.candidate.version}" if self.candidate.version else "",
            self.origin,
            self.extras,
            source=self.source,
            marker=self.marker,
        )
