"""What the manifests of one folder say of one language's packages, as a bundled set."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.package import Candidate
from analyzer.requirement import Locked, Requirement, Source
from analyzer.service import DependencySet, Skipped
from resolvers.credentials import without_credentials
from resolvers.package_name import is_version, package_at
from resolvers.seam import Gathered

SHOWN = 200
"""Characters of a stranger's text that a value repeats."""


@dataclass(slots=True)
class Declared:
    """Gathers the set of one folder. Nothing in it can clash, so that what is missing makes no verdict wrong.

    ``locked`` is None until a lock is met.
    """

    ecosystem: str
    requirements: list[Requirement] = field(default_factory=list)
    locked: list[Locked] | None = None
    skipped: list[Skipped] = field(default_factory=list)

    def require(self, name: str, constraint: str, origin: Origin, source: Source | None = None) -> None:
        """Something the service needs; ``name`` holds its namespace before the last ``/``."""
        package = package_at(self.ecosystem, name)
        if package is None:
            self.skip(name, "has a name that is none", origin)
        else:
            self.requirements.append(Requirement(package, shown(constraint), origin, source=source))

    def lock(self, name: str, version: str, origin: Origin, source: Source | None = None) -> None:
        """A version that a lock fixes."""
        self.locked = [] if self.locked is None else self.locked
        package = package_at(self.ecosystem, name)
        if package is None or not is_version(version):
            self.skip(name, "has a name or a version that is none", origin)
        else:
            self.locked.append(Locked(Candidate(package, version), origin, source=source))

    def skip(self, what: str, reason: str, origin: Origin) -> None:
        """Something that is left out."""
        self.skipped.append(Skipped(shown(what), reason, origin, incomplete=False))

    def attempt(self, path: str, read: Callable[[], None]) -> None:
        """Read one file; what cannot be read is noted."""
        try:
            read()
        except ManifestError as error:
            self.skip(path, error.reason, error.origin)

    def gathered(self, *, is_there: bool) -> Gathered:
        """The bundled set, where there are manifests for one."""
        locked = None if self.locked is None else tuple(sorted(dict.fromkeys(self.locked)))
        found = DependencySet(self.ecosystem, tuple(dict.fromkeys(self.requirements)), locked, bundled=True)
        return Gathered((found,) if is_there else (), skipped=tuple(dict.fromkeys(self.skipped)))


def shown(text: str) -> str:
    """A stranger's text on one line, without credentials, not too long."""
    kept = without_credentials(text[: 4 * SHOWN])
    return "".join(char if char.isprintable() else "?" for char in kept)[:SHOWN]
