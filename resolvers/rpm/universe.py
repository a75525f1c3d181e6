"""RPM repositories as a Universe: what dnf's solver, libsolv, may install together.

As libsolv with dnf's settings: Requires (weak dependencies apart), Conflicts with whatever provides the
capability, Obsoletes by package names, one version of a name, an architecture of lesser class only
beside the same version of the best. All packages are visible: modularity is not taken into account.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from itertools import chain
from pathlib import Path

from analyzer.origin import Origin
from analyzer.requirement import Requirement
from analyzer.service import Skipped
from analyzer.universe import Exclusion, Need, Unit
from resolvers.rpm import rich
from resolvers.rpm.architecture import NOARCH, Architecture
from resolvers.rpm.capability import Capability
from resolvers.rpm.demand import Demand
from resolvers.rpm.file_owners import FileOwners
from resolvers.rpm.listing_cache import read_listing
from resolvers.rpm.primary import Listing, Package
from resolvers.rpm.provides import Plain, Provides
from resolvers.rpm.release import release_named
from resolvers.rpm.repomd import Repodata, find_repodata
from resolvers.rpm.version_order import evr_key

_SYSTEM = "rpmlib("
"""Capabilities of rpm itself."""
_OTHERS = "otherproviders("
"""openSUSE: ``Conflicts: otherproviders(x)`` is meant for all who provide x."""


def read_universe(
    places: Sequence[Path], architecture: str = "x86_64", cache: Path | None = None, release: str = ""
) -> RpmUniverse:
    """The repositories in ``places`` (see ``find_repodata``) for machines of one architecture.

    ``cache`` is a folder that makes a second start faster; ``release`` (``centos:9``) is told from the
    packages where it is empty. Raises ManifestError where a repository cannot be read.
    """
    found = find_repodata(places)
    with _without_collection():
        listings = [(repodata, read_listing(repodata.primary, cache)) for repodata in found]
        return RpmUniverse(listings, architecture, release)


def release_of(places: Sequence[Path], cache: Path | None = None) -> str:
    """The distribution and release of the repositories in ``places``, empty where nothing tells it.

    Raises ManifestError where a repository cannot be read.
    """
    listings = (read_listing(repodata.primary, cache) for repodata in find_repodata(places))
    return release_named((package.name, package.evr) for listing in listings for package in listing.packages)


@contextmanager
def _without_collection() -> Iterator[None]:
    """Hundreds of thousands of objects are made and kept; the collector would walk them over and over."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


