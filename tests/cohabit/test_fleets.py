"""The audit of every fixture fleet against its truth: what plain uv said of the files together."""

from __future__ import annotations

from functools import cache
from itertools import combinations

import pytest

from analyzer.report import Report
from analyzer.service import Platform
from analyzer.verdict import Stance
from cohabit.auditing import examine_fleet
from cohabit.fleet import gather_fleet
from cohabit.settings import Settings
from tests.fleet_truth import Truth, fleets, statements
from tests.local_index import frozen_index

FLEETS = {truth.name: truth for truth in fleets()}
CASES = [(name, stance) for name in FLEETS for stance in Stance]


@cache
def audited(name: str) -> Report:
    truth = FLEETS[name]
    index = frozen_index(built=bool(truth.document.get("builds")))
    settings = Settings(platform=Platform(python=truth.document["python"]), index_url=index.as_uri(), cache=False)
    return examine_fleet(gather_fleet(truth.folder, settings), settings)


def said(truth: Truth, stance: Stance) -> dict[tuple[str, ...], bool]:
    """The truth table of a stance; fleets without locks have one for both."""
    return statements(truth, stance) or statements(truth, "relocked")


def verdicts(report: Report, stance: Stance) -> dict[tuple[str, ...], bool | None]:
    """Of every service alone and every pair: compatible, conflict, or None for undecided."""
    found: dict[tuple[str, ...], bool | None] = {}
    for item in report.undecided:
        if item.stance is stance:
            found[item.services] = None
    for group in report.compatible:
        if group.stance is stance:
            found |= {(name,): True for name in group.services}
            found |= {tuple(sorted(pair)): True for pair in combinations(group.services, 2)}
    return found | {conflict.services: False for conflict in report.conflicts_under(stance)}


@pytest.mark.parametrize(("name", "stance"), CASES)
def test_every_pair_verdict_is_what_plain_uv_says(name: str, stance: Stance) -> None:
    found = verdicts(audited(name), stance)
    expected = {s: sat for s, sat in said(FLEETS[name], stance).items() if len(s) <= 2}
    assert expected, "a fleet without a truth proves nothing"
    assert {services: found.get(services, "missing") for services in expected} == expected


@pytest.mark.parametrize(("name", "stance"), CASES)
def test_the_plan_is_as_small_as_the_truth_and_proven(name: str, stance: Stance) -> None:
    plan = audited(name).plans[stance]
    table = FLEETS[name].document[stance]
    assert (plan.environments, plan.proven) == (table["minimum"], True)


@pytest.mark.parametrize(("name", "stance"), CASES)
def test_conflicts_are_minimal_sets_of_services(name: str, stance: Stance) -> None:
    table = FLEETS[name].document[stance]
    conflicts = {c.services for c in audited(name).conflicts_under(stance)}
    alone = {(s,) for s, sat in table["alone"].items() if not sat}
    assert {c for c in conflicts if len(c) == 1} == alone
    if "minimal_conflicts" in table:
        assert conflicts <= {tuple(c) for c in table["minimal_conflicts"]}


@pytest.mark.parametrize("name", [n for n, truth in FLEETS.items() if len(truth.services) >= 15])
def test_few_questions(name: str) -> None:
    truth = FLEETS[name]
    pairs = len(truth.services) * (len(truth.services) - 1) // 2
    assert audited(name).oracle.questions["pip"] <= pairs / 4
