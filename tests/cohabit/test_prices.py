"""The price list of a fleet whose best change is known by trying all, and the commands that build on it."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest
from packaging.requirements import Requirement

import cohabit
from analyzer.prices.change import changed
from analyzer.report import Report
from analyzer.service import Fleet
from analyzer.verdict import Stance
from cohabit.auditing import examine_fleet
from cohabit.command_line import run
from cohabit.configuration import load
from cohabit.fleet import gather_fleet
from cohabit.settings import Settings
from resolvers.pip.uv.command import uv_binary
from tests.local_index import Distribution, build_index, frozen_index
from tests.mixed_truth import POLYGLOT
from tests.resolvers.maven.frozen import unpack

INDEX = (
    *(Distribution("thrift", version) for version in ("0.13", "0.14", "0.16", "0.20")),
    *(Distribution("flask", version) for version in ("1.0", "2.0", "3.0")),
    Distribution("client", "1.0", ("thrift<0.15",)),
    Distribution("client", "2.0", ("thrift>=0.16",)),
    Distribution("frozen", "1.0", ("flask<2",)),
    Distribution("fresh", "1.0", ("flask>=2",)),
)
FLEET = {
    "ads": ["thrift>=0.16", "flask"],
    "billing": ["client<2", "flask>=2"],
    "cart": ["thrift>=0.20"],
    "demand": ["thrift<0.14", "flask>=2"],
    "legacy": ["frozen", "thrift<0.14"],
}


def write(root: Path, fleet: dict[str, list[str]]) -> Path:
    for name, lines in fleet.items():
        (root / name).mkdir(parents=True, exist_ok=True)
        (root / name / "requirements.txt").write_text("\n".join([*lines, ""]))
    return root


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> str:
    return build_index(tmp_path_factory.mktemp("index"), list(INDEX)).as_uri()


def audit(root: Path, index: str) -> Report:
    return cohabit.audit(root, index_url=index, cache=False, python="3.12")


def environments(fleet: dict[str, list[str]]) -> int:
    """The fewest environments, by trying every version of every package for every group."""
    fits = {g for n in range(1, len(fleet) + 1) for g in combinations(sorted(fleet), n) if _fits([fleet[s] for s in g])}

    def fewest(rest: Sequence[str]) -> int:
        if not rest:
            return 0
        own = [g for g in fits if rest[0] in g and set(g) <= set(rest)]
        return 1 + min(fewest([s for s in rest if s not in g]) for g in own)

    return fewest(sorted(fleet))


def _fits(asked: Sequence[Sequence[str]]) -> bool:
    lines = [Requirement(line) for lines in asked for line in lines]
    return _solved([*lines], {})


def _solved(open_lines: list[Requirement], chosen: dict[str, str]) -> bool:
    if not open_lines:
        return True
    line, *rest = open_lines
    if line.name in chosen:
        return chosen[line.name] in line.specifier and _solved(rest, chosen)
    versions = (d for d in INDEX if d.name == line.name and d.version in line.specifier)
    return any(_solved([*rest, *map(Requirement, d.requires_dist)], chosen | {d.name: d.version}) for d in versions)


def best_by_trying() -> tuple[int, set[tuple[str, str]]]:
    """The fewest environments that one loosened line leads to, and all lines that do."""
    found: dict[tuple[str, str], int] = {}
    for service, lines in FLEET.items():
        for number, line in enumerate(lines):
            loosened = [*lines[:number], Requirement(line).name, *lines[number + 1 :]]
            found[service, Requirement(line).name] = environments(FLEET | {service: loosened})
    fewest = min(found.values())
    return fewest, {place for place, number in found.items() if number == fewest}


def test_the_best_change_is_found(tmp_path: Path, index: str) -> None:
    report = audit(write(tmp_path / "fleet", FLEET), index)
    plan = report.plans[Stance.RELOCKED]
    fewest, places = best_by_trying()
    assert plan.environments == environments(FLEET) > fewest
    best = report.price_list.savings[0]
    assert (best.before, best.after, best.proven) == (plan.environments, fewest, True)
    assert (best.change.place.service, best.change.place.package.name) in places


def test_going_back_once_is_less_than_two_upgrades(tmp_path: Path, index: str) -> None:
    fleet = {"ads": ["flask<2"], "billing": ["flask<2"], "cart": ["flask==3.0"]}
    (price,) = audit(write(tmp_path / "fleet", fleet), index).price_list.prices
    assert [str(change.place.service) for change in price.changes] == ["cart"]


def test_every_price_holds_when_its_changes_are_made(tmp_path: Path, index: str) -> None:
    report = audit(write(tmp_path / "fleet", FLEET), index)
    groups = [container.services for container in report.plans[Stance.RELOCKED].containers()]
    assert report.price_list.prices
    for price in report.price_list.prices:
        merged = [*groups[price.merge[0] - 1], *groups[price.merge[1] - 1]]
        assert not price.obstacle
        made = {name: _with([*FLEET[name]], price.changes, name) for name in merged}
        assert environments(made) == 1
        fewer = [*combinations(price.changes, len(price.changes) - 1)]
        assert all(environments({n: _with([*FLEET[n]], some, n) for n in merged}) > 1 for some in fewer)


def _with(lines: list[str], changes: Sequence[object], service: str) -> list[str]:
    for change in changes:
        place = change.place  # type: ignore[attr-defined]
        if place.service == service:
            named = f"{place.package.name}{change.after}"  # type: ignore[attr-defined]
            lines = [named if Requirement(line).name == place.package.name else line for line in lines]
    return lines


def test_only_upstream_can_help_where_releases_exclude_one_another(tmp_path: Path, index: str) -> None:
    report = audit(write(tmp_path / "fleet", {"old": ["frozen"], "new": ["fresh"]}), index)
    [price] = report.price_list.prices
    assert (price.merge, price.changes, price.upstream) == ((1, 2), (), True)
    assert report.price_list.savings == ()


def test_what_if(tmp_path: Path, index: str, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    root = write(tmp_path / "fleet", FLEET)
    options = ["--index-url", index, "--no-cache", "--python", "3.12", "--format", "json"]
    run(["whatif", str(root), "--set", "demand:thrift>=0.16", *options])
    found = json.loads(capfdbinary.readouterr().out)
    after = environments(FLEET | {"demand": ["thrift>=0.16", "flask>=2"]})
    assert found["housing"]["relocked"]["before"] == environments(FLEET)
    assert found["housing"]["relocked"]["after"] == after
    assert {"from": "<0.14", "package": "pypi/thrift", "service": "demand", "to": ">=0.16"} in found["changes"]
    assert ["ads", "demand"] in [conflict["services"] for conflict in found["cleared"]]
    assert ["demand", "legacy"] in [conflict["services"] for conflict in found["brought"]]


@pytest.mark.parametrize("text", ["nobody:flask", "demand", "demand:flask @ file:///x", "demand:=", ":"])
def test_what_cannot_be_is_refused(tmp_path: Path, index: str, text: str) -> None:
    root = write(tmp_path / "fleet", FLEET)
    assert run(["whatif", str(root), "--set", text, "--index-url", index, "--no-cache"]) == 2


def test_joint_locks_resolve(tmp_path: Path, index: str) -> None:
    root = write(tmp_path / "fleet", FLEET)
    run(["plan", str(root), "--locks", str(tmp_path / "locks"), "--index-url", index, "--no-cache", "--prices", "0"])
    files = sorted((tmp_path / "locks").glob("environment-*/requirements.txt"))
    assert len(files) == environments(FLEET)
    for file in files:
        head, *lines = file.read_text().splitlines()
        services = head.removeprefix("# ").rpartition(", Python")[0].split(", ")
        pins = [line.removesuffix(" \\") for line in lines if "==" in line]
        assert _fits([[*FLEET[service], *pins] for service in services])
        _installs(file, index)


def _installs(lock: Path, index: str) -> None:
    """uv takes a lock as it stands, with the digest of every archive."""
    command = [uv_binary(), "pip", "install", "--dry-run", "--no-config", "--no-cache", "--no-build"]
    command += ["--python", sys.executable, "--target", str(lock.parent / "target"), "--index-url", index]
    subprocess.run([*command, "--require-hashes", "-r", str(lock)], check=True, capture_output=True, timeout=60)


def test_a_plan_follows_the_present_layout_in_steps_that_do_not_clash(tmp_path: Path, index: str) -> None:
    root = write(tmp_path / "fleet", FLEET)
    (root / "cohabit.toml").write_text(
        '[[environment]]\nboundary = "container"\nservices = ["legacy"]\n'
        '[[environment]]\nboundary = "container"\nservices = ["ads", "billing"]\n'
    )
    plan = audit(root, index).plans[Stance.RELOCKED]
    inside = {number: set(c.services) for number, c in enumerate(plan.containers(), start=1)}
    assert plan.moves == plan.least_moves
    assert {move.service for move in plan.migration} <= {"ads", "billing", "legacy"}
    for move in plan.migration:
        assert move.container is None or {move.service, *move.beside} <= inside[move.container] | {"ads", "billing"}
        assert _fits([FLEET[service] for service in (move.service, *move.beside)])


def test_the_same_plan_again_moves_nobody(tmp_path: Path, index: str) -> None:
    root = write(tmp_path / "fleet", FLEET)
    options = ["--index-url", index, "--no-cache", "--python", "3.12", "--format", "json", "--prices", "0"]
    run(["plan", str(root), "--output", str(tmp_path / "first.json"), *options])
    again = tmp_path / "again.json"
    run(["plan", str(root), "--previous", str(tmp_path / "first.json"), "--output", str(again), *options])
    first, second = (json.loads((tmp_path / name).read_text())["plans"] for name in ("first.json", "again.json"))
    homes = [
        sorted(
            sorted(s for v in c["venvs"] for s in v["services"])
            for m in p["relocked"]["machines"]
            for c in m["containers"]
        )
        for p in (first, second)
    ]
    assert homes[0] == homes[1]


@pytest.fixture(scope="module")
def polyglot(tmp_path_factory: pytest.TempPathFactory) -> tuple[Fleet, Settings]:
    given = {"offline": True, "cache": False, "index_url": frozen_index().as_uri(), "exclude_newer": "", "prices": 30}
    repository = unpack(tmp_path_factory.mktemp("m2"))
    settings = load(
        POLYGLOT, environment={}, options={**given, "maven_repository": (str(repository),), "machine_lists": False}
    )
    return gather_fleet(POLYGLOT, settings), settings


def test_a_price_of_gradle_builds_holds_when_their_lines_are_changed(polyglot: tuple[Fleet, Settings]) -> None:
    fleet, settings = polyglot
    report = examine_fleet(fleet, settings)
    [price] = [price for price in report.price_list.prices if price.changes]
    of_maven = [c for c in price.changes if c.place.package.type == "maven"]
    assert {(c.place.service, c.place.package.name, c.after) for c in of_maven} == {
        ("orders", "guava", "33.3.1-jre"),
        ("ledger", "slf4j-api", "2.0.16"),
    }
    containers = [c.services for c in report.plans[Stance.RELOCKED].containers()]
    merged = {*containers[price.merge[0] - 1], *containers[price.merge[1] - 1]}
    assert clashing(report, merged) == {"MVN001", "MVN002", "NET001"}
    changed_fleet = changed(fleet, of_maven)
    assert clashing(examine_fleet(changed_fleet, replace(settings, prices=0)), merged) == {"NET001"}
    for left_out in of_maven:
        made = [change for change in of_maven if change != left_out]
        again = examine_fleet(changed(fleet, made), replace(settings, prices=0))
        assert clashing(again, merged) - {"NET001"}


def clashing(report: Report, services: set[str]) -> set[str]:
    return {c.code for c in report.conflicts_under(Stance.RELOCKED) if services.issuperset(c.services)}


def test_clones_can_be_of_one_commit(tmp_path: Path, index: str) -> None:
    one, other = "1" * 40, "2" * 40
    for name, commit in (("a", one), ("b", other)):
        (tmp_path / name).mkdir()
        lines = f"FROM debian:12\nRUN git clone https://git.example/x/y /opt/y && git -C /opt/y checkout {commit}\n"
        (tmp_path / name / "Dockerfile").write_text(lines)
    report = cohabit.audit(tmp_path, index_url=index, cache=False, python="3.12", offline=True)
    [price] = report.price_list.prices
    assert [(c.place.service, c.after) for c in price.changes] == [("a", f"commit {other} in /opt/y")]
    [saving] = report.price_list.savings
    assert (saving.change, saving.before, saving.after) == (price.changes[0], 2, 1)
