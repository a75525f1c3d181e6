"""Ports that Services listen on: which pairs clash, and that nothing else is hidden by it."""

from __future__ import annotations

import time
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.inquiry import Inquiry
from analyzer.joint_examination import conflicts, examine_jointly
from analyzer.origin import Origin
from analyzer.package import Package
from analyzer.pep440 import exclude_each_other
from analyzer.ports import port_cores
from analyzer.requirement import Requirement
from analyzer.service import DependencySet, Fleet, Port, Service
from analyzer.verdict import Boundary, Code, Stance
from tests.analyzer.test_joint_examination import Part

PORTS = st.builds(Port, st.integers(1, 4), st.just(Origin("f", 1)), st.sampled_from(("tcp", "udp")))
FLEETS = st.lists(st.lists(PORTS, max_size=3), max_size=6)


def listening(name: str, *ports: str, wants: str = "") -> Service:
    found = tuple(Port(int(p.partition("/")[0]), Origin(name, n), p.partition("/")[2]) for n, p in enumerate(ports, 1))
    sets = (DependencySet("pypi", (Requirement(Package("pypi", "x"), wants, Origin(name)),)),) if wants else ()
    return Service(name, name, sets=sets, ports=found)


def found(*services: Service):
    joint = examine_jointly(Fleet("fleet", services), [Inquiry(Part("pypi"))], exclude_each_other)
    return joint, conflicts(joint, exclude_each_other)


def test_both_lines_are_told_and_a_container_separates():
    _, (conflict,) = found(listening("a", "80/tcp", "8080/tcp"), listening("b", "8080/tcp"), listening("c", "8080/udp"))
    assert (conflict.code, conflict.services, conflict.boundary) == (Code.PORT, ("a", "b"), Boundary.CONTAINER)
    assert [str(d.requirement.origin) for d in conflict.requirements] == ["a:2", "b:1"]
    assert [package.name for package in conflict.packages] == ["8080/tcp"]


def test_the_port_on_which_most_clash_is_told_first():
    _, known = found(*(listening(name, "1/tcp", *(["2/tcp"] if name < "c" else [])) for name in "abc"))
    assert [[p.name for p in c.packages] for c in known] == [["1/tcp", "2/tcp"], ["1/tcp"], ["1/tcp"]]


def test_a_port_hides_no_other_conflict():
    joint, known = found(listening("a", "1/tcp", wants="<2"), listening("b", "1/tcp", wants=">=2"))
    assert {c.code for c in known} == {Code.PORT, Code.VERSION}
    assert {f.services for f in joint[Stance.RELOCKED].compatible()} == {("a",), ("b",)}


def test_who_listens_elsewhere_is_found_compatible_in_the_only_ecosystem():
    services = [listening(name, port, wants=">=1") for name, port in (("a", "1/tcp"), ("b", "1/tcp"), ("c", "2/tcp"))]
    joint, known = found(*services)
    assert [c.services for c in known] == [("a", "b")]
    settled = {pair for f in joint[Stance.LOCKED].compatible() for pair in combinations(f.services, 2)}
    assert settled == {("a", "c"), ("b", "c")}


@given(FLEETS)
def test_pairs_clash_that_have_a_port_in_common(fleet):
    services = [Service(f"s{n}", "", ports=tuple(ports)) for n, ports in enumerate(fleet)]
    expected = {
        frozenset((one.name, other.name)): shared
        for one, other in combinations(services, 2)
        if (shared := {str(p) for p in one.ports} & {str(p) for p in other.ports})
    }
    assert {core.services: {p.name for p in core.packages} for core in port_cores(services)} == expected


@pytest.mark.parametrize("number", [300])
def test_many_on_one_port_take_seconds(number):
    start = time.perf_counter()
    _, known = found(*(listening(f"s{n:03}", "8080/tcp") for n in range(number)))
    assert len(known) == number * (number - 1) // 2
    assert time.perf_counter() - start < 60
