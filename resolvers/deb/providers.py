"""Which units a relation speaks of: names, virtual packages and architectures (Debian Policy 7.5, and
the Multi-Arch specification of Debian and Ubuntu)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from resolvers.deb.catalogue import Catalogue
from resolvers.deb.relation import Relation, RelationError, parse_relation
from resolvers.deb.version_order import satisfies


@dataclass(frozen=True, slots=True)
class _Provided:
    """A virtual package: who provides it, at which version (empty for none) and architecture."""

    unit: int
    version: str
    qualifier: str


@dataclass
class Providers:
    """Answers from a Catalogue, of all versions, whether or not apt would choose them."""

    catalogue: Catalogue

    def offers(self, name: str) -> bool:
        """Whether there is a package or a virtual package of that name."""
        return name in self.catalogue.named or name in self._virtual

    def meeting(self, relation: Relation, architecture: str) -> Iterator[int]:
        """Units that satisfy a dependency of a package of ``architecture``: those of the name, then
        those that provide it."""
        yield from self.named(relation, architecture)
        for provided in self._provided(relation):
            qualifier = provided.qualifier
            reaches = self._reaches(provided.unit, relation.qualifier, architecture)
            if reaches or qualifier in ("any", relation.qualifier or architecture):
                yield provided.unit

    def named(self, relation: Relation, architecture: str) -> Iterator[int]:
        """Those of the name alone."""
        for unit in self._versions(relation):
            if self._reaches(unit, relation.qualifier, architecture):
                yield unit

    def against(self, relation: Relation) -> Iterator[int]:
        """Units that a conflict speaks of: without a qualifier, those of every architecture."""
        wanted = relation.qualifier
        units = (*self._versions(relation), *(provided.unit for provided in self._provided(relation)))
        for unit in units:
            if wanted in ("", "any") or self.catalogue.architecture(unit) == self._meant(wanted):
                yield unit

    def _versions(self, relation: Relation) -> Iterator[int]:
        for unit in self.catalogue.ranked(relation.name):
            if satisfies(self.catalogue.stanzas[unit].version, relation.operator, relation.version):
                yield unit

    def _provided(self, relation: Relation) -> Iterator[_Provided]:
        for provided in self._virtual.get(relation.name, ()):
            # Nothing is known of the version of a virtual package that has none.
            if not relation.operator or (
                provided.version and satisfies(provided.version, relation.operator, relation.version)
            ):
                yield provided

    def _reaches(self, unit: int, qualifier: str, architecture: str) -> bool:
        """Whether a dependency may be met by a unit as far as architectures go."""
        multi_arch = self.catalogue.stanzas[unit].multi_arch
        if qualifier == "any":
            return multi_arch == "allowed"
        if qualifier:
            return self.catalogue.architecture(unit) == self._meant(qualifier)
        return multi_arch == "foreign" or self.catalogue.architecture(unit) == architecture

    def _meant(self, qualifier: str) -> str:
        return self.catalogue.native if qualifier == "native" else qualifier

    @cached_property
    def _virtual(self) -> Mapping[str, list[_Provided]]:
        found: dict[str, list[_Provided]] = {}
        for unit, stanza in enumerate(self.catalogue.stanzas):
            if stanza.provides:
                for relation in _relations(stanza.provides):
                    provided = _Provided(unit, relation.version, relation.qualifier)
                    found.setdefault(relation.name, []).append(provided)
        return found


def _relations(text: str) -> Iterator[Relation]:
    """What a Provides field offers; what is no relation, or not one version, offers nothing."""
    for part in text.split(","):
        try:
            relation = parse_relation(part)
        except RelationError:
            continue
        if relation.operator in ("", "="):
            yield relation
