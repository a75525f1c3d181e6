"""From a Fleet and one ecosystem's oracle to verdicts: both stances, each conflict once, every pair settled."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import chain, combinations

from analyzer.boundary import Boundary, separating
from analyzer.demands import (
    ARCHITECTURE,
    MAVEN,
    OPERATING_SYSTEM,
    PYPI,
    brought_python,
    demands_of,
    is_system,
    system_demands,
    takes_part,
    untold,
)
from analyzer.direct import Exclusive, direct_cores
from analyzer.explanation import Explanation, Fact
from analyzer.inquiry import Inquiry
from analyzer.kernels import is_kernel
from analyzer.locks import any_lock, certificate, drift, pins, preferred
from analyzer.oracle import Explainer, Oracle
from analyzer.origin import Origin
from analyzer.package import JDK, PYTHON, Package
from analyzer.pep440 import have_common_version
from analyzer.ports import is_port
from analyzer.search import Core, Findings, Fits, Group, Open, Search, Subject
from analyzer.service import Fleet, Service
from analyzer.verdict import Code, Compatible, Conflict, Demand, Depth, Grade, Stance, Undecided, Witness

WEAKEST = {
    Code.VERSION: Boundary.VENV,
    Code.RESOLUTION: Boundary.VENV,
    Code.SOURCE: Boundary.VENV,
    Code.LOCK: Boundary.VENV,
    Code.SYSTEM_PYTHON: Boundary.VENV,
    Code.ARCHITECTURE: Boundary.VM,
    Code.KERNEL: Boundary.VM,
}
"""The weakest boundary that separates each kind of conflict; a container, a root filesystem, for the rest."""

_KINDS = {
    "pypi": (Code.VERSION, Code.LOCK, Code.RESOLUTION),
    "deb": (Code.DEB_VERSION, Code.DEB_LOCK, Code.DEB_RESOLUTION),
    "rpm": (Code.RPM_VERSION, Code.RPM_LOCK, Code.RPM_RESOLUTION),
    "maven": (Code.EVICTION, Code.EVICTION, Code.STRICT),
    "git": (Code.CHECKOUT, Code.CHECKOUT, Code.CHECKOUT),
}
"""By ecosystem the codes of what clashes directly, of locks that do, and of what clashes only below."""
_RULING = re.compile(r"(?:^|; *)(?:strictly|reject) ")
"""What lets Gradle fail, in a constraint on a Maven module."""
_SPECIAL = {
    PYTHON: Code.INTERPRETER,
    JDK: Code.JDK,
    OPERATING_SYSTEM: Code.OPERATING_SYSTEM,
    ARCHITECTURE: Code.ARCHITECTURE,
}


@dataclass
class Examination:
    """A Fleet under one stance: the search, and its results as values."""

    fleet: Fleet
    stance: Stance
    search: Search
    ecosystem: str
    exclusive: Exclusive

    @property
    def members(self) -> Group:
        """The Services that take part in the ecosystem."""
        return frozenset(self.search.subject.demands)

    def compatible(self, fits: Fits) -> Compatible:
        """A group that fits, with its grade and drift."""
        return compatible(self.fleet, self.stance, fits, (self.ecosystem,))

    def _with_locks(self, node: Explanation) -> Explanation:
        """An Explanation in which what a lock fixes is said to be locked, not required."""
        causes = tuple(self._with_locks(cause) for cause in node.causes)
        pin = (node.service, node.origin)
        fact = Fact.LOCKED if node.fact is Fact.REQUIRED and pin in self._pinned else node.fact
        return replace(node, fact=fact, causes=causes)

    @cached_property
    def _pinned(self) -> frozenset[tuple[str, Origin | None]]:
        if self.stance is Stance.RELOCKED and self.ecosystem != MAVEN:
            return frozenset()
        return frozenset((s.name, pin.origin) for s in self.fleet.services for pin in pins(s, self.ecosystem))

    def undecided(self, item: Open) -> Undecided:
        """An open group."""
        return Undecided(tuple(sorted(item.services)), self.stance, item.reason)

    def conflict(self, core: Core) -> Conflict:
        """A core as a Conflict under this stance."""
        depth = Depth.LOCKED if self.stance is Stance.LOCKED else Depth.DECLARED
        oracle, code = self.search.inquiry.oracle, code_of(core, depth, self.exclusive)
        # A jar of the system was not put there by the installer that the oracle speaks for.
        resolved = code is not Code.SHARED_JAR
        proof = oracle.proof(core.demands) if resolved and isinstance(oracle, Explainer) else None
        shown = replace(core, proof=self._with_locks(proof or core.proof))
        return conflict_of(shown, code, depth, self.fleet, oracle.replay(core.demands) if resolved else "")


def compatible(fleet: Fleet, stance: Stance, fits: Fits, ecosystems: Iterable[str]) -> Compatible:
    """A group that fits, with its grade and drift, both by the locks in some ecosystems."""
    services = [s for s in fleet.services if s.name in fits.services]
    known = tuple(ecosystems)
    moved = sum(drift(services, ecosystem, fits.witness) for ecosystem in known)
    grade = Grade.FROM_RANGES
    if any(any_lock(services, ecosystem) for ecosystem in known):
        grade = Grade.RELOCKED if moved else Grade.AS_LOCKED
    return Compatible(tuple(sorted(fits.services)), stance, grade, fits.witness, moved)


def conflict_of(core: Core, code: Code, depth: Depth, fleet: Fleet, replay: str = "") -> Conflict:
    """A core as a Conflict, with the weakest Boundary in use that separates it."""
    return Conflict(
        code=code,
        stance=depth,
        services=tuple(sorted(core.services)),
        boundary=separating(weakest(code), fleet.boundaries),
        packages=core.packages or tuple(dict.fromkeys(d.requirement.package for d in core.demands)),
        requirements=tuple(sorted(core.demands)),
        explanation=core.proof,
        replay=replay,
    )


def examination(
    fleet: Fleet, stance: Stance, inquiry: Inquiry, exclusive: Exclusive, apart: tuple[Core, ...] = (), size: int = 2
) -> Examination:
    """Set up the search of a Fleet under one stance, among the Services that take part in the ecosystem.

    Of pairs that are ``apart`` (their systems clash) nothing more is asked.
    """
    ecosystem = inquiry.oracle.ecosystem
    services = [s for s in fleet.services if takes_part(s, ecosystem)]
    by_name = {s.name: s for s in services}
    demands = {s.name: demands_of(s, ecosystem, stance) for s in services}
    subject = Subject(
        demands=demands,
        opaque={s.name: reason for s in services if (reason := _why_opaque(s, ecosystem, stance))},
        certify=lambda group: _certified(_pick(by_name, group), demands, inquiry.oracle),
        prefer=lambda group: preferred(_pick(by_name, group), ecosystem) if stance is Stance.RELOCKED else {},
        vouched=_vouched(services) if stance is Stance.LOCKED else frozenset(),
        brought={s.name: brought for s in services if ecosystem == PYPI and (brought := brought_python(s))},
    )
    known = {core.services: core for core in apart if core.services <= by_name.keys()}
    inner = (d for d in chain.from_iterable(demands.values()) if not is_system(d))
    for core in direct_cores(inner, exclusive):
        known.setdefault(core.services, core)
    search = Search(subject, inquiry, tuple(known.values()), size)
    return Examination(fleet, stance, search, ecosystem, exclusive)


def system_cores(fleet: Fleet, exclusive: Exclusive) -> tuple[Core, ...]:
    """The pairs of Services that cannot share a root filesystem, or a machine, whatever is installed. A pair
    may be there for either reason, which take different boundaries."""
    demands = tuple(chain.from_iterable(map(system_demands, fleet.services)))
    about = ([d for d in demands if d.requirement.package == package] for package in (OPERATING_SYSTEM, ARCHITECTURE))
    return tuple(core for some in about for core in direct_cores(some, exclusive))


def examine(
    fleet: Fleet, inquiry: Inquiry, exclusive: Exclusive, apart: tuple[Core, ...] = (), size: int = 2
) -> tuple[Mapping[Stance, Examination], Mapping[Stance, Findings]]:
    """Settle every pair in one ecosystem, under both stances, and groups of up to ``size`` where the oracle
    can survey them.

    What is declared is searched first: a conflict there nearly always stands whatever the locks say,
    as a lock lies inside what it was made from.
    """
    declared = examination(fleet, Stance.RELOCKED, inquiry, exclusive, apart, size)
    relocked = declared.search.run()
    as_locked = examination(fleet, Stance.LOCKED, inquiry, exclusive, apart, size)
    as_locked.search.adopt(relocked.cores)
    locked = as_locked.search.run()
    return (
        {Stance.LOCKED: as_locked, Stance.RELOCKED: declared},
        {Stance.LOCKED: locked, Stance.RELOCKED: relocked},
    )


def code_of(core: Core, depth: Depth, exclusive: Exclusive) -> Code:
    """The code of a conflict, from what its Demands are about."""
    packages = {d.requirement.package for d in core.demands}
    types = {package.type for package in packages} - {PYTHON.type}
    if known := _special(core, packages, types):
        return known
    version, lock, resolution = _KINDS[next(iter(types), PYPI)]
    if len(packages) > 1:
        return resolution
    if len({d.requirement.source for d in core.demands}) > 1:
        return Code.SOURCE
    if not _direct(core, exclusive):
        return resolution
    return lock if depth is Depth.LOCKED else version


def _special(core: Core, packages: Collection[Package], types: Collection[str]) -> Code | None:
    """The code of what is not told by ecosystem and depth."""
    if any(d.requirement.shipped_by for d in core.demands):
        return Code.SHARED_JAR if MAVEN in types else Code.SYSTEM_PYTHON
    if types == {MAVEN}:
        return Code.STRICT if any(_RULING.search(d.requirement.constraint) for d in core.demands) else Code.EVICTION
    (package, *others) = packages
    if others:
        return None
    if is_kernel(package):
        return Code.KERNEL
    return Code.PORT if is_port(package) else _SPECIAL.get(package)


def weakest(code: Code) -> Boundary:
    """The weakest Boundary that separates a kind of conflict."""
    return WEAKEST.get(code, Boundary.CONTAINER)


def _direct(core: Core, exclusive: Exclusive) -> bool:
    """Whether Requirements on one Package exclude each other by themselves, in pairs or (PEP 440) all at once."""
    asked = [demand.requirement for demand in core.demands]
    if any(exclusive(one, other) for one, other in combinations(asked, 2)):
        return True
    return asked[0].package.type in (PYPI, PYTHON.type) and not have_common_version(r.constraint for r in asked)


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


def _vouched(services: Iterable[Service]) -> frozenset[Demand]:
    """Pins of Python locks only: a lock of one was resolved as a whole. What is installed on two systems
    was never together anywhere, and may exclude one another."""
    return frozenset(Demand(s.name, pin.as_requirement()) for s in services for pin in pins(s, PYPI))


def _why_opaque(service: Service, ecosystem: str, stance: Stance) -> str:
    """Why more may be wanted of a Service than is known; empty where all is known."""
    for skipped in service.skipped:
        if skipped.incomplete:
            return f"{skipped.what} of {service.name}: {skipped.reason}"
    for group in service.sets:
        closed = stance is Stance.LOCKED and group.locked is not None and group.closed
        if group.ecosystem == ecosystem and group.unknown and not group.bundled and not closed:
            return group.unknown[0]
        if group.ecosystem == ecosystem and not group.bundled and (reason := untold(group, stance)):
            return f"{service.name}: {reason}"
    return ""
