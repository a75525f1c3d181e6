"""A Plan as nested boxes, with what proves it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations, islice

from analyzer.package import JDK
from analyzer.plan import Container, Machine, Plan, Venv
from analyzer.report import Report
from analyzer.substrate.option import Orchestrator, Substrate
from analyzer.substrate.recommendation import Reason, Recommendation
from analyzer.verdict import Stance
from reports import prose, recommended, tier_prose
from reports.html.cards import anchors, cause
from reports.html.openings import open_anchors
from reports.html.stances import TITLES
from reports.html.strongest import strongest
from reports.html.text import joined
from reports.migration_prose import step

LISTED = 400
"""Packages of a witness that are listed, of each ecosystem."""

_CHECKABLE = 8
"""Services of the largest certificate whose pairs are all listed."""


@dataclass(frozen=True, slots=True)
class Tenant:
    """A Service in a box; ``key`` leads to its inventory, ``note`` tells which of its replicas stands there."""

    name: str
    key: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Witnesses:
    """Versions of one ecosystem, as (name, version), that satisfy a whole room; ``more`` tells how many are not
    listed."""

    title: str
    versions: tuple[tuple[str, str], ...]
    more: str


@dataclass(frozen=True, slots=True)
class Room:
    """A Python environment."""

    facts: tuple[str, ...]
    tenants: tuple[Tenant, ...]
    witnesses: tuple[Witnesses, ...]


@dataclass(frozen=True, slots=True)
class Advice:
    """What is recommended and why. ``options`` are titles with (weight, reason, source); ``unknown`` is what is
    not known and matters."""

    title: str
    options: tuple[tuple[str, tuple[tuple[str, str, str], ...]], ...]
    unknown: str


@dataclass(frozen=True, slots=True)
class Box:
    """A container. ``like`` names the box whose advice holds for it too."""

    title: str
    size: str
    rooms: tuple[Room, ...]
    advice: tuple[Advice, ...]
    like: str


@dataclass(frozen=True, slots=True)
class Step:
    """Two Services of a certificate and what keeps them apart."""

    pair: str
    href: str
    why: str


@dataclass(frozen=True, slots=True)
class Proof:
    """Services that are all kept apart, pair by pair."""

    title: str
    tenants: tuple[Tenant, ...]
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Housing:
    """A Plan. ``machines`` are titles with their boxes, ``way`` leads there from the present layout."""

    key: str
    title: str
    environments: str
    bound: str
    notes: tuple[str, ...]
    proofs: tuple[Proof, ...]
    machines: tuple[tuple[str, tuple[Box, ...]], ...]
    advice: tuple[Advice, ...]
    way: tuple[str, tuple[str, ...]] | None


def housings(report: Report, keys: Mapping[str, str]) -> tuple[Housing, ...]:
    """The Plans, as locked first."""
    return tuple(_housing(report, report.plans[stance], keys) for stance in Stance if stance in report.plans)


def _housing(report: Report, plan: Plan, keys: Mapping[str, str]) -> Housing:
    numbered = iter(enumerate(plan.containers(), 1))
    keyed = _Tenants(plan, keys)
    told: dict[Recommendation[Substrate] | None, str] = {None: ""}
    machines = tuple(
        (_machine_title(number, machine), tuple(_box(*next(numbered), keyed, told) for _ in machine.containers))
        for number, machine in enumerate(plan.machines, 1)
    )
    return Housing(
        key=plan.stance.value,
        title=TITLES[plan.stance],
        environments=prose.housing(report, plan.environments),
        bound=prose.bound(plan, report),
        notes=(*tier_prose.spending(plan, report), *_notes(plan)),
        proofs=tuple(_proofs(report, plan, keys)),
        machines=machines,
        advice=tuple(_advice("Orchestrator", plan.orchestrator)),
        way=_way(plan),
    )


def _way(plan: Plan) -> tuple[str, tuple[str, ...]] | None:
    steps = tuple(step(move) for move in plan.migration)
    return (f"Getting there from today's layout: {prose.count(len(steps), 'step')}", steps) if steps else None


def _machine_title(number: int, machine: Machine) -> str:
    return ", ".join(filter(None, (f"Machine {number}", tier_prose.load(machine))))


def _notes(plan: Plan) -> Iterator[str]:
    if uncounted := tier_prose.unmeasured(plan):
        yield uncounted
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
        title = f"Why not fewer than {size}: {'pair by pair' if steps else 'who they are'}"
        yield Proof(title, _tenants(plan.certificate, keys), steps)


def _steps(report: Report, plan: Plan) -> Iterator[Step]:
    positions, places = strongest(report, plan.stance), anchors(report)
    unclear = {services: name for (services, _), name in open_anchors(report).items()}
    for pair in combinations(sorted(plan.certificate), 2):
        if pair in positions:
            position = positions[pair]
            yield Step(joined(pair), places[position], f"on {cause(report.conflicts[position])}")
        elif pair in unclear:
            yield Step(joined(pair), unclear[pair], "undecided")


def _box(
    number: int, container: Container, tenants: _Tenants, told: dict[Recommendation[Substrate] | None, str]
) -> Box:
    """``told`` says which box gives the reasons for a recommendation; the same ones are given once."""
    title, found = f"Container {number}", container.recommendation
    advice = tuple(_advice("Substrate", found)) if found not in told else ()
    like = told.setdefault(found, title)
    like = f"Substrate: {found.label}, for the same reasons as {like}" if found is not None and not advice else ""
    rooms = tuple(_room(container, venv, tenants) for venv in container.venvs)
    size = prose.count(len(container.services), "service")
    return Box(title, size, rooms, advice, like)


def _advice(what: str, found: Recommendation[Substrate] | Recommendation[Orchestrator] | None) -> Iterator[Advice]:
    if found is not None:
        options = tuple(
            (title, tuple((recommended.weighed(r), r.text, _source(r)) for r in reasons))
            for title, reasons in recommended.reasons(found)
        )
        yield Advice(f"{what}: {found.label}", options, recommended.unknown(found))


def _source(reason: Reason) -> str:
    return f"{reason.source}, {reason.date}" if reason.date else reason.source


def _room(container: Container, venv: Venv, tenants: _Tenants) -> Room:
    return Room(
        (*tenants.room(), *_facts(container, venv)), tuple(map(tenants.next, venv.services)), tuple(_witnesses(venv))
    )


_NOUNS = {"git": "checkout", "maven": "Maven module"}
"""What a Candidate is called, by the type of its Package; a package for the rest."""


def _witnesses(venv: Venv) -> Iterator[Witnesses]:
    listed: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for candidate in venv.witness.versions if venv.witness else ():
        if candidate.package == JDK:
            continue
        listed[candidate.package.type].append((candidate.package.name, candidate.version))
    for ecosystem, versions in sorted(listed.items()):
        title = f"Witness: {prose.count(len(versions), _NOUNS.get(ecosystem, f'{ecosystem} package'))}"
        left = len(versions) - LISTED
        yield Witnesses(title, tuple(versions[:LISTED]), f"and {left} more, all in the JSON report" if left > 0 else "")


def _facts(container: Container, venv: Venv) -> Iterator[str]:
    if venv.witness and venv.witness.python:
        yield f"Python {venv.witness.python}"
    yield from (f"JDK {c.version}" for c in (venv.witness.versions if venv.witness else ()) if c.package == JDK)
    if venv.drift:
        yield f"drift {venv.drift}"
    if substrate := recommended.substrate(container, venv):
        yield substrate
    if venv.undecided:
        yield f"undecided: {venv.undecided}"


class _Tenants:
    """The Services of a Plan's boxes, replicas and Python environments counted in the order of the boxes."""

    def __init__(self, plan: Plan, keys: Mapping[str, str]) -> None:
        self._keys = keys
        self._replicas = Counter(name for container in plan.containers() for name in container.services)
        self._met: Counter[str] = Counter()
        self._numbers = tier_prose.environment_numbers(plan)

    def next(self, name: str) -> Tenant:
        self._met[name] += 1
        replicas = self._replicas[name]
        note = f"replica {self._met[name]} of {replicas}" if replicas > 1 else ""
        return Tenant(name, self._keys.get(name, "inventory"), note)

    def room(self) -> Iterator[str]:
        """What the next Python environment is called, where several may be in one container."""
        yield from (f"Python environment {number}" for number in islice(self._numbers, 1))


def _tenants(names: Iterable[str], keys: Mapping[str, str]) -> tuple[Tenant, ...]:
    return tuple(Tenant(name, keys.get(name, "inventory")) for name in names)
