"""What a service's system packages ship into the environments of others.

A service that installs ``python3-flask`` has flask at one version in ``/usr/bin/python3``; one with
``libguava-java`` has guava in ``/usr/share/java``. Who shares that Python environment, or that class path,
and wants flask or guava may have no other (docs/decisions/0010-system-packages.md).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace

from analyzer.demands import MAVEN, OPERATING_SYSTEM, PYPI, demands_of, takes_part
from analyzer.oracle import Oracle, Satisfied
from analyzer.origin import Origin
from analyzer.package import Package
from analyzer.requirement import Force, Requirement
from analyzer.service import DependencySet, Fleet, Service
from analyzer.verdict import Demand, Stance
from resolvers.shipped import Shipped, Shipper

_SHARED = (PYPI, MAVEN)
"""The ecosystems whose environments systems' packages reach into."""


def with_shipped(fleet: Fleet, oracles: Iterable[Oracle]) -> Fleet:
    """The Fleet in which services with system packages limit what these ship of other ecosystems; the same
    where nobody takes part in one of those."""
    known = {oracle.ecosystem: oracle for oracle in oracles}
    concerned = [e for e in _SHARED if e in known and any(takes_part(s, e) for s in fleet.services)]
    shippers = {name: oracle for name, oracle in known.items() if isinstance(oracle, Shipper)}
    if not concerned or not shippers:
        return fleet
    services = (_with_limits(s, concerned, known, shippers) for s in fleet.services)
    return replace(fleet, services=tuple(services))


def _with_limits(
    service: Service, concerned: Iterable[str], known: Mapping[str, Oracle], shippers: Mapping[str, Shipper]
) -> Service:
    limits: dict[str, list[Requirement]] = defaultdict(list)
    for ecosystem, shipper in shippers.items():
        for limit in _limits(service, ecosystem, shipper) if takes_part(service, ecosystem) else ():
            limits[limit.package.type].append(limit)
    sets = tuple(_set(service, known[e], limits[e]) for e in concerned if limits[e])
    return replace(service, sets=(*service.sets, *(found for found in sets if found.requirements)))


def _limits(service: Service, ecosystem: str, shipper: Shipper) -> Iterator[Requirement]:
    """What is installed counts, where that is known, before what would be today."""
    locked, declared = (demands_of(service, ecosystem, stance) for stance in Stance)
    for item in shipper.shipped(locked) or shipper.shipped(declared):
        yield _limit(item, declared)


def _limit(item: Shipped, demands: Iterable[Demand]) -> Requirement:
    carrier = f"{item.carrier.package.name} {item.carrier.version}"
    begun = (d.requirement for d in demands if d.requirement.package == OPERATING_SYSTEM)
    cause = item.cause or next(begun, None)
    origin = replace(cause.origin, text=cause.origin.text or str(cause)) if cause else Origin("")
    candidate = item.content.candidate
    return Requirement(
        candidate.package,
        f"=={candidate.version}",
        origin,
        force=Force.LIMITS,
        marker=item.content.marker,
        shipped_by=carrier,
    )


def _set(service: Service, oracle: Oracle, limits: Iterable[Requirement]) -> DependencySet:
    """The limits of a service on others. What it installs itself comes before what its system has: pip puts
    it into ``/usr/local``, and nobody has to get along with what lies behind."""
    own = _installed(service, oracle) if takes_part(service, oracle.ecosystem) else frozenset()
    return DependencySet(oracle.ecosystem, tuple(limit for limit in limits if limit.package not in own))


def _installed(service: Service, oracle: Oracle) -> frozenset[Package]:
    """The Packages that a service gets in an ecosystem without its system's."""
    demands = demands_of(service, oracle.ecosystem, Stance.LOCKED)
    named = {d.requirement.package for stance in Stance for d in demands_of(service, oracle.ecosystem, stance)}
    answer = oracle.ask(demands, {})
    found = answer.witness.versions if isinstance(answer, Satisfied) else ()
    return frozenset({*named, *(candidate.package for candidate in found)})
