"""Prose: explanations read as sentences, conflicts as lines, reports as what an architect quotes."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from analyzer.boundary import Boundary
from analyzer.explanation import Explanation, Fact
from analyzer.origin import Origin
from analyzer.package import PYTHON, Package, pypi
from analyzer.plan import Plan
from analyzer.requirement import Force, Requirement, Source
from analyzer.verdict import Code, Conflict, Demand, Depth, Stance
from reports import prose
from tests.reports.example import example_report, hostile_report


def fact(kind: Fact, subject: str, target: str = "", service: str = "", line: int = 0) -> Explanation:
    return Explanation(kind, subject, target, service, Origin(f"{service}.txt", line) if service else None)


def because(kind: Fact, subject: str, *causes: Explanation) -> Explanation:
    return Explanation(kind, subject, causes=causes)


FLASK = fact(Fact.REQUIRED, "flask<2.3", service="billing", line=4)
NEEDS_OLD = fact(Fact.DEPENDS, "flask<2.3", "werkzeug<3")
NEW = fact(Fact.REQUIRED, "werkzeug>=3", service="search", line=7)
ONLY = fact(Fact.AVAILABLE, "only flask<=2.2 is available")
PINNED = fact(Fact.REQUIRED, "a==1", service="billing", line=1)
TO_B, TO_C = fact(Fact.DEPENDS, "a==1", "b==2"), fact(Fact.DEPENDS, "b==2", "werkzeug<3")
BROKEN = fact(Fact.UNUSABLE, "flask==2.2.9", "has no wheel")
ALL_OLD = because(Fact.DERIVED, "all versions of flask depend on werkzeug<3", BROKEN, NEEDS_OLD)
SIMPLE = because(Fact.DERIVED, "all versions of flask depend on werkzeug<3", ONLY, NEEDS_OLD)

SENTENCES = {
    "a chain and its opponent": (
        because(Fact.CLASH, "werkzeug", FLASK, NEEDS_OLD, NEW),
        "Because billing requires flask<2.3 (billing.txt:4) and every flask<2.3 depends on werkzeug<3, "
        "and search requires werkzeug>=3 (search.txt:7), no version of werkzeug suits both.",
    ),
    "dependencies stated before the demand they belong to": (
        because(Fact.CLASH, "werkzeug", NEEDS_OLD, NEW, FLASK),
        "Because search requires werkzeug>=3 (search.txt:7), and billing requires flask<2.3 (billing.txt:4) "
        "and every flask<2.3 depends on werkzeug<3, no version of werkzeug suits both.",
    ),
    "exact versions lead on": (
        because(Fact.CLASH, "werkzeug", PINNED, because(Fact.DERIVED, "a==1 depends on werkzeug<3", TO_B, TO_C), NEW),
        "Because billing requires a==1 (billing.txt:1), which depends on b==2, which depends on werkzeug<3, "
        "and search requires werkzeug>=3 (search.txt:7), no version of werkzeug suits both.",
    ),
    "a conclusion from a few dependencies is told by them": (
        because(Fact.CLASH, "werkzeug", because(Fact.DERIVED, "werkzeug>=3 is out", SIMPLE, FLASK), SIMPLE, NEW),
        "Because billing requires flask<2.3 (billing.txt:4), only flask<=2.2 is available "
        "and every flask<2.3 depends on werkzeug<3, and search requires werkzeug>=3 (search.txt:7), "
        "no version of werkzeug suits both.",
    ),
    "extras tell which demand a dependency belongs to": (
        because(
            Fact.CLASH,
            "redis",
            fact(Fact.REQUIRED, "kombu<5.4,>=5", service="a", line=1),
            fact(Fact.REQUIRED, "kombu[redis]", service="b", line=2),
            fact(Fact.DEPENDS, "kombu[redis]<5.4,>=5", "redis<5,>=4"),
        ),
        "Because a requires kombu>=5,<5.4 (a.txt:1), and b requires kombu[redis] (b.txt:2) "
        "and every kombu[redis]>=5,<5.4 depends on redis>=4,<5, no version of redis suits both.",
    ),
    "a conclusion is stated first and not repeated": (
        because(Fact.CLASH, "werkzeug", ALL_OLD, FLASK, NEW),
        "Because flask==2.2.9 cannot be used (has no wheel) and every flask<2.3 depends on werkzeug<3, "
        "all versions of flask depend on werkzeug<3. "
        "And because billing requires flask<2.3 (billing.txt:4) and search requires werkzeug>=3 (search.txt:7), "
        "no version of werkzeug suits both.",
    ),
    "a conclusion used twice is told once and repeated where it is needed": (
        because(Fact.CLASH, "werkzeug", because(Fact.DERIVED, "werkzeug>=3 is out", ALL_OLD, FLASK), ALL_OLD, NEW),
        "Because flask==2.2.9 cannot be used (has no wheel) and every flask<2.3 depends on werkzeug<3, "
        "all versions of flask depend on werkzeug<3. "
        "And because billing requires flask<2.3 (billing.txt:4), werkzeug>=3 is out. "
        "And because all versions of flask depend on werkzeug<3 and search requires werkzeug>=3 (search.txt:7), "
        "no version of werkzeug suits both.",
    ),
    "a conclusion from a conclusion alone": (
        because(Fact.CLASH, "flask", because(Fact.DERIVED, "flask cannot be used", BROKEN)),
        "Because flask==2.2.9 cannot be used (has no wheel), flask cannot be used. So no version of flask is left.",
    ),
    "one service alone": (
        because(Fact.CLASH, "flask", FLASK, fact(Fact.LIMITED, "flask>3", service="billing", line=9)),
        "Because billing requires flask<2.3 (billing.txt:4) and billing allows only flask>3 (billing.txt:9), "
        "no version of flask suits billing.",
    ),
    "locks": (
        because(
            Fact.CLASH,
            "rsa",
            fact(Fact.LOCKED, "rsa==4.9", service="a", line=1),
            fact(Fact.LOCKED, "rsa==4.9.1", service="b", line=2),
        ),
        "Because a locks rsa==4.9 (a.txt:1) and b locks rsa==4.9.1 (b.txt:2), no version of rsa suits both.",
    ),
    "two places": (
        because(
            Fact.CLASH,
            "lib",
            fact(Fact.REQUIRED, "lib @ https://git.example/lib@v1", service="a", line=1),
            fact(Fact.REQUIRED, "lib @ https://git.example/lib@v2", service="b", line=2),
        ),
        "Because a requires lib @ https://git.example/lib@v1 (a.txt:1) and b requires lib @ https://git.example/lib@v2 "
        "(b.txt:2), lib cannot come from both places at once.",
    ),
    "three services": (
        because(Fact.CLASH, "x", *(fact(Fact.REQUIRED, f"x!={s}", service=s, line=1) for s in "abc")),
        "Because a requires x!=a (a.txt:1), b requires x!=b (b.txt:1) and c requires x!=c (c.txt:1), "
        "no version of x suits all of them.",
    ),
    "an interpreter": (
        because(
            Fact.CLASH,
            "python",
            fact(Fact.REQUIRED, "python>=3.12", service="a", line=1),
            fact(Fact.REQUIRED, "python<3.11", service="b", line=1),
        ),
        "Because a requires Python>=3.12 (a.txt:1) and b requires Python<3.11 (b.txt:1), "
        "no version of Python suits both.",
    ),
    "an operating system": (
        because(
            Fact.CLASH,
            "os",
            fact(Fact.REQUIRED, "osdebian:11", service="a"),
            fact(Fact.REQUIRED, "osdebian:12", service="b"),
        ),
        "Because a requires debian:11 (a.txt) and b requires debian:12 (b.txt), no root filesystem is both.",
    ),
    "an unusable candidate and a resolver's own words": (
        because(
            Fact.CLASH,
            "numpy",
            fact(Fact.UNUSABLE, "numpy==1.0", "has no wheel"),
            fact(Fact.DEPENDS, "all versions of pandas", "numpy"),
            fact(Fact.DEPENDS, "scipy", "numpy<1"),
            fact(Fact.DERIVED, "you require scipy"),
        ),
        "Because numpy==1.0 cannot be used (has no wheel), the services require scipy, "
        "all versions of pandas depend on numpy and every version of scipy depends on numpy<1, "
        "no version of numpy is left.",
    ),
    "a statement without causes": (ONLY, "only flask<=2.2 is available."),
    "a clash on nothing in particular": (
        because(Fact.CLASH, "these requirements", FLASK, NEW),
        "Because billing requires flask<2.3 (billing.txt:4) and search requires werkzeug>=3 (search.txt:7), "
        "these requirements contradict one another.",
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_sentences(name: str) -> None:
    explanation, expected = SENTENCES[name]
    assert " ".join(prose.sentences(explanation)) == expected


def test_sentences_of_a_deep_and_shared_derivation() -> None:
    node = because(Fact.DERIVED, "step 0 holds", BROKEN, FLASK)
    for step in range(1, 500):
        node = because(Fact.DERIVED, f"step {step} holds", node, node, NEW)
    told = prose.sentences(because(Fact.CLASH, "flask", node))
    assert len(told) == 501
    assert told[-1].startswith("So no version of flask")


def test_every_cause_is_told() -> None:
    for conflict in example_report().conflicts:
        told = " ".join(prose.sentences(conflict.explanation))
        for leaf in conflict.explanation.leaves():
            assert (str(leaf.origin) if leaf.service else leaf.object) in told


def demand(service: str, requirement: Requirement) -> Demand:
    return Demand(service, requirement)


def requires(name: str, constraint: str = "", **more: object) -> Requirement:
    return dataclasses.replace(Requirement(pypi(name), constraint, Origin("r.txt", 3)), **more)  # type: ignore[arg-type]


DEMANDS = {
    "svc requires flask<3 (r.txt:3)": requires("flask", "<3"),
    "svc requires flask[async]; python_version < '3.9' (r.txt:3)": requires(
        "flask", extras=("async",), marker="python_version < '3.9'"
    ),
    "svc allows only flask<3 (r.txt:3)": requires("flask", "<3", force=Force.LIMITS),
    "svc overrides with flask==3 (r.txt:3)": requires("flask", "==3", force=Force.OVERRIDES),
    "svc requires lib @ https://git.example/lib@v1 (r.txt:3)": requires(
        "lib", source=Source("git", "https://git.example/lib", "v1")
    ),
    "svc requires Python>=3.9 (r.txt:3)": requires("python", ">=3.9", package=PYTHON),
}


@pytest.mark.parametrize("expected", DEMANDS)
def test_demand(expected: str) -> None:
    assert prose.demand(demand("svc", DEMANDS[expected])) == expected


def conflict(code: Code, package: Package, *sides: tuple[str, str], **more: object) -> Conflict:
    demands = tuple(Demand(s, Requirement(package, text, Origin(f"{s}.txt", 1))) for s, text in sides)
    causes = tuple(fact(Fact.REQUIRED, str(d.requirement), service=d.service, line=1) for d in demands)
    made = Conflict(
        code,
        Depth.LOCKED if code is Code.LOCK else Depth.DECLARED,
        tuple(dict.fromkeys(s for s, _ in sides)),
        Boundary.VENV,
        (package,),
        demands,
        because(Fact.CLASH, package.name, *causes),
    )
    return dataclasses.replace(made, **more)  # type: ignore[arg-type]


HEADLINES = {
    "a and b disagree on flask: <2 against >=3": conflict(Code.VERSION, pypi("flask"), ("a", "<2"), ("b", ">=3")),
    "a and b disagree on flask: any version against ===x": conflict(
        Code.VERSION, pypi("flask"), ("a", ""), ("b", "===x")
    ),
    "a and b lock different versions of rsa: 4.9 against 4.9.1 (and 1 more package)": conflict(
        Code.LOCK, pypi("rsa"), ("a", "==4.9"), ("b", "==4.9.1"), packages=(pypi("rsa"), pypi("numpy"))
    ),
    "a and b have no version of Python in common: >=3.12 against <3.11": conflict(
        Code.INTERPRETER, PYTHON, ("a", ">=3.12"), ("b", "<3.11")
    ),
    "a and b need different operating systems: debian:11 against debian:12": conflict(
        Code.OPERATING_SYSTEM, Package("generic", "os"), ("a", "debian:11"), ("b", "debian:12")
    ),
    "a and b need different processor architectures: x86_64 against aarch64": conflict(
        Code.ARCHITECTURE, Package("generic", "arch"), ("a", "x86_64"), ("b", "aarch64")
    ),
    "a cannot be satisfied even alone, because of flask: <2 against >=3": conflict(
        Code.RESOLUTION, pypi("flask"), ("a", "<2"), ("a", ">=3")
    ),
    "a, b and c disagree on x as soon as all three meet: !=1 against !=2 against !=3": conflict(
        Code.RESOLUTION, pypi("x"), ("a", "!=1"), ("b", "!=2"), ("c", "!=3")
    ),
    "a and b disagree on protobuf: flask<2 against flask>=3": conflict(
        Code.RESOLUTION, pypi("flask"), ("a", "<2"), ("b", ">=3"), packages=(pypi("protobuf"),)
    ),
    "a and b disagree on a common environment: flask<2 against flask>=3": conflict(
        Code.RESOLUTION, pypi("flask"), ("a", "<2"), ("b", ">=3"), packages=()
    ),
}


@pytest.mark.parametrize("expected", HEADLINES)
def test_headline(expected: str) -> None:
    assert prose.headline(HEADLINES[expected]) == expected


def test_headline_tells_what_the_dependencies_lead_to() -> None:
    told = [prose.headline(c) for c in example_report().conflicts]
    assert "ads and recommend disagree on protobuf: >=5.0,<6.0 against >=3.20.3,<5.0.0.dev0" in told


PAIR = conflict(Code.VERSION, pypi("flask"), ("a", "<2"), ("b", ">=3"), fixes=("Allow flask>=3 in a.",))
WAYS = {
    "a pair": (PAIR, tuple(Boundary), ("Allow flask>=3 in a.", "Give them separate Python environments.")),
    "a boundary that is not in use": (
        PAIR,
        (Boundary.CONTAINER,),
        ("Allow flask>=3 in a.", "Give them separate containers (Python environments would do)."),
    ),
    "locks": (
        conflict(Code.LOCK, pypi("rsa"), ("a", "==1"), ("b", "==2")),
        tuple(Boundary),
        (
            "Re-lock them together: only their locks clash, what they declare does not.",
            "Give them separate Python environments.",
        ),
    ),
    "a service alone": (
        conflict(Code.RESOLUTION, pypi("x"), ("a", "<1")),
        tuple(Boundary),
        ("No boundary helps: change one of the requirements of a.",),
    ),
    "a service whose lock contradicts itself": (
        conflict(Code.LOCK, pypi("x"), ("a", "==1")),
        tuple(Boundary),
        ("Lock it again: only the lock clashes, what it declares does not.",),
    ),
}


@pytest.mark.parametrize("name", WAYS)
def test_way_out(name: str) -> None:
    conflict, in_use, expected = WAYS[name]
    assert prose.way_out(conflict, in_use) == expected


def test_summary_of_the_example() -> None:
    assert prose.summary(example_report()) == (
        "12 services examined; reindex cannot be satisfied even alone.",
        "Of 55 pairs, 6 conflict in what they declare, 8 more only in their locks and 2 are undecided.",
        "1 conflict shows only when three or more services meet.",
        "As locked, 5 containers will do (not proven optimal: at least 4 are needed, "
        "since accounts, ads, billing and payments exclude one another).",
        "After re-locking, 3 containers will do, moving 12 locked versions "
        "(proven optimal: accounts, billing and payments exclude one another).",
        "3 items could not be examined, so a verdict may be wrong or missing.",
    )


def housed(**more: object) -> Plan:
    return dataclasses.replace(Plan(Stance.LOCKED, (), 3, 3, True), **more)  # type: ignore[arg-type]


BOUNDS = {
    "proven optimal": housed(),
    "proven optimal: a, b and c exclude one another": housed(certificate=("a", "b", "c")),
    "proven optimal ": housed(certificate=("a", "b")),
    "not proven optimal: at least 2 are needed": housed(lower_bound=2, proven=False),
    "not proven optimal: at least 2 are needed, since a and b exclude one another": housed(
        lower_bound=2, proven=False, certificate=("a", "b")
    ),
    "not proven optimal: at least 1 is needed": housed(lower_bound=1, proven=False, certificate=("a",)),
}


@pytest.mark.parametrize("expected", BOUNDS)
def test_bound(expected: str) -> None:
    assert prose.bound(BOUNDS[expected]) == expected.strip()


@pytest.mark.parametrize(
    ("plan", "expected"),
    [
        (housed(certificate=("basket", "loadgen"), lower_bound=2), "exclude one another"),
        (
            housed(certificate=("basket", "loadgen"), lower_bound=2, held_apart=2),
            "the fewest while 2 undecided pairs stay apart: basket and loadgen exclude one another or are undecided",
        ),
        (housed(certificate=("accounts", "billing"), lower_bound=2, held_apart=2), "proven optimal: accounts and"),
        (housed(held_apart=1), "the fewest while 1 undecided pair stays apart"),
        (
            housed(certificate=("basket", "loadgen"), lower_bound=2, proven=False, held_apart=2),
            "at least 2 are needed, since basket and loadgen exclude one another or are undecided",
        ),
    ],
)
def test_a_bound_of_conflicts_is_told_from_one_of_doubts(plan: Plan, expected: str) -> None:
    assert expected in prose.bound(plan, example_report())


def test_summary_of_a_quiet_fleet() -> None:
    report = example_report()
    fleet = dataclasses.replace(report.fleet, services=report.fleet.services[:1], skipped=())
    plan = Plan(Stance.LOCKED, (), 1, 1, True)
    quiet = dataclasses.replace(
        report, fleet=fleet, conflicts=(), compatible=(), undecided=(), plans={Stance.LOCKED: plan}
    )
    assert prose.summary(quiet) == ("1 service examined.", "As locked, 1 container will do (proven optimal).")


def test_long_enumerations_are_cut() -> None:
    assert prose.names([f"s{n}" for n in range(20)], 4) == "s0, s1, s2 and 17 more"


def test_hostile_text_becomes_prose_without_errors() -> None:
    report = hostile_report()
    assert prose.summary(report)
    assert all(prose.headline(c) and prose.sentences(c.explanation) and prose.way_out(c) for c in report.conflicts)


def test_every_code_is_documented() -> None:
    page = (Path(__file__).parents[2] / "docs" / "codes.md").read_text()
    for code in Code:
        _, _, section = page.partition(f"\n## {code}\n")
        text = section.partition("\n## ")[0]
        assert "*Ways out:*" in text
        assert "```" in text
        assert f"| [{code}](#{code.lower()}) |" in page


@pytest.mark.parametrize(
    ("moment", "words"),
    [
        ("2026-08-24T00:00:00Z", "to the end of 2026-08-23"),
        ("2026-08-23T12:00:00Z", "as of 2026-08-23T12:00:00Z"),
        ("0001-01-01T00:00:00Z", "as of 0001-01-01T00:00:00Z"),
        ("somedayT00:00:00Z", "as of somedayT00:00:00Z"),
    ],
)
def test_cutoffs(moment: str, words: str) -> None:
    assert prose.cutoff(moment) == words
