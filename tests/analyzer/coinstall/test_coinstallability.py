"""Verdicts, cores and surveys of small random universes equal brute force."""

from __future__ import annotations

from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.coinstall.coinstallability import Coinstallability
from analyzer.coinstall.encoding import HardError
from analyzer.coinstall.installation import faults
from analyzer.coinstall.survey import Survey
from tests.analyzer.coinstall.small_universe import SmallUniverse, asking, can_be_met, sound

MEMBERS = ("a", "b", "b/2", "c", "d", "e", "f")
ASKED = ("a", "b", "b=2", "c", "d", "e", "f")

_clause = st.lists(st.sampled_from(MEMBERS), max_size=3, unique=True)
_universes = st.builds(
    SmallUniverse,
    st.just(MEMBERS),
    wants=st.dictionaries(st.sampled_from(MEMBERS), st.lists(_clause.filter(len), max_size=2), max_size=6),
    rich=st.dictionaries(
        st.sampled_from(MEMBERS),
        st.lists(st.tuples(st.lists(st.sampled_from(MEMBERS), min_size=1, max_size=2).map(tuple), _clause), max_size=2),
        max_size=2,
    ),
    bars=st.dictionaries(st.sampled_from(MEMBERS), _clause, max_size=4).map(
        lambda bars: {m: [o for o in others if o != m] for m, others in bars.items()}
    ),
    essential=st.lists(_clause.filter(len), max_size=1),
    withheld=st.sampled_from([frozenset(), frozenset({"b/2"})]),
)


@given(_universes, st.lists(st.lists(st.sampled_from(ASKED), min_size=1, max_size=3, unique=True), min_size=1))
@settings(max_examples=300, deadline=None)
def test_verdicts_equal_brute_force_whatever_was_asked_before(universe, questions):
    judge = Coinstallability(universe)
    for names in questions:
        wanted = asking(*names)
        expected = can_be_met(universe, wanted)
        assert judge.fit(wanted) is expected
        if expected:
            found = judge.installation(wanted)
            assert sound(universe, found, judge.needs(wanted))
            assert not list(faults(universe, found, judge.needs(wanted)))
        else:
            core = judge.core(wanted)
            assert not can_be_met(universe, core)
            assert all(can_be_met(universe, [r for r in core if r != left]) for left in core)


@given(_universes.filter(lambda u: not u.withheld and can_be_met(u, ())), st.integers(2, 4))
@settings(max_examples=150, deadline=None)
def test_a_survey_finds_every_minimal_clash(universe, size):
    asked = {name: asking(name) for name in ASKED}
    found = set(Survey(Coinstallability(universe), asked).clashes(size))

    def clash(group):
        return not can_be_met(universe, [r for name in group for r in asked[name]])

    clashing = [frozenset(g) for n in range(1, size + 1) for g in combinations(ASKED, n) if clash(g)]
    assert found == {group for group in clashing if not any(other < group for other in clashing)}


def test_a_clash_that_only_three_have_is_found():
    universe = SmallUniverse(
        ("a", "b", "c", "x", "y"),
        wants={"a": [["x", "y"]]},
        bars={"b": ["x"], "c": ["y"]},
    )
    asked = {name: asking(name) for name in "abc"}
    survey = Survey(Coinstallability(universe), asked)
    assert list(survey.clashes(2)) == []
    assert list(survey.clashes(3)) == [frozenset("abc")]


def test_what_a_universe_does_not_know_is_told():
    judge = Coinstallability(SmallUniverse(("a",)))
    assert judge.unknown(asking("a", "z")) == asking("z")


def test_a_fault_is_told_by_the_checker():
    universe = SmallUniverse(("a", "b"), wants={"a": [["b"]]}, bars={"b": ["a"]})
    assert list(faults(universe, frozenset({0}), ())) == ["a 1: b is not met"]
    assert list(faults(universe, frozenset({0, 1}), ())) == ["b 1 excludes a 1"]


def test_the_same_unit_is_never_encoded_twice():
    universe = SmallUniverse(("a", "b"), wants={"a": [["b"]]})
    judge = Coinstallability(universe)
    judge.fit(asking("a"))
    before = len(judge.encoding.units)
    assert judge.fit(asking("a", "b"))
    assert len(judge.encoding.units) == before + 1
    assert set(chain(judge.encoding.units)) == {-1, 0, 1}


def test_a_question_made_to_be_hard_is_given_up():
    holes = range(14)
    pigeons = [f"p{number}" for number in range(len(holes) + 1)]
    wants = {pigeon: [[f"{pigeon}h{hole}" for hole in holes]] for pigeon in pigeons}
    bars = {f"{p}h{hole}": [f"{q}h{hole}" for q in pigeons if q < p] for p in pigeons for hole in holes}
    universe = SmallUniverse((*pigeons, *bars), wants, bars=bars)
    with pytest.raises(HardError):
        Coinstallability(universe).fit(asking(*pigeons))
