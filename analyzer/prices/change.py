"""Changes of what a Service requires of one Package."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from analyzer.demands import PYPI, is_system
from analyzer.origin import Origin
from analyzer.package import PYTHON, Package
from analyzer.requirement import Force, Requirement
from analyzer.service import DependencySet, Fleet, Service
from analyzer.verdict import Demand


class Way(StrEnum):
    """In which direction a version moves."""

    UPGRADE = "upgrade"
    DOWNGRADE = "downgrade"
    RELAX = "relax"


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """What one Service says of one Package, in however many lines."""

    service: str
    package: Package


@dataclass(frozen=True, slots=True, order=True)
class Change:
    """At a Place, ``before`` gives way to ``after``; an empty constraint admits every version."""

    place: Place
    before: str
    after: str
    way: Way = Way.RELAX


Loosening = Callable[[Requirement], str]
"""The constraint that a Requirement could have instead; the same one where it cannot give way."""


def freely(_: Requirement) -> str:
    """Any version will do."""
    return ""


def upwards(requirement: Requirement) -> str:
    """Later versions will do as well (PEP 440): lower bounds stay, others become such or fall. What other
    ecosystems say is loosened freely."""
    if requirement.package.type not in (PYPI, PYTHON.type):
        return ""
    try:
        parts = list(SpecifierSet(requirement.constraint))
    except (InvalidSpecifier, ValueError):
        return ""
    kept = (f"{_LATER[part.operator]}{part.version.removesuffix('.*')}" for part in parts if part.operator in _LATER)
    return ",".join(sorted(kept)) if any(part.operator not in _STAYING for part in parts) else requirement.constraint


PRICED = frozenset({PYPI, PYTHON.type, "deb", "rpm"})
"""The types of packages whose Demands are what a service itself says, and can say less strictly. Those of Maven are a
whole class path, most of which nobody wrote, and a clone has no range (``alignment``)."""
_STAYING = (">=", ">", "!=")
_LATER = {">=": ">=", ">": ">", "!=": "!=", "==": ">=", "~=": ">="}


def relaxable(demand: Demand, loosen: Loosening = freely) -> bool:
    """Whether a Demand speaks of versions, so that another constraint could stand in its place."""
    requirement = demand.requirement
    if requirement.package.type not in PRICED or requirement.source is not None or requirement.shipped_by:
        return False
    if is_system(demand):
        return False
    return loosen(requirement) != requirement.constraint


def place_of(demand: Demand) -> Place:
    """Where a Demand is made."""
    return Place(demand.service, demand.requirement.package)


def relaxed(demands: Iterable[Demand], places: Collection[Place], loosen: Loosening = freely) -> Iterator[Demand]:
    """Demands with looser constraints at some Places. What only limits, and does so no more, is left out."""
    for demand in demands:
        if place_of(demand) not in places or not relaxable(demand, loosen):
            yield demand
        elif (constraint := loosen(demand.requirement)) or demand.requirement.force is not Force.LIMITS:
            yield Demand(demand.service, replace(demand.requirement, constraint=constraint))


def changed(fleet: Fleet, changes: Iterable[Change], origin: Origin | None = None) -> Fleet:
    """The Fleet in which the Changes are made, with Requirements at ``origin`` on Packages that their services did
    not name before. A lock of a set that is changed is no longer its lock, nor is what it led to still known."""
    wanted: dict[str, dict[Package, str]] = defaultdict(dict)
    for change in changes:
        wanted[change.place.service][change.place.package] = change.after
    new = origin or Origin("", 0, "a change")
    services = (_with(s, wanted[s.name], new) if s.name in wanted else s for s in fleet.services)
    return replace(fleet, services=tuple(services))


def _with(service: Service, own: Mapping[Package, str], origin: Origin) -> Service:
    interpreter = tuple(_constrained(service.interpreter, own))
    sets = tuple(_of_set(group, own) for group in service.sets)
    service = replace(service, interpreter=interpreter, sets=sets)
    named = {r.package for r in (*interpreter, *(r for group in sets for r in group.requirements))}
    for package in own.keys() - named if own else ():
        service = _with_new(service, Requirement(package, own[package], origin))
    return service


def _with_new(service: Service, requirement: Requirement) -> Service:
    """With one Requirement more, beside those of its ecosystem: on a class path of its own it would change nothing."""
    if requirement.package == PYTHON:
        return replace(service, interpreter=(*service.interpreter, requirement))
    fitting = (n for n, g in enumerate(service.sets) if g.ecosystem == requirement.package.type and _is_own(g))
    at = next(fitting, len(service.sets))
    group = service.sets[at] if at < len(service.sets) else DependencySet(requirement.package.type)
    added = _renewed(group, (*group.requirements, requirement))
    return replace(service, sets=(*service.sets[:at], added, *service.sets[at + 1 :]))


def _is_own(group: DependencySet) -> bool:
    """Whether a set is what a service shares with others, and not what its system's packages ship."""
    return not group.bundled and not any(requirement.shipped_by for requirement in group.requirements)


def _of_set(group: DependencySet, own: Mapping[Package, str]) -> DependencySet:
    if not _is_own(group) or not any(requirement.package in own for requirement in group.requirements):
        return group
    return _renewed(group, tuple(_constrained(group.requirements, own)))


def _renewed(group: DependencySet, requirements: tuple[Requirement, ...]) -> DependencySet:
    return replace(group, requirements=requirements, locked=None, closed=False, resolved=None, unresolved="")


def _constrained(requirements: Iterable[Requirement], own: Mapping[Package, str]) -> Iterator[Requirement]:
    for requirement in requirements:
        if requirement.package not in own or requirement.source is not None:
            yield requirement
        elif requirement.force is not Force.LIMITS:
            yield replace(requirement, constraint=own[requirement.package])


def suggestion(place: Place, demands: Iterable[Demand], version: str) -> Change:
    """The Change that admits a version at a Place, and those beyond it where it lies beyond all admitted."""
    before = ", ".join(dict.fromkeys(d.requirement.constraint for d in demands if place_of(d) == place))
    way = _way(before, version) if place.package.type in (PYPI, PYTHON.type) else Way.RELAX
    comparison = {Way.UPGRADE: ">=", Way.DOWNGRADE: "<=", Way.RELAX: "=="}[way]
    pinned = version if place.package.type == "maven" else f"{comparison}{version}"
    return Change(place, before, pinned if version else "", way)


def _way(before: str, version: str) -> Way:
    """Whether a version lies above or below all that a constraint names (PEP 440)."""
    try:
        named = [Version(s.version.removesuffix(".*")) for s in SpecifierSet(before)]
        chosen = Version(version)
    except (InvalidSpecifier, InvalidVersion, ValueError):
        return Way.RELAX
    if named and all(chosen >= bound for bound in named):
        return Way.UPGRADE
    return Way.DOWNGRADE if named and all(chosen <= bound for bound in named) else Way.RELAX
