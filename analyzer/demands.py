"""What each Service demands of an Environment, under either stance."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from analyzer.origin import Origin
from analyzer.package import JDK, PYTHON, Package
from analyzer.pep440 import have_common_version
from analyzer.requirement import Force, Requirement
from analyzer.service import DependencySet, Service
from analyzer.verdict import Demand, Stance, Witness

OPERATING_SYSTEM = Package("generic", "os")
ARCHITECTURE = Package("generic", "arch")
ANY_LINUX = "linux"
PYPI = "pypi"
"""The ecosystem whose sets live in a Python environment, so that the interpreter is their matter."""
MAVEN = "maven"
"""The ecosystem in which fixed versions lead to one class path, whatever is released since."""
_WAY_OUT = "; a Maven repository would (--maven-repository)"
_MOVING = re.compile(r"[\[\](]|\+\s*(?:;|$)|latest\.")
"""What makes a version move: a range, a prefix, or whatever is latest (Gradle user manual, "Dynamic versions")."""


def demands_of(service: Service, ecosystem: str, stance: Stance) -> tuple[Demand, ...]:
    """The Demands of a Service in one ecosystem, its platform's included.

    LOCKED takes the locked Candidates where there is a lock; a lock is read for one Python
    version, so it demands that too. A bundled set demands its platform only.
    """
    interpreter = service.interpreter if ecosystem == PYPI else ()
    wanted: list[Requirement] = [*interpreter, *_platform(service)]
    for group in service.sets:
        if group.ecosystem == ecosystem and not group.bundled:
            wanted += _of_set(service, group, stance)
    return tuple(Demand(service.name, requirement) for requirement in dict.fromkeys(wanted))


def takes_part(service: Service, ecosystem: str) -> bool:
    """Whether a Service has anything to say in an ecosystem. Who has not clashes with nobody there."""
    own = any(group.ecosystem == ecosystem and not group.bundled for group in service.sets)
    return own or (ecosystem == PYPI and bool(service.interpreter))


def is_system(demand: Demand) -> bool:
    """Whether a Demand is about the operating system or the architecture."""
    return demand.requirement.package in (OPERATING_SYSTEM, ARCHITECTURE)


def system_demands(service: Service) -> tuple[Demand, ...]:
    """The Demands of a Service on the root filesystem and the machine as such, whatever is installed."""
    return tuple(Demand(service.name, requirement) for requirement in _platform(service))


def is_platform(demand: Demand) -> bool:
    """Whether a Demand is about the interpreter or the platform and not about a dependency."""
    package = demand.requirement.package
    return package.type == PYTHON.type and package != JDK


def is_surrounding(demand: Demand) -> bool:
    """Whether a Demand says how the others of its Service are to be read: on which platform, and what
    an override puts in their place. Taken away it does not leave less to be met."""
    return is_platform(demand) or demand.requirement.force is Force.OVERRIDES


def in_force(demands: Iterable[Demand]) -> Iterator[Demand]:
    """The Demands without those that an override of the same Service replaces."""
    known = tuple(demands)
    replaced = {(d.service, d.requirement.package) for d in known if d.requirement.force is Force.OVERRIDES}
    return (
        d for d in known if d.requirement.force is Force.OVERRIDES or (d.service, d.requirement.package) not in replaced
    )


def _of_set(service: Service, group: DependencySet, stance: Stance) -> list[Requirement]:
    if group.resolved is not None and (group.locked is None or stance is Stance.RELOCKED):
        return list(group.resolved)
    if group.locked is None:
        return list(group.requirements)
    pins = [locked.as_requirement() for locked in group.locked]
    if stance is Stance.RELOCKED:
        return [*group.requirements, *pins] if leads_to_its_lock(group) else list(group.requirements)
    if not pins or not service.platform.python or group.ecosystem != PYPI:
        return pins
    origin = Origin(pins[0].origin.file, 0, f"locked for Python {service.platform.python}")
    return [Requirement(PYTHON, f"=={service.platform.python}.*", origin), *pins]


def untold(group: DependencySet, stance: Stance) -> str:
    """Why nothing here tells which class path a set of Maven modules leads to; empty where something does."""
    if group.ecosystem != MAVEN or all(r.force is Force.LIMITS for r in group.requirements):
        return ""
    if group.locked is not None and (stance is Stance.LOCKED or leads_to_its_lock(group)):
        return ""
    if group.resolved is not None or group.unresolved:
        return group.unresolved
    if group.locked is None:
        first = next(r for r in group.requirements if r.force is not Force.LIMITS)
        return f"no lock file tells which class path {first} leads to{_WAY_OUT}"
    moving = next(r for r in group.requirements if _MOVING.search(r.constraint))
    return f"only a Maven repository tells which class path {moving} leads to by now{_WAY_OUT}"


def leads_to_its_lock(group: DependencySet) -> bool:
    """Whether locking what is declared again can only give the same lock."""
    return group.ecosystem == MAVEN and not any(_MOVING.search(r.constraint) for r in group.requirements)


def _platform(service: Service) -> list[Requirement]:
    """What the Service's base says, and its platform where the base says nothing."""
    origin = Origin(service.path or ".", 0, "platform")
    wanted = [] if _names(service, ARCHITECTURE) else [Requirement(ARCHITECTURE, service.platform.arch, origin)]
    if service.platform.os != ANY_LINUX and not _names(service, OPERATING_SYSTEM):
        wanted.append(Requirement(OPERATING_SYSTEM, service.platform.os, origin))
    return [*wanted, *(r for r in service.base if r.package != PYTHON)]


def brought_python(service: Service) -> Requirement | None:
    """The Python version that the Service's image brings, as the constraint ``==3.8.*``; None where nothing says
    which, or the Service's own files do not admit it.

    It is no Demand: on which version an image is built is changed by one word, where the Service admits another.
    """
    brought = next((r for r in service.base if r.package == PYTHON), None)
    admitted = brought and have_common_version(r.constraint for r in (brought, *service.interpreter))
    return brought if admitted else None


def _names(service: Service, package: Package) -> bool:
    return any(requirement.package == package for requirement in service.base)


def has_lock(service: Service, ecosystem: str) -> bool:
    """Whether the Service's private-free sets of an ecosystem carry a lock."""
    return any(s.locked is not None and not s.bundled for s in service.sets if s.ecosystem == ecosystem)


def overrides(demands: Iterable[Demand]) -> frozenset[Requirement]:
    """What a Service replaces in the words of others, wherever it says so."""
    forced = (d.requirement for d in demands if d.requirement.force is Force.OVERRIDES)
    return frozenset(replace(r, origin=Origin("")) for r in forced)


def as_limits(witness: Witness) -> tuple[Demand, ...]:
    """A Witness as Demands of nobody's: no version but its own, and its Python version."""
    origin = Origin("")
    limits = (Requirement(c.package, f"=={c.version}", origin, force=Force.LIMITS) for c in witness.versions)
    python = (Requirement(PYTHON, f"=={witness.python}.*", origin),) if witness.python else ()
    return tuple(Demand("", requirement) for requirement in (*limits, *python))
