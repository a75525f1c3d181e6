"""Ports: two Services that listen on one cannot share a network namespace."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import combinations

from analyzer.explanation import Explanation, Fact
from analyzer.package import Package
from analyzer.requirement import Requirement
from analyzer.search import Core, Group
from analyzer.service import Port, Service
from analyzer.verdict import Demand

NAMESPACE = "port"
"""The purl namespace of what stands for a port: ``generic/port/8080/tcp``."""


def is_port(package: Package) -> bool:
    """Whether a Package stands for a port."""
    return package.type == "generic" and package.namespace == NAMESPACE


def port_cores(services: Iterable[Service]) -> tuple[Core, ...]:
    """A Core for each pair of Services that listen on a port in common. ``packages`` are all that they have in
    common, first the one on which most pairs clash, which the Demands are about."""
    listeners: dict[Package, dict[str, Demand]] = defaultdict(dict)
    for demand in (d for service in services for d in _demands(service)):
        listeners[demand.requirement.package].setdefault(demand.service, demand)
    frequency = Counter({package: len(found) for package, found in listeners.items()})
    shared: dict[tuple[str, str], list[Package]] = defaultdict(list)
    for package in sorted(listeners, key=lambda p: (-frequency[p], _number(p), p)):
        for pair in combinations(sorted(listeners[package]), 2):
            shared[pair].append(package)
    return tuple(
        _core(frozenset(pair), [listeners[found[0]][name] for name in pair], found)
        for pair, found in sorted(shared.items())
    )


def _demands(service: Service) -> Iterator[Demand]:
    return (Demand(service.name, _requirement(port)) for port in service.ports)


def _requirement(port: Port) -> Requirement:
    return Requirement(Package("generic", str(port), NAMESPACE), "", port.origin)


def _number(package: Package) -> int:
    return int(package.name.partition("/")[0])


def _core(services: Group, demands: list[Demand], packages: list[Package]) -> Core:
    causes = tuple(
        Explanation(Fact.LISTENS, d.requirement.package.name, service=d.service, origin=d.requirement.origin)
        for d in demands
    )
    return Core(services, tuple(demands), Explanation(Fact.CLASH, packages[0].name, causes=causes), tuple(packages))
