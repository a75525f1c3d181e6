from __future__ import annotations

from dataclasses import replace

import pytest

from analyzer.demands import (
    ARCHITECTURE,
    OPERATING_SYSTEM,
    as_limits,
    brought_python,
    demands_of,
    has_lock,
    in_force,
    is_platform,
    is_surrounding,
    overrides,
    system_demands,
)
from analyzer.origin import Origin
from analyzer.package import PYTHON, Candidate, pypi
from analyzer.requirement import Force, Locked, Requirement
from analyzer.service import DependencySet, Platform, Service
from analyzer.verdict import Demand, Stance, Witness
from tests.analyzer.universe import demand

FLASK = Requirement(pypi("flask"), ">=2", Origin("a/requirements.in", 1))
PIN = Locked(Candidate(pypi("flask"), "3.0"), Origin("a/requirements.txt", 7))
PYTHON_OF_A = Requirement(PYTHON, ">=3.10", Origin("a/pyproject.toml", 2))


def service(*sets, platform=Platform("3.12"), interpreter=(PYTHON_OF_A,)):
    return Service("a", "a", platform, sets, interpreter)


def texts(service, stance):
    return [str(d.requirement) for d in demands_of(service, "pypi", stance)]


LOCKED_SET = DependencySet("pypi", (FLASK,), (PIN,))


@pytest.mark.parametrize(
    ("sets", "stance", "wanted"),
    [
        ((LOCKED_SET,), Stance.RELOCKED, ["flask>=2"]),
        ((LOCKED_SET,), Stance.LOCKED, ["python==3.12.*", "flask==3.0"]),
        ((replace(LOCKED_SET, locked=None),), Stance.LOCKED, ["flask>=2"]),
        ((replace(LOCKED_SET, locked=()),), Stance.LOCKED, []),
        ((replace(LOCKED_SET, bundled=True),), Stance.LOCKED, []),
        ((replace(LOCKED_SET, ecosystem="deb"),), Stance.RELOCKED, []),
        ((LOCKED_SET, LOCKED_SET), Stance.RELOCKED, ["flask>=2"]),
    ],
)
def test_what_a_service_demands_under_a_stance(sets, stance, wanted):
    found = texts(service(*sets), stance)
    assert found[0] == "python>=3.10"
    assert [t for t in found[1:] if "arch" not in t] == wanted


def test_a_lock_read_for_no_python_version_demands_none():
    assert "python==" not in " ".join(texts(service(LOCKED_SET, platform=Platform()), Stance.LOCKED))


def test_the_operating_system_is_demanded_where_one_is_named():
    def named(os):
        found = demands_of(service(platform=Platform("3.12", os)), "pypi", Stance.LOCKED)
        return {d.requirement.package.name for d in found}

    assert named("debian:12") - named("linux") == {"os"}


def test_what_a_service_begins_with_says_so_itself():
    line = Origin("a/Dockerfile", 1, "FROM arm64v8/debian:12")
    system, machine = Requirement(OPERATING_SYSTEM, "debian:12", line), Requirement(ARCHITECTURE, "aarch64", line)
    platform = Platform("3.12", "debian:12", "aarch64")
    whole = replace(service(platform=platform), base=(machine, system))
    assert [d.requirement for d in system_demands(whole)] == [machine, system]
    half = replace(whole, base=(system,))
    assert [str(d.requirement) for d in system_demands(half)] == ["arch aarch64", "os debian:12"]
    assert [d.requirement.origin for d in system_demands(half)] == [Origin("a", 0, "platform"), line]


@pytest.mark.parametrize(("declared", "brought"), [("", True), (">=3.8", True), (">=3.11", False)])
def test_the_python_of_an_image_is_no_demand(declared, brought):
    line = Requirement(PYTHON, "==3.9.*", Origin("a/Dockerfile", 1, "FROM python:3.9"))
    own = (Requirement(PYTHON, declared, Origin("a/pyproject.toml", 4)),) if declared else ()
    found = replace(service(), base=(line,), interpreter=own)
    assert line not in [d.requirement for d in demands_of(found, "pypi", Stance.RELOCKED)]
    assert brought_python(found) == (line if brought else None)


def test_surroundings_are_the_platform_and_overrides():
    override = Demand("a", replace(FLASK, force=Force.OVERRIDES))
    assert is_surrounding(override) and not is_platform(override)
    assert is_surrounding(Demand("a", PYTHON_OF_A)) and is_platform(Demand("a", PYTHON_OF_A))
    assert not is_surrounding(Demand("a", FLASK))


def test_an_override_replaces_what_its_own_service_says_and_nobody_elses():
    override = Demand("a", replace(FLASK, force=Force.OVERRIDES))
    own, others = Demand("a", FLASK), Demand("b", FLASK)
    assert list(in_force([own, override, others])) == [override, others]
    assert overrides([own, override]) == overrides([Demand("c", replace(override.requirement, origin=Origin("c")))])


def test_a_witness_as_limits_leaves_no_other_version():
    limits = as_limits(Witness((Candidate(pypi("flask"), "3.0"),), "3.12"))
    assert [(str(d.requirement), d.requirement.force) for d in limits] == [
        ("flask==3.0", Force.LIMITS),
        ("python==3.12.*", Force.REQUIRES),
    ]
    assert as_limits(Witness(())) == ()


@pytest.mark.parametrize(
    ("group", "expected"),
    [
        (LOCKED_SET, True),
        (replace(LOCKED_SET, bundled=True), False),
        (replace(LOCKED_SET, locked=None), False),
        (replace(LOCKED_SET, ecosystem="deb"), False),
    ],
)
def test_has_lock(group, expected):
    assert has_lock(service(group), "pypi") is expected


def test_demands_are_ordered_by_service_first():
    assert sorted([demand("b", "a"), demand("a", "z")])[0].service == "a"
