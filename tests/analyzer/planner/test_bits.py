from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analyzer.planner.bits import adjacency, mask, members

NUMBERS = st.sets(st.integers(0, 5000) | st.integers(0, 70))


@given(NUMBERS)
def test_members_are_what_a_mask_was_made_of(numbers: set[int]) -> None:
    bits = mask(numbers)
    assert bits == sum(1 << number for number in numbers)
    assert list(members(bits)) == sorted(numbers)


def test_neighbours_are_numbered_by_their_places() -> None:
    assert adjacency({7: {9, 8}, 8: {7}, 9: {7}}, [9, 7, 8]) == [0b010, 0b101, 0b010]
