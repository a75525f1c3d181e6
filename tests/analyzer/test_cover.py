from __future__ import annotations

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from analyzer.cover import Cover

NAMES = tuple("abcdefgh")
EDGES = st.sets(st.sampled_from([frozenset(p) for p in combinations(NAMES, 2)]), max_size=16)


@given(EDGES)
def test_groups_cover_every_pair_that_may_meet_and_no_other(apart):
    cover = Cover(NAMES)
    for pair in apart:
        cover.exclude(pair)
    covered, rounds = set(), 0
    while group := cover.next_group():
        assert not any(pair <= group for pair in apart)
        cover.settle(group)
        covered |= {frozenset(p) for p in combinations(group, 2)} | {frozenset(s) for s in group}
        rounds += 1
    wanted = {frozenset(p) for p in combinations(NAMES, 2)} - apart | {frozenset(n) for n in NAMES}
    assert covered == wanted
    assert rounds <= 2 * len(apart) + 1


def test_one_group_where_nothing_is_apart():
    cover = Cover(NAMES)
    assert cover.next_group() == frozenset(NAMES)


def test_a_set_of_three_is_never_grown_whole():
    cover = Cover(("a", "b", "c"))
    cover.exclude({"a", "b", "c"})
    groups = []
    while group := cover.next_group():
        groups.append(group)
        cover.settle(group)
    assert all(len(group) <= 2 for group in groups)
    assert {frozenset(p) for p in combinations("abc", 2)} <= set(groups)


def test_a_service_excluded_alone_is_asked_about_no_more():
    cover = Cover(("a", "b"))
    cover.exclude({"a"})
    assert cover.next_group() == {"b"}
