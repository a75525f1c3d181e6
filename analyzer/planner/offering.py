"""Whether what is offered can house Services at all, and in words what stands against it."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.planner.capacity import NOUNS, cores, size
from analyzer.planner.nest import UnhousableError
from analyzer.planner.rules import service_of
from analyzer.planner.site import Offer, Site, Tier
from analyzer.service import Fleet


def check_offers(fleet: Fleet, site: Site) -> None:
    """Raises UnhousableError with all that a look at single Services, and at pairs that belong together, shows."""
    faults = [fault for tier in site.tiers for fault in _faults(fleet, site, tier)]
    if faults:
        raise UnhousableError("\n".join(dict.fromkeys(faults)))


def _faults(fleet: Fleet, site: Site, tier: Tier) -> Iterator[str]:
    for service in sorted(set(map(service_of, site.services))):
        if not tier.fitting([service], site.load([service])):
            yield _unfit(fleet, site, tier, service)
    if all(offer.count is not None for offer in tier.offers):
        yield from _too_few(site, tier)
    yield from _torn(site, tier)


def _unfit(fleet: Fleet, site: Site, tier: Tier, service: str) -> str:
    noun, load = NOUNS[tier.boundary], site.load([service])
    admitted = tier.admitted.get(service, frozenset(offer.name for offer in tier.offers))
    offers = [offer for offer in tier.offers if offer.name in admitted]
    if not offers:
        wanted = ", ".join(next((s.devices for s in fleet.services if s.name == service), ()))
        need = f" (it needs {wanted})" if wanted else ""
        why = "all are ruled out by devices, architecture or configuration"
        return f"no type of {noun} is open to {service}{need}: {why}"
    largest = max(offers, key=lambda o: (_room(o.memory), _room(o.cpu), o.name))
    return f"{service} needs {_told(load.memory, load.cpu)}, and the largest {noun} open to it, {_named(largest)}"


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _room(amount: int | None) -> float:
    return float("inf") if amount is None else amount


def _named(offer: Offer) -> str:
    return f"{offer.name or 'any'}, has {_told(offer.memory, offer.cpu)}"


def _told(memory: int | None, cpu: int | None) -> str:
    parts = [size(memory)] if memory else []
    parts += [cores(cpu)] if cpu else []
    return " and ".join(parts) or "no limit"


def _too_few(site: Site, tier: Tier) -> Iterator[str]:
    """Where all Environments that can be had do not hold everything together."""
    noun, number, total = NOUNS[tier.boundary], sum(o.count or 0 for o in tier.offers), site.load(site.services)
    for trait, text in (("memory", size), ("cpu", cores)):
        rooms = [getattr(offer, trait) for offer in tier.offers]
        have = sum((room or 0) * (o.count or 0) for room, o in zip(rooms, tier.offers, strict=True))
        if None not in rooms and getattr(total, trait) > have:
            verb = "has" if number == 1 else "have"
            yield f"all services need {text(getattr(total, trait))}, and the {_count(number, noun)} {verb} {text(have)}"
    if tier.most is not None and tier.most * number < len(site.services):
        yield f"{_count(number, noun)} of at most {_count(tier.most, 'service')} cannot hold {len(site.services)}"


def _torn(site: Site, tier: Tier) -> Iterator[str]:
    """Services that a placement wants together and a clash wants apart."""
    if not tier.together:
        return
    noun = NOUNS[tier.boundary]
    outer = [t for t in site.tiers if t.boundary.strength >= tier.boundary.strength]
    edges = frozenset().union(*(t.conflicts for t in outer))
    for wanted in sorted(tier.together, key=sorted):
        told = ", ".join(sorted(map(service_of, wanted)))
        held = min((e for e in edges if e <= wanted), key=lambda e: (len(e), sorted(e)), default=None)
        if held is not None:
            clash = " and ".join(sorted(map(service_of, held)))
            yield f"a placement puts {told} into one {noun}, but {clash} cannot share it"
        elif len(wanted) > (tier.most or len(wanted)):
            yield f"a placement puts {told} into one {noun}, but one may hold {_count(tier.most or 0, 'service')} only"
        elif not tier.fitting(wanted, site.load(wanted)):
            load = site.load(wanted)
            yield f"a placement puts {told} into one {noun}, but none has {_told(load.memory, load.cpu)} for them"
