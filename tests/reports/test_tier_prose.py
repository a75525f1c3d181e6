"""What is said of machines, their types, loads and prices."""

from __future__ import annotations

import dataclasses

import pytest

from analyzer.boundary import Boundary
from analyzer.plan import Amount, Machine, Plan, Tier
from analyzer.report import Report
from analyzer.service import Service
from analyzer.verdict import Stance
from reports import prose, tier_prose
from tests.reports.example import example_report

GIB = 2**30
LARGE = Amount(8 * GIB, 2000)


def plan(*tiers: Tier, certificate: tuple[str, ...] = (), memory: int = 19 * GIB // 2) -> Plan:
    machines = (Machine((), "m5.large", Amount(memory - GIB, 1500), LARGE), Machine((), "m5.large", Amount(GIB), LARGE))
    last = tiers[-1]
    proven = all(tier.proven for tier in tiers)
    return Plan(Stance.LOCKED, machines, last.environments, last.lower_bound, proven, certificate, tiers=tiers)


def vm(number: int, cost: int, bound: int, **more: object) -> Tier:
    return Tier(Boundary.VM, number, cost, bound, **more)  # type: ignore[arg-type]


CONTAINERS = Tier(Boundary.CONTAINER, 3, 3, 3)
SENTENCES: list[tuple[tuple[Tier, ...], list[str]]] = [
    ((vm(1, 1, 1), CONTAINERS), []),
    ((vm(2, 2, 2), CONTAINERS), ["2 machines, proven the fewest."]),
    ((vm(2, 2, 2, weighed=True), CONTAINERS), ["2 machines, part of the least weighted sum, as is proven."]),
    ((vm(1, 960, 960, priced=True), CONTAINERS), ["1 machine costs 0.096, proven the cheapest."]),
    (
        (vm(2, 1920, 1920, priced=True, largest=LARGE), CONTAINERS),
        ["2 machines cost 0.192, proven the cheapest: 9.5 GiB in machines of at most 8 GiB need 2."],
    ),
    (
        (vm(3, 3, 2, largest=LARGE), CONTAINERS),
        ["3 machines, at least 2 (a gap of 1): 9.5 GiB in machines of at most 8 GiB need 2."],
    ),
    ((vm(3, 30_000, 12_500, priced=True), CONTAINERS), ["3 machines cost 3, at least 1.25 (a gap of 1.75)."]),
    (
        (vm(2, 2, 2, certificate=("accounts", "billing")), CONTAINERS),
        ["2 machines, proven the fewest: accounts and billing exclude one another."],
    ),
    (
        (vm(3, 3, 3, largest=Amount(None, 2000)), CONTAINERS),
        ["3 machines, proven the fewest.", "3 containers, proven the fewest: each machine has one at least."],
    ),
]


@pytest.mark.parametrize(("tiers", "sentences"), SENTENCES)
def test_spending(tiers: tuple[Tier, ...], sentences: list[str]) -> None:
    assert list(tier_prose.spending(plan(*tiers), example_report())) == sentences


@pytest.mark.parametrize(
    ("machine", "text"),
    [
        (Machine(()), ""),
        (Machine((), "own", Amount(GIB)), "own"),
        (Machine((), "m5.large", Amount(13 * GIB // 2, 1500), LARGE), "m5.large: 6.5 of 8 GiB, 1.5 of 2 cores"),
        (Machine((), "tiny", Amount(0, 0), Amount(512 * 2**20, None)), "tiny: 0 of 512 MiB"),
        (Machine((), "core", Amount(GIB, 250), Amount(None, 1000)), "core: 0.25 of 1 core"),
    ],
)
def test_loads(machine: Machine, text: str) -> None:
    assert tier_prose.load(machine) == text


def test_who_is_not_measured() -> None:
    known = dataclasses.replace(plan(CONTAINERS), unmeasured=("a", "b"))
    assert tier_prose.unmeasured(known) == "a and b count as nothing where memory or cpu are not known."
    assert tier_prose.unmeasured(plan(CONTAINERS)) == ""


def with_image(*names: str) -> Report:
    report = example_report()
    images = tuple(Service(name, "", image=f"{name}:7") for name in names)
    return dataclasses.replace(report, fleet=dataclasses.replace(report.fleet, services=images))


@pytest.mark.parametrize(
    ("certificate", "held_apart", "words"),
    [
        (("a", "b", "redis"), 0, "proven optimal: a and b exclude one another, and redis keeps to itself"),
        (("a", "postgres", "redis"), 0, "proven optimal: postgres and redis keep to themselves"),
        (("a", "a", "a"), 0, "proven optimal: a (3 replicas) exclude one another"),
        (("a", "b", "redis"), 1, "the fewest while 1 undecided pair stays apart: a and b exclude one another or are "
         "undecided, and redis keeps to itself"),
    ],
)  # fmt: skip
def test_images_keep_to_themselves(certificate: tuple[str, ...], held_apart: int, words: str) -> None:
    known = dataclasses.replace(plan(CONTAINERS, certificate=certificate), held_apart=held_apart)
    assert prose.bound(known, with_image("redis", "postgres")) == words


def test_the_innermost_bound_is_not_told_where_another_tier_is_the_open_one() -> None:
    known = plan(vm(3, 3, 2), CONTAINERS)
    assert prose.bound(known, example_report()) == "not proven optimal"
