from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.boundary import Boundary
from analyzer.planner.lazy import Answers, Settled, settle
from analyzer.planner.learner import Judge
from analyzer.planner.nested import Level
from analyzer.planner.site import Site, Tier
from analyzer.verdict import Compatible, Grade, Stance, Undecided, Witness

NAMES = tuple("abcdefgh")
Sets = frozenset[frozenset[str]]


def compatible(services: Iterable[str]) -> Compatible:
    return Compatible(tuple(sorted(services)), Stance.LOCKED, Grade.AS_LOCKED, Witness(()))


@dataclass
class Truth:
    """A judge that knows which minimal sets clash and which it can say nothing about."""

    conflicts: Sets = frozenset()
    unknown: Sets = frozenset()
    asked: list[frozenset[str]] = field(default_factory=list)

    def __call__(self, group: frozenset[str]) -> Compatible | frozenset[str] | Undecided:
        self.asked.append(group)
        clashing = sorted((core for core in self.conflicts if core <= group), key=sorted)
        if clashing:
            return clashing[0]
        if any(core <= group for core in self.unknown):
            return Undecided(tuple(sorted(group)), Stance.LOCKED, "time-out")
        return compatible(group)


def plan(
    services: Iterable[str],
    conflicts: Iterable[frozenset[str]],
    apart: Iterable[frozenset[str]],
    judge: Judge,
    compatible: Iterable[Compatible] = (),
) -> Settled:
    """Housing in containers, whose judge knows more than is given."""
    tier = Tier(Boundary.CONTAINER, frozenset(conflicts), frozenset(apart))
    return settle(Site(tuple(services), (tier,)), {Boundary.CONTAINER: judge}, compatible=compatible)


def level(result: Settled) -> Level:
    return result.nested.levels[0]


def answers(result: Settled) -> Answers:
    return result.answers[Boundary.CONTAINER]


def is_sound(result: Settled, services: Iterable[str], truth: Truth) -> None:
    """Every group is truly fine, everyone is housed, and nothing was made up."""
    alone = {s for core in truth.conflicts if len(core) == 1 for s in core}
    assert set(result.unplaced) == alone & set(services)
    assert sorted(s for group in level(result).groups for s in group) == sorted(set(services) - alone)
    for group, answer in zip(level(result).groups, answers(result), strict=True):
        assert not [core for core in truth.conflicts if core <= set(group)]
        assert isinstance(answer, Compatible) or len(group) == 1
        assert answer.services == group
    assert result.conflicts <= truth.conflicts
    assert len(truth.asked) == len(set(truth.asked))


def sets(smallest: int, largest: int) -> st.SearchStrategy[Sets]:
    edge = st.sets(st.sampled_from(NAMES), min_size=smallest, max_size=largest).map(frozenset)
    return st.frozensets(edge, max_size=12).map(minimal)


def minimal(found: Sets) -> Sets:
    return frozenset(edge for edge in found if not any(other < edge for other in found))


@given(sets(1, 4))
@settings(max_examples=200, deadline=None)
def test_hidden_conflicts_are_found_as_far_as_they_matter(fewest: Any, hidden: Sets) -> None:
    truth = Truth(hidden)
    result = plan(NAMES, (), (), truth)
    is_sound(result, NAMES, truth)
    housed = [s for group in level(result).groups for s in group]
    matter = [core for core in hidden if core <= set(housed)]
    assert len(level(result).groups) == fewest(housed, matter)
    assert level(result).proven


@given(sets(2, 3), sets(1, 3))
@settings(max_examples=200, deadline=None)
def test_what_is_undecided_never_shares_a_group(fewest: Any, hidden: Sets, unknown: Sets) -> None:
    truth = Truth(hidden, unknown)
    result = plan(NAMES, (), (), truth)
    is_sound(result, NAMES, truth)
    lonely = {s for core in unknown if len(core) == 1 for s in core}
    apart = {core for core in unknown if len(core) > 1} | {frozenset((s, o)) for s in lonely for o in NAMES if s != o}
    assert all(not edge <= set(group) for edge in apart for group in level(result).groups)
    assert len(level(result).groups) == fewest(NAMES, hidden | apart)
    assert not result.apart & result.conflicts


