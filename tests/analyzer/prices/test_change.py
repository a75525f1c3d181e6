"""Changes as they are suggested and made."""

from __future__ import annotations

import pytest

from analyzer.origin import Origin
from analyzer.package import PYTHON, Candidate, Package, pypi
from analyzer.prices.change import Change, Place, Way, changed, relaxable, suggestion, upwards
from analyzer.requirement import Force, Locked, Requirement
from analyzer.service import DependencySet, Fleet, Service
from analyzer.verdict import Demand

LINE = Origin("requirements.in", 1)


@pytest.mark.parametrize(
    ("package", "constraint", "version", "after", "way"),
    [
        (pypi("thrift"), "<0.14", "0.16", ">=0.16", Way.UPGRADE),
        (pypi("thrift"), ">=2", "1.4", "<=1.4", Way.DOWNGRADE),
        (pypi("thrift"), "!=1.4", "1.4", ">=1.4", Way.UPGRADE),
        (pypi("thrift"), ">=1,<2,!=1.4", "1.4", "==1.4", Way.RELAX),
        (pypi("thrift"), "==1.*", "2.0", ">=2.0", Way.UPGRADE),
        (pypi("thrift"), "===weird", "1", "==1", Way.RELAX),
        (PYTHON, "<3.11", "3.12", ">=3.12", Way.UPGRADE),
        (Package("maven", "guava", "com.google.guava"), "32.0", "33.0", "33.0", Way.RELAX),
        (pypi("gone"), "<2", "", "", Way.RELAX),
    ],
)
def test_suggestions(package: Package, constraint: str, version: str, after: str, way: Way) -> None:
    place = Place("svc", package)
    demands = [Demand("svc", Requirement(package, constraint, LINE)), Demand("other", Requirement(package, "<9", LINE))]
    assert suggestion(place, demands, version) == Change(place, constraint, after, way)


def test_a_change_touches_one_package_of_one_service() -> None:
    flask, rest = Requirement(pypi("flask"), "<3", LINE), Requirement(pypi("redis"), ">=5", LINE)
    limit = Requirement(pypi("flask"), "<4", LINE, force=Force.LIMITS)
    lock = (Locked(Candidate(pypi("flask"), "2.3"), LINE),)
    python = Requirement(PYTHON, ">=3.9", LINE)
    sets = (DependencySet("pypi", (flask, rest, limit), lock, closed=True), DependencySet("git"))
    fleet = Fleet("f", tuple(Service(name, name, sets=sets, interpreter=(python,)) for name in ("a", "b")))
    one, other = changed(fleet, [Change(Place("a", pypi("flask")), "<3", ">=3")]).services
    assert other == fleet.services[1]
    assert [str(r) for r in one.sets[0].requirements] == ["flask>=3", "redis>=5"]
    assert (one.sets[0].locked, one.sets[0].closed, one.sets[1]) == (None, False, DependencySet("git"))
    moved = changed(fleet, [Change(Place("a", PYTHON), ">=3.9", ">=3.12")]).services[0]
    assert (moved.interpreter[0].constraint, moved.sets) == (">=3.12", sets)


@pytest.mark.parametrize(
    ("constraint", "after"),
    [
        ("<3", ""),
        (">=2,<3", ">=2"),
        ("==1.2", ">=1.2"),
        ("~=1.4", ">=1.4"),
        ("==1.*", ">=1"),
        (">=2,!=2.1", ">=2,!=2.1"),
        ("", ""),
        ("===weird", ""),
    ],
)
def test_loosened_upwards(constraint: str, after: str) -> None:
    assert upwards(Requirement(pypi("thrift"), constraint, LINE)) == after


@pytest.mark.parametrize(("shipped_by", "gives_way"), [("", True), ("python3-flask", False)])
def test_what_a_system_package_ships_is_no_line_to_change(shipped_by: str, gives_way: bool) -> None:
    requirement = Requirement(pypi("flask"), "==2.2", LINE, force=Force.LIMITS, shipped_by=shipped_by)
    assert relaxable(Demand("svc", requirement)) is gives_way
