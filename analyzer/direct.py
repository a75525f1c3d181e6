"""Direct clashes: two Requirements on one Package that no version satisfies, without asking anyone."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from itertools import combinations

from analyzer.demands import in_force
from analyzer.explanation import Explanation, Fact
from analyzer.origin import Origin
from analyzer.package import Package
from analyzer.requirement import Force, Requirement
from analyzer.search import Core
from analyzer.verdict import Demand

Exclusive = Callable[[Requirement, Requirement], bool]
Clash = tuple[Demand, Demand]


def direct_cores(demands: Iterable[Demand], exclusive: Exclusive) -> tuple[Core, ...]:
    """One Core for each pair of Services (or single Service) with Demands that exclude each other.

    ``packages`` lists all on which the two clash, first the one on which most pairs of the fleet do;
    the Core's Demands are on that first one.
    """
    by_services: dict[frozenset[str], dict[Package, Clash]] = defaultdict(dict)
    for package, clashes in _clashes(demands, exclusive).items():
        for one, other in clashes:
            by_services[frozenset((one.service, other.service))].setdefault(package, (one, other))
    frequency = Counter(package for found in by_services.values() for package in found)
    return tuple(
        _core(services, found, frequency)
        for services, found in sorted(by_services.items(), key=lambda item: sorted(item[0]))
    )


def _core(services: frozenset[str], found: Mapping[Package, Clash], frequency: Mapping[Package, int]) -> Core:
    packages = tuple(sorted(found, key=lambda p: (-frequency[p], p)))
    pair = tuple(sorted(found[packages[0]]))
    causes = tuple(leaf(demand) for demand in pair)
    return Core(services, pair, Explanation(Fact.CLASH, packages[0].name, causes=causes), packages)


def leaf(demand: Demand, fact: Fact | None = None) -> Explanation:
    """A Demand as a fact without causes."""
    asked = demand.requirement
    limited = Fact.SHIPPED if asked.shipped_by else Fact.LIMITED
    chosen = fact or (limited if asked.force is Force.LIMITS else Fact.REQUIRED)
    return Explanation(chosen, str(asked), service=demand.service, origin=asked.origin, by=asked.shipped_by)


def _clashes(demands: Iterable[Demand], exclusive: Exclusive) -> Mapping[Package, list[Clash]]:
    found: dict[Package, list[Clash]] = {}
    for package, by_atom in _grouped(demands).items():
        for one, other in combinations(sorted(by_atom), 2):
            if exclusive(one, other):
                found.setdefault(package, []).extend((a, b) for a in by_atom[one] for b in by_atom[other])
    return found


def _grouped(demands: Iterable[Demand]) -> Mapping[Package, Mapping[Requirement, list[Demand]]]:
    """Demands by Package and by Requirement without Origin: equal ones are compared once."""
    grouped: dict[Package, dict[Requirement, list[Demand]]] = defaultdict(lambda: defaultdict(list))
    for demand in sorted(in_force(demands)):
        atom = replace(demand.requirement, origin=Origin(""))
        grouped[demand.requirement.package][atom].append(demand)
    return grouped