class RpmUniverse:
    """Packages of one or more repositories, all of equal priority (``analyzer.universe.Universe``)."""

    def __init__(self, repositories: Iterable[tuple[Repodata, Listing]], architecture: str, release: str = "") -> None:
        self._architecture = Architecture(architecture)
        self._repositories = tuple(repositories)
        self._packages: list[Package] = []
        self._tables: list[Sequence[Plain]] = []
        self._provides = Provides(self._owners)
        for _, listing in self._repositories:
            self._add(listing)
        self._units = self._ranked()
        self._provides.rank([unit.rank for unit in self._units])
        self.release = release or release_named((unit.name, unit.version) for unit in self._units)
        self._demand = Demand(self._units, self._provides)
        self._needs: dict[int, tuple[Need, ...]] = {}
        self._exclusions: dict[int, tuple[Exclusion, ...]] = {}
        self._required: dict[Plain, tuple[Need, ...]] = {}
        self._conflicting: dict[Plain, tuple[tuple[Need, ...], Exclusion]] = {}

    @property
    def name(self) -> str:
        """What it is, for people: ``centos:9, 18,774 packages``, with how many could not be read."""
        unread = f", {len(self.skipped)} not readable" if self.skipped else ""
        return f"{self.release or 'RPM'}, {len(self._units):,} packages{unread}"

    @property
    def units(self) -> Sequence[Unit]:
        """All packages that the architecture admits, by number."""
        return self._units

    @property
    def base(self) -> Sequence[Need]:
        """Nothing: no package is essential."""
        return ()

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """What of the repositories could not be read."""
        return tuple(
            Skipped(what, reason, Origin(repodata.primary.origin, line))
            for repodata, listing in self._repositories
            for what, reason, line in listing.skipped
        )

    @cached_property
    def unread(self) -> int:
        """As in Universe. A rich dependency that is none makes no package unread: rpm refuses it as well."""
        return sum(not rich.is_rich(what) for _, listing in self._repositories for what, _, _ in listing.skipped)

    @cached_property
    def reserved(self) -> frozenset[int]:
        """Units of a lesser architecture without the same version for the best one."""
        return frozenset(unit for unit, beside in self._beside.items() if not beside)

    def provided(self, unit: int) -> Iterator[Capability]:
        """What a package provides besides its own name and files."""
        table = self._tables[unit]
        return (Capability(*table[number]) for number in self._packages[unit].provides)

    def needs(self, unit: int) -> Sequence[Need]:
        """What a package requires; a conflict with several packages at once is a Need without a way out."""
        found = self._needs.get(unit)
        if found is None:
            found = self._needs[unit] = tuple(self._worked_out_needs(unit))
        return found

    def exclusions(self, unit: int) -> Sequence[Exclusion]:
        """What a package conflicts with or obsoletes, and other versions of itself."""
        found = self._exclusions.get(unit)
        if found is None:
            listed = ((e, tuple(other for other in e.others if other != unit)) for e in self._excluded(unit))
            found = tuple(Exclusion(e.field, e.text, others) for e, others in listed if others)
            self._exclusions[unit] = found
        return found

    def demanded(self, requirement: Requirement) -> Sequence[Need] | None:
        """What a Requirement asks for (see ``Demand``)."""
        return self._demand.needs(requirement, self._clauses)

    def permitted(self, requirement: Requirement) -> frozenset[int]:
        """The reserved units of the architecture that a Requirement names."""
        return self._demand.of_named_architecture(requirement) & self.reserved

    def _add(self, listing: Listing) -> None:
        for package in listing.packages:
            if self._architecture.takes(package.architecture):
                table = listing.capabilities
                provided = (table[number] for number in package.provides)
                self._provides.add(len(self._packages), package.name, package.evr, provided, package.files)
                self._packages.append(package)
                self._tables.append(table)

    def _ranked(self) -> list[Unit]:
        ranks = [0] * len(self._packages)
        for units in self._provides.names.values():
            if len(units) > 1:
                for rank, (unit, _) in enumerate(
                    sorted(units, key=lambda entry: self._preference(*entry), reverse=True)
                ):
                    ranks[unit] = rank
        return [Unit(p.name, p.evr, p.architecture, rank) for p, rank in zip(self._packages, ranks, strict=True)]

    def _preference(self, unit: int, evr: str) -> tuple[object, ...]:
        key = evr_key(evr)
        architecture = self._architecture.order(self._packages[unit].architecture)
        return key.epoch, key.version, key.release or (), -architecture, -unit

    def _worked_out_needs(self, unit: int) -> Iterator[Need]:
        """A dependency that the unit fulfils itself is none. Of several that the same packages fulfil the
        first is told, but everything that is lacking."""
        package, table = self._packages[unit], self._tables[unit]
        required = chain.from_iterable(self._requires(table[number]) for number in package.requires)
        conflicting = chain.from_iterable(self._conflicts(table[number])[0] for number in package.conflicts)
        seen = set()
        for need in chain(required, conflicting, self._same_version(unit)):
            key = need.any_of, need.given
            if unit not in need.any_of and (key not in seen or not need.any_of):
                seen.add(key)
                yield need

    def _requires(self, wanted: Plain) -> tuple[Need, ...]:
        found = self._required.get(wanted)
        if found is None:
            found = self._required[wanted] = self._clauses(Capability(*wanted), "Requires")
        return found

    def _clauses(self, wanted: Capability, field: str, holds: bool = True) -> tuple[Need, ...]:
        """A dependency in conjunctive form; of a conflict (``holds`` false) its contrary."""
        if wanted.name.startswith(_SYSTEM):
            return ()
        if not rich.is_rich(wanted.name):
            any_of = self._provides.of(wanted)
            return (Need(field, str(wanted) if any_of else self._lacking(wanted), any_of),)
        try:
            found = rich.clauses(rich.parse(wanted.name), self._provides.of, holds)
        except rich.RichDependencyError as error:
            # rpm refuses such a package as well.
            return (Need(field, f"{wanted.name[:200]} (which {error})", ()),)
        return tuple(self._need(field, wanted.name, clause) for clause in sorted(found, key=sorted))

    def _need(self, field: str, text: str, clause: rich.Clause) -> Need:
        any_of = self._provides.preferred(literal - 1 for literal in clause if literal > 0)
        return Need(field, text, any_of, tuple(sorted(-literal - 1 for literal in clause if literal < 0)))

    def _lacking(self, wanted: Capability) -> str:
        complete = not wanted.name.startswith("/") or all(repodata.filelists for repodata, _ in self._repositories)
        return str(wanted) if complete else f"{wanted} (which no primary.xml names, and there is no filelists.xml)"

    def _same_version(self, unit: int) -> Iterator[Need]:
        if beside := self._beside.get(unit):
            yield Need("", f"{self._units[unit].name} of the same version for the machine's own architecture", beside)

    def _excluded(self, unit: int) -> Iterator[Exclusion]:
        package, table = self._packages[unit], self._tables[unit]
        for number in package.conflicts:
            yield self._conflicts(table[number])[1]
        for number in package.obsoletes:
            capability = Capability(*table[number])
            yield Exclusion("Obsoletes", str(capability), self._provides.named(capability))
        same = (other for other, _ in self._provides.names[package.name])
        yield Exclusion("", "", tuple(other for other in same if self._replaces(unit, other)))

    def _replaces(self, unit: int, other: int) -> bool:
        return self._architecture.excludes(self._units[unit].architecture, self._units[other].architecture)

    def _conflicts(self, wanted: Plain) -> tuple[tuple[Need, ...], Exclusion]:
        """What a conflict forbids: sets of packages, and single ones."""
        found = self._conflicting.get(wanted)
        if found is None:
            capability = Capability(*wanted)
            sets, single = self._forbidden(capability)
            found = self._conflicting[wanted] = sets, Exclusion("Conflicts", str(capability), single)
        return found

    def _forbidden(self, capability: Capability) -> tuple[tuple[Need, ...], tuple[int, ...]]:
        if not rich.is_rich(capability.name):
            return (), self._provides.of(_others(capability))
        found = self._clauses(capability, "Conflicts", holds=False)
        single = [need.given[0] for need in found if len(need.given) == 1 and not need.any_of]
        return tuple(need for need in found if len(need.given) != 1 or need.any_of), tuple(single)

    @cached_property
    def _beside(self) -> dict[int, tuple[int, ...]]:
        """For units of a lesser architecture than others of their name, those beside which alone they
        are installed."""
        found: dict[int, tuple[int, ...]] = {}
        for entries in self._provides.names.values():
            if len(entries) > 1:
                units = [unit for unit, _ in entries]
                found.update((unit, self._twins(unit, units)) for unit in units if self._is_inferior(unit, units))
        return found

    def _is_inferior(self, unit: int, units: Iterable[int]) -> bool:
        own = self._units[unit].architecture
        return any(self._architecture.inferior(own, self._units[other].architecture) for other in units)

    def _twins(self, unit: int, units: Iterable[int]) -> tuple[int, ...]:
        own = self._units[unit]
        same = (other for other in units if self._units[other].version == own.version)
        return tuple(other for other in same if not self._equally_inferior(own.architecture, other))

    def _equally_inferior(self, own: str, other: int) -> bool:
        architecture = self._units[other].architecture
        return architecture != NOARCH and not self._architecture.inferior(own, architecture)

    def _owners(self, path: str) -> Iterable[int]:
        return self._file_owners.of(path)

    @cached_property
    def _file_owners(self) -> FileOwners:
        return FileOwners(self._repositories, self._units, self._provides)


def _others(capability: Capability) -> Capability:
    name = capability.name
    inner = name.removeprefix(_OTHERS).removesuffix(")")
    return Capability(inner) if name.startswith(_OTHERS) and name.endswith(")") else capability
