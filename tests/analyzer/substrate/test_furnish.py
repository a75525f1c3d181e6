"""Facts of environments and wholes, and plans furnished by them."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from analyzer.boundary import Boundary
from analyzer.origin import Origin
from analyzer.package import pypi
from analyzer.plan import Container, Machine, Plan, Venv
from analyzer.requirement import Requirement
from analyzer.service import DependencySet, Fleet, Platform, Port, Service
from analyzer.substrate.comparison import Comparison, Operator
from analyzer.substrate.environment import environment_facts
from analyzer.substrate.fact import OF_ENVIRONMENT, OF_WHOLE, Fact, Facts
from analyzer.substrate.furnish import Table, furnished
from analyzer.substrate.option import Orchestrator, Substrate
from analyzer.substrate.rule import Rule
from analyzer.substrate.size import Size
from analyzer.substrate.surroundings import UNSAID, Policy, neighbourhood, surroundings
from analyzer.substrate.whole import whole_facts
from analyzer.verdict import Stance, Witness

HERE = Origin("here", 1)
PIP = DependencySet("pypi", (Requirement(pypi("flask"), "", HERE),))
GIB = 2**30


def _service(name: str = "a", **traits: Any) -> Service:
    return Service(name, name, Platform("3.12", "debian:12"), **traits)


def _plan(*machines: tuple[tuple[str, ...], ...]) -> Plan:
    housed = tuple(Machine(tuple(Container((Venv(inside),)) for inside in boxes)) for boxes in machines)
    count = sum(len(boxes) for boxes in machines)
    return Plan(Stance.LOCKED, housed, count, count, True)


def _facts(plan: Plan, services: list[Service], policy: Policy = UNSAID) -> Facts:
    known = {service.name: service for service in services}
    machine = plan.machines[0]
    near = neighbourhood(machine, known)
    return environment_facts(machine.containers[0], known, near, surroundings(plan, known, policy))


ONE = _plan((("a",),))

OF_ONE: list[tuple[dict[str, Any], Fact, object]] = [
    ({}, Fact.SERVICES, 1),
    ({}, Fact.ENVIRONMENTS, 1),
    ({}, Fact.NEIGHBOURS, 0),
    ({}, Fact.REPLICAS, 1),
    ({"replicas": 4}, Fact.REPLICAS, 4),
    ({}, Fact.MEMORY, None),
    ({"memory": GIB}, Fact.MEMORY, GIB),
    ({"cpu": 0.5}, Fact.CPU, 0.5),
    ({}, Fact.CPU, None),
    ({}, Fact.LISTENS, None),
    ({"ports": (Port(80, HERE),)}, Fact.LISTENS, True),
    ({}, Fact.RUN_SECONDS, None),
    ({"run_seconds": 5.0}, Fact.RUN_SECONDS, 5.0),
    ({}, Fact.PACKAGING, None),
    ({"unzipped_size": 5}, Fact.PACKAGING, "zip"),
    ({"unzipped_size": 5}, Fact.UNZIPPED_SIZE, 5),
    ({"unzipped_size": 5, "image_size": 6}, Fact.PACKAGING, "image"),
    ({"image": "repo.example/a:1"}, Fact.PACKAGING, "image"),
    ({"image_size": 6}, Fact.IMAGE_SIZE, 6),
    ({}, Fact.STATEFUL, None),
    ({"stateful": False}, Fact.STATEFUL, False),
    ({}, Fact.TRUST_ZONES, 0),
    ({"trust": "pci"}, Fact.TRUST_ZONES, 1),
    ({"trust": "pci"}, Fact.TRUST_APART, False),
    ({}, Fact.DEVICES, 0),
    ({}, Fact.GPU, False),
    ({"devices": ("nvidia.com/gpu",)}, Fact.GPU, True),
    ({"devices": ("/dev/nvidia0", "/dev/fuse")}, Fact.GPU, True),
    ({"devices": ("/dev/nvidia0", "/dev/fuse")}, Fact.DEVICES, 2),
    ({"devices": ("/dev/fuse",)}, Fact.GPU, False),
    ({"devices": ("/dev/kvm",)}, Fact.NEEDS_KVM, True),
    ({}, Fact.NEEDS_KVM, False),
    ({}, Fact.PRIVILEGED, False),
    ({"kernel": ("privileged",)}, Fact.PRIVILEGED, True),
    ({"kernel": ("privileged",)}, Fact.KERNEL_VERSION, False),
    ({"kernel": (">=5.10",)}, Fact.KERNEL_VERSION, True),
    ({"kernel": ("module wireguard",)}, Fact.KERNEL_MODULES, True),
    ({"kernel": ("sysctl net.ipv4.ip_forward=1",)}, Fact.SYSCTLS, True),
    ({"kernel": ("sysctl net.ipv4.ip_forward=1",)}, Fact.KERNEL_VERSION, False),
    ({}, Fact.SYSTEM, "linux"),
    ({}, Fact.ARCHITECTURE, "x86_64"),
    ({}, Fact.PYTHON, "3.12"),
    ({}, Fact.PYTHON_PACKAGES, False),
    ({"sets": (PIP,)}, Fact.PYTHON_PACKAGES, True),
    ({"sets": (replace(PIP, bundled=True),)}, Fact.PYTHON_PACKAGES, False),
    ({"sets": (replace(PIP, ecosystem="rpm"),)}, Fact.SYSTEM_PACKAGES, True),
    ({"sets": (DependencySet("deb"),)}, Fact.SYSTEM_PACKAGES, False),
]


@pytest.mark.parametrize(("traits", "fact", "expected"), OF_ONE)
def test_facts_of_one_service(traits: dict[str, Any], fact: Fact, expected: object) -> None:
    assert _facts(ONE, [_service(**traits)]).get(fact) == expected


OF_TWO: list[tuple[dict[str, Any], dict[str, Any], Fact, object]] = [
    ({"memory": GIB}, {"memory": 2 * GIB}, Fact.MEMORY, 3 * GIB),
    ({"memory": GIB}, {"memory": 2 * GIB}, Fact.LARGEST_MEMORY, 2 * GIB),
    ({"memory": GIB}, {}, Fact.MEMORY, None),
    ({"memory": GIB}, {}, Fact.LARGEST_MEMORY, None),
    ({"cpu": 1.0}, {"cpu": 0.5}, Fact.CPU, 1.5),
    ({"run_seconds": 5.0}, {"run_seconds": 6.0}, Fact.RUN_SECONDS, 6.0),
    ({"run_seconds": 5.0}, {}, Fact.RUN_SECONDS, None),
    ({"stateful": True}, {}, Fact.STATEFUL, True),
    ({"stateful": False}, {}, Fact.STATEFUL, None),
    ({"unzipped_size": 5}, {}, Fact.PACKAGING, None),
    ({"unzipped_size": 5}, {"image_size": 5}, Fact.PACKAGING, "image"),
    ({"ports": (Port(80, HERE),)}, {}, Fact.LISTENS, True),
    ({"trust": "pci"}, {"trust": "web"}, Fact.TRUST_ZONES, 2),
    ({"trust": "pci"}, {}, Fact.TRUST_ZONES, 2),
    ({"trust": "pci"}, {"trust": "pci"}, Fact.TRUST_ZONES, 1),
    ({"replicas": 2}, {"replicas": 3}, Fact.REPLICAS, 3),
    ({}, {"sets": (PIP,)}, Fact.PYTHON_PACKAGES, True),
]


@pytest.mark.parametrize(("one", "other", "fact", "expected"), OF_TWO)
def test_facts_of_two_services(one: dict[str, Any], other: dict[str, Any], fact: Fact, expected: object) -> None:
    services = [_service("a", **one), _service("b", **other)]
    assert _facts(_plan((("a", "b"),)), services).get(fact) == expected
    assert _facts(_plan((("a", "b"),)), services[::-1]).get(fact) == expected


PLACES = [
    (_plan((("a",), ("b",))), "pci", "web", True, True, 1, 2),
    (_plan((("a",), ("b",))), "pci", "pci", False, False, 1, 2),
    (_plan((("a",), ("b",))), "pci", "", True, True, 1, 2),
    (_plan((("a",), ("b",))), "", "", False, False, 1, 2),
    (_plan((("a",), ("b",))), "dmz", "", False, False, 1, 2),
    (_plan((("a",), ("b",))), "dmz", "pci", True, True, 1, 2),
    (_plan((("a",),), (("b",),)), "pci", "web", False, True, 0, 2),
    (_plan((("a",),), (("b",),)), "", "web", False, False, 0, 2),
]


@pytest.mark.parametrize(("plan", "mine", "other", "shared", "apart", "neighbours", "environments"), PLACES)
def test_where_an_environment_stands(
    plan: Plan, mine: str, other: str, shared: bool, apart: bool, neighbours: int, environments: int
) -> None:
    policy = Policy(trust={"dmz": Boundary.CONTAINER})
    found = _facts(plan, [_service("a", trust=mine), _service("b", trust=other)], policy)
    names = (Fact.SHARES_KERNEL, Fact.TRUST_APART, Fact.NEIGHBOURS, Fact.ENVIRONMENTS)
    assert [found[fact] for fact in names] == [shared, apart, neighbours, environments]


def test_kvm_is_known_where_somebody_says_so() -> None:
    assert Fact.KVM not in _facts(ONE, [_service()])
    assert _facts(ONE, [_service()], Policy(kvm=False))[Fact.KVM] is False


def test_the_python_version_is_that_of_the_witness() -> None:
    two = Container((Venv(("a",), Witness((), "3.11")), Venv(("b",), Witness((), "3.12"))))
    services = {name: _service(name) for name in "ab"}
    plan = Plan(Stance.LOCKED, (Machine((two,)),), 2, 2, True)
    around, near = surroundings(plan, services), neighbourhood(plan.machines[0], services)
    assert Fact.PYTHON not in environment_facts(two, services, near, around)
    one = Container(two.venvs[:1])
    found = environment_facts(one, services, neighbourhood(Machine((one,)), services), around)
    assert (found[Fact.PYTHON], found[Fact.PYTHON_ENVIRONMENTS]) == ("3.11", 1)
    assert environment_facts(two, services, near, around)[Fact.PYTHON_ENVIRONMENTS] == 2


def test_facts_of_the_whole() -> None:
    plan = _plan((("a",), ("b",)), (("c",),))
    services = {name: _service(name, replicas=replicas) for name, replicas in (("a", 1), ("b", 3), ("c", 2))}
    found = whole_facts(plan, services, [Substrate.CONTAINER, Substrate.LAMBDA, None])
    assert {fact: found[fact] for fact in (Fact.ENVIRONMENTS, Fact.MACHINES, Fact.HOSTS, Fact.CONTAINERS)} == {
        Fact.ENVIRONMENTS: 3,
        Fact.MACHINES: 2,
        Fact.HOSTS: 3,
        Fact.CONTAINERS: 1,
    }
    assert (found[Fact.FUNCTIONS], found[Fact.TASKS], found[Fact.PROCESSES]) == (1, 0, 0)
    assert found.keys() <= OF_WHOLE
    assert _facts(plan, list(services.values())).keys() <= OF_ENVIRONMENT


TABLE = Table(
    (
        Rule("in-vm", (Comparison(Fact.MEMORY, Operator.ABOVE, GIB),), (Substrate.VM,), "{memory}", "us", weight=5),
        Rule("many", (Comparison(Fact.CONTAINERS, Operator.EQUAL, 0),), (Orchestrator.COMPOSE,), "none", "us"),
        Rule("nomad", (), (Orchestrator.NOMAD,), "we have it", "us", weight=9),
    ),
    (Size(Substrate.VM, 1, (2 * GIB, 4 * GIB)), Size(Substrate.VM, 2, (4 * GIB,))),
)


def test_furnished() -> None:
    services = (
        _service("a", memory=3 * GIB, cpu=1.0),
        _service("b", memory=GIB),
        _service("c", memory=9 * GIB, cpu=9.0),
    )
    plan = _plan((("a",), ("b",)), (("c",),))
    found = furnished(plan, Fleet("fleet", services), TABLE)
    boxes = list(found.containers())
    assert [box.venvs[0].substrate for box in boxes] == ["vm", "shared-host", "vm"]
    assert [box.recommendation.size for box in boxes if box.recommendation] == ["1 vCPU, 4 GiB", "", ""]
    assert found.orchestrator is not None
    assert found.orchestrator.choice is Orchestrator.NOMAD
    assert replace(found, machines=plan.machines, orchestrator=None) == plan
    assert furnished(found, Fleet("fleet", services), TABLE) == found


def test_an_empty_plan_needs_nothing() -> None:
    empty = Plan(Stance.LOCKED, (), 0, 0, True)
    assert furnished(empty, Fleet("fleet", ()), TABLE) == empty
