"""Kernels: two Services that no kernel suits both cannot share a machine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analyzer.direct import direct_cores
from analyzer.origin import Origin
from analyzer.package import Package
from analyzer.pep440 import have_common_version
from analyzer.requirement import Requirement
from analyzer.search import Core
from analyzer.service import Service
from analyzer.verdict import Demand

KERNEL = Package("generic", "kernel")
NAMESPACE = "sysctl"
"""The purl namespace of what stands for a kernel setting: ``generic/sysctl/net.ipv4.ip_forward``."""


def is_kernel(package: Package) -> bool:
    """Whether a Package stands for the kernel's version, or for one of its settings."""
    return package == KERNEL or (package.type == "generic" and package.namespace == NAMESPACE)


def kernel_cores(services: Iterable[Service]) -> tuple[Core, ...]:
    """A Core for each pair of Services, or single one, whose kernel versions have none in common, or that set
    one setting to two values. Modules and privileges exclude nobody."""
    return direct_cores((demand for service in services for demand in _demands(service)), _exclude)


def _demands(service: Service) -> Iterator[Demand]:
    origin = Origin(service.path or ".", 0, "kernel")
    for need in service.kernel:
        kind, _, setting = need.partition(" ")
        # sysctl(8) takes slashes for the dots between the parts of a name.
        name, _, value = setting.replace("/", ".", _slashes(setting)).partition("=")
        if kind == "sysctl":
            yield Demand(service.name, Requirement(Package("generic", name, NAMESPACE), f"={value}", origin))
        elif need[:1] in "<>=!":
            yield Demand(service.name, Requirement(KERNEL, need, origin))


def _slashes(setting: str) -> int:
    return setting.partition("=")[0].count("/")


def _exclude(one: Requirement, other: Requirement) -> bool:
    if one.package == KERNEL:
        # In a kernel's version only numbers and dots may stand, which PEP 440 orders as the kernel does.
        return not have_common_version((one.constraint, other.constraint))
    return one.constraint != other.constraint
