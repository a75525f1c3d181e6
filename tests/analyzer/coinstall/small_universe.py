"""Universes written down in a few lines, and what brute force says of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import chain, combinations

from analyzer.origin import Origin
from analyzer.package import Package
from analyzer.requirement import Requirement
from analyzer.universe import Exclusion, Need, Unit

Given = tuple[str, ...]


@dataclass(frozen=True)
class SmallUniverse:
    """Units by their names (``a``, ``b/2`` for version 2), each with needs, conditional needs and exclusions.

    ``needs`` maps a unit to clauses of units; ``rich`` to pairs of what is given and a clause.
    """

    members: tuple[str, ...]
    wants: Mapping[str, Sequence[Sequence[str]]] = field(default_factory=dict)
    rich: Mapping[str, Sequence[tuple[Given, Sequence[str]]]] = field(default_factory=dict)
    bars: Mapping[str, Sequence[str]] = field(default_factory=dict)
    essential: Sequence[Sequence[str]] = ()
    withheld: frozenset[str] = frozenset()
    name: str = "small"
    unread: int = 0

    @cached_property
    def units(self) -> Sequence[Unit]:
        parted = [member.partition("/") for member in self.members]
        return tuple(Unit(name, version or "1") for name, _, version in parted)

    @cached_property
    def base(self) -> Sequence[Need]:
        return tuple(self._need("Essential", (), clause) for clause in self.essential)

    @cached_property
    def reserved(self) -> frozenset[int]:
        return frozenset(map(self._number, self.withheld))

    def needs(self, unit: int) -> Sequence[Need]:
        member = self.members[unit]
        plain = [self._need("Depends", (), clause) for clause in self.wants.get(member, ())]
        return (*plain, *(self._need("Requires", given, clause) for given, clause in self.rich.get(member, ())))

    def exclusions(self, unit: int) -> Sequence[Exclusion]:
        member = self.members[unit]
        same = [m for m in self.members if m != member and m.partition("/")[0] == member.partition("/")[0]]
        declared = [Exclusion("Conflicts", other, (self._number(other),)) for other in self.bars.get(member, ())]
        return (*declared, *([Exclusion("", "", tuple(map(self._number, same)))] if same else ()))

    def demanded(self, requirement: Requirement) -> Sequence[Need] | None:
        wanted = requirement.package.name + requirement.constraint.replace("=", "/")
        answering = [m for m in self.members if m == wanted or m.partition("/")[0] == wanted]
        known = [m for m in self.members if m.partition("/")[0] == requirement.package.name]
        return (self._need("", (), answering),) if known else None

    def permitted(self, requirement: Requirement) -> frozenset[int]:
        wanted = requirement.package.name + requirement.constraint.replace("=", "/")
        return frozenset(self._number(m) for m in self.withheld if m == wanted)

    def _need(self, label: str, given: Iterable[str], clause: Iterable[str]) -> Need:
        wanted = tuple(clause)
        return Need(label, " | ".join(wanted), tuple(map(self._number, wanted)), tuple(map(self._number, given)))

    def _number(self, member: str) -> int:
        return self.members.index(member)


def asking(*names: str) -> tuple[Requirement, ...]:
    """Requirements: ``a`` for any version, ``a=2`` for that one."""
    parted = [name.partition("=") for name in names]
    return tuple(Requirement(Package("deb", name), mark + version, Origin("apt.txt")) for name, mark, version in parted)


def sound(universe: SmallUniverse, installed: Collection[int], needs: Iterable[Need]) -> bool:
    """Whether a set of units is an installation that meets ``needs``, by the definition."""
    there = frozenset(installed)
    wanted = chain(needs, universe.base, *(universe.needs(unit) for unit in there))
    met = all(there.isdisjoint(need.any_of) <= (not there.issuperset(need.given)) for need in wanted)
    barred = chain.from_iterable(e.others for unit in there for e in universe.exclusions(unit))
    return met and there.isdisjoint(barred)


def can_be_met(universe: SmallUniverse, requirements: Sequence[Requirement]) -> bool:
    """Whether any set of units at all meets Requirements: brute force."""
    needs = [need for r in requirements for need in universe.demanded(r) or ()]
    permitted = frozenset(chain.from_iterable(map(universe.permitted, requirements)))
    free = [unit for unit in range(len(universe.members)) if unit not in universe.reserved - permitted]
    return any(sound(universe, part, needs) for size in range(len(free) + 1) for part in combinations(free, size))
