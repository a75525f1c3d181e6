"""The audit of fleets with Debian and RPM packages against what dose-debcheck, libsolv and uv said of them."""

from __future__ import annotations

import re
import shlex
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import cache
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from analyzer.boundary import Boundary
from analyzer.report import Report
from analyzer.requirement import Requirement
from analyzer.service import DependencySet, Fleet, Platform, Service
from analyzer.verdict import Code, Conflict, Stance
from cohabit.auditing import examine_fleet
from cohabit.fleet import gather_fleet
from cohabit.settings import Settings
from tests.debian_judges import Apt
from tests.local_index import frozen_index
from tests.package_judges import BOOKWORM, CENTOS, Dose, Libsolv, Words
from tests.package_truth import SYSTEMS, PackageTruth, load

DATACENTRE = load("datacentre")
UNIVERSE = (("debian:12", (str(BOOKWORM),)), ("debian:11", ()), ("centos:9", tuple(map(str, CENTOS))))
RESOLUTION = {"debian:12": Code.DEB_RESOLUTION, "centos:9": Code.RPM_RESOLUTION}
SPECIAL: dict[tuple[str, ...], Code] = {
    ("frontend", "proxy"): Code.DEB_VERSION,
    ("inventory", "wiki"): Code.RPM_LOCK,
    ("billing", "dashboards"): Code.VERSION,
    ("dashboards", "uploads"): Code.VERSION,
}
NO_METADATA = "there is no package metadata of debian:11"
Found = dict[tuple[str, ...], bool | None]


def settings() -> Settings:
    return Settings(
        platform=Platform(python=DATACENTRE.document["python"]),
        index_url=frozen_index().as_uri(),
        cache=False,
        universe=UNIVERSE,
        machine_lists=False,
        max_conflict_size=3,
    )


@cache
def gathered() -> Fleet:
    """The fleet without its ports and JDKs, of which the judges know nothing."""
    return replace(whole(), services=tuple(_packages_alone(service) for service in whole().services))


@cache
def whole() -> Fleet:
    """The fleet as it is."""
    return gather_fleet(DATACENTRE.folder, settings())


def _packages_alone(service: Service) -> Service:
    sets = tuple(group for group in service.sets if group.ecosystem != "jdk")
    return replace(service, ports=(), sets=sets)


@cache
def audited() -> Report:
    return examine_fleet(gathered(), settings())


@cache
def audited_whole() -> Report:
    return examine_fleet(whole(), settings())


def said(truth: PackageTruth, stance: Stance) -> Found:
    table = truth.document[stance]
    alone = {(service,): verdict for service, verdict in table["alone"].items()}
    return alone | {tuple(pair.split(" + ")): verdict for pair, verdict in table["pairs"].items()}


def verdicts(report: Report, stance: Stance) -> Found:
    """Of every service alone and every pair: compatible, conflict, or None for undecided."""
    found: Found = {item.services: None for item in report.undecided if item.stance is stance}
    for group in report.compatible:
        if group.stance is stance:
            found |= {(name,): True for name in group.services}
            found |= {tuple(sorted(pair)): True for pair in combinations(group.services, 2)}
    return found | {conflict.services: False for conflict in report.conflicts_under(stance)}


def word(requirement: Requirement) -> str:
    """A Requirement as the judges are asked."""
    name, constraint = requirement.package.name, requirement.constraint
    if pin := re.fullmatch(r"={1,2}(\S+)", constraint):
        return f"{name} (= {pin[1]})" if requirement.package.type == "deb" else f"{name} = {pin[1]}"
    return f"{name} {constraint}".strip()


def services_with(system: str) -> Iterator[Service]:
    return (s for s in gathered().services if SYSTEMS.get(DATACENTRE.base(s.name)) == system)


@pytest.mark.parametrize("stance", Stance)
def test_every_verdict_is_what_the_judges_say(stance: Stance) -> None:
    found, expected = verdicts(audited(), stance), said(DATACENTRE, stance)
    assert {services: found.get(services, "missing") for services in expected} == expected


@pytest.mark.parametrize("stance", Stance)
def test_every_conflict_of_three_is_found(stance: Stance) -> None:
    found = {c.services for c in audited().conflicts_under(stance) if len(c.services) > 2}
    assert found == {tuple(group) for group in DATACENTRE.document[stance]["threes"]}


@pytest.mark.parametrize("stance", Stance)
def test_the_plan_is_as_small_as_the_truth_and_proven(stance: Stance) -> None:
    plan = audited().plans[stance]
    assert (plan.environments, plan.proven) == (DATACENTRE.document[stance]["minimum"], True)


@pytest.mark.parametrize("stance", Stance)
def test_ports_and_jdks_clash_besides_packages_with_both_lines(stance: Stance) -> None:
    beside = DATACENTRE.document[stance]["beside"]
    found = audited_whole().conflicts_under(stance)
    assert _lines_of(found, Code.PORT) == beside["ports"]
    assert _lines_of(found, Code.JDK) == beside["jdks"]
    assert len(beside["ports"]) > 15


def _lines_of(conflicts: Iterable[Conflict], code: Code) -> dict[str, list[str]]:
    lines: dict[str, list[str]] = defaultdict(list)
    for conflict in conflicts:
        if conflict.code is code:
            lines[" + ".join(sorted(conflict.services))] += (str(d.requirement.origin) for d in conflict.requirements)
    return {pair: sorted(told) for pair, told in lines.items()}


def test_the_facts_on_ports_are_the_lines_of_the_files() -> None:
    for facts in DATACENTRE.document["services"].values():
        for port, place in facts.get("ports", {}).items():
            file, line = place.split(":")
            text = (DATACENTRE.folder / file).read_text().splitlines()[int(line) - 1]
            assert text.startswith("EXPOSE ")
            assert {port, port.removesuffix("/tcp")} & set(text.split()[1:])


