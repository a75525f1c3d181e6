"""Which universe belongs to which release, opened when it is first asked about."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from analyzer.errors import ManifestError
from analyzer.universe import Universe
from resolvers.container.os_release import release_of as release_on
from resolvers.deb.universe import read_universe as read_deb
from resolvers.deb.universe import release_of as release_of_deb
from resolvers.distribution.oracle import Release
from resolvers.distribution.system import DEB, RPM, system_of
from resolvers.rpm.universe import read_universe as read_rpm
from resolvers.rpm.universe import release_of as release_of_rpm
from resolvers.tree import Tree

APT_LISTS = "var/lib/apt/lists"
_NAMING: Mapping[str, Callable[[Sequence[Path]], str]] = {DEB: release_of_deb, RPM: release_of_rpm}


@dataclass(frozen=True)
class Universes:
    """The places of package metadata by release, as configured, and ``machine``'s own.

    Places without a release belong to the release that their metadata names, else to every release of
    their package system that has no places of its own.
    """

    configured: Sequence[tuple[str, Sequence[str]]] = ()
    cache: Path | None = None
    machine: Path | None = None

    def deb(self, release: Release) -> Universe | None:
        """The Debian universe of a release. Raises ManifestError where its metadata cannot be read."""
        places = self._places(release[0], DEB) or self._of_machine(release[0])
        return read_deb(places, release[1], self.cache, release[0]) if places else None

    def rpm(self, release: Release) -> Universe | None:
        """The RPM universe of a release. Raises ManifestError where its metadata cannot be read."""
        places = self._places(release[0], RPM)
        return read_rpm(places, release[1], self.cache, release[0]) if places else None

    def _places(self, release: str, system: str) -> Sequence[Path]:
        if release and system_of(release) != system:
            return ()
        known = self._by_release
        return known.get((system, release), known.get((system, ""), ()))

    @cached_property
    def _by_release(self) -> Mapping[tuple[str, str], Sequence[Path]]:
        """By package system and release, which is empty where nothing tells it."""
        found: dict[tuple[str, str], list[Path]] = {}
        for release, places in self.configured:
            paths = [Path(place) for place in places]
            key = (system_of(release), release) if release else _told(paths)
            found.setdefault(key, []).extend(paths)
        return found

    def _of_machine(self, release: str) -> Sequence[Path]:
        """The lists of apt on this machine, if it is of that release; configuration's empty list forbids it."""
        if self.machine is None or (DEB, release) in self._by_release:
            return ()
        lists = self.machine / APT_LISTS
        return (lists,) if release and lists.is_dir() and _release_of_machine(self.machine) == release else ()


def _told(places: Sequence[Path]) -> tuple[str, str]:
    """The package system and the release that metadata tells. Raises ManifestError where it is of none."""
    faults: list[ManifestError] = []
    for system, naming in _NAMING.items():
        try:
            return system, naming(places)
        except ManifestError as error:
            faults.append(error)
    raise faults[0]


def _release_of_machine(root: Path) -> str:
    try:
        return release_on(Tree(root).read_text("etc/os-release"), "etc/os-release") or ""
    except ManifestError:
        return ""
