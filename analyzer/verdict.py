"""Verdicts of a set of Services in one Environment: Compatible, Conflict, Undecided."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from enum import StrEnum

from analyzer.boundary import Boundary
from analyzer.explanation import Explanation
from analyzer.package import Candidate, Package
from analyzer.requirement import Requirement


class Stance(StrEnum):
    """Which freedom a question grants: every lock kept, or locks free inside what is declared."""

    LOCKED = "locked"
    RELOCKED = "relocked"


class Depth(StrEnum):
    """How deep a Conflict lies: no environment satisfies what is declared, or only locks clash."""

    DECLARED = "declared"
    LOCKED = "locked"


class Grade(StrEnum):
    """How good a Compatible verdict is."""

    AS_LOCKED = "as locked"
    RELOCKED = "after re-locking"
    FROM_RANGES = "from ranges"


class Code(StrEnum):
    """Stable codes of conflicts, each documented in ``docs/codes.md``."""

    VERSION = "PIP001"
    """Direct requirements on one distribution have no version in common (PEP 440)."""
    RESOLUTION = "PIP002"
    """Only what dependencies depend on rules every common set of versions out."""
    SOURCE = "PIP003"
    """One distribution must come from two places (URL, VCS reference) at once."""
    LOCK = "PIP004"
    """Locks fix different versions of one distribution; what is declared could be satisfied."""
    DEB_VERSION = "DEB001"
    """Requirements on one Debian package have no version in common."""
    DEB_RESOLUTION = "DEB002"
    """Debian packages that the services need exclude one another, or one cannot be installed at all."""
    DEB_LOCK = "DEB003"
    """Installed systems hold different versions of one Debian package."""
    RPM_VERSION = "RPM001"
    """Requirements on one RPM package have no version in common."""
    RPM_RESOLUTION = "RPM002"
    """RPM packages that the services need exclude one another, or one cannot be installed at all."""
    RPM_LOCK = "RPM003"
    """Installed systems hold different versions of one RPM package."""
    EVICTION = "MVN001"
    """On one class path a service gets a version of a Maven module that breaks what it was built with."""
    STRICT = "MVN002"
    """Strict versions of one Maven module contradict what another service wants."""
    SHARED_JAR = "MVN003"
    """A jar that a system's package ships is not what a service was built with."""
    CHECKOUT = "GIT001"
    """One repository must be checked out at two commits in one place."""
    PORT = "NET001"
    """Two services listen on one port."""
    SYSTEM_PYTHON = "SYS001"
    """A Python distribution that a system's package ships is not what a service can do with."""
    INTERPRETER = "PY001"
    """No Python version suits all."""
    JDK = "JDK001"
    """No JDK suits all."""
    OPERATING_SYSTEM = "PLAT001"
    """Two distributions or releases in one root filesystem."""
    ARCHITECTURE = "PLAT002"
    """Two processor architectures on one machine."""
    KERNEL = "KRN001"
    """No kernel suits all: no version in common, or one setting with two values."""


@dataclass(frozen=True, slots=True, order=True)
class Demand:
    """A Requirement as made by one Service: the atom of every question."""

    service: str
    requirement: Requirement


@dataclass(frozen=True, slots=True)
class Witness:
    """Versions that satisfy all Services of a set at once, on one Python version."""

    versions: tuple[Candidate, ...]
    python: str = ""


@dataclass(frozen=True, slots=True)
class Compatible:
    """A set of Services that fit in one Environment, with a checked Witness.

    ``drift`` counts locked versions that move (0 *as locked*), summed over the Services.
    """

    services: tuple[str, ...]
    stance: Stance
    grade: Grade
    witness: Witness
    drift: int = 0


@dataclass(frozen=True, slots=True)
class Undecided:
    """A set of Services of which nothing is known, and why."""

    services: tuple[str, ...]
    stance: Stance
    reason: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """A minimal set of Services that no Environment satisfies together.

    ``requirements`` is a minimal set of Demands that already clash. ``boundary`` is the weakest
    that separates them. ``replay`` is a shell command that shows the clash with the ecosystem's
    own installer.
    """

    code: Code
    stance: Depth
    services: tuple[str, ...]
    boundary: Boundary
    packages: tuple[Package, ...]
    requirements: tuple[Demand, ...]
    explanation: Explanation
    replay: str = ""
    fixes: tuple[str, ...] = ()
    id: str = field(default="")

    def __post_init__(self) -> None:
        if not self.id:
            object.__setattr__(self, "id", fingerprint(self.code, self.services, self.packages))


def fingerprint(code: Code, services: tuple[str, ...], packages: tuple[Package, ...]) -> str:
    """A conflict's identity across runs: code, services and packages, no lines and no versions."""
    text = "\n".join((code, *sorted(services), "", *sorted(map(str, packages))))
    digest = hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()
    return f"{code.lower()}-{digest[:12]}"
