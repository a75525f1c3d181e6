"""From a Fleet and an oracle to verdicts: both stances, each conflict once, every pair settled."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain

from analyzer.boundary import Boundary, separating
from analyzer.demands import ARCHITECTURE, OPERATING_SYSTEM, demands_of
from analyzer.direct import Exclusive, direct_cores
from analyzer.explanation import Explanation, Fact
from analyzer.inquiry import Inquiry
from analyzer.locks import any_lock, certificate, drift, pins, preferred
from analyzer.oracle import Oracle
from analyzer.origin import Origin
from analyzer.package import PYTHON
from analyzer.pep440 import have_common_version
from analyzer.search import Core, Findings, Fits, Group, Open, Search, Subject
from analyzer.service import Fleet, Service
from analyzer.verdict import Code, Compatible, Conflict, Demand, Depth, Grade, Stance, Undecided, Witness

WEAKEST = {
    Code.INTERPRETER: Boundary.CONTAINER,
    Code.OPERATING_SYSTEM: Boundary.CONTAINER,
    Code.ARCHITECTURE: Boundary.VM,
}
"""The weakest boundary that separates each kind of conflict; a Python environment for the rest."""


@dataclass
class Examination:
    """A Fleet under one stance: the search, and its results as values."""

    fleet: Fleet
    stance: Stance
    search: Search
    ecosystem: str

    def compatible(self, fits: Fits) -> Compatible:
        """A group that fits, with its grade and drift."""
        services = [s for s in self.fleet.services if s.name in fits.services]
        moved = drift(services, self.ecosystem, fits.witness)
        grade = Grade.FROM_RANGES
        if any_lock(services, self.ecosystem):
            grade = Grade.RELOCKED if moved else Grade.AS_LOCKED
        return Compatible(tuple(sorted(fits.services)), self.stance, grade, fits.witness, moved)

    def _with_locks(self, node: Explanation) -> Explanation:
        """An Explanation in which what a lock fixes is said to be locked, not required."""
        causes = tuple(self._with_locks(cause) for cause in node.causes)
        pin = (node.service, node.origin)
        fact = Fact.LOCKED if node.fact is Fact.REQUIRED and pin in self._pinned else node.fact
        return replace(node, fact=fact, causes=causes)

    @cached_property
    def _pinned(self) -> frozenset[tuple[str, Origin | None]]:
        if self.stance is Stance.RELOCKED:
            return frozenset()
        return frozenset((s.name, pin.origin) for s in self.fleet.services for pin in pins(s, self.ecosystem))

    def undecided(self, item: Open) -> Undecided:
        """An open group."""
        return Undecided(tuple(sorted(item.services)), self.stance, item.reason)

    def conflict(self, core: Core) -> Conflict:
        """A core as a Conflict under this stance."""
        depth = Depth.LOCKED if self.stance is Stance.LOCKED else Depth.DECLARED
        code = code_of(core, depth)
        return Conflict(
            code=code,
            stance=depth,
            services=tuple(sorted(core.services)),
            boundary=separating(WEAKEST.get(code, Boundary.VENV), self.fleet.boundaries),
            packages=core.packages or tuple(dict.fromkeys(d.requirement.package for d in core.demands)),
            requirements=tuple(sorted(core.demands)),
            explanation=self._with_locks(core.proof),
            replay=self.search.inquiry.oracle.replay(core.demands),
        )


def examination(fleet: Fleet, stance: Stance, inquiry: Inquiry, exclusive: Exclusive) -> Examination:
    """Set up the search of a Fleet under one stance."""
    ecosystem = inquiry.oracle.ecosystem
    by_name = {s.name: s for s in fleet.services}
    demands = {s.name: demands_of(s, ecosystem, stance) for s in fleet.services}
    subject = Subject(
        demands=demands,
        opaque={s.name: reason for s in fleet.services if (reason := _why_opaque(s, ecosystem, stance))},
        certify=lambda group: _certified(_pick(by_name, group), demands, inquiry.oracle),
        prefer=lambda group: preferred(_pick(by_name, group), ecosystem) if stance is Stance.RELOCKED else {},
        vouched=_vouched(fleet, ecosystem) if stance is Stance.LOCKED else frozenset(),
    )
    cores = direct_cores(chain.from_iterable(demands.values()), exclusive)
    return Examination(fleet, stance, Search(subject, inquiry, cores), ecosystem)


def examine(
    fleet: Fleet, inquiry: Inquiry, exclusive: Exclusive
) -> tuple[Mapping[Stance, Examination], Mapping[Stance, Findings]]:
    """Settle every pair under both stances.

    What is declared is searched first: a conflict there nearly always stands whatever the locks say,
    as a lock lies inside what it was made from.
    """
    declared = examination(fleet, Stance.RELOCKED, inquiry, exclusive)
    relocked = declared.search.run()
    as_locked = examination(fleet, Stance.LOCKED, inquiry, exclusive)
    as_locked.search.adopt(relocked.cores)
    locked = as_locked.search.run()
    return (
        {Stance.LOCKED: as_locked, Stance.RELOCKED: declared},
        {Stance.LOCKED: locked, Stance.RELOCKED: relocked},
    )


def code_of(core: Core, depth: Depth) -> Code:
    """The code of a conflict, from what its Demands are about."""
    packages = {d.requirement.package for d in core.demands}
    special = {PYTHON: Code.INTERPRETER, OPERATING_SYSTEM: Code.OPERATING_SYSTEM, ARCHITECTURE: Code.ARCHITECTURE}
    if len(packages) > 1:
        return Code.RESOLUTION
    package = next(iter(packages))
    if package in special:
        return special[package]
    if len({d.requirement.source for d in core.demands}) > 1:
        return Code.SOURCE
    if have_common_version(d.requirement.constraint for d in core.demands):
        return Code.RESOLUTION
    return Code.LOCK if depth is Depth.LOCKED else Code.VERSION


def _pick(by_name: Mapping[str, Service], group: Group) -> list[Service]:
    return [by_name[name] for name in sorted(group)]


def _certified(
    services: Sequence[Service], demands: Mapping[str, tuple[Demand, ...]], oracle: Oracle
) -> Witness | None:
    """The union of equal locks, if it also meets everything demanded under the stance."""
    witness = certificate(services, oracle.ecosystem)
    if witness is None or not oracle.meets([d for s in services for d in demands[s.name]], witness):
        return None
    return witness


def _vouched(fleet: Fleet, ecosystem: str) -> frozenset[Demand]:
    return frozenset(Demand(s.name, pin.as_requirement()) for s in fleet.services for pin in pins(s, ecosystem))


def _why_opaque(service: Service, ecosystem: str, stance: Stance) -> str:
    """Why more may be wanted of a Service than is known; empty where all is known."""
    for skipped in service.skipped:
        if skipped.incomplete:
            return f"{skipped.what} of {service.name}: {skipped.reason}"
    for group in service.sets:
        closed = stance is Stance.LOCKED and group.locked is not None and group.closed
        if group.ecosystem == ecosystem and group.unknown and not group.bundled and not closed:
            return group.unknown[0]
    return ""
