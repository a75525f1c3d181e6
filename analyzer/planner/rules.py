"""What a team lays down for its housing, and the Site that follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations, islice, product

from analyzer.boundary import Boundary, separating
from analyzer.demands import ARCHITECTURE
from analyzer.kernels import kernel_cores
from analyzer.planner.site import PRICE_UNIT, Edges, Load, Offer, Site, Tier
from analyzer.service import Fleet, PresentEnvironment, Service

COPY = "\0"
"""Stands between a Service's name and the number of one of its replicas."""


@dataclass(frozen=True, slots=True)
class Placement:
    """Services that share an Environment of a Boundary, or no two of which do."""

    boundary: Boundary
    services: frozenset[str]
    together: bool


@dataclass(frozen=True, slots=True)
class Rules:
    """How a team houses its services.

    ``offers`` are the types of Environments to be had, by Boundary; ``most`` how many services one may hold.
    ``trust`` says which Boundary keeps a zone from the others, a machine where nothing is said. ``only``
    and ``never`` name the offers that may, or must not, house a service. ``weights`` make one objective of
    the costs of all Boundaries; without them the outermost goes first.
    """

    offers: Mapping[Boundary, tuple[Offer, ...]] = field(default_factory=dict)
    most: Mapping[Boundary, int] = field(default_factory=dict)
    trust: Mapping[str, Boundary] = field(default_factory=dict)
    placements: tuple[Placement, ...] = ()
    only: Mapping[str, frozenset[str]] = field(default_factory=dict)
    never: Mapping[str, frozenset[str]] = field(default_factory=dict)
    weights: Mapping[Boundary, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Clashes:
    """Sets of services that no Environment of a Boundary may hold whole: known to clash, or undecided."""

    boundary: Boundary
    conflicts: Edges
    apart: Edges = frozenset()


def site_of(fleet: Fleet, services: Iterable[str], clashes: Iterable[Clashes], rules: Rules) -> Site:
    """The Site on which some Services of a Fleet are to be housed."""
    names = frozenset(services)
    chosen = tuple(s for s in fleet.services if s.name in names)
    # A machine always separates, whether or not the team lists it.
    used = sorted({Boundary.VM, *fleet.boundaries} - {Boundary.PROCESS}, key=lambda b: -b.strength)
    known = tuple(clashes)
    tiers = tuple(_tier(boundary, chosen, fleet, known, rules) for boundary in used)
    loads = {s.name: Load(s.memory or 0, round((s.cpu or 0) * 1000)) for s in chosen}
    weights = tuple(_weights(tiers, rules)) if rules.weights else None
    site = Site(tuple(s.name for s in chosen), tiers, loads, weights)
    return _replicated(site, {s.name: s.replicas for s in chosen if s.replicas > 1})


def _weights(tiers: Sequence[Tier], rules: Rules) -> Iterator[int]:
    """Weights of the costs as they are counted: prices in PRICE_UNIT, and where there are some, numbers as well."""
    priced = any(tier.priced for tier in tiers)
    for tier in tiers:
        weight = rules.weights.get(tier.boundary, 0)
        yield weight * PRICE_UNIT if priced and not tier.priced else weight


def _tier(
    boundary: Boundary, services: Sequence[Service], fleet: Fleet, clashes: Iterable[Clashes], rules: Rules
) -> Tier:
    own = [c for c in clashes if separating(c.boundary, fleet.boundaries) is boundary]
    names = frozenset(service.name for service in services)
    declared = [p for p in rules.placements if separating(p.boundary, fleet.boundaries) is boundary]
    apart = frozenset(frozenset(pair) for p in declared if not p.together for pair in _pairs(p.services & names))
    zones = frozenset(_zones(services, boundary, fleet, rules))
    images = frozenset(_images(services, boundary, fleet))
    offers = rules.offers.get(boundary) or (Offer(),)
    return Tier(
        boundary,
        conflicts=frozenset().union(zones, apart, images, *(c.conflicts for c in own)),
        apart=frozenset().union(*(c.apart for c in own)),
        together=frozenset(p.services & names for p in declared if p.together and len(p.services & names) > 1),
        offers=offers,
        most=rules.most.get(boundary),
        admitted=dict(_admitted(services, offers, rules)) if rules.offers.get(boundary) else {},
        present=tuple(_present(fleet.present, boundary, fleet)),
    )


def _zones(services: Sequence[Service], boundary: Boundary, fleet: Fleet, rules: Rules) -> Iterator[frozenset[str]]:
    """Pairs of Services of different trust zones; who is in no zone is in one of its own kind."""
    for one, other in combinations(services, 2):
        if one.trust != other.trust:
            needed = [rules.trust.get(zone, Boundary.VM) for zone in (one.trust, other.trust) if zone]
            strongest = max(needed, key=lambda b: b.strength)
            if separating(strongest, fleet.boundaries) is boundary:
                yield frozenset((one.name, other.name))


def _pairs(services: Iterable[str]) -> Iterator[tuple[str, str]]:
    return combinations(sorted(services), 2)


def _images(services: Sequence[Service], boundary: Boundary, fleet: Fleet) -> Iterator[frozenset[str]]:
    """Pairs with a ready-made image: nobody shares its root filesystem, nor its machine who needs another one."""
    images = [service for service in services if service.is_ready_made]
    if images and separating(Boundary.CONTAINER, fleet.boundaries) is boundary:
        yield from (frozenset((i.name, s.name)) for i in images for s in services if s.name != i.name)
    elif images and boundary is Boundary.VM:
        ready_made = {image.name for image in images}
        yield from (core.services for core in kernel_cores(services) if core.services & ready_made)
        for image, service in product(images, services):
            if (one := _architectures(image)) and (other := _architectures(service)) and one.isdisjoint(other):
                yield frozenset((image.name, service.name))


def _admitted(
    services: Iterable[Service], offers: Sequence[Offer], rules: Rules
) -> Iterator[tuple[str, frozenset[str]]]:
    everything = frozenset(offer.name for offer in offers)
    for service in services:
        only = rules.only.get(service.name, everything) & everything or everything
        fitting = frozenset(o.name for o in offers if _suits(o, service)) & only
        admitted = fitting - rules.never.get(service.name, frozenset())
        if admitted != everything:
            yield service.name, admitted


def _suits(offer: Offer, service: Service) -> bool:
    archs = _architectures(service)
    return offer.devices.issuperset(service.devices) and (not offer.arch or not archs or archs == {offer.arch})


def _architectures(service: Service) -> frozenset[str]:
    """Those that a Service is for. A ready-made image that is told for none is published for many."""
    told = frozenset(r.constraint for r in service.base if r.package == ARCHITECTURE)
    return told or frozenset(() if service.is_ready_made else (service.platform.arch,))


def _present(environments: Iterable[PresentEnvironment], boundary: Boundary, fleet: Fleet) -> Iterator[frozenset[str]]:
    for environment in environments:
        if separating(environment.boundary, fleet.boundaries) is boundary:
            yield frozenset(environment.services)


def _copies_at_home(
    present: Iterable[frozenset[str]], copies: Mapping[str, Sequence[str]]
) -> tuple[frozenset[str], ...]:
    """Present Environments in which a Service that stands in several is another of its replicas in each."""
    left = {service: iter(some) for service, some in copies.items()}
    return tuple(frozenset(c for s in sorted(one) for c in islice(left.get(s, iter((s,))), 1)) for one in present)


def service_of(name: str) -> str:
    """The Service that a name in a Site stands for, which may be one of several replicas of it."""
    return name.partition(COPY)[0]


def _replicated(site: Site, replicas: Mapping[str, int]) -> Site:
    """The Site with each replica of a Service as one of its own, on different machines. Those who belong together
    have a replica of each other beside them, as far as there are as many."""
    if not replicas or site.tiers[0].boundary is not Boundary.VM:
        return site
    copies = {s: (s, *(f"{s}{COPY}{n}" for n in range(2, replicas.get(s, 1) + 1))) for s in site.services}

    def copied(edges: Edges) -> Edges:
        known = (edge for edge in edges if edge <= copies.keys())
        return frozenset(frozenset(one) for edge in known for one in product(*(copies[s] for s in edge)))

    def beside(edges: Edges) -> Edges:
        rows = ([copies[s][n] for s in edge if n < len(copies[s])] for edge in edges for n in range(most))
        return frozenset(frozenset(row) for row in rows if len(row) > 1)

    most = max(replicas.values())
    tiers = [
        replace(
            tier,
            conflicts=copied(tier.conflicts),
            apart=copied(tier.apart),
            together=beside(tier.together),
            admitted={copy: names for s, names in tier.admitted.items() for copy in copies[s]},
            present=_copies_at_home(tier.present, copies),
        )
        for tier in site.tiers
    ]
    apart = frozenset(frozenset(pair) for some in copies.values() for pair in combinations(some, 2))
    tiers[0] = replace(tiers[0], conflicts=tiers[0].conflicts | apart)
    loads = {copy: load for s, load in site.loads.items() for copy in copies[s]}
    return replace(site, services=tuple(c for some in copies.values() for c in some), tiers=tuple(tiers), loads=loads)
