"""Verdicts against dose-debcheck: on small universes made for one rule each, random ones, and Debian 12."""

from __future__ import annotations

from itertools import combinations
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.debian_judges import dose_refuses, inflated
from tests.debian_universe import DEBIAN, asked, fits, frozen, frozen_judge, index, servers, universe

RULES: dict[str, tuple[list[str], dict[str, bool]]] = {
    "alternatives": (
        ["a; Depends: b | c", "b; Conflicts: x", "c; Conflicts: y", "x", "y"],
        {"a": True, "a x": True, "a y": True, "a x y": False},
    ),
    "pre-dependencies": (["a; Pre-Depends: b (>> 1)", "b 1", "c; Pre-Depends: b"], {"a": False, "c": True}),
    "versions": (
        ["a; Depends: b (<< 2)", "c; Depends: b (= 1.0-1)", "d; Depends: b (>= 1:0)", "b 1.0-1"],
        {"a": True, "c": True, "d": False, "a c": True},
    ),
    "virtual packages": (
        ["a; Depends: v", "b; Depends: v (>= 1)", "p; Provides: v", "q; Depends: none | v"],
        {"a": True, "b": False, "q": True},
    ),
    "versioned virtual packages": (
        ["a; Depends: v (>= 2)", "b; Depends: v (<< 2)", "c; Depends: v", "p; Provides: v (= 2), w"],
        {"a": True, "b": False, "c": True},
    ),
    "a conflict with what another provides": (
        ["a; Conflicts: v", "b; Breaks: v", "p; Provides: v", "q; Conflicts: v (<< 2)", "r; Provides: v (= 1)"],
        {"a p": False, "b p": False, "p q": True, "q r": False, "a r": False, "p r": True},
    ),
    "a package does not exclude itself": (
        ["a; Provides: v; Conflicts: v", "b; Provides: v; Conflicts: v", "c; Conflicts: c", "d; Breaks: d (<< 2)"],
        {"a": True, "b": True, "a b": False, "c": True, "d": True},
    ),
    "breaks": (["a; Breaks: b (<< 2)", "b 1", "c; Breaks: d (<< 2)", "d 2"], {"a b": False, "c d": True}),
    "essential packages": (
        ["base; Essential: yes; Depends: shell", "shell; Conflicts: toy", "toy", "tool"],
        {"toy": False, "tool": True},
    ),
    "what is not there": (
        ["a; Depends: nowhere", "b; Depends: nowhere | a", "c; Conflicts: nowhere"],
        {"a": False, "c": True},
    ),
    "circles": (["a; Depends: b", "b; Depends: a, c", "c", "d; Conflicts: c"], {"a": True, "a d": False}),
}
MULTI_ARCH: dict[str, tuple[list[str], dict[str, bool]]] = {
    "a dependency stays in its architecture": (
        ["a; Depends: b", "b 1 i386", "c; Depends: d", "d 1 all", "e 1 i386; Depends: d"],
        {"a": False, "c": True, "e:i386": False},
    ),
    "foreign": (["a; Depends: b", "b 1 i386; Multi-Arch: foreign"], {"a": True}),
    "foreign providers": (["a; Depends: v", "b 1 i386; Multi-Arch: foreign; Provides: v"], {"a": True}),
    "allowed": (
        ["a; Depends: b:any", "c; Depends: b", "b 1 i386; Multi-Arch: allowed"],
        {"a": True, "c": False},
    ),
    "same": (
        ["l 1; Multi-Arch: same", "l 1 i386; Multi-Arch: same", "m 1; Multi-Arch: same", "m 2 i386; Multi-Arch: same"],
        {"l:amd64 l:i386": True, "m:amd64 m:i386": False},
    ),
    "neither": (
        ["n 1", "n 1 i386", "o 1", "o 1 i386; Multi-Arch: same"],
        {"n:amd64 n:i386": False, "o:amd64 o:i386": False},
    ),
    "conflicts reach every architecture": (
        ["a; Conflicts: b", "b 1 i386", "c; Breaks: d:amd64", "d 1 i386"],
        {"a:amd64 b:i386": False, "c:amd64 d:i386": True},
    ),
    "a named architecture": (["a; Depends: b:i386", "b 1 i386", "c; Depends: d:native", "d"], {"a": True, "c": True}),
}


