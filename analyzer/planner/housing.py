"""Housing: a judged Partition as a Plan, with machines around containers around Python environments.

The Partition is of containers. A tier inside (Python environments) or outside (machines) is again
a partition of the same kind, of what the tier below holds under the exclusions of its boundary.
"""

from __future__ import annotations

from collections.abc import Iterable

from analyzer.plan import Container, Machine, Plan, Venv
from analyzer.planner.lazy import LazyResult
from analyzer.planner.partition import Exclusions, partition
from analyzer.verdict import Compatible, Stance, Undecided


def house(
    stance: Stance,
    result: LazyResult,
    *,
    unplaced: Iterable[str] = (),
    kernels: Iterable[frozenset[str]] = (),
) -> Plan:
    """The Plan with one container, and one Python environment in it, for each group.

    ``unplaced`` are Services known to be unsatisfiable alone, ``kernels`` those of the exclusions
    that only a machine separates. Without any there is one machine. The containers are as few as
    possible; the machines are as few as those containers allow.
    """
    found = result.partition
    venvs = [_venv(group, answer) for group, answer in zip(found.groups, result.answers, strict=True)]
    return Plan(
        stance,
        tuple(Machine(tuple(Container((venvs[i],)) for i in machine)) for machine in _machines(found.groups, kernels)),
        environments=len(found.groups),
        lower_bound=found.lower_bound,
        proven=found.proven,
        certificate=found.certificate,
        drift=sum(venv.drift for venv in venvs),
        unplaced=tuple(sorted({*unplaced, *result.unplaced})),
        held_apart=held_apart(result.exclusions),
    )


def held_apart(exclusions: Exclusions) -> int:
    """How many sets, mostly pairs, are separated only because they are undecided."""
    services = set(exclusions.services)
    return sum(
        1
        for apart in exclusions.apart
        if apart <= services and not any(conflict <= apart for conflict in exclusions.conflicts)
    )


def _venv(services: tuple[str, ...], answer: Compatible | Undecided) -> Venv:
    if isinstance(answer, Undecided):
        return Venv(services, undecided=answer.reason)
    return Venv(services, answer.witness, drift=answer.drift)


def _machines(groups: tuple[tuple[str, ...], ...], kernels: Iterable[frozenset[str]]) -> list[list[int]]:
    """The groups, by number, that share each machine."""
    at = {service: f"{i:09}" for i, group in enumerate(groups) for service in group}
    between = (frozenset(at[service] for service in edge) for edge in kernels if edge <= at.keys())
    exclusions = Exclusions(tuple(sorted(set(at.values()))), frozenset(edge for edge in between if len(edge) > 1))
    return [[int(name) for name in machine] for machine in partition(exclusions).groups]
