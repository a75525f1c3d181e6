from __future__ import annotations

from dataclasses import replace

import pytest

from analyzer.boundary import Boundary
from analyzer.explanation import Explanation, Fact
from analyzer.gate.breakage import breaking
from analyzer.origin import Origin
from analyzer.plan import Plan
from analyzer.report import Questions, Report
from analyzer.service import Fleet, PresentEnvironment, Service, Skipped
from analyzer.verdict import Code, Conflict, Depth, Stance, Undecided
from cohabit.exit_code import ExitCode, exit_code
from tests.analyzer.universe import demand


def conflict(*services: str, depth: Depth = Depth.DECLARED) -> Conflict:
    demands = tuple(demand(s, "x", f"=={i}") for i, s in enumerate(services))
    return Conflict(Code.VERSION, depth, services, Boundary.CONTAINER, (), demands, Explanation(Fact.CLASH, "x"))


def report(*conflicts: Conflict, undecided=(), present=(), skipped=()) -> Report:
    services = tuple(Service(n, n) for n in "abc")
    services = (replace(services[0], skipped=tuple(skipped)), *services[1:])
    plan = Plan(Stance.LOCKED, (), 0, 0, True)
    fleet = Fleet("f", services, tuple(PresentEnvironment(Boundary.CONTAINER, tuple(e)) for e in present))
    return Report(fleet, conflicts, (), tuple(undecided), dict.fromkeys(Stance, plan), Questions({}), {})


OPEN = Undecided(("a", "b"), Stance.RELOCKED, "no index")
UNREAD = Skipped("requirements.txt", "is not UTF-8", Origin("a/requirements.txt", 1))
BY_RULE = replace(UNREAD, incomplete=False)

CASES = [
    (report(), Stance.RELOCKED, ExitCode.FINE),
    (report(conflict("a", "b")), Stance.RELOCKED, ExitCode.CONFLICTS),
    (report(conflict("a")), Stance.RELOCKED, ExitCode.CONFLICTS),
    (report(conflict("a", "b", depth=Depth.LOCKED)), Stance.RELOCKED, ExitCode.FINE),
    (report(conflict("a", "b", depth=Depth.LOCKED)), Stance.LOCKED, ExitCode.CONFLICTS),
    (report(conflict("a", "b"), present=["ac", "b"]), Stance.RELOCKED, ExitCode.FINE),
    (report(conflict("a", "b"), present=["abc"]), Stance.RELOCKED, ExitCode.CONFLICTS),
    (report(conflict("a"), present=["b"]), Stance.RELOCKED, ExitCode.CONFLICTS),
    (report(undecided=[OPEN]), Stance.RELOCKED, ExitCode.INCOMPLETE),
    (report(undecided=[OPEN]), Stance.LOCKED, ExitCode.FINE),
    (report(conflict("a", "b"), undecided=[OPEN]), Stance.RELOCKED, ExitCode.CONFLICTS),
    (report(skipped=[UNREAD]), Stance.RELOCKED, ExitCode.INCOMPLETE),
    (report(skipped=[BY_RULE]), Stance.RELOCKED, ExitCode.FINE),
]


@pytest.mark.parametrize(("found", "stance", "code"), CASES)
def test_what_the_shell_is_told(found, stance, code):
    assert exit_code(found, stance) is code


def test_incomplete_can_be_allowed_and_conflicts_cannot():
    assert exit_code(report(undecided=[OPEN]), Stance.RELOCKED, allow_incomplete=True) is ExitCode.FINE
    assert exit_code(report(conflict("a")), Stance.RELOCKED, allow_incomplete=True) is ExitCode.CONFLICTS


def test_containers_part_what_shares_a_machine_and_virtualenvs_do_not_part_what_needs_containers():
    def layout(**environments):
        fleet = report(conflict("a", "b"))
        present = tuple(PresentEnvironment(Boundary(k), tuple(e)) for k, groups in environments.items() for e in groups)
        return replace(fleet, fleet=replace(fleet.fleet, present=present))

    assert exit_code(layout(vm=["abc"]), Stance.RELOCKED) is ExitCode.CONFLICTS
    assert exit_code(layout(vm=["abc"], container=["a", "bc"]), Stance.RELOCKED) is ExitCode.FINE
    assert exit_code(layout(container=["abc"], venv=["a", "bc"]), Stance.RELOCKED) is ExitCode.CONFLICTS


def test_a_layout_shows_which_conflicts_break_it():
    one, other = conflict("a", "b"), conflict("b", "c")
    assert breaking(report(one, other, present=["ab", "c"]), Stance.RELOCKED) == (one,)
