"""Services without locks, from their builds over a repository to conflicts with every step."""

from __future__ import annotations

from analyzer.inquiry import Inquiry
from analyzer.joint_examination import conflicts, examine_jointly
from analyzer.origin import Origin
from analyzer.package import Candidate
from analyzer.requirement import Force, Locked, Requirement
from analyzer.service import DependencySet, Fleet, Service
from analyzer.verdict import Code, Conflict, Depth, Stance
from reports.prose import headline, sentences
from resolvers.maven.module import Modules
from resolvers.maven.oracle import MavenOracle
from resolvers.maven.unreachable import Unreachable
from resolvers.registry import exclude_each_other
from tests.resolvers.maven.universe import Table, package

GUAVA = Table(
    {
        "guice 4.0": ["guava 16.0"],
        "guice 4.1": ["guava 16.1"],
        "cache 3.1": ["core 3.1"],
        "core 3.1": ["guava 33.4-jre"],
        "guava 16.0": [],
        "guava 16.1": [],
        "guava 33.4-jre": [],
        "strict 1.0": ["guava strictly 16.0"],
        "provider 1.0": [],
        "bom 1.0": [],
    },
    managed={"bom 1.0": ["guava 33.4-jre"]},
    capabilities={"provider 1.0": ["guava 1.0"]},
)


def service(name: str, *lines: str, locked: tuple[str, ...] | None = None) -> Service:
    declared = tuple(requirement(name, number, line) for number, line in enumerate(lines, 1))
    pins = [text.partition(" ") for text in locked or ()]
    locks = tuple(Locked(Candidate(package(n), v), Origin(f"{name}/gradle.lockfile", 4)) for n, _, v in pins)
    return Service(name, name, sets=(DependencySet("maven", declared, None if locked is None else locks),))


def requirement(name: str, number: int, line: str) -> Requirement:
    module, _, constraint = line.removeprefix("platform ").partition(" ")
    platform = line.startswith("platform ")
    force = Force.LIMITS if platform else Force.REQUIRES
    extras = ("platform",) if platform else ()
    return Requirement(package(module), constraint, Origin(f"{name}/build.gradle", number), extras, force)


def examined(
    *services: Service, modules: Modules = GUAVA, **schemes: str
) -> tuple[tuple[Conflict, ...], dict[Stance, list[tuple[str, ...]]], list[str]]:
    oracle = MavenOracle(modules, {f"org.example:{name}": scheme for name, scheme in schemes.items()})
    fleet = oracle.completed(Fleet("fleet", services))
    joint = examine_jointly(fleet, [Inquiry(oracle)], exclude_each_other)
    fits = {stance: sorted(fit.services for fit in part.compatible()) for stance, part in joint.items()}
    return conflicts(joint, exclude_each_other), fits, [o.reason for o in joint[Stance.RELOCKED].open()]


def test_an_eviction_is_told_from_both_builds_down() -> None:
    (conflict,), _, open_ = examined(service("a", "guice 4.0"), service("b", "cache 3.1"))
    assert (conflict.code, conflict.stance, open_) == (Code.EVICTION, Depth.DECLARED, [])
    assert headline(conflict) == "a and b were built with incompatible versions of guava: 16.0 against 33.4-jre"
    assert sentences(conflict.explanation) == (
        "a requires guice 4.0 (a/build.gradle:1), which brings guava 16.0 (guice-4.0.pom).",
        "b requires cache 3.1 (b/build.gradle:1), which brings core 3.1 (cache-3.1.pom), which brings guava 33.4-jre"
        " (core-3.1.pom).",
        "But Gradle takes guava 33.4-jre for all, which early-semver calls incompatible with guava 16.0.",
    )
    assert 'implementation "org.example:cache:3.1"' in conflict.replay


def test_a_lock_goes_before_the_repository() -> None:
    locked = service("a", "guice 4.0", locked=("guice 4.0", "guava 33.0"))
    found, fits, open_ = examined(locked, service("b", "cache 3.1"))
    assert (found, open_) == ((), [])
    assert fits[Stance.LOCKED] == fits[Stance.RELOCKED] == [("a", "b")]


def test_what_moves_is_resolved_anew_where_locks_may_move() -> None:
    locked = service("a", "guice 4.+", locked=("guice 4.0", "guava 16.0"))
    found, fits, open_ = examined(locked, service("b", "guava 16.1"), guava="strict")
    assert [(c.code, c.stance) for c in found] == [(Code.EVICTION, Depth.LOCKED)]
    assert (fits[Stance.RELOCKED], open_) == ([("a", "b")], [])


def test_schemes_say_what_breaks() -> None:
    services = service("a", "guice 4.0"), service("b", "cache 3.1")
    assert examined(*services, guava="always")[0] == ()
    assert examined(service("a", "guice 4.0"), service("b", "guice 4.1"), guava="strict")[0]


def test_strict_words_from_below() -> None:
    (conflict,), _, _ = examined(service("a", "strict 1.0"), service("b", "guava 16.1"))
    assert (conflict.code, conflict.packages) == (Code.STRICT, (package("guava"),))
    assert sentences(conflict.explanation) == (
        "a requires strict 1.0 (a/build.gradle:1), which brings guava strictly 16.0 (strict-1.0.pom).",
        "b requires guava 16.1 (b/build.gradle:1).",
        "But a's guava strictly 16.0 rules guava 16.1 out.",
    )


def test_a_service_that_contradicts_itself() -> None:
    (conflict,), _, _ = examined(service("a", "strict 1.0", "guava 16.1"), service("b", "guava 16.1"))
    assert (conflict.code, conflict.services) == (Code.STRICT, ("a",))


def test_a_bom_raises_what_others_have() -> None:
    (conflict,), _, _ = examined(service("a", "platform bom 1.0", "cache 3.1"), service("b", "guice 4.0"))
    assert conflict.packages == (package("guava"),)
    (conflict,), _, _ = examined(service("a", "platform bom 1.0", "provider 1.0"), service("b", "guice 4.0"))
    assert conflict.code is Code.EVICTION


def test_two_modules_that_provide_the_same() -> None:
    (conflict,), _, _ = examined(service("a", "provider 1.0"), service("b", "guava 16.0"))
    assert {r.requirement.package.name for r in conflict.requirements} == {"provider", "guava"}
    assert sentences(conflict.explanation)[-1].startswith("But guava excludes provider")


def test_what_the_repository_lacks_is_undecided_with_the_reason() -> None:
    found, fits, open_ = examined(service("a", "gone 1.0"), service("b", "guice 4.0"))
    assert found == ()
    assert fits[Stance.RELOCKED] == [("b",)]
    assert open_[0] == "a: Gradle cannot resolve it: org.example:gone 1.0 is in no repository"


class Down(Table):
    def module(self, wanted: Candidate) -> None:
        raise Unreachable("nobody answers")


def test_a_repository_that_does_not_answer_is_undecided() -> None:
    found, _, open_ = examined(service("a", "guava 16.0"), service("b", "cache 3.1"), modules=Down({}))
    assert found == ()
    assert "nobody answers" in open_[0]
