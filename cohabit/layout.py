"""Checks what configuration says of services by name, once the fleet is known."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from analyzer.service import Fleet
from cohabit.configuration import ConfigurationError
from cohabit.configuration_rule import Fault, did_you_mean, shown
from cohabit.settings import Settings


def check_layout(settings: Settings, fleet: Fleet) -> None:
    """Raises ConfigurationError where an ``[[environment]]`` names what is no service of the fleet, or
    where a service was given the name of another."""
    faults = [*_strangers(settings, fleet), *_namesakes(settings, fleet)]
    if faults:
        raise ConfigurationError(faults)


def _strangers(settings: Settings, fleet: Fleet) -> Iterator[Fault]:
    known = [service.name for service in fleet.services]
    for environment, origin in zip(settings.present, settings.present_origins, strict=False):
        for name in environment.services:
            if name not in known:
                yield origin, f"services: there is no service {shown(name)}{did_you_mean(name, known)}"


def _namesakes(settings: Settings, fleet: Fleet) -> Iterator[Fault]:
    count = Counter(service.name for service in fleet.services)
    paths = {service.path: service.name for service in fleet.services}
    for entry in settings.services:
        name = entry.name or entry.path or fleet.name
        if count[name] > 1:
            others = sorted(path or "." for path, named in paths.items() if named == name and path != entry.path)
            yield entry.origin, f"name: {shown(name)} is the name of the service in {', '.join(others)} too"
