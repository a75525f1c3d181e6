"""Plans furnished with a substrate for each environment and an orchestrator for the whole."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from analyzer.plan import Container, Machine, Plan
from analyzer.service import Fleet
from analyzer.substrate.environment import environment_facts
from analyzer.substrate.fact import Fact, Facts, Value
from analyzer.substrate.option import Orchestrator, Substrate
from analyzer.substrate.recommendation import Recommendation, recommend
from analyzer.substrate.rule import Rule
from analyzer.substrate.size import Size, size_worded, smallest
from analyzer.substrate.surroundings import UNSAID, Neighbourhood, Policy, neighbourhood, surroundings
from analyzer.substrate.whole import whole_facts


@dataclass(frozen=True, slots=True)
class Table:
    """The table: its rows, the sizes that substrates come in, and what the team says of all its machines."""

    rules: tuple[Rule, ...]
    sizes: tuple[Size, ...] = ()
    policy: Policy = UNSAID


def furnished(plan: Plan, fleet: Fleet, table: Table) -> Plan:
    """The Plan with a Recommendation for each container, and one Orchestrator."""
    services = {service.name: service for service in fleet.services}
    around = surroundings(plan, services, table.policy)
    known: dict[frozenset[tuple[Fact, Value]], Recommendation[Substrate]] = {}

    def recommended(container: Container, near: Neighbourhood) -> Container:
        facts = environment_facts(container, services, near, around)
        key = frozenset(facts.items())
        if key not in known:
            known[key] = recommend_substrate(facts, table)
        return _furnished(container, known[key])

    def machined(machine: Machine) -> Machine:
        near = neighbourhood(machine, services)
        return replace(machine, containers=tuple(recommended(container, near) for container in machine.containers))

    machines = tuple(machined(machine) for machine in plan.machines)
    housed = replace(plan, machines=machines)
    facts = whole_facts(housed, services, _chosen(housed.containers()))
    return replace(housed, orchestrator=recommend(facts, table.rules, Orchestrator) if machines else None)


def _chosen(containers: Iterable[Container]) -> list[Substrate | None]:
    return [container.recommendation.choice for container in containers if container.recommendation is not None]


def _furnished(container: Container, found: Recommendation[Substrate]) -> Container:
    word = found.choice.value if found.choice is not None else ""
    venvs = tuple(replace(venv, substrate=word) for venv in container.venvs)
    return replace(container, venvs=venvs, recommendation=found)


def recommend_substrate(facts: Facts, table: Table) -> Recommendation[Substrate]:
    """The Substrate for an environment, with the size that it needs where the substrate comes in sizes."""
    found = recommend(facts, table.rules, Substrate)
    cpu, memory = facts.get(Fact.CPU), facts.get(Fact.MEMORY)
    if found.choice is None or not isinstance(cpu, int | float) or not isinstance(memory, int):
        return found
    size = smallest(table.sizes, found.choice, cpu, memory)
    return replace(found, size=size_worded(*size)) if size is not None else found
