"""How reports tell of ports, and of what system packages ship."""

from __future__ import annotations

import json

import pytest

from analyzer.boundary import Boundary
from analyzer.direct import leaf
from analyzer.explanation import Explanation, Fact
from analyzer.origin import Origin
from analyzer.package import pypi
from analyzer.requirement import Force, Requirement
from analyzer.verdict import Code, Conflict, Demand, Depth
from reports.html.systems import Systems, are_alike, systems
from reports.prose import demand, headline, sentences, shipped, way_out
from tests.analyzer.test_ports import found, listening


def on_one_port(number: int) -> tuple[Conflict, ...]:
    _, conflicts = found(*(listening(f"s{n}", "8080/tcp") for n in range(number)))
    return conflicts


def test_a_port_reads_well() -> None:
    (conflict,) = on_one_port(2)
    assert headline(conflict) == "s0 and s1 both listen on 8080/tcp"
    assert demand(conflict.requirements[0]) == "s0 listens on 8080/tcp (s0:1)"
    assert sentences(conflict.explanation) == (
        "Because s0 listens on 8080/tcp (s0:1) and s1 listens on 8080/tcp (s1:1), "
        "only one of them can have the port in a network namespace.",
    )
    assert way_out(conflict) == ("Let one of them listen on another port.", "Give them separate containers.")


def test_several_ports_are_told_in_one_line() -> None:
    _, (conflict,) = found(listening("a", "1/tcp", "2/udp"), listening("b", "1/tcp", "2/udp"))
    assert headline(conflict) == "a and b both listen on 1/tcp and 2/udp"


def table(number: int, written: bool) -> Systems:
    conflicts = on_one_port(number)
    assert are_alike(conflicts)
    boundaries, keys = tuple(Boundary), {"s1": "service-1"}
    return systems(1, "ports", range(len(conflicts)), conflicts, keys, boundaries, written=written)


@pytest.mark.parametrize("number", [4, 30])
def test_many_on_one_port_are_one_table(number: int) -> None:
    told = table(number, written=True)
    assert told.headline == "A network namespace has one listener on a port: 8080/tcp"
    (port,) = told.systems
    assert sum(len(base.residents) for base in port.bases) == number


def test_what_a_system_package_ships_is_no_wish() -> None:
    has = Requirement(pypi("flask"), "==2.2.2", Origin("a", 2), force=Force.LIMITS, shipped_by="python3-flask 2.2.2-3")
    wants = Requirement(pypi("flask"), ">=3", Origin("b", 1))
    demands = (Demand("a", has), Demand("b", wants))
    proof = Explanation(Fact.CLASH, "flask", causes=tuple(map(leaf, demands)))
    conflict = Conflict(
        Code.SYSTEM_PYTHON, Depth.DECLARED, ("a", "b"), Boundary.VENV, (pypi("flask"),), demands, explanation=proof
    )
    assert headline(conflict) == "a and b disagree on flask: 2.2.2 against >=3"
    assert demand(demands[0]) == "a has flask==2.2.2 (a:2)"
    assert shipped(demands[0]) == ("brings flask==2.2.2, of python3-flask 2.2.2-3",)
    assert shipped(demands[1]) == ()
    assert sentences(proof) == (
        "Because a has flask==2.2.2 of python3-flask 2.2.2-3 (a:2) and b requires flask>=3 (b:1), "
        "no version of flask suits both.",
    )


def test_very_many_are_data_that_names_each() -> None:
    told, conflicts = table(60, written=False).lines, on_one_port(60)
    assert (told.number, told.written, told.keys) == (len(conflicts), (), "service-1")
    (data,) = told.data
    assert [found[:2] for found in json.loads(data)] == [[n, c.id] for n, c in enumerate(conflicts, 1)]
