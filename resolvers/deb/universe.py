"""Debian's packages as a universe: what dpkg would admit, of what apt would choose.

Dependencies are worked out for the units that are asked about, and remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from pathlib import Path

from analyzer.requirement import Requirement
from analyzer.service import Skipped
from analyzer.universe import Exclusion, Need, Unit
from resolvers.deb.architecture import debian_architecture
from resolvers.deb.catalogue import Catalogue
from resolvers.deb.demand import Demands
from resolvers.deb.index_places import find_indexes
from resolvers.deb.index_source import IndexSource, read_indexes, read_release
from resolvers.deb.providers import Providers
from resolvers.deb.relation import RelationError, parse_alternatives, parse_relation


def read_universe(
    places: Sequence[Path], architecture: str = "x86_64", cache: Path | None = None, release: str = ""
) -> DebianUniverse:
    """The packages of every index in ``places`` (``index_places``) for a machine that uname calls so.

    ``cache`` is a folder that makes a second start faster; ``release`` names the universe, which is
    told from the Release files where it is empty. Raises ManifestError where an index cannot be read.
    """
    native = debian_architecture(architecture)
    return DebianUniverse(tuple(read_indexes(places, native, cache)), native, release)


def release_of(places: Sequence[Path]) -> str:
    """``debian:12`` where the Release files in ``places`` agree on it; else empty.

    Raises ManifestError for a place without an index, or a Release file that cannot be read.
    """
    return _agreed(read_release(index).distribution for index in find_indexes(places, ""))


class DebianUniverse:
    """The packages of some indexes on a machine of one architecture (as Debian calls it)."""

    def __init__(self, indexes: Sequence[IndexSource], architecture: str, release: str = "") -> None:
        self._catalogue = Catalogue(indexes, architecture)
        self._providers = Providers(self._catalogue)
        self._demands = Demands(self._catalogue, self._providers, self.needs, lambda: self.reserved)
        self._release = release
        self._needs: dict[int, tuple[Need, ...]] = {}
        self._exclusions: dict[int, tuple[Exclusion, ...]] = {}
        self._clauses: dict[tuple[str, str, str], Need] = {}
        self._against: dict[str, tuple[int, ...]] = {}

    @property
    def name(self) -> str:
        """As in Universe."""
        unread = f", {len(self.skipped)} not readable" if self.skipped else ""
        count = f"{len(self._catalogue.stanzas):,} packages{unread}"
        release = self._release or _agreed(index.release.distribution for index in self._catalogue.indexes)
        return f"{release}, {count}" if release else count

    @cached_property
    def units(self) -> Sequence[Unit]:
        """As in Universe."""
        ranks = [0] * len(self._catalogue.stanzas)
        for name, units in self._catalogue.named.items():
            if len(units) > 1:
                for rank, unit in enumerate(self._catalogue.ranked(name)):
                    ranks[unit] = rank
        return tuple(
            Unit(stanza.name, stanza.version, stanza.architecture, rank)
            for stanza, rank in zip(self._catalogue.stanzas, ranks, strict=True)
        )

    @cached_property
    def base(self) -> Sequence[Need]:
        """A version of each package whose candidate is ``Essential: yes`` (Policy 3.8)."""
        essential = sorted(
            stanza.name
            for unit, stanza in enumerate(self._catalogue.stanzas)
            if stanza.essential == "yes" and unit not in self.reserved and self._is_native(unit)
        )
        return tuple(Need("Essential", name, self._natives(name)) for name in essential)

    @cached_property
    def reserved(self) -> frozenset[int]:
        """Versions that are not apt's candidate (apt_preferences(5))."""
        return self._catalogue.reserved()

    @property
    def skipped(self) -> tuple[Skipped, ...]:
        """Stanzas that could not be used, with file and line."""
        return tuple(item.in_file(index.file) for index in self._catalogue.indexes for item in index.listing.omitted)

    @property
    def unread(self) -> int:
        """As in Universe."""
        return len(self.skipped)

    def suites(self, unit: int) -> tuple[str, ...]:
        """Where a unit comes from: the codename or suite of each index that has it, else its file."""
        sources = (self._catalogue.indexes[source] for source in self._catalogue.sources[unit])
        return tuple(dict.fromkeys(s.release.codename or s.release.suite or s.file for s in sources))

    def needs(self, unit: int) -> Sequence[Need]:
        """Pre-Depends and Depends. What is no relation is met by nothing."""
        if unit not in self._needs:
            stanza = self._catalogue.stanzas[unit]
            fields = (("Pre-Depends", stanza.pre_depends), ("Depends", stanza.depends))
            parts = ((field, part.strip()) for field, text in fields if text for part in text.split(","))
            architecture = self._catalogue.architecture(unit)
            self._needs[unit] = tuple(self._clause(field, part, architecture) for field, part in parts if part)
        return self._needs[unit]

    def exclusions(self, unit: int) -> Sequence[Exclusion]:
        """Conflicts and Breaks, and the other versions of itself that cannot be there at once."""
        if unit not in self._exclusions:
            self._exclusions[unit] = tuple(self._excluded(unit))
        return self._exclusions[unit]

    def demanded(self, requirement: Requirement) -> Sequence[Need] | None:
        """As in Universe."""
        return self._demands.demanded(requirement)

    def permitted(self, requirement: Requirement) -> frozenset[int]:
        """Versions that the Requirement names; of a suite also what they need that is only there."""
        return self._demands.permitted(requirement)

    def _clause(self, field: str, text: str, architecture: str) -> Need:
        known = self._clauses.get((field, text, architecture))
        if known is None:
            known = self._clauses[field, text, architecture] = Need(field, text, self._meeting(text, architecture))
        return known

    def _meeting(self, text: str, architecture: str) -> tuple[int, ...]:
        try:
            alternatives = parse_alternatives(text)
        except RelationError:
            return ()
        found = (unit for one in alternatives for unit in self._providers.meeting(one, architecture))
        return tuple(dict.fromkeys(found))

    def _excluded(self, unit: int) -> Iterator[Exclusion]:
        stanza = self._catalogue.stanzas[unit]
        alike = self._catalogue.named[stanza.name]
        if rivals := tuple(other for other in alike if other != unit and not self._beside(unit, other)):
            yield Exclusion("", "", rivals)
        for field, text in (("Conflicts", stanza.conflicts), ("Breaks", stanza.breaks)):
            for part in filter(None, map(str.strip, text.split(","))) if text else ():
                if others := tuple(other for other in self._spoken_of(part) if other not in alike):
                    yield Exclusion(field, part, others)

    def _spoken_of(self, text: str) -> tuple[int, ...]:
        if text not in self._against:
            try:
                found: Iterable[int] = self._providers.against(parse_relation(text))
            except RelationError:
                found = ()
            self._against[text] = tuple(dict.fromkeys(found))
        return self._against[text]

    def _beside(self, one: int, other: int) -> bool:
        """Whether two units of one name may be there at once: one version on two architectures."""
        stanzas = self._catalogue.stanzas[one], self._catalogue.stanzas[other]
        return (
            all(stanza.multi_arch == "same" for stanza in stanzas)
            and stanzas[0].version == stanzas[1].version
            and self._catalogue.architecture(one) != self._catalogue.architecture(other)
        )

    def _is_native(self, unit: int) -> bool:
        return self._catalogue.architecture(unit) == self._catalogue.native

    def _natives(self, name: str) -> tuple[int, ...]:
        return tuple(filter(self._is_native, self._catalogue.ranked(name)))


def _agreed(distributions: Iterable[str]) -> str:
    found = {distribution for distribution in distributions if distribution}
    return found.pop() if len(found) == 1 else ""