@given(sets(2, 3))
@settings(max_examples=60, deadline=None)
def test_what_is_known_is_not_asked(hidden: Sets) -> None:
    pairs = [frozenset(pair) for pair in combinations(NAMES, 2)]
    fitting = [compatible(pair) for pair in pairs if not any(core <= pair for core in hidden)]
    truth = Truth(hidden)
    known = [core for core in hidden if len(core) == 2]
    result = plan(NAMES, known, (), truth, compatible=fitting)
    is_sound(result, NAMES, truth)
    assert not result.conflicts & set(known)
    assert not [group for group in truth.asked if group in {frozenset(c.services) for c in fitting}]


def test_pairs_alone_don_t_show_a_conflict_of_three() -> None:
    truth = Truth(frozenset([frozenset("abc")]))
    fitting = [compatible(pair) for pair in combinations("abc", 2)]
    result = plan("abc", (), (), truth, compatible=fitting)
    assert result.conflicts == {frozenset("abc")}
    assert [len(group) for group in level(result).groups] == [2, 1]


def test_a_group_inside_a_compatible_set_gets_a_witness_of_its_own() -> None:
    truth = Truth()
    result = plan("ab", (), (), truth, compatible=[compatible("abcd")])
    assert truth.asked == [frozenset("ab")]
    assert [answer.services for answer in answers(result)] == [("a", "b")]


def test_a_larger_set_s_witness_serves_where_the_judge_falls_silent() -> None:
    result = plan("ab", (), (), Truth(unknown=frozenset([frozenset("ab")])), compatible=[compatible("abcd")])
    assert level(result).groups == (("a", "b"),)
    assert [answer.services for answer in answers(result)] == [("a", "b", "c", "d")]


def test_an_undecided_set_is_narrowed_to_what_cannot_be_judged() -> None:
    truth = Truth(unknown=frozenset([frozenset("be")]))
    result = plan(NAMES, (), (), truth)
    assert result.apart == {frozenset("be")}
    assert len(level(result).groups) == 2


def test_the_judge_s_own_narrowing_is_taken() -> None:
    def judge(group: frozenset[str]) -> Compatible | frozenset[str] | Undecided:
        return Undecided(("b",), Stance.LOCKED, "no index data") if "b" in group else compatible(group)

    result = plan("abc", (), (), judge)
    assert level(result).groups == (("a", "c"), ("b",))
    assert result.apart == {frozenset("ab"), frozenset("bc")}
    assert answers(result)[1] == Undecided(("b",), Stance.LOCKED, "no index data")


def test_narrowing_may_end_in_a_conflict() -> None:
    """Undecided as a whole, the set proves to hold a service that fits nowhere and a pair that clashes."""

    def judge(group: frozenset[str]) -> Compatible | frozenset[str] | Undecided:
        if len(group) > 2:
            return Undecided(tuple(sorted(group)), Stance.LOCKED, "time-out")
        clashing = [core for core in (frozenset("b"), frozenset("ad")) if core <= group]
        return clashing[0] if clashing else compatible(group)

    result = plan("abcd", (), (), judge)
    assert (result.unplaced, result.conflicts) == (("b",), {frozenset("ad")})
    assert not result.apart
    assert len(level(result).groups) == 2


def test_a_fleet_of_many_asks_few_questions() -> None:
    services = [f"s{i:03}" for i in range(120)]
    hidden = frozenset(frozenset(services[i * 7 + j] for j in (0, 2, 5)) for i in range(12))
    truth = Truth(hidden)
    result = plan(services, (), (), truth)
    is_sound(result, services, truth)
    assert len(level(result).groups) == 2
    assert len(truth.asked) <= 4 * len(hidden) + 10


@pytest.mark.parametrize("blamed", [frozenset(), frozenset("z")])
def test_a_judge_that_blames_others_is_refused(blamed: frozenset[str]) -> None:
    with pytest.raises(ValueError, match="blames"):
        plan("ab", (), (), lambda _group: blamed)
