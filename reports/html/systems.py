"""Conflicts that are all alike, told by one table: which services stand on which system, or hold to which version."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from analyzer.boundary import Boundary
from analyzer.verdict import Code, Conflict, Demand, Depth
from reports import prose
from reports.html.lines import Lines, lines

OF_SYSTEMS = {
    Code.OPERATING_SYSTEM: "operating systems",
    Code.ARCHITECTURE: "processor architectures",
    Code.PORT: "ports",
}
"""What such Conflicts are about: what each of many services has, and the others may not."""

FEW = 3
"""Conflicts of systems up to which a card for each tells more."""

WHOLE = 40
"""Conflicts of one package up to which a card for each tells more."""

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
    """An operating system, a processor architecture, a port, or a version of a package."""

    name: str
    extent: str
    bases: tuple[Base, ...]


@dataclass(frozen=True, slots=True)
class Systems:
    """All Conflicts over one kind of system or one package; ``lines`` are the Conflicts one by one."""

    anchor: str
    kind: str
    depth: str
    headline: str
    systems: tuple[System, ...]
    ways: tuple[str, ...]
    lines: Lines


def systems(
    number: int,
    about: str,
    positions: Sequence[int],
    conflicts: Sequence[Conflict],
    keys: Mapping[str, str],
    in_use: Collection[Boundary],
    *,
    written: bool,
) -> Systems:
    """The table of the Conflicts at ``positions`` of all ``conflicts``, which are alike and about one thing.

    ``written`` says whether their lines stand in the page, or are drawn by the script on demand.
    """
    first = conflicts[positions[0]]
    found = _systems({d for position in positions for d in conflicts[position].requirements}, keys)
    of_system = first.code in OF_SYSTEMS
    return Systems(
        f"all-{number}",
        "platform" if of_system else first.stance.value,
        "only the locks clash" if first.stance is Depth.LOCKED else "declared",
        f"{_headline(first, about)}: {prose.names([system.name for system in found])}",
        found,
        prose.way_out(replace(first, fixes=()), in_use),
        lines(positions, conflicts, keys, written=written),
    )


def _headline(conflict: Conflict, about: str) -> str:
    locked = conflict.stance is Depth.LOCKED
    return _UNIQUE.get(conflict.code) or f"{'Different locked versions' if locked else 'Different demands'} of {about}"


def are_alike(conflicts: Sequence[Conflict]) -> bool:
    """Whether one table tells Conflicts that have a cause in common better than a card for each."""
    first = conflicts[0]
    few = FEW if first.code in OF_SYSTEMS else WHOLE
    if len(conflicts) <= few or len({(c.code, c.stance, c.packages if few == WHOLE else ()) for c in conflicts}) > 1:
        return False
    return all(map(_plain, conflicts))


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
