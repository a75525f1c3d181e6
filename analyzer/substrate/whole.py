"""The facts of a whole Plan, which decide what should orchestrate it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from analyzer.plan import Plan
from analyzer.service import Service
from analyzer.substrate.environment import common_facts
from analyzer.substrate.fact import Fact, Facts, Value
from analyzer.substrate.option import Substrate
from analyzer.substrate.surroundings import housed

_CONTAINERS = (Substrate.CONTAINER, Substrate.CONTAINER_IN_VM, Substrate.FIRECRACKER)
_PROCESSES = (Substrate.SHARED_HOST, Substrate.VIRTUALENV, Substrate.VM, Substrate.PHYSICAL_HOST)


def whole_facts(plan: Plan, services: Mapping[str, Service], chosen: Iterable[Substrate | None]) -> Facts:
    """What is known of all environments together; ``chosen`` has the Substrate of each.

    Replicas are on different machines, so that there are at least as many hosts.
    """
    inside = housed((name for container in plan.containers() for name in container.services), services)
    counted = Counter(chosen)
    common = common_facts(inside)
    found: dict[Fact, Value | None] = {
        **common,
        Fact.ENVIRONMENTS: counted.total(),
        Fact.MACHINES: len(plan.machines),
        Fact.HOSTS: max(len(plan.machines), *(service.replicas for service in inside), 1),
        Fact.CONTAINERS: sum(counted[substrate] for substrate in _CONTAINERS),
        Fact.TASKS: counted[Substrate.FARGATE],
        Fact.FUNCTIONS: counted[Substrate.LAMBDA],
        Fact.PROCESSES: sum(counted[substrate] for substrate in _PROCESSES),
    }
    return {fact: value for fact, value in found.items() if value is not None}
