from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analyzer.quickxplain import minimal_core

CORES = st.lists(st.frozensets(st.integers(0, 11), min_size=1, max_size=4), min_size=1, max_size=4)


@given(CORES)
def test_finds_a_minimal_core_of_any_monotone_clash(cores):
    def clashes(subset):
        return any(core <= set(subset) for core in cores)

    found = minimal_core(range(12), clashes) if clashes(range(12)) else ()
    assert clashes(found)
    assert all(not clashes([x for x in found if x != left_out]) for left_out in found)


def test_asks_few_questions_for_a_small_core():
    asked = []

    def clashes(subset):
        asked.append(subset)
        return {3, 900} <= set(subset)

    assert minimal_core(range(1000), clashes) == (3, 900)
    assert len(asked) < 60


def test_one_item_needs_no_question():
    assert minimal_core(["only"], lambda _: 1 / 0) == ("only",)


@given(st.sets(st.integers(0, 30), min_size=1))
def test_questions_grow_with_the_core(core):
    asked = []

    def clashes(subset):
        asked.append(subset)
        return core <= set(subset)

    assert set(minimal_core(range(31), clashes)) == core
    assert len(asked) <= 2 * len(core) * 5 + 2 * len(core)
