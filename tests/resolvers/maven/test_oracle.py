"""Fleets of Gradle services with lock files, from demands to conflicts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.inquiry import Inquiry
from analyzer.joint_examination import conflicts, examine_jointly
from analyzer.oracle import Refuted, Satisfied
from analyzer.origin import Origin
from analyzer.package import Candidate, Package
from analyzer.requirement import Force, Locked, Requirement
from analyzer.service import DependencySet, Fleet, Service
from analyzer.verdict import Boundary, Code, Conflict, Demand, Depth, Stance
from resolvers.maven.oracle import MavenOracle
from resolvers.registry import exclude_each_other
from tests.hostile import EXAMPLES

Wanted = dict[str, str]


def module(name: str) -> Package:
    return Package("maven", name, "org.example")


def service(name: str, declared: Wanted, locked: Wanted | None = None, force: Force = Force.REQUIRES) -> Service:
    wanted = tuple(
        Requirement(module(m), c, Origin(f"{name}/build.gradle", 3), force=force) for m, c in declared.items()
    )
    pins = {m: Locked(Candidate(module(m), v), Origin(f"{name}/gradle.lockfile", 4)) for m, v in (locked or {}).items()}
    locks = None if locked is None else tuple(pins.values())
    return Service(name, name, sets=(DependencySet("maven", wanted, locks, closed=locked is not None),))


def examined(*services: Service) -> tuple[tuple[Conflict, ...], dict[Stance, list[tuple[str, ...]]], str]:
    joint = examine_jointly(Fleet("fleet", services), [Inquiry(MavenOracle())], exclude_each_other)
    fits = {stance: sorted(fit.services for fit in part.compatible()) for stance, part in joint.items()}
    return conflicts(joint, exclude_each_other), fits, " ".join(o.reason for o in joint[Stance.RELOCKED].open())


A = service("a", {"guava": "20.0"}, {"guava": "20.0", "inject": "1"})


def test_an_eviction_across_majors_is_a_conflict_with_both_lines() -> None:
    (conflict,), _, reason = examined(A, service("b", {"cache": "3.1"}, {"cache": "3.1", "guava": "33.4.8-jre"}))
    assert (conflict.code, conflict.stance, conflict.boundary) == (Code.EVICTION, Depth.DECLARED, Boundary.CONTAINER)
    assert [str(d.requirement) for d in conflict.requirements] == ["guava==20.0", "guava==33.4.8-jre"]
    assert [str(leaf.origin) for leaf in conflict.explanation.leaves()] == [
        "a/gradle.lockfile:4",
        "b/gradle.lockfile:4",
    ]
    assert reason == ""


def test_a_compatible_move_fits_under_the_highest_version() -> None:
    joint = examine_jointly(
        Fleet("fleet", (A, service("b", {"guava": "20.1"}, {"guava": "20.1"}))),
        [Inquiry(MavenOracle())],
        exclude_each_other,
    )
    (found,) = joint[Stance.LOCKED].compatible()
    assert found.services == ("a", "b")
    assert Candidate(module("guava"), "20.1") in found.witness.versions
    assert found.drift == 1


@pytest.mark.parametrize("constraint", ["strictly 20.0", "strictly [19,20.1)", "strictly 20.0.+; prefer 20.0"])
def test_strict_versions_contradict_what_is_higher(constraint: str) -> None:
    strict = service("a", {"guava": constraint})
    (conflict,), _, _ = examined(strict, service("b", {"guava": "20.1"}, {"guava": "20.1"}))
    assert (conflict.code, conflict.stance) == (Code.STRICT, Depth.DECLARED)


def test_strict_versions_let_lower_ones_be_raised() -> None:
    found, fits, _ = examined(
        service("a", {"guava": "strictly 20.1"}, {"guava": "20.1"}),
        service("b", {"guava": "20.0"}, {"guava": "20.0"}),
    )
    assert found == ()
    assert fits[Stance.RELOCKED] == [("a", "b")]


def test_what_moves_clashes_by_its_lock_only() -> None:
    (conflict,), _, reason = examined(A, service("b", {"guava": "[20,)"}, {"guava": "33.0-jre"}))
    assert (conflict.code, conflict.stance) == (Code.EVICTION, Depth.LOCKED)
    assert "guava [20,) leads to" in reason


def test_without_a_lock_nothing_is_known() -> None:
    found, fits, reason = examined(A, service("b", {"guava": "20.0"}))
    assert found == ()
    assert ("a", "b") not in fits[Stance.LOCKED]
    assert "no lock file tells" in reason


def test_what_only_a_repository_tells_is_open() -> None:
    one = replace(A, sets=(*service("a", {"guava": "[20.2,21)"}, {"guava": "20.2"}).sets,))
    found, fits, reason = examined(one, service("b", {"guava": "20.1"}, {"guava": "20.1"}))
    assert found == ()
    assert ("a", "b") not in fits[Stance.RELOCKED]
    assert "guava [20.2,21) leads to by now" in reason


def test_a_rejected_version_contradicts() -> None:
    one = service("a", {"guava": "reject 20.1"}, {"guava": "20.0"})
    (conflict,), _, _ = examined(one, service("b", {"guava": "20.1"}, {"guava": "20.1"}))
    assert conflict.code is Code.STRICT


@pytest.mark.parametrize(("constraint", "force"), [("20.0", Force.OVERRIDES), ("20.2", Force.LIMITS)])
def test_what_is_forced_or_constrained_moves_within_the_scheme(constraint: str, force: Force) -> None:
    one = replace(A, sets=(*service("a", {"guava": constraint}, {"guava": "20.0"}, force).sets,))
    found, fits, _ = examined(one, service("b", {"guava": "20.1"}, {"guava": "20.1"}))
    assert found == ()
    assert ("a", "b") in fits[Stance.RELOCKED]


PINS = st.dictionaries(
    st.sampled_from(["x", "y", "z"]), st.sampled_from(["1.0", "1.1", "2.0", "0.1", "0.2", "2.0-rc1"]), max_size=3
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(PINS, min_size=1, max_size=4))
def test_what_fits_is_met_by_its_witness_and_fits_in_parts(paths: list[Wanted]) -> None:
    oracle = MavenOracle()
    demands = [
        [Demand(f"s{n}", Requirement(module(m), f"=={v}", Origin("lock"))) for m, v in path.items()]
        for n, path in enumerate(paths)
    ]
    answer = oracle.ask([d for own in demands for d in own], {})
    parts = [oracle.ask([d for own in demands[:n] for d in own], {}) for n in range(len(demands))]
    if isinstance(answer, Satisfied):
        assert oracle.meets([d for own in demands for d in own], answer.witness)
        assert all(isinstance(part, Satisfied) for part in parts)
    else:
        assert isinstance(answer, Refuted)
        assert isinstance(oracle.ask(answer.named, {}), Refuted)
