"""What the gate makes of small Reports: severities, layouts, ages, waivers, limits."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.boundary import Boundary
from analyzer.explanation import Explanation, Fact
from analyzer.gate.judge import judge
from analyzer.gate.judgement import Age, Note, Standing
from analyzer.gate.past import Known, Past, past_of
from analyzer.gate.policy import ECOSYSTEMS, Policy, ecosystem
from analyzer.gate.severity import Severity
from analyzer.gate.waiver import Waiver
from analyzer.origin import Origin
from analyzer.package import Package, pypi
from analyzer.plan import Plan
from analyzer.report import Questions, Report
from analyzer.service import Fleet, PresentEnvironment, Service, Skipped
from analyzer.verdict import Code, Conflict, Depth, Stance, Undecided

DAY = date(2026, 11, 22)
HERE = Origin("cohabit.toml", 3, "[[waiver]]")


X = pypi("x")


def conflict(services: str, code: Code = Code.VERSION, package: Package = X, depth=Depth.DECLARED) -> Conflict:
    return Conflict(code, depth, tuple(services), Boundary.CONTAINER, (package,), (), Explanation(Fact.CLASH, "x"))


def report(*conflicts: Conflict, present=(), undecided=(), unread="") -> Report:
    skipped = (Skipped("requirements.txt", "is not UTF-8", Origin("requirements.txt")),)
    services = tuple(Service(n, n, skipped=skipped if n in unread else ()) for n in "abcd")
    fleet = Fleet("f", services, tuple(PresentEnvironment(Boundary.CONTAINER, tuple(e)) for e in present))
    plan = Plan(Stance.LOCKED, (), 0, 0, True)
    open_sets = tuple(Undecided(tuple(u), Stance.RELOCKED, "no index") for u in undecided)
    ordered = tuple(sorted(conflicts, key=lambda c: c.id))
    return Report(fleet, ordered, (), open_sets, dict.fromkeys(Stance, plan), Questions({}), {})


def waiver(days: int = 100, **named) -> Waiver:
    return Waiver("later", "team", DAY + timedelta(days), HERE, **named)


AB, BC = conflict("ab"), conflict("bc")
AB_DEB = conflict("ab", Code.DEB_RESOLUTION, Package("deb", "libc6", "debian"))
LOCKS = conflict("cd", Code.LOCK, depth=Depth.LOCKED)


def judged(*conflicts: Conflict, policy: Policy = Policy(), past=(), stance=Stance.RELOCKED, **more):
    return judge(report(*conflicts, **more), stance, policy, today=DAY, past=past)


@pytest.mark.parametrize(
    ("severities", "fail_on", "failing"),
    [
        ({}, Severity.ERROR, {AB, AB_DEB}),
        ({}, Severity.OFF, set()),
        ({"deb": Severity.WARNING}, Severity.ERROR, {AB}),
        ({"deb": Severity.WARNING}, Severity.WARNING, {AB, AB_DEB}),
        ({"deb": Severity.OFF}, Severity.NOTE, {AB}),
        ({"pip": Severity.NOTE, "PIP001": Severity.ERROR, "DEB002": Severity.NOTE}, Severity.ERROR, {AB}),
        ({"pip": Severity.NOTE, "DEB001": Severity.NOTE}, Severity.ERROR, {AB_DEB}),
    ],
)
def test_severities(severities, fail_on, failing):
    found = judged(AB, AB_DEB, policy=Policy(fail_on, severities=severities))
    assert {f.conflict for f in found.failing} == failing and found.passed is not bool(failing)
    assert len(found.findings) == 2 - (Severity.OFF in severities.values())


def test_every_code_has_an_ecosystem():
    assert {ecosystem(code) for code in Code} == set(ECOSYSTEMS)


def test_locks_count_under_their_stance():
    assert judged(LOCKS).passed and not judged(LOCKS, stance=Stance.LOCKED).passed


@pytest.mark.parametrize(("present", "passed"), [((), False), (["ab", "c"], False), (["a", "bc"], True)])
def test_only_what_breaks_the_layout_fails(present, passed):
    found = judged(AB, present=present)
    assert found.passed is passed and found.findings[0].breaks is not passed


def test_what_is_known_does_not_fail():
    past = Past("file", (Known.of(AB, "2026-11-01"),), Origin("file"))
    found = judged(AB, BC, past=[past])
    assert [f.conflict for f in found.failing] == [BC]
    assert {f.conflict: (f.age, f.since) for f in found.findings}[AB] == (Age.KNOWN, "2026-11-01")
    assert found.compared_with == "file" and not found.cleared


def test_another_package_between_the_same_services_is_nothing_new():
    past = Past("file", (Known.of(replace(AB, packages=(pypi("y"),), id=""), "2026-11-01"),))
    found = judged(AB, past=[past])
    assert found.passed and found.findings[0].since == "2026-11-01" and not found.cleared


def test_another_code_between_the_same_services_is_new():
    found = judged(AB_DEB, past=[Past("file", (Known.of(AB),))])
    assert not found.passed and found.cleared == (AB.id,)


def test_what_the_earlier_layout_kept_apart_is_new_when_it_meets():
    before = past_of(report(AB, BC, present=["ab", "c"]), Stance.RELOCKED, "main")
    assert [known.id for known in before.known] == [AB.id]
    assert [f.conflict for f in judged(AB, BC, present=["abc"], past=[before]).failing] == [BC]
    assert judged(AB, BC, present=["a", "b", "c"], past=[before]).cleared == (AB.id,)


@pytest.mark.parametrize(
    ("more", "cleared"),
    [({}, True), ({"undecided": ["ab"]}, False), ({"undecided": ["a"]}, False), ({"undecided": ["abc"]}, True),
     ({"unread": "b"}, False), ({"unread": "c"}, True)],
)  # fmt: skip
def test_what_stayed_open_is_not_cleared(more, cleared):
    found = judged(past=[Past("file", (Known.of(AB),), Origin("file"))], **more)
    assert (found.cleared == (AB.id,)) is cleared
    assert [r.code for r in found.remarks] == [Note.CLEARED] * cleared


@pytest.mark.parametrize(
    ("present", "waived", "past", "standing", "cleared"),
    [
        ("ab", False, False, Standing.NEW, False),
        ("ab", False, True, Standing.KNOWN, False),
        ("ab", True, True, Standing.WAIVED, False),
        ("ac", True, False, Standing.APART, False),
        ("ac", False, True, Standing.APART, True),
    ],
)
def test_each_conflict_stands_in_one_place(present, waived, past, standing, cleared):
    policy = Policy(waivers=(waiver(code="PIP001"),) if waived else ())
    found = judged(AB, policy=policy, past=[Past("main", (Known.of(AB),))] if past else (), present=[present])
    assert {place: len(found.standing(place)) for place in Standing} == {place: place is standing for place in Standing}
    assert (found.cleared == (AB.id,)) is cleared


def test_a_conflict_of_the_other_stance_is_not_gone():
    assert not judged(LOCKS, past=[Past("file", (Known.of(LOCKS),))]).cleared


def test_an_earlier_tree_needs_no_shrinking():
    found = judged(past=[Past("main", (Known.of(AB),))])
    assert found.cleared == (AB.id,) and not found.remarks and found.gone == (Known.of(AB),)


WAIVERS = [
    (waiver(code="PIP001"), True, None),
    (waiver(services=("a",), packages=("pypi/x",)), True, None),
    (waiver(0, id=AB.id), True, Note.EXPIRING),
    (waiver(14, id=AB.id), True, Note.EXPIRING),
    (waiver(15, id=AB.id), True, None),
    (waiver(-1, id=AB.id), False, Note.EXPIRED),
    (waiver(code="PIP002"), False, Note.UNMATCHED),
    (waiver(services=("a", "c")), False, Note.UNMATCHED),
    (waiver(-1, packages=("pypi/y",)), False, Note.UNMATCHED),
]


@pytest.mark.parametrize(("given_waiver", "passed", "note"), WAIVERS)
def test_waivers(given_waiver, passed, note):
    found = judged(AB, policy=Policy(waivers=(given_waiver,)))
    assert found.passed is passed and (found.findings[0].waiver == given_waiver) is passed
    assert [remark.code for remark in found.remarks] == ([note] if note else [])
    assert all(remark.origin == HERE and remark.severity is Severity.WARNING for remark in found.remarks)


def test_without_a_day_no_waiver_ends():
    assert judge(report(AB), Stance.RELOCKED, Policy(waivers=(waiver(-99, id=AB.id),))).passed


def test_remarks_can_fail_and_be_silenced():
    lapsed = waiver(code="PIP002")
    assert not judged(policy=Policy(severities={"GATE003": Severity.ERROR}, waivers=(lapsed,))).passed
    assert not judged(policy=Policy(severities={"GATE003": Severity.OFF}, waivers=(lapsed,))).remarks


@given(st.sets(st.sampled_from([AB, BC, AB_DEB, LOCKS])), st.sets(st.sampled_from([AB, BC, AB_DEB, LOCKS])))
def test_known_and_cleared_are_what_the_past_holds(now, then):
    past = Past("then", tuple(map(Known.of, then)))
    found = judged(*now, stance=Stance.LOCKED, past=[past])
    assert {f.conflict for f in found.failing} == now - then
    assert set(found.cleared) == {c.id for c in then - now}
