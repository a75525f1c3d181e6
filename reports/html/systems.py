"""Conflicts of systems, each with each, told by the systems: which services stand on which, and why."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from analyzer.boundary import Boundary
from analyzer.verdict import Code, Conflict, Demand
from reports import prose
from reports.html.text import joined

OF_SYSTEMS = {
    Code.OPERATING_SYSTEM: "operating systems",
    Code.ARCHITECTURE: "processor architectures",
    Code.PORT: "ports",
}
"""What such Conflicts are about: what each of many services has, and the others may not."""

FEW = 3
"""Conflicts up to which a card for each tells more."""

MANY = 1000
"""Conflicts beyond which the table stands for all: a line for each would repeat it."""

_UNIQUE = {
    Code.OPERATING_SYSTEM: "No root filesystem is two of these",
    Code.ARCHITECTURE: "No machine is two of these",
    Code.PORT: "A network namespace has one listener on a port",
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
    """All Conflicts of one kind of system, ``number`` of them. ``code`` is what they have in common, ``keys`` are
    the generated keys of their services. Without ``pairs``, links to one of them lead to ``anchor``.
    """

    anchor: str
    number: int
    keys: str
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
    if not _alike([conflict for _, conflict in conflicts]):
        return None
    together = len(conflicts) > MANY
    found = _systems({d for _, conflict in conflicts for d in conflict.requirements}, keys)
    return Systems(
        common_anchor(first.code),
        len(conflicts),
        " ".join(sorted({keys[name] for _, conflict in conflicts for name in conflict.services if name in keys})),
        first.code.value,
        f"{_UNIQUE[first.code]}: {prose.names([system.name for system in found])}",
        first.boundary.value,
        found,
        prose.way_out(first, in_use),
        f"All {prose.count(len(conflicts), 'conflict')}",
        () if together else tuple(_pair(anchor, conflict, keys) for anchor, conflict in conflicts),
    )


def told_together(conflicts: Iterable[Conflict]) -> frozenset[Code]:
    """The codes of which a table stands for all Conflicts, so that they have no place of their own."""
    found: defaultdict[Code, list[Conflict]] = defaultdict(list)
    for conflict in conflicts:
        found[conflict.code].append(conflict)
    return frozenset(code for code, alike in found.items() if len(alike) > MANY and _alike(alike))


def common_anchor(code: Code) -> str:
    """The generated id of the table of a code."""
    return f"all-{code.value.lower()}"


def _alike(conflicts: Sequence[Conflict]) -> bool:
    return len(conflicts) > FEW and conflicts[0].code in OF_SYSTEMS and all(map(_plain, conflicts))


def _plain(conflict: Conflict) -> bool:
    """Whether each of two Services names its system once."""
    return len(conflict.services) == 2 and [d.service for d in conflict.requirements] == list(conflict.services)


def _systems(asked: Collection[Demand], keys: Mapping[str, str]) -> tuple[System, ...]:
    members: defaultdict[str, defaultdict[str, list[Resident]]] = defaultdict(lambda: defaultdict(list))
    for demand in sorted(asked):
        service, requirement = demand.service, demand.requirement
        resident = Resident(service, keys.get(service, "inventory"), str(requirement.origin))
        line = requirement.origin.text.strip() or str(requirement)
        members[prose.side(demand)][line].append(resident)
    return tuple(_system(name, bases) for name, bases in sorted(members.items()))


def _system(name: str, bases: Mapping[str, list[Resident]]) -> System:
    ordered = sorted(bases.items(), key=lambda item: (-len(item[1]), item[0]))
    extent = prose.count(sum(map(len, bases.values())), "service")
    return System(name, extent, tuple(Base(text, tuple(residents)) for text, residents in ordered))


def _pair(anchor: str, conflict: Conflict, keys: Mapping[str, str]) -> Pair:
    against = " against ".join(dict.fromkeys(prose.side(d) for d in conflict.requirements))
    found = " ".join(keys[service] for service in conflict.services if service in keys)
    return Pair(anchor, conflict.id, found, f"{joined(conflict.services)}: {against}")
