"""One fleet of many languages: one plan on all ecosystems, and for each clash the boundary that parts it."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from analyzer.boundary import Boundary
from analyzer.report import Report
from analyzer.verdict import Conflict, Depth, Stance
from cohabit.auditing import examine_fleet
from cohabit.configuration import load
from cohabit.fleet import gather_fleet
from tests.fleet_truth import fewest
from tests.local_index import frozen_index
from tests.mixed_truth import POLYGLOT, Mixed
from tests.mixed_truth import load as load_truth
from tests.resolvers.maven.frozen import unpack

USED = (Boundary.CONTAINER, Boundary.VM)
WEAKEST = {
    "PIP004": Boundary.VENV, "SYS001": Boundary.VENV, "MVN001": Boundary.CONTAINER, "MVN002": Boundary.CONTAINER,
    "MVN003": Boundary.CONTAINER, "GIT001": Boundary.CONTAINER, "JDK001": Boundary.CONTAINER,
    "NET001": Boundary.CONTAINER, "PLAT001": Boundary.CONTAINER,
}  # fmt: skip
BUNDLED = {
    "golang": {"checkout", "frontend", "shipping"}, "npm": {"currency", "payment"}, "nuget": {"cart"},
    "maven": {"ad", "fraud-detection"},
}  # fmt: skip
Codes = dict[tuple[str, ...], set[str]]


@pytest.fixture(scope="module")
def repository(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return unpack(tmp_path_factory.mktemp("m2"))


def audited(repository: Path, boundaries: tuple[Boundary, ...]) -> Report:
    given = {"offline": True, "cache": False, "index_url": frozen_index().as_uri(), "exclude_newer": ""}
    own = {"maven_repository": (str(repository),), "boundaries": boundaries, "machine_lists": False, "prices": 0}
    settings = load(POLYGLOT, environment={}, options={**given, **own})
    return examine_fleet(gather_fleet(POLYGLOT, settings), settings)


@pytest.fixture(scope="module")
def report(repository: Path) -> Report:
    return audited(repository, USED)


@pytest.fixture(scope="module")
def truth(tmp_path_factory: pytest.TempPathFactory) -> Mixed:
    return load_truth(tmp_path_factory.mktemp("judges"))


def expected(truth: Mixed, stance: Stance) -> Codes:
    return {tuple(pair.split(" + ")): set(codes) for pair, codes in truth.document[stance]["conflicts"].items()}


def lines(conflict: Conflict) -> list[str]:
    return sorted(str(demand.requirement.origin) for demand in conflict.requirements)


@pytest.mark.parametrize("stance", Stance)
def test_conflicts_are_those_of_the_judges_and_the_rest_fits(report: Report, truth: Mixed, stance: Stance) -> None:
    found: Codes = {}
    for conflict in report.conflicts_under(stance):
        found.setdefault(tuple(sorted(conflict.services)), set()).add(conflict.code)
    assert found == expected(truth, stance)
    assert not report.undecided
    assert not report.fleet.skipped


def test_nothing_is_left_out_of_a_service(report: Report, truth: Mixed) -> None:
    services = {service.name: service for service in report.fleet.services}
    assert set(services) == {*truth.services, *truth.document["images"]}
    noted = {name: [item.reason for item in s.skipped] for name, s in services.items() if s.skipped}
    assert set(noted) == {"billing", "fraud-detection", *truth.document["images"]}
    for name, reasons in noted.items():
        assert len(reasons) == 1
        assert ("keeps to itself" if name in truth.document["images"] else "testImplementation") in reasons[0]
    for ecosystem, names in BUNDLED.items():
        sets = {name: [g for g in services[name].sets if g.ecosystem == ecosystem] for name in names}
        assert all(len(groups) == 1 and groups[0].bundled and groups[0].requirements for groups in sets.values())


@pytest.mark.parametrize("boundaries", [tuple(Boundary), USED, (Boundary.VM,)], ids=lambda used: "+".join(used))
def test_each_conflict_has_the_weakest_boundary_in_use(repository: Path, boundaries: tuple[Boundary, ...]) -> None:
    conflicts = audited(repository, boundaries).conflicts
    assert {conflict.code for conflict in conflicts} == set(WEAKEST)
    for conflict in conflicts:
        weakest = WEAKEST[conflict.code]
        assert conflict.boundary is next(b for b in boundaries if b.strength >= weakest.strength), conflict.services


@pytest.mark.parametrize("stance", Stance)
def test_one_plan_houses_all_in_the_fewest_containers(report: Report, truth: Mixed, stance: Stance) -> None:
    plan = report.plans[stance]
    assert (plan.environments, plan.lower_bound, plan.proven) == (truth.document[stance]["minimum"],) * 2 + (True,)


@pytest.mark.parametrize("stance", Stance)
def test_the_minimum_is_that_of_trying_every_partition(truth: Mixed, stance: Stance) -> None:
    table, clashes = truth.document[stance], expected(truth, stance)
    assert table["threes"] == []
    pairs = {pair: pair not in clashes for pair in combinations(truth.services, 2)}
    groups = fewest(truth.services, pairs, lambda group: all(pairs[pair] for pair in combinations(group, 2)))
    assert len(groups) + len(truth.document["images"]) == table["minimum"]


@pytest.mark.parametrize("stance", Stance)
def test_the_judges_still_say_so(truth: Mixed, stance: Stance) -> None:
    clashes = {pair: codes for pair, codes in expected(truth, stance).items() if codes != {"PLAT001"}}
    assert {pair: set(truth.refused_by(stance, pair)) for pair in clashes} == clashes
    for group in truth.document[stance]["groups"]:
        assert truth.refused_by(stance, tuple(group)) == frozenset()


def test_conflicts_name_the_lines_that_the_truth_names(report: Report, truth: Mixed) -> None:
    declared = [conflict for conflict in report.conflicts if conflict.stance is Depth.DECLARED]
    for code, expected_lines in truth.document["lines"].items():
        assert [lines(conflict) for conflict in declared if conflict.code == code] == [expected_lines]


def test_ports_name_the_lines_of_the_deployment_files(report: Report, truth: Mixed) -> None:
    ports = {name: facts["ports"] for name, facts in truth.document["services"].items() if "ports" in facts}
    clashes = [conflict for conflict in report.conflicts if conflict.code == "NET001"]
    assert len(clashes) == 3
    for conflict in clashes:
        assert lines(conflict) == sorted(ports[name]["8080/tcp"] for name in conflict.services)


def test_deployment_files_give_limits_and_the_present_layout(report: Report) -> None:
    memory = {service.name: service.memory for service in report.fleet.services}
    assert (memory["cart"], memory["checkout"]) == (160 * 1024**2, 64 * 1024**2)
    containers = [set(e.services) for e in report.fleet.present if e.boundary is Boundary.CONTAINER]
    assert {"cart"} in containers
    assert {"checkout"} in containers
    assert max(map(len, containers)) == 1
