"""Checks what configuration says of services by name, once the fleet is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from analyzer.planner.rules import Rules
from analyzer.service import Fleet, Service
from cohabit.configuration import ConfigurationError
from cohabit.configuration_rule import Fault, did_you_mean, shown
from cohabit.settings import ServiceSettings, Settings


def check_layout(settings: Settings, fleet: Fleet) -> None:
    """Raises ConfigurationError where an ``[[environment]]`` or a ``[[placement]]`` names what is no service of
    the fleet, or where a service was given the name of another."""
    faults = [*_strangers(settings, fleet), *_namesakes(settings, fleet)]
    if faults:
        raise ConfigurationError(faults)


def rules_for(settings: Settings, fleet: Fleet) -> Rules:
    """The team's Rules with the types of machine that each service of the fleet may have."""
    named = {entry.name for entry in settings.services if entry.name}
    pairs = [(e, s) for e in settings.services for s in fleet.services if _is_about(e, s, named)]
    only = {s.name: frozenset(e.machines) for e, s in pairs if e.machines}
    never = {s.name: frozenset(e.not_machines) for e, s in pairs if e.not_machines}
    return replace(settings.rules, only={**settings.rules.only, **only}, never={**settings.rules.never, **never})


def _is_about(entry: ServiceSettings, service: Service, named: set[str]) -> bool:
    if entry.name:
        return service.name == entry.name
    return service.path == entry.path and service.name not in named


def _strangers(settings: Settings, fleet: Fleet) -> Iterator[Fault]:
    known = [service.name for service in fleet.services]
    stated = [
        *zip((e.services for e in settings.present), settings.present_origins, strict=False),
        *zip((sorted(p.services) for p in settings.rules.placements), settings.placement_origins, strict=False),
    ]
    for services, origin in stated:
        for name in services:
            if name not in known:
                yield origin, f"services: there is no service {shown(name)}{did_you_mean(name, known)}"


def _namesakes(settings: Settings, fleet: Fleet) -> Iterator[Fault]:
    count = Counter(service.name for service in fleet.services)
    for entry in settings.services:
        name = entry.name or entry.path or fleet.name
        if count[name] > 1:
            others = sorted(s.path or "." for s in fleet.services if s.name == name and s.path != entry.path)
            yield entry.origin, f"name: {shown(name)} is the name of the service in {', '.join(others)} too"
