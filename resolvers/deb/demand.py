"""What a Requirement asks of Debian's packages, as apt's command line or a control file would."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from fnmatch import fnmatchcase

from analyzer.requirement import Requirement
from analyzer.universe import Need
from resolvers.deb.catalogue import Catalogue
from resolvers.deb.providers import Providers
from resolvers.deb.relation import Alternatives, Relation, RelationError, parse_alternatives

_LOCK = "=="
_PIN = "="
_SUITE = "/"


class Demands:
    """Reads Requirements (``analyzer.requirement`` says how they are written). ``needs`` tells what a
    unit depends on, ``reserved`` whether apt would choose it."""

    def __init__(
        self,
        catalogue: Catalogue,
        providers: Providers,
        needs: Callable[[int], Sequence[Need]],
        reserved: Callable[[], frozenset[int]],
    ) -> None:
        self._catalogue = catalogue
        self._providers = providers
        self._needs = needs
        self._reserved = reserved

    def demanded(self, requirement: Requirement) -> Sequence[Need] | None:
        """The clauses; None where nothing is known of what is asked for."""
        alternatives = _alternatives(requirement)
        if not any(self._providers.offers(one.name) for one in alternatives):
            return None
        text = str(requirement)
        if not _named_by_word(requirement):
            found = (u for one in alternatives for u in self._providers.meeting(one, self._catalogue.native))
            return (Need("", text, tuple(dict.fromkeys(found))),)
        units = tuple(self._chosen(requirement, alternatives[0]))
        unheard = requirement.constraint.startswith((_LOCK, _SUITE)) and not units
        return None if unheard else (Need("", text, units),)

    def permitted(self, requirement: Requirement) -> frozenset[int]:
        """Reserved units that are named by version or suite."""
        if not requirement.constraint.startswith((_PIN, _SUITE)):
            return frozenset()
        chosen = frozenset(unit for need in self.demanded(requirement) or () for unit in need.any_of)
        if requirement.constraint.startswith(_SUITE):
            chosen = self._with_suite(chosen, requirement.constraint.removeprefix(_SUITE))
        return chosen & self._reserved()

    def _chosen(self, requirement: Requirement, relation: Relation) -> Iterator[int]:
        """apt takes the package of a name where there is one, else what provides it."""
        named = list(self._providers.named(relation, self._catalogue.native))
        if not named and not relation.qualifier:
            named = self._catalogue.ranked(relation.name)
        units = named or list(self._providers.meeting(relation, self._catalogue.native))
        return (unit for unit in units if self._within(unit, requirement.constraint))

    def _within(self, unit: int, constraint: str) -> bool:
        version = self._catalogue.stanzas[unit].version
        if constraint.startswith(_LOCK):
            return version == constraint.removeprefix(_LOCK)
        if constraint.startswith(_PIN):
            # apt takes shell patterns: nginx=1.22.*
            return fnmatchcase(version, constraint.removeprefix(_PIN))
        return not constraint or self._in_suite(unit, constraint.removeprefix(_SUITE))

    def _in_suite(self, unit: int, suite: str) -> bool:
        return any(self._catalogue.indexes[s].release.answers_to(suite) for s in self._catalogue.sources[unit])

    def _with_suite(self, units: frozenset[int], suite: str) -> frozenset[int]:
        """Units, and those of the suite that they need where no candidate would do (apt-get(8), install)."""
        reserved = self._reserved()
        found, waiting = set(units), list(units)
        while waiting:
            for need in self._needs(waiting.pop()):
                if reserved.issuperset(need.any_of):
                    more = {unit for unit in need.any_of if self._in_suite(unit, suite)} - found
                    found |= more
                    waiting += more
        return frozenset(found)


def _named_by_word(requirement: Requirement) -> bool:
    """Whether it is written as on a command line (or in a lock), not as in a control file."""
    return not requirement.constraint or requirement.constraint.startswith((_PIN, _SUITE))


def _alternatives(requirement: Requirement) -> Alternatives:
    constraint = "" if _named_by_word(requirement) else requirement.constraint
    try:
        return parse_alternatives(f"{requirement.package.name} {constraint}")
    except RelationError:
        return ()