@pytest.mark.parametrize("stance", Stance)
def test_the_plan_with_ports_and_jdks_is_as_small_as_the_truth(stance: Stance) -> None:
    plan = audited_whole().plans[stance]
    assert (plan.environments, plan.proven) == (DATACENTRE.document[stance]["whole"]["minimum"], True)


@pytest.mark.parametrize("service", DATACENTRE.services)
def test_the_release_is_that_of_the_final_image(service: str) -> None:
    (found,) = [s for s in gathered().services if s.name == service]
    release = next(r for r in found.base if r.package.name == "os")
    assert release.constraint == DATACENTRE.base(service)
    assert line_of(release).startswith("FROM ")


@pytest.mark.parametrize("system", ["deb", "rpm"])
def test_what_is_gathered_is_what_the_files_ask_for(system: str) -> None:
    found = {
        service.name: {word(r) for group in service.sets if group.ecosystem == system for r in group.requirements}
        for service in services_with(system)
    }
    assert found == {name: set(DATACENTRE.words("relocked", name)) for name in found}


def test_installed_packages_are_a_lock() -> None:
    locks = {
        service.name: {word(pin.as_requirement()) for group in service.sets for pin in group.locked or ()}
        for service in services_with("rpm")
    }
    asked = {name: set(DATACENTRE.words("locked", name)) for name in locks}
    assert {name for name in locks if locks[name]} == {"inventory", "wiki"}
    assert all(locks[name] == {w for w in asked[name] if " = " in w} for name in locks)


def line_of(requirement: Requirement) -> str:
    lines = (DATACENTRE.folder / requirement.origin.file).read_text().splitlines()
    return lines[requirement.origin.line - 1]


def test_origins_are_the_lines_where_the_words_stand() -> None:
    wanted = [r for service in gathered().services for group in service.sets for r in group.requirements]
    assert len(wanted) > 300
    assert [f"{r} ({r.origin}): {line_of(r)}" for r in wanted if not _stands_in(line_of(r), r)] == []


def _stands_in(line: str, requirement: Requirement) -> bool:
    return any(_stands_for(written, requirement) for written in re.findall(r"[^\s\"'()\\,]+", line))


def _stands_for(written: str, requirement: Requirement) -> bool:
    """Whether a word is a package's, with a variable in it or a version behind it."""
    name = requirement.package.name
    if re.match(rf"{re.escape(name)}(?![\w.+-])|{re.escape(name)}[-=]\S*\d", written):
        return True
    pattern = ".+".join(map(re.escape, re.split(r"\$\{?\w+\}?", written)))
    return "$" in written and re.fullmatch(pattern, f"{name}{requirement.constraint}") is not None


def test_each_conflict_has_the_code_and_the_boundary_of_its_kind() -> None:
    found = {c.services: (c.code, c.boundary) for c in audited().conflicts}
    for services, (code, boundary) in found.items():
        bases = {DATACENTRE.base(service) for service in services}
        kind = SPECIAL.get(services) or (RESOLUTION[min(bases)] if len(bases) == 1 else Code.OPERATING_SYSTEM)
        assert (code, boundary) == (kind, Boundary.CONTAINER), services
    assert set(SPECIAL) <= set(found)


def test_what_a_conflict_names_is_asked_for_by_its_services() -> None:
    asked = {s.name: {r for g in s.sets for r in _all_of(g)} | set(s.base) for s in gathered().services}
    for conflict in audited().conflicts:
        assert {demand.service for demand in conflict.requirements} == set(conflict.services)
        for demand in conflict.requirements:
            assert demand.requirement in asked[demand.service] or demand.requirement.package.name == "arch"


def _all_of(group: DependencySet) -> list[Requirement]:
    return [*group.requirements, *(pin.as_requirement() for pin in group.locked or ())]


def test_the_judges_refuse_the_requirements_of_a_conflict_and_none_fewer() -> None:
    found = [(c, words) for c in audited().conflicts for system in SYSTEMS.values() if (words := core(c, system))]
    assert len(found) >= 15
    for conflict, words in found:
        judge = Libsolv() if conflict.code.startswith("RPM") else Dose()
        fewer = [rest for left_out in words if (rest := tuple(w for w in words if w != left_out))]
        # What apt admits because a service names its version stays admitted when that is not demanded.
        named = [word for service in conflict.services for word in DATACENTRE.words("relocked", service)]
        assert judge.judged([words, *fewer], named) == {words: False} | dict.fromkeys(fewer, True), conflict.services


def test_apt_refuses_each_replay() -> None:
    replays = [conflict.replay for conflict in audited().conflicts if conflict.code.startswith("DEB")]
    assert len(replays) > 5
    with TemporaryDirectory() as scratch:
        apt = Apt(Dose().everything(), Path(scratch))
        assert apt.installs("nginx", "apache2", "postfix", "chrony", "libcurl4-openssl-dev")
        for replay in replays:
            assert not apt.does(*shlex.split(replay.partition("--no-install-recommends ")[2])), replay


def core(conflict: Conflict, system: str) -> Words:
    """The requirements of a conflict in one package system, as its judges are asked."""
    own = (demand.requirement for demand in conflict.requirements)
    return tuple(sorted({word(requirement) for requirement in own if requirement.package.type == system}))


def test_without_metadata_nothing_is_decided_in_a_release() -> None:
    reasons = {item.services: item.reason for item in audited().undecided if item.stance is Stance.RELOCKED}
    for services in (("archive",), ("devices",), ("archive", "devices")):
        assert reasons.pop(services).startswith(NO_METADATA)
    assert "apk" in reasons.pop(("helpdesk",))
    assert reasons == {}
