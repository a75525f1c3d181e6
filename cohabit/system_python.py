"""What Debian packages put into the system's Python environment, as pip sees it.

A service that installs ``python3-flask`` has flask at one version in ``/usr/bin/python3``. Who shares that
environment and wants flask may have no other (docs/decisions/0010-system-python.md).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from analyzer.demands import OPERATING_SYSTEM, PYPI, demands_of, takes_part
from analyzer.oracle import Oracle, Satisfied
from analyzer.origin import Origin
from analyzer.requirement import Force, Requirement
from analyzer.service import DependencySet, Fleet, Service
from analyzer.verdict import Stance
from resolvers.deb.python_distributions import SYSTEM_PYTHON, shipped

DEB = "deb"


def with_system_python(fleet: Fleet, deb: Oracle) -> Fleet:
    """The Fleet in which services with Debian packages limit the distributions that these ship, on the
    Python of their release. The same where nobody else has a Python environment."""
    if not any(takes_part(service, PYPI) for service in fleet.services):
        return fleet
    return replace(fleet, services=tuple(_with_limits(service, deb) for service in fleet.services))


def _with_limits(service: Service, deb: Oracle) -> Service:
    limits = tuple(_limits(service, deb))
    return replace(service, sets=(*service.sets, DependencySet(PYPI, limits))) if limits else service


def _limits(service: Service, deb: Oracle) -> Iterator[Requirement]:
    python = SYSTEM_PYTHON.get(service.platform.os)
    if python is None or not takes_part(service, DEB):
        return
    demands = demands_of(service, DEB, Stance.RELOCKED)
    answer = deb.ask(demands, {})
    if not isinstance(answer, Satisfied):
        return
    asked = {d.requirement.package.name: d.requirement.origin for d in demands if d.requirement.package.type == DEB}
    begun = next((d.requirement.origin for d in demands if d.requirement.package == OPERATING_SYSTEM), Origin(""))
    for candidate in answer.witness.versions:
        name = candidate.package.name
        if found := shipped(name, candidate.version):
            origin = asked.get(name) or Origin(begun.file, 0, f"{name} {candidate.version}, a dependency")
            marker = f'python_version == "{python}"'
            yield Requirement(found.package, f"=={found.version}", origin, force=Force.LIMITS, marker=marker)
