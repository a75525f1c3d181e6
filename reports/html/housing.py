"""A Plan as nested boxes, with what proves it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations

from analyzer.plan import Container, Plan, Venv
from analyzer.report import Report
from analyzer.verdict import Stance
from reports import prose
from reports.html.cards import anchor, cause
from reports.html.stances import TITLES
from reports.html.text import joined

_CHECKABLE = 8
"""Services of the largest certificate whose pairs are all listed."""


@dataclass(frozen=True, slots=True)
class Tenant:
    """A Service in a box; ``key`` leads to its inventory."""

    name: str
    key: str


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Versions, as (name, version), that satisfy a whole room."""

    title: str
    versions: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Room:
    """A Python environment."""

    facts: tuple[str, ...]
    tenants: tuple[Tenant, ...]
    witnesses: tuple[Witnesses, ...]


@dataclass(frozen=True, slots=True)
class Box:
    """A container."""

    title: str
    size: str
    rooms: tuple[Room, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """Two Services of a certificate and the Conflict that keeps them apart."""

    pair: str
    href: str
    package: str


@dataclass(frozen=True, slots=True)
class Proof:
    """Services that all exclude one another, pair by pair."""

    title: str
    tenants: tuple[Tenant, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Housing:
    """A Plan. ``machines`` are titles with their boxes."""

    key: str
    title: str
    environments: str
    bound: str
    notes: tuple[str, ...]
    proofs: tuple[Proof, ...]
    machines: tuple[tuple[str, tuple[Box, ...]], ...]


def housings(report: Report, keys: Mapping[str, str]) -> tuple[Housing, ...]:
    """The Plans, as locked first."""
    return tuple(_housing(report, report.plans[stance], keys) for stance in Stance if stance in report.plans)


def _housing(report: Report, plan: Plan, keys: Mapping[str, str]) -> Housing:
    numbered = iter(enumerate(plan.containers(), 1))
    machines = tuple(
        (f"Machine {number}", tuple(_box(*next(numbered), keys) for _ in machine.containers))
        for number, machine in enumerate(plan.machines, 1)
    )
    return Housing(
        key=plan.stance.value,
        title=TITLES[plan.stance],
        environments=prose.housing(report, plan.environments),
        bound=prose.bound(plan, report),
        notes=tuple(_notes(plan)),
        proofs=tuple(_proofs(report, plan, keys)),
        machines=machines,
    )


def _notes(plan: Plan) -> Iterator[str]:
    if plan.drift:
        yield f"Drift: {prose.count(plan.drift, 'locked version')} moved inside what is declared."
    if plan.held_apart:
        yield f"Kept apart only because nothing is known of them: {prose.count(plan.held_apart, 'pair')}."
    if plan.unplaced:
        yield f"Not housed, unsatisfiable even alone: {prose.names(plan.unplaced)}."


def _proofs(report: Report, plan: Plan, keys: Mapping[str, str]) -> Iterator[Proof]:
    size = len(plan.certificate)
    if size > 1:
        steps = tuple(_steps(report, plan)) if size <= _CHECKABLE else ()
        title = f"Why not fewer than {size}: these {size} all exclude one another"
        yield Proof(title, _tenants(plan.certificate, keys), steps)


def _steps(report: Report, plan: Plan) -> Iterator[Step]:
    positions = {conflict.services: position for position, conflict in enumerate(report.conflicts)}
    for pair in combinations(sorted(plan.certificate), 2):
        if pair in positions:
            position = positions[pair]
            yield Step(joined(pair), anchor(position), cause(report.conflicts[position]))


def _box(number: int, container: Container, keys: Mapping[str, str]) -> Box:
    rooms = tuple(_room(venv, keys) for venv in container.venvs)
    return Box(f"Container {number}", prose.count(len(container.services), "service"), rooms)


def _room(venv: Venv, keys: Mapping[str, str]) -> Room:
    return Room(tuple(_facts(venv)), _tenants(venv.services, keys), tuple(_witnesses(venv)))


def _witnesses(venv: Venv) -> Iterator[Witnesses]:
    versions = venv.witness.versions if venv.witness else ()
    if versions:
        title = f"Witness: {prose.count(len(versions), 'version')}"
        yield Witnesses(title, tuple((candidate.package.name, candidate.version) for candidate in versions))


def _facts(venv: Venv) -> Iterator[str]:
    if venv.witness and venv.witness.python:
        yield f"Python {venv.witness.python}"
    if venv.drift:
        yield f"drift {venv.drift}"
    if venv.substrate:
        yield venv.substrate
    if venv.undecided:
        yield f"undecided: {venv.undecided}"


def _tenants(names: Iterable[str], keys: Mapping[str, str]) -> tuple[Tenant, ...]:
    return tuple(Tenant(name, keys.get(name, "inventory")) for name in names)