def cases(
    rules: dict[str, tuple[list[str], dict[str, bool]]], foreign: tuple[str, ...]
) -> list[tuple[list[str], dict[str, bool], tuple[str, ...]]]:
    return [(stanzas, expected, foreign) for stanzas, expected in rules.values()]


@pytest.mark.parametrize(
    ("stanzas", "expected", "foreign"),
    [*cases(RULES, ()), *cases(MULTI_ARCH, ("i386",))],
    ids=[*RULES, *MULTI_ARCH],
)
def test_each_rule_is_judged_as_dose_judges_it(
    stanzas: list[str], expected: dict[str, bool], foreign: tuple[str, ...]
) -> None:
    text = index(*stanzas)
    refused = dose_refuses(text, {names: names.replace(" ", ", ") for names in expected}, foreign=foreign)
    assert {names: names not in refused for names in expected} == expected
    assert {names: fits(universe(text), names.split()) for names in expected} == expected


NAMES = "abcdef"
WORDS = st.builds(
    lambda name, bound: f"{name} ({bound[0]} {bound[1]})" if bound else name,
    st.sampled_from([*NAMES, "v", "w"]),
    st.none() | st.tuples(st.sampled_from(["<<", "<=", "=", ">=", ">>"]), st.sampled_from("123")),
)
CLAUSES = st.lists(st.lists(WORDS, min_size=1, max_size=3).map(" | ".join), max_size=2).map(", ".join)
PROVIDES = st.lists(st.sampled_from(["v", "w", "v (= 1)", "v (= 2)", "w (= 3)"]), max_size=2, unique=True).map(
    ", ".join
)
STANZAS = st.builds(
    lambda version, essential, **fields: "; ".join(
        [
            version,
            *(["Essential: yes"] if essential else []),
            *(f"{name}: {text}" for name, text in fields.items() if text),
        ]
    ),
    st.sampled_from("123"),
    st.integers(0, 9).map(lambda n: n == 0),
    Depends=CLAUSES,
    Provides=PROVIDES,
    Conflicts=st.lists(WORDS, max_size=1).map(", ".join),
    Breaks=st.lists(WORDS, max_size=1).map(", ".join),
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(STANZAS, min_size=len(NAMES), max_size=len(NAMES)))
def test_random_universes_are_judged_as_dose_judges_them(stanzas: list[str]) -> None:
    text = index(*(f"{name} {stanza}" for name, stanza in zip(NAMES, stanzas, strict=True)))
    versions = {unit.name: unit.version for unit in universe(text).units}
    questions = [*combinations(NAMES, 1), *combinations(NAMES, 2), *combinations(NAMES, 3)]
    refused = dose_refuses(
        text, {" ".join(q): ", ".join(f"{name} (= {versions[name]})" for name in q) for q in questions}
    )
    assert {" ".join(q) for q in questions if not fits(universe(text), q)} == refused


def test_random_sets_of_servers_are_judged_as_dose_judges_them() -> None:
    random = Random(20261122)
    sets = [tuple(random.sample(servers(), random.randint(2, 6))) for _ in range(250)]
    versions = {unit.name: unit.version for unit in frozen().units}
    questions = {" ".join(names): ", ".join(f"{name} (= {versions[name]})" for name in names) for names in sets}
    refused = dose_refuses(inflated(DEBIAN / "Packages.xz"), questions)
    judge = frozen_judge()
    assert {" ".join(names) for names in sets if not judge.fit([asked(name) for name in names])} == refused
    assert refused
