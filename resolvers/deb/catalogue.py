"""The packages of several indexes, each unit once, and which of its versions apt would choose."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from resolvers.deb.architecture import ALL
from resolvers.deb.index_source import IndexSource
from resolvers.deb.packages_index import Stanza
from resolvers.deb.version_order import key

INSTALLED = 100
"""The priority of what is installed (apt_preferences(5))."""


@dataclass
class Catalogue:
    """Units by number. ``sources`` says for each in which indexes it is, ``named`` which have a name.

    ``native`` is the architecture of the machine, as which a package for all counts.
    """

    indexes: Sequence[IndexSource]
    native: str
    stanzas: list[Stanza] = field(default_factory=list)
    sources: list[tuple[int, ...]] = field(default_factory=list)
    named: dict[str, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for number, index in enumerate(self.indexes):
            only = (number,)
            for stanza in index.listing.stanzas:
                self._add(stanza, only)

    def _add(self, stanza: Stanza, source: tuple[int, ...]) -> None:
        alike = self.named.setdefault(stanza.name, [])
        for unit in alike:
            known = self.stanzas[unit]
            if known.version == stanza.version and known.architecture == stanza.architecture:
                self.sources[unit] += source
                return
        alike.append(len(self.stanzas))
        self.stanzas.append(stanza)
        self.sources.append(source)

    def architecture(self, unit: int) -> str:
        """The architecture that a unit counts as."""
        own = self.stanzas[unit].architecture
        return self.native if own == ALL else own

    def ranked(self, name: str) -> list[int]:
        """The units of a name, the native ones first, of each architecture the candidate before the rest."""
        units = self.named.get(name, [])
        if len(units) < 2:
            return units
        chosen: list[int] = []
        for _, alike in groupby(sorted(units, key=self._by_architecture), self._by_architecture):
            chosen += self._by_preference(list(alike))
        return chosen

    def reserved(self) -> frozenset[int]:
        """Units that are not the candidate of their name and architecture."""
        several = (self.ranked(name) for name, units in self.named.items() if len(units) > 1)
        return frozenset(unit for units in several for unit in self._after_first(units))

    def _after_first(self, units: Sequence[int]) -> Iterable[int]:
        for _, alike in groupby(units, self.architecture):
            yield from list(alike)[1:]

    def _by_architecture(self, unit: int) -> tuple[bool, str]:
        own = self.architecture(unit)
        return own != self.native, own

    def _by_preference(self, units: Sequence[int]) -> list[int]:
        """Highest priority first, then highest version; apt goes below what is installed only by force."""
        installed = [unit for unit in units if self.stanzas[unit].status]
        floor = max((key(self.stanzas[unit].version) for unit in installed), default="")

        def preference(unit: int) -> tuple[bool, int, str]:
            version = key(self.stanzas[unit].version)
            return version >= floor, self._priority(unit), version

        return sorted(units, key=preference, reverse=True)

    def _priority(self, unit: int) -> int:
        known = max(self.indexes[source].release.priority for source in self.sources[unit])
        return INSTALLED if self.stanzas[unit].status else known
