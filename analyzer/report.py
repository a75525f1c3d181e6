"""The Report: everything an audit found, as one value. Every format is a rendering of it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from analyzer.plan import Plan
from analyzer.prices.price import PriceList
from analyzer.service import Fleet
from analyzer.verdict import Compatible, Conflict, Depth, Stance, Undecided

if TYPE_CHECKING:
    import networkx

SCHEMA = "cohabit.report/1"


@dataclass(frozen=True, slots=True)
class Counts:
    """How many pairs of Services got which verdict."""

    compatible: int
    conflict: int
    undecided: int


@dataclass(frozen=True, slots=True)
class Questions:
    """What the verdicts cost: questions put to each ecosystem's oracle, how many of them a cache
    answered, and how often a resolver was run (more than once for a question about sdists)."""

    questions: Mapping[str, int]
    cached: int = 0
    runs: int = 0


@dataclass(frozen=True)
class Report:
    """The result of an audit.

    ``conflicts`` are sorted by id. Ready-made images are in no pair, as each keeps to its own container; any
    other pair of placeable Services in neither a Conflict (of that stance) nor an Undecided is inside a
    Compatible. ``asked_as_of`` is the day that fixes the index
    (ISO date), empty where the index itself is frozen. ``tools`` names what decided, with versions.
    ``price_list`` is of the re-locked plan.
    """

    fleet: Fleet
    conflicts: tuple[Conflict, ...]
    compatible: tuple[Compatible, ...]
    undecided: tuple[Undecided, ...]
    plans: Mapping[Stance, Plan]
    oracle: Questions
    tools: Mapping[str, str]
    asked_as_of: str = ""
    price_list: PriceList = field(default_factory=PriceList)
    schema: str = SCHEMA

    def conflicts_under(self, stance: Stance) -> tuple[Conflict, ...]:
        """The Conflicts that stand under a stance: lock-only ones under LOCKED; declared ones under both,
        save where locks that lie outside of what is declared are found to fit."""
        if stance is Stance.RELOCKED:
            return tuple(c for c in self.conflicts if c.stance is Depth.DECLARED)
        return tuple(c for c in self.conflicts if c.stance is Depth.LOCKED or not self._is_lifted(c))

    def _is_lifted(self, conflict: Conflict) -> bool:
        fitting = [self._groups_as_locked.get(service, frozenset()) for service in conflict.services]
        return bool(frozenset.intersection(*fitting)) or frozenset(conflict.services) in self._unclear_as_locked

    @cached_property
    def _groups_as_locked(self) -> Mapping[str, frozenset[int]]:
        """By Service the positions in ``compatible`` of the groups that it is in as locked."""
        found: dict[str, set[int]] = defaultdict(set)
        for position, group in enumerate(self.compatible):
            for service in group.services if group.stance is Stance.LOCKED else ():
                found[service].add(position)
        return {service: frozenset(positions) for service, positions in found.items()}

    @cached_property
    def _unclear_as_locked(self) -> frozenset[frozenset[str]]:
        return frozenset(frozenset(u.services) for u in self.undecided if u.stance is Stance.LOCKED)

    def alone(self, stance: Stance) -> frozenset[str]:
        """Services that cannot be satisfied even alone; they leave the pairs."""
        return frozenset(c.services[0] for c in self.conflicts_under(stance) if len(c.services) == 1)

    @cached_property
    def verdicts(self) -> Mapping[Stance, Counts]:
        """Pair counts per stance."""
        return {stance: self._count(stance) for stance in Stance}

    def _count(self, stance: Stance) -> Counts:
        alone = self.alone(stance)
        names = {s.name for s in self.fleet.services if s.name not in alone and not s.is_ready_made}
        conflicting = {c.services for c in self.conflicts_under(stance) if _is_pair_of(c.services, names)}
        open_pairs = {u.services for u in self.undecided if u.stance is stance and _is_pair_of(u.services, names)}
        # Counted and not listed: a fleet of thousands has millions of pairs.
        pairs, undecided = len(names) * (len(names) - 1) // 2, len(open_pairs - conflicting)
        return Counts(pairs - len(conflicting) - undecided, len(conflicting), undecided)

    @cached_property
    def graph(self) -> networkx.Graph:
        """The conflict graph; see ``analyzer.graph``."""
        from analyzer.graph import conflict_graph

        return conflict_graph(self)


def _is_pair_of(services: tuple[str, ...], names: Collection[str]) -> bool:
    return len(services) == 2 and all(name in names for name in services)
