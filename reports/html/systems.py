"""Conflicts of systems, each with each, told by the systems: which services stand on which, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from analyzer.boundary import Boundary
from analyzer.requirement import Requirement
from analyzer.verdict import Code, Conflict
from reports import prose
from reports.html.text import joined

OF_SYSTEMS = {Code.OPERATING_SYSTEM: "operating systems", Code.ARCHITECTURE: "processor architectures"}
"""What such Conflicts are about."""

FEW = 3
"""Conflicts up to which a card for each tells more."""

_UNIQUE = {
    Code.OPERATING_SYSTEM: "No root filesystem is two of these",
    Code.ARCHITECTURE: "No machine is two of these",
}


@dataclass(frozen=True, slots=True)
class Resident:
    """A Service; ``key`` leads to its inventory, ``place`` is where it names its system."""

    name: str
    key: str
    place: str


@dataclass(frozen=True, slots=True)
class Base:
    """A line that names a system, as it stands, and the Services that have it."""

    text: str
    residents: tuple[Resident, ...]


@dataclass(frozen=True, slots=True)
class System:
    """An operating system or a processor architecture."""

    name: str
    extent: str
    bases: tuple[Base, ...]


@dataclass(frozen=True, slots=True)
class Pair:
    """One of the Conflicts, in a line."""

    anchor: str
    id: str
    keys: str
    text: str


@dataclass(frozen=True, slots=True)
class Systems:
    """All Conflicts of one kind of system. ``code`` is what they have in common."""

    code: str
    headline: str
    boundary: str
    systems: tuple[System, ...]
    ways: tuple[str, ...]
    title: str
    pairs: tuple[Pair, ...]


def systems(
    conflicts: Sequence[tuple[str, Conflict]], keys: Mapping[str, str], in_use: Collection[Boundary]
) -> Systems | None:
    """The Systems of Conflicts with their anchors; None where a card for each tells more."""
    first = conflicts[0][1]
    if len(conflicts) <= FEW or first.code not in OF_SYSTEMS or not all(_plain(c) for _, c in conflicts):
        return None
    asked = {d.service: d.requirement for _, conflict in conflicts for d in conflict.requirements}
    found = _systems(asked, keys)
    return Systems(
        first.code.value,
        f"{_UNIQUE[first.code]}: {prose.names([system.name for system in found])}",
        first.boundary.value,
        found,
        prose.way_out(first, in_use),
        f"All {prose.count(len(conflicts), 'conflict')}",
        tuple(_pair(anchor, conflict, keys) for anchor, conflict in conflicts),
    )


def _plain(conflict: Conflict) -> bool:
    """Whether each of two Services names its system once."""
    return len(conflict.services) == 2 and [d.service for d in conflict.requirements] == list(conflict.services)


def _systems(asked: Mapping[str, Requirement], keys: Mapping[str, str]) -> tuple[System, ...]:
    members: defaultdict[str, defaultdict[str, list[Resident]]] = defaultdict(lambda: defaultdict(list))
    for service, requirement in sorted(asked.items()):
        resident = Resident(service, keys.get(service, "inventory"), str(requirement.origin))
        line = requirement.origin.text.strip() or str(requirement)
        members[prose.constraint(requirement)][line].append(resident)
    return tuple(_system(name, bases) for name, bases in sorted(members.items()))


def _system(name: str, bases: Mapping[str, list[Resident]]) -> System:
    ordered = sorted(bases.items(), key=lambda item: (-len(item[1]), item[0]))
    extent = prose.count(sum(map(len, bases.values())), "service")
    return System(name, extent, tuple(Base(text, tuple(residents)) for text, residents in ordered))


def _pair(anchor: str, conflict: Conflict, keys: Mapping[str, str]) -> Pair:
    against = " against ".join(prose.constraint(d.requirement) for d in conflict.requirements)
    found = " ".join(keys[service] for service in conflict.services if service in keys)
    return Pair(anchor, conflict.id, found, f"{joined(conflict.services)}: {against}")
