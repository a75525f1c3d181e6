"""Verdicts under both stances from a Fleet, before a brute-force oracle."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analyzer.demands import OPERATING_SYSTEM
from analyzer.examine import code_of, examine
from analyzer.explanation import Explanation, Fact
from analyzer.inquiry import Inquiry
from analyzer.origin import Origin
from analyzer.package import PYTHON, Candidate, Package, pypi
from analyzer.pep440 import exclude_each_other
from analyzer.requirement import Locked, Requirement, Source
from analyzer.search import Core
from analyzer.service import DependencySet, Fleet, Platform, Service, Skipped
from analyzer.verdict import Code, Demand, Depth, Grade, Stance
from tests.analyzer.universe import BruteForce, Universe

UNIVERSE = Universe({"x": {"1": (), "2": ()}, "y": {"1": (("x", "<2"),)}})


class Oracle(BruteForce):
    """Brute force that leaves platforms aside."""

    def ask(self, demands, prefer):
        return super().ask([d for d in demands if d.requirement.package.type == "pypi"], prefer)

    def meets(self, demands, witness):
        return super().meets([d for d in demands if d.requirement.package.type == "pypi"], witness)


def service(name, declared=(), locked=None, **options):
    requirements = tuple(
        Requirement(pypi(package), constraint, Origin(f"{name}/requirements.in", line))
        for line, (package, constraint) in enumerate(declared, start=1)
    )
    pins = locked and tuple(
        Locked(Candidate(pypi(package), version), Origin(f"{name}/requirements.txt", line))
        for line, (package, version) in enumerate(locked, start=1)
    )
    return Service(name, name, Platform("3.12"), (DependencySet("pypi", requirements, pins, **options),))


def examined(*services, **options):
    oracle = Oracle(UNIVERSE, **options)
    examinations, findings = examine(Fleet("fleet", services), Inquiry(oracle), exclude_each_other)
    return examinations, findings, oracle


def cores(findings, stance):
    return {tuple(sorted(core.services)) for core in findings[stance].cores}


def test_locks_may_clash_where_what_is_declared_does_not():
    one, other = service("a", [("x", "")], [("x", "1")]), service("b", [("x", "")], [("x", "2")])
    examinations, findings, _ = examined(one, other)
    assert (cores(findings, Stance.LOCKED), cores(findings, Stance.RELOCKED)) == ({("a", "b")}, set())
    conflict = examinations[Stance.LOCKED].conflict(findings[Stance.LOCKED].cores[0])
    assert (conflict.code, conflict.stance) == (Code.LOCK, Depth.LOCKED)
    (fits,) = findings[Stance.RELOCKED].fits
    assert examinations[Stance.RELOCKED].compatible(fits).grade is Grade.RELOCKED


def test_a_declared_conflict_stands_under_locks_that_lie_within():
    one, other = service("a", [("x", "<2")], [("x", "1")]), service("b", [("x", ">=2")], [("x", "2")])
    _, findings, _ = examined(one, other)
    assert cores(findings, Stance.LOCKED) == cores(findings, Stance.RELOCKED) == {("a", "b")}


def test_a_declared_conflict_falls_under_stale_locks_that_fit():
    stale, other = service("a", [("x", ">=2")], [("x", "1")]), service("b", [("x", "<2")], [("x", "1")])
    _, findings, _ = examined(stale, other)
    assert (cores(findings, Stance.LOCKED), cores(findings, Stance.RELOCKED)) == (set(), {("a", "b")})
    assert {f.services for f in findings[Stance.LOCKED].fits} == {frozenset({"a", "b"})}


def test_equal_closed_locks_need_no_question():
    _, findings, oracle = examined(*(service(n, [("x", "")], [("x", "1")], closed=True) for n in "abc"))
    assert not oracle.questions
    assert all({"a", "b", "c"} in [set(f.services) for f in findings[s].fits] for s in Stance)


def test_a_lock_that_contradicts_itself_is_not_taken_on_trust_where_the_oracle_knows_less_than_all():
    edited = service("a", [("y", ""), ("private", "")], [("y", "1"), ("x", "2"), ("private", "1")])
    _, findings, _ = examined(edited, unknown=frozenset({"private"}))
    assert cores(findings, Stance.LOCKED) == {("a",)}
    assert not findings[Stance.LOCKED].fits and not findings[Stance.RELOCKED].fits
    assert [o.services for o in findings[Stance.RELOCKED].open] == [frozenset({"a"})]


def test_what_a_lock_fixes_and_no_index_has_is_taken_on_trust_as_locked_only():
    _, findings, _ = examined(
        service("a", [("private", "")], [("x", "1"), ("private", "1")]), unknown=frozenset({"private"})
    )
    (fits,) = findings[Stance.LOCKED].fits
    assert {str(c) for c in fits.witness.versions} == {"x==1", "private==1"}
    assert [o.services for o in findings[Stance.RELOCKED].open] == [frozenset({"a"})]


def test_a_service_of_which_not_all_is_known_is_undecided_yet_may_be_in_a_conflict():
    skipped = Skipped("setup.py", "computes its dependencies", Origin("a/setup.py"))
    opaque = replace(service("a", [("y", "")]), skipped=(skipped,))
    _, findings, _ = examined(opaque, service("b", [("x", ">=2")]), service("c"))
    assert cores(findings, Stance.RELOCKED) == {("a", "b")}
    assert {o.services for o in findings[Stance.RELOCKED].open} == {frozenset("a"), frozenset("ac")}
    assert not any("a" in f.services for f in findings[Stance.RELOCKED].fits)


@pytest.mark.parametrize(
    ("closed", "open_stances"), [(True, {Stance.RELOCKED}), (False, {Stance.LOCKED, Stance.RELOCKED})]
)
def test_only_a_closed_lock_makes_up_for_what_is_unknown(closed, open_stances):
    _, findings, _ = examined(service("a", [("x", "")], [("x", "1")], unknown=("who knows",), closed=closed))
    assert {s for s in Stance if findings[s].open} == open_stances


def test_a_bundled_set_clashes_with_nobody():
    inside = service("a", (), [("x", "1")], bundled=True)
    _, findings, _ = examined(inside, service("b", [("x", ">=2")]))
    assert not any(cores(findings, s) for s in Stance)


@pytest.mark.parametrize("services", [(), (service("a"),), (service("a"), service("b"))])
def test_who_wants_nothing_fits(services):
    _, findings, _ = examined(*services)
    assert not any(findings[s].cores or findings[s].open for s in Stance)
    assert {n for f in findings[Stance.LOCKED].fits for n in f.services} == {s.name for s in services}


def needs(package, constraint="", source=None):
    return Demand("a", Requirement(package, constraint, Origin("a"), source=source))


GIT, X, Y = Source("git", "git.example/x", "v1"), pypi("x"), pypi("y")


@pytest.mark.parametrize(
    ("demands", "code"),
    [
        ([needs(X, "<2"), needs(X, ">=2")], Code.VERSION),
        ([needs(X, "!=1.*"), needs(X, ">=1,<2")], Code.VERSION),
        ([needs(X, "==1"), needs(Y)], Code.RESOLUTION),
        ([needs(X)], Code.RESOLUTION),
        ([needs(X, ">=9"), needs(X, "!=10")], Code.RESOLUTION),
        ([needs(X, source=GIT), needs(X, source=replace(GIT, reference="v2"))], Code.SOURCE),
        ([needs(PYTHON, "<3.9"), needs(PYTHON, ">=3.9")], Code.INTERPRETER),
        ([needs(PYTHON, ">=4")], Code.INTERPRETER),
        ([needs(OPERATING_SYSTEM, "debian:11"), needs(OPERATING_SYSTEM, "debian:12")], Code.OPERATING_SYSTEM),
        ([needs(Package("generic", "arch"), "x86_64"), needs(Package("generic", "arch"), "arm64")], Code.ARCHITECTURE),
    ],
)
def test_codes(demands, code):
    core = Core(frozenset({"a"}), tuple(demands), Explanation(Fact.CLASH, "x"), ())
    assert code_of(core, Depth.DECLARED, exclude_each_other) is code
    assert code_of(core, Depth.LOCKED, exclude_each_other) is (Code.LOCK if code is Code.VERSION else code)
