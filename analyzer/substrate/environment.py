"""The facts of an environment: of what a container of a Plan holds, and of where it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TypeVar

from analyzer.demands import PYPI
from analyzer.plan import Container
from analyzer.service import Service
from analyzer.substrate.fact import Fact, Facts, Value
from analyzer.substrate.surroundings import Neighbourhood, Surroundings, housed, zones

A = TypeVar("A", int, float)

_ELSEWHERE = ("macos", "windows")
"""Systems that are no Linux distribution."""

_GPUS = ("/dev/nvidia", "/dev/dri", "/dev/kfd")
_KVM = "/dev/kvm"


def environment_facts(
    container: Container, services: Mapping[str, Service], near: Neighbourhood, around: Surroundings
) -> Facts:
    """What is known of a container, of those ``near`` it on its machine, and of all ``around``.

    A sum or a largest value is known where it is known of every service. That a service listens is known
    where a port is; that it does not is never known, since a port need not be declared. What a machine
    has to give beyond the ordinary (devices, a kernel) must be declared, so that nothing said means none.
    """
    inside = housed(container.services, services)
    inner = zones(inside)
    found: dict[Fact, Value | None] = {
        Fact.ENVIRONMENTS: around.environments,
        Fact.NEIGHBOURS: near.environments - 1,
        Fact.SHARES_KERNEL: around.apart(inner, near.beside(inner)),
        Fact.TRUST_ZONES: len(inner) if any(inner) else 0,
        Fact.TRUST_APART: around.apart(inner - {""}, around.zones),
        Fact.KVM: around.policy.kvm,
        Fact.PYTHON: _same(_pythons(container, inside)),
        Fact.PYTHON_ENVIRONMENTS: len(container.venvs),
        **_contents(inside),
        **_amounts(inside),
        **_kernel(inside),
        **common_facts(inside),
    }
    return {fact: value for fact, value in found.items() if value is not None}


def common_facts(services: Sequence[Service]) -> dict[Fact, Value | None]:
    """What is asked of an environment and of the whole alike; None for what is not known."""
    devices = [device for service in services for device in service.devices]
    return {
        Fact.SERVICES: len(services),
        Fact.REPLICAS: max((service.replicas for service in services), default=1),
        Fact.STATEFUL: _any([service.stateful for service in services]),
        Fact.DEVICES: len(devices),
        Fact.GPU: any("gpu" in device.lower() or device.startswith(_GPUS) for device in devices),
        Fact.PRIVILEGED: any("privileged" in service.kernel for service in services),
    }


def _contents(services: Sequence[Service]) -> dict[Fact, Value | None]:
    held = {s.ecosystem for service in services for s in service.sets if not s.bundled and (s.requirements or s.locked)}
    return {
        Fact.PYTHON_PACKAGES: PYPI in held,
        Fact.SYSTEM_PACKAGES: bool(held & {"deb", "rpm"}),
        Fact.LISTENS: True if any(service.ports for service in services) else None,
        Fact.SYSTEM: _same(_system(service.platform.os) for service in services),
        Fact.ARCHITECTURE: _same(service.platform.arch for service in services),
        Fact.PACKAGING: _packaging(services),
    }


def _amounts(services: Sequence[Service]) -> dict[Fact, Value | None]:
    memory = [service.memory for service in services]
    return {
        Fact.MEMORY: _of_all(sum, memory),
        Fact.LARGEST_MEMORY: _of_all(max, memory),
        Fact.CPU: _of_all(sum, [service.cpu for service in services]),
        Fact.RUN_SECONDS: _of_all(max, [service.run_seconds for service in services]),
        Fact.UNZIPPED_SIZE: _of_all(max, [service.unzipped_size for service in services]),
        Fact.IMAGE_SIZE: _of_all(max, [service.image_size for service in services]),
    }


def _kernel(services: Sequence[Service]) -> dict[Fact, Value | None]:
    needs = [need for service in services for need in service.kernel]
    return {
        Fact.KERNEL_VERSION: any(need.startswith(("<", ">", "=", "!", "~")) for need in needs),
        Fact.KERNEL_MODULES: any(need.startswith("module ") for need in needs),
        Fact.SYSCTLS: any(need.startswith("sysctl ") for need in needs),
        Fact.NEEDS_KVM: any(device.startswith(_KVM) for service in services for device in service.devices),
    }


def _packaging(services: Sequence[Service]) -> str | None:
    if any(service.image or service.image_size is not None for service in services):
        return "image"
    return "zip" if services and all(service.unzipped_size is not None for service in services) else None


def _pythons(container: Container, services: Iterable[Service]) -> Iterator[str]:
    resolved = [venv.witness.python for venv in container.venvs if venv.witness is not None and venv.witness.python]
    yield from resolved or (service.platform.python for service in services if service.platform.python)


def _system(os: str) -> str:
    name = os.partition(":")[0]
    return name if name in _ELSEWHERE else "linux"


def _same(values: Iterable[str]) -> str | None:
    different = set(values)
    return different.pop() if len(different) == 1 else None


def _of_all(together: Callable[[list[A]], A], values: Sequence[A | None]) -> A | None:
    known = [value for value in values if value is not None]
    return together(known) if known and len(known) == len(values) else None


def _any(answers: Iterable[bool | None]) -> bool | None:
    given = set(answers)
    if True in given:
        return True
    return None if None in given or not given else False
