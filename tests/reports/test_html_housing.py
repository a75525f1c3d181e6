"""What the page says of housing: who stands where, the way there, what merges take, what was left out."""

from __future__ import annotations

from dataclasses import replace

from analyzer.boundary import Boundary
from analyzer.origin import Origin
from analyzer.plan import Container, Machine, Plan, Tier, Venv
from analyzer.prices.price import Price, PriceList
from analyzer.report import Report
from analyzer.service import Skipped
from analyzer.verdict import Stance
from reports import tier_prose
from reports.html.housing import Housing
from reports.html.openings import FEW
from reports.html.view import view
from reports.terminal import to_terminal_text
from tests.reports.example import example_report
from tests.reports.variants import REPLICATED, replicated_report


def relocked(report: Report) -> Housing:
    return next(housing for housing in view(report).housings if housing.key == Stance.RELOCKED)


def in_environments() -> Report:
    """The example with two Python environments in its first container and one in each other."""
    report = example_report()
    plan = report.plans[Stance.RELOCKED]
    first, *others = plan.containers()
    one, *rest = first.services
    shared = Container((Venv((one,)), Venv(tuple(rest))))
    tiers = (*plan.tiers, Tier(Boundary.VENV, len(others) + 2, len(others) + 2, 1))
    plan = replace(plan, machines=(Machine((shared, *others)),), tiers=tiers, environments=len(others) + 2)
    return replace(report, plans={**report.plans, Stance.RELOCKED: plan})


def test_replicas_are_told_apart() -> None:
    tenants = [
        t for _, boxes in relocked(replicated_report()).machines for b in boxes for r in b.rooms for t in r.tenants
    ]
    assert [t.note for t in tenants if t.name == REPLICATED] == [f"replica {number} of 3" for number in (1, 2, 3)]
    assert {t.note for t in tenants if t.name != REPLICATED} == {""}


def test_the_way_there_is_told_beside_each_plan() -> None:
    report = example_report()
    way = relocked(report).way
    assert way is not None
    title, steps = way
    number = len(report.plans[Stance.RELOCKED].migration)
    assert number > 1
    assert title == f"Getting there from today's layout: {number} steps"
    assert len(steps) == number
    at_rest = {stance: replace(plan, migration=()) for stance, plan in report.plans.items()}
    assert relocked(replace(report, plans=at_rest)).way is None


def test_python_environments_have_the_numbers_that_prices_name() -> None:
    report = in_environments()
    plan = report.plans[Stance.RELOCKED]
    rooms = [room for _, boxes in relocked(report).machines for box in boxes for room in box.rooms]
    assert [room.facts[0] for room in rooms] == [f"Python environment {n}" for n in range(1, len(rooms) + 1)]
    inside = [tuple(tenant.name for tenant in room.tenants) for room in rooms]
    assert inside == [tuple(s for venv in venvs for s in venv.services) for venvs in plan.innermost()]
    text = to_terminal_text(report, 120, color=False)
    assert all(f"Python environment {number}" in text for number in range(1, len(rooms) + 1))


def test_containers_are_numbers_enough_where_each_holds_one_environment() -> None:
    plan = example_report().plans[Stance.RELOCKED]
    assert list(tier_prose.environment_numbers(plan)) == []
    assert list(plan.innermost()) == [tuple(container.venvs) for container in plan.containers()]


def test_merges_that_take_the_same_are_one_row_that_names_who_is_merged() -> None:
    report = in_environments()
    plan: Plan = report.plans[Stance.RELOCKED]
    apart = "no machine that can be had holds them all"
    known = tuple(Price(pair, obstacle=apart) for pair in ((1, 2), (1, 3)))
    (merge,) = view(replace(report, price_list=PriceList(known))).prices.merges
    assert merge.text == f"Not priced: {apart}"
    assert [numbers for numbers, _ in merge.pairs] == ["1 + 2", "1 + 3"]
    first, *_ = (venv.services[0] for venvs in plan.innermost() for venv in venvs)
    assert all(who.startswith(f"{first} + ") for _, who in merge.pairs)


def test_what_was_left_out_by_rule_is_folded_once_it_is_long() -> None:
    report = example_report()
    by_rule = tuple(
        Skipped(f"item {n}", "is removed again", Origin("a/Dockerfile", n + 1, ""), incomplete=False)
        for n in range(FEW + 1)
    )
    open_item = Skipped("apk packages", "are not examined", Origin("a/Dockerfile", 9, ""), incomplete=True)
    services = tuple(replace(s, skipped=(), sets=()) for s in report.fleet.services)
    fleet = replace(report.fleet, services=services, skipped=(*by_rule, open_item))
    unsure, left_out = view(replace(report, fleet=fleet)).omissions
    assert (unsure.title, unsure.folded, len(unsure.items)) == ("May change a verdict: 1 item", False, 1)
    assert (left_out.title, left_out.folded) == (f"Left out by rule: {FEW + 1} items", True)
    fewer = replace(report, fleet=replace(fleet, skipped=by_rule[:FEW]))
    assert [(group.folded, len(group.items)) for group in view(fewer).omissions] == [(False, FEW)]
    nothing = replace(report, fleet=replace(fleet, skipped=()))
    assert view(nothing).omissions == ()
