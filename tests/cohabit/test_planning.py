"""Housing from a fleet to its plan: what the rules say, read here a second time and obeyed by force."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import combinations, product

import pytest
from hypothesis import given
from hypothesis import settings as examples
from hypothesis import strategies as st

from analyzer.boundary import Boundary
from analyzer.errors import CohabitError
from analyzer.plan import Plan
from analyzer.planner.nest import UnhousableError
from analyzer.planner.rules import Placement, Rules
from analyzer.planner.site import Offer
from analyzer.report import Report
from analyzer.service import Fleet, PresentEnvironment, Service
from analyzer.verdict import Code, Stance
from cohabit.auditing import examine_fleet
from cohabit.neighbourhood import neighbourhood
from cohabit.settings import Settings
from reports.json_report import from_json, to_json
from tests.analyzer.planner.exhaustive import partitions

VM, CONTAINER = Boundary.VM, Boundary.CONTAINER
GIB = 2**30
SMALL, LARGE = Offer("small", 8 * GIB, 2000, 960, priced=True), Offer("large", 16 * GIB, 4000, 1920, priced=True)


def audited(services: Sequence[Service], rules: Rules, **more: object) -> Report:
    given = {"prices": 0, **more}
    settings = Settings(rules=rules, exclude_newer="", cache=False, **given)  # type: ignore[arg-type]
    return examine_fleet(Fleet("fleet", tuple(sorted(services, key=lambda s: s.name))), settings)


def plan_of(services: Sequence[Service], rules: Rules) -> Plan:
    return audited(services, rules).plans[Stance.RELOCKED]


def service(name: str, memory: int = 0, **more: object) -> Service:
    return Service(name, name, memory=memory * GIB or None, **more)  # type: ignore[arg-type]


def image(name: str, memory: int = 0, **more: object) -> Service:
    return service(name, memory, image=f"{name}:7", **more)


def test_a_fleet_on_machines_of_two_types() -> None:
    services = [
        service("billing", 5, trust="pci"), service("search", 3, replicas=2), service("web", 4),
        image("redis", 2), service("batch", 3),
    ]  # fmt: skip
    rules = Rules(
        offers={VM: (SMALL, LARGE)},
        most={VM: 3},
        placements=(Placement(CONTAINER, frozenset(["search", "web"]), True),
                    Placement(VM, frozenset(["batch", "redis"]), False)),
    )  # fmt: skip
    report = audited(services, rules)
    plan = report.plans[Stance.LOCKED]
    assert (plan.tiers[0].cost, plan.environments) == (4 * SMALL.price, 4)
    assert {"search", "web"} <= {s for c in plan.containers() if "web" in c.services for s in c.services}
    (outer, inner) = plan.tiers
    assert (outer.boundary, outer.cost, outer.proven, outer.priced) == (VM, outer.lower_bound, True, True)
    assert (inner.boundary, inner.cost, inner.proven) == (CONTAINER, plan.environments, True)
    assert plan.unmeasured == ("batch", "billing", "redis", "search", "web")
    assert from_json(to_json(report)) == report


def test_images_take_part_in_machines() -> None:
    services = [image("redis", 5), image("postgres", 5, replicas=2), service("web", 2), service("api", 1, trust="x")]
    plan = plan_of(services, Rules(offers={VM: (replace(SMALL, cpu=None),)}, trust={"x": CONTAINER}))
    assert all(len(c.services) == 1 for c in plan.containers() if {"redis", "postgres"} & set(c.services))
    assert len(plan.machines) == 3
    assert plan.tiers[0].cost == plan.tiers[0].lower_bound == 3 * 960
    assert sum(machine.load.memory or 0 for machine in plan.machines) == 18 * GIB


def test_kernels_and_images() -> None:
    services = [image("redis", kernel=("<5",)), service("web", kernel=(">=5.10",)), service("api", kernel=("<6",))]
    report = audited(services, Rules())
    assert [c.code for c in report.conflicts] == []
    assert len(report.plans[Stance.LOCKED].machines) == 2
    report = audited([service("web", kernel=(">=6",)), service("api", kernel=("<6",))], Rules())
    assert [(c.code, c.boundary) for c in report.conflicts] == [(Code.KERNEL, VM)]
    assert report.plans[Stance.LOCKED].certificate == ("api", "web")


def test_replicas_have_their_names_back() -> None:
    report = audited([service("search", replicas=3), service("web")], Rules())
    plan = report.plans[Stance.LOCKED]
    assert [c.services for c in plan.containers()].count(("search",)) == 2
    assert plan.tiers[0].certificate == ("search", "search", "search")
    assert b"\\u0000" not in to_json(report)


def test_replicas_stay_where_they_are() -> None:
    services = [service("search", replicas=3), service("web", kernel=("<6",)), service("api", kernel=(">=6",))]
    first = plan_of(services, Rules())
    homes = tuple(PresentEnvironment(CONTAINER, container.services) for container in first.containers())
    fleet = Fleet("fleet", tuple(sorted(services, key=lambda s: s.name)), present=homes)
    settings = Settings(rules=Rules(), exclude_newer="", cache=False, prices=0)
    plan = examine_fleet(fleet, settings).plans[Stance.RELOCKED]
    assert (plan.machines, plan.moves, plan.migration) == (first.machines, 0, ())


def test_weights_trade_machines_for_containers() -> None:
    services = [service("a", trust="x"), service("b", trust="y"), service("c")]
    rules = Rules(offers={VM: (SMALL, LARGE)}, trust={"x": CONTAINER, "y": CONTAINER}, weights={VM: 1, CONTAINER: 1})
    plan = plan_of(services, rules)
    assert [tier.cost for tier in plan.tiers] == [960, 3]
    assert plan.proven


UNHOUSABLE: list[tuple[list[Service], Rules, str]] = [
    (
        [service("a", 20), service("b", 1)],
        Rules(offers={VM: (SMALL, LARGE)}),
        "a needs 20 GiB, and the largest machine open to it, large, has 16 GiB and 4 cores",
    ),
    (
        [service("a", 1, devices=("nvidia.com/gpu",))],
        Rules(offers={VM: (SMALL,)}),
        "no type of machine is open to a (it needs nvidia.com/gpu): all are ruled out by devices, architecture or "
        "configuration",
    ),
    (
        [service(name, 6) for name in "abc"],
        Rules(offers={VM: (replace(SMALL, count=2),)}),
        "all services need 18 GiB, and the 2 machines have 16 GiB",
    ),
    (
        [service(name) for name in "abc"],
        Rules(offers={VM: (replace(SMALL, count=1),)}, most={VM: 2}),
        "1 machine of at most 2 services cannot hold 3",
    ),
    (
        [service("a", kernel=(">=6",)), service("b", kernel=("<6",))],
        Rules(placements=(Placement(CONTAINER, frozenset("ab"), True),)),
        "a placement puts a, b into one container, but a and b cannot share it",
    ),
    (
        [service("a", 5), service("b", 5)],
        Rules(offers={VM: (SMALL,)}, placements=(Placement(VM, frozenset("ab"), True),)),
        "a placement puts a, b into one machine, but none has 10 GiB for them",
    ),
    (
        [service("a"), service("b")],
        Rules(most={CONTAINER: 1}, placements=(Placement(CONTAINER, frozenset("ab"), True),)),
        "a placement puts a, b into one container, but one may hold 1 service only",
    ),
    (
        [service(name, 5) for name in "abc"],
        Rules(offers={VM: (replace(SMALL, memory=9 * GIB, count=2),)}),
        "the machines that can be had do not hold all services as the configuration wants it",
    ),
]


@pytest.mark.parametrize(("services", "rules", "reason"), UNHOUSABLE)
def test_what_cannot_be_housed_is_said(services: list[Service], rules: Rules, reason: str) -> None:
    with pytest.raises(UnhousableError) as caught:
        plan_of(services, rules)
    assert reason in str(caught.value)
    assert isinstance(caught.value, CohabitError)


NAMES = "abcdef"
OFFERS = (
    (),
    (Offer("only", 8 * GIB, None),),
    (Offer("small", 6 * GIB, None, 2), Offer("large", 12 * GIB, None, 3)),
    (Offer("plain", None, None, 1, count=2), Offer("gpu", None, None, 4, devices=frozenset(["gpu"]))),
    (Offer("x86", None, None, 1, arch="x86_64"), Offer("arm", None, None, 1, arch="aarch64")),
)


@st.composite
def services_of(draw: st.DrawFn, name: str) -> Service:
    return service(
        name,
        draw(st.integers(0, 5)),
        trust=draw(st.sampled_from(("", "", "x", "y"))),
        replicas=draw(st.sampled_from((1, 1, 1, 2))),
        devices=draw(st.sampled_from(((), (), ("gpu",)))),
        kernel=draw(st.sampled_from(((), (), (">=6",), ("<6",)))),
        image=draw(st.sampled_from(("", "", "redis:7"))),
    )


@st.composite
def rules_of(draw: st.DrawFn, names: str) -> Rules:
    some = st.frozensets(st.sampled_from(names), min_size=2, max_size=3)
    placement = st.builds(Placement, st.sampled_from((VM, CONTAINER)), some, st.booleans())
    machine = st.sampled_from(OFFERS)
    return Rules(
        offers={VM: draw(machine), CONTAINER: draw(st.sampled_from(OFFERS[:2]))},
        most=draw(st.dictionaries(st.sampled_from((VM, CONTAINER)), st.integers(1, 3), max_size=1)),
        trust=draw(st.dictionaries(st.sampled_from("xy"), st.sampled_from((VM, CONTAINER)))),
        placements=tuple(draw(st.lists(placement, max_size=1))) if len(names) > 1 else (),
    )


@st.composite
def worlds(draw: st.DrawFn) -> tuple[list[Service], Rules]:
    names = NAMES[: draw(st.integers(1, 5))]
    return [draw(services_of(name)) for name in names], draw(rules_of(names))


Copy = tuple[str, int]


class Judge:
    """The rules as the documentation tells them, for groups of replicas."""

    def __init__(self, services: Sequence[Service], rules: Rules) -> None:
        self.known = {s.name: s for s in services}
        self.rules = rules
        self.copies = [(s.name, number) for s in services for number in range(s.replicas)]

    def cheapest(self) -> tuple[int, int] | None:
        """The cost of machines and of the containers in them; None where nothing obeys."""
        labels = [f"{name}{number}" for name, number in self.copies]
        by_label = dict(zip(labels, self.copies, strict=True))
        best: tuple[int, int] | None = None
        inside: dict[frozenset[Copy], int | None] = {}
        for parted in partitions(labels):
            groups = [frozenset(by_label[label] for label in group) for group in parted]
            outer = self.cost(VM, groups)
            if outer is None or (best and outer > best[0]):
                continue
            within = [inside[g] if g in inside else inside.setdefault(g, self.containers(g)) for g in groups]
            known = [cost for cost in within if cost is not None]
            if len(known) == len(within) and (best is None or (outer, sum(known)) < best):
                best = outer, sum(known)
        return best

    def containers(self, machine: frozenset[Copy]) -> int | None:
        """The cost of the containers of one machine."""
        labels = {f"{name}{number}": (name, number) for name, number in machine}
        costs = (
            self.cost(CONTAINER, [frozenset(labels[label] for label in group) for group in parted], machine)
            for parted in partitions(sorted(labels))
        )
        return min((cost for cost in costs if cost is not None), default=None)

    def cost(
        self, boundary: Boundary, groups: Sequence[frozenset[Copy]], within: frozenset[Copy] | None = None
    ) -> int | None:
        """What Environments cost; None where one breaks a rule."""
        everyone = within if within is not None else frozenset(self.copies)
        if any(self.apart(boundary, *pair) for group in groups for pair in combinations(sorted(group), 2)):
            return None
        if any(len(group) > self.rules.most.get(boundary, 99) for group in groups):
            return None
        for together in self.together(boundary):
            if any(0 < len(together & group) < len(together & everyone) for group in groups):
                return None
        return self.price(boundary, groups)

    def together(self, boundary: Boundary) -> Iterator[frozenset[Copy]]:
        """Copies of one number that share an Environment. In one container is on one machine."""
        for placement in self.rules.placements:
            if placement.together and placement.boundary in (boundary, CONTAINER):
                for number in range(2):
                    yield frozenset((n, number) for n in placement.services if (n, number) in self.copies)

    def apart(self, boundary: Boundary, one: Copy, other: Copy) -> bool:
        """Whether two are never in one Environment."""
        a, b = self.known[one[0]], self.known[other[0]]
        if a is b:
            return True
        if boundary is CONTAINER and (a.is_ready_made or b.is_ready_made):
            return True
        if {*a.kernel, *b.kernel} == {">=6", "<6"}:
            return True
        placed = (p for p in self.rules.placements if not p.together and {a.name, b.name} <= p.services)
        if any(p.boundary is boundary for p in placed):
            return True
        zones = [zone for zone in (a.trust, b.trust) if zone]
        strict = any(self.rules.trust.get(zone, VM) is VM for zone in zones)
        return a.trust != b.trust and (strict or boundary is CONTAINER)

    def price(self, boundary: Boundary, groups: Sequence[frozenset[Copy]]) -> int | None:
        """The cheapest offers for all groups."""
        offers = self.rules.offers.get(boundary)
        if not offers:
            return len(groups)
        fitting = [[o for o in offers if self.fits(o, group)] for group in groups]
        chosen = (c for c in product(*fitting) if all(o.count is None or c.count(o) <= o.count for o in offers))
        return min((sum(offer.price for offer in some) for some in chosen), default=None)

    def fits(self, offer: Offer, group: frozenset[Copy]) -> bool:
        """Whether an offer has what a group needs."""
        members = [self.known[name] for name, _ in group]
        if offer.arch and any(not s.is_ready_made and s.platform.arch != offer.arch for s in members):
            return False
        memory = sum(s.memory or 0 for s in members)
        enough = offer.memory is None or memory <= offer.memory
        return enough and all(offer.devices.issuperset(s.devices) for s in members)


@given(worlds())
@examples(deadline=None, max_examples=60)
def test_plans_cost_what_the_rules_allow_and_no_more(world: tuple[list[Service], Rules]) -> None:
    services, rules = world
    judge = Judge(services, rules)
    if len(judge.copies) > 6:
        services = [replace(s, replicas=1) for s in services]
        judge = Judge(services, rules)
    best = judge.cheapest()
    if best is None:
        with pytest.raises(UnhousableError):
            plan_of(services, rules)
        return
    plan = plan_of(services, rules)
    costs: Mapping[Boundary, int] = {tier.boundary: tier.cost for tier in plan.tiers}
    assert (costs[VM], costs[CONTAINER]) == best
    assert all(tier.proven for tier in plan.tiers)


def test_replicas_are_no_merge() -> None:
    report = audited([service("search", replicas=2), service("web", trust="x"), image("redis")], Rules(), prices=8)
    containers = [c.services for c in report.plans[Stance.RELOCKED].containers()]
    assert report.price_list.prices
    for price in report.price_list.prices:
        one, other = (containers[number - 1] for number in price.merge)
        assert one != other
        assert ("redis",) not in (one, other)


def test_whom_the_rules_keep_apart_cannot_move_in() -> None:
    services = (service("a", trust="x"), service("b", trust="y"))
    rules = Rules(trust={"x": CONTAINER, "y": CONTAINER})
    settings = Settings(rules=rules, exclude_newer="", cache=False)
    found = neighbourhood("a", Fleet("fleet", services), settings, lambda *_: None)
    assert found.welcome == ()
    assert all(price.obstacle for price in found.prices)
