"""What holds for all environments of a Plan alike."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field

from analyzer.boundary import Boundary
from analyzer.plan import Machine, Plan
from analyzer.planner.rules import service_of
from analyzer.service import Service


@dataclass(frozen=True, slots=True)
class Policy:
    """What a team says of all its machines: ``kvm``, whether they offer KVM, None where nobody says so; ``trust``,
    which Boundary keeps a trust zone from the others, a machine where nothing is said."""

    kvm: bool | None = None
    trust: Mapping[str, Boundary] = field(default_factory=dict)

    def strength(self, zone: str) -> int:
        """How strong the Boundary is that keeps a zone from the others; 0 for no zone."""
        return self.trust.get(zone, Boundary.VM).strength if zone else 0


UNSAID = Policy()
"""Of a team that says nothing."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What holds for all environments of a Plan: their number, their trust zones (an empty name for none), and what
    the team's ``policy`` makes of these."""

    environments: int
    zones: frozenset[str] = frozenset()
    policy: Policy = UNSAID

    def apart(self, inside: Set[str], around: Set[str]) -> bool:
        """Whether there is a zone in each that must not share a kernel with the other's. As for the planner, the
        stricter of two zones decides, and who is in no zone is in one of its own kind."""
        return any(
            zone != other and max(map(self.policy.strength, (zone, other))) == Boundary.VM.strength
            for zone in inside
            for other in around
        )


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A machine: how many environments are on it, and in how many of them each trust zone is."""

    environments: int
    zones: Mapping[str, int]

    def beside(self, inside: Set[str]) -> set[str]:
        """The zones of the others, for one with the zones ``inside``."""
        return {zone for zone, number in self.zones.items() if number > (zone in inside)}


def neighbourhood(machine: Machine, services: Mapping[str, Service]) -> Neighbourhood:
    """The Neighbourhood of every environment of a machine."""
    inside = (zones(housed(container.services, services)) for container in machine.containers)
    return Neighbourhood(len(machine.containers), Counter(zone for found in inside for zone in found))


def surroundings(plan: Plan, services: Mapping[str, Service], policy: Policy = UNSAID) -> Surroundings:
    """The Surroundings of every environment of a Plan."""
    containers = list(plan.containers())
    inside = housed((name for container in containers for name in container.services), services)
    return Surroundings(len(containers), frozenset(zones(inside)), policy)


def housed(names: Iterable[str], services: Mapping[str, Service]) -> list[Service]:
    """The Services that names in a Plan stand for, be they replicas; unknown names are left out."""
    return [services[service_of(name)] for name in names if service_of(name) in services]


def zones(services: Iterable[Service]) -> set[str]:
    """Their trust zones, an empty name for none."""
    return {service.trust for service in services}
