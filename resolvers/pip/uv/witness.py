"""The checker of Witnesses: independent of the resolver that found them."""

from __future__ import annotations

from collections.abc import Collection

from packaging.markers import InvalidMarker
from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion

from analyzer.package import PYTHON
from analyzer.requirement import Force, Requirement
from analyzer.service import Platform
from analyzer.verdict import Demand, Witness
from resolvers.pip.target import admitted, holds


def unmet(
    demands: Collection[Demand], witness: Witness, platform: Platform, *, of_index: bool = False
) -> tuple[Demand, ...]:
    """The Demands that a Witness does not meet (PEP 440, PEP 508); empty if it is one.

    A Service's own override excuses its other Demands on the same Package, and nobody else's. A
    Package that must come from a folder or repository is not asked of an index: with ``of_index`` the
    Witness may not hold it, since the index's is another.
    """
    versions = {c.package.name: c.version for c in witness.versions}
    excused = {(d.service, d.requirement.package) for d in demands if d.requirement.force is Force.OVERRIDES}
    return tuple(
        demand
        for demand in sorted(demands)
        if not _is_met(demand.requirement, versions, witness.python, platform, of_index)
        and ((demand.service, demand.requirement.package) not in excused or _overrides(demand))
    )


def _overrides(demand: Demand) -> bool:
    return demand.requirement.force is Force.OVERRIDES


def _is_met(
    requirement: Requirement, versions: dict[str, str], python: str, platform: Platform, of_index: bool
) -> bool:
    if requirement.package == PYTHON:
        return python in admitted((requirement,))
    if requirement.package.type != "pypi" or not _applies(requirement, platform, python):
        return True
    version = versions.get(str(canonicalize_name(requirement.package.name)))
    if requirement.source is not None:
        return version is None or not of_index
    if version is None:
        return requirement.force is not Force.REQUIRES
    return _contains(requirement.constraint, version)


def _applies(requirement: Requirement, platform: Platform, python: str) -> bool:
    try:
        return holds(requirement.marker, platform, python)
    except InvalidMarker:
        return True


def _contains(constraint: str, version: str) -> bool:
    try:
        return SpecifierSet(constraint).contains(version, prereleases=True)
    except (InvalidSpecifier, InvalidVersion, ValueError):
        return False
