"""Plain uv on the frozen index says what it said of the real registry."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from tests.fleet_truth import STANCES, Services, Truth, disagreements, fewest, fleets, frozen_uv


@pytest.mark.parametrize("stance", STANCES)
@pytest.mark.parametrize("truth", fleets(), ids=lambda truth: truth.name)
def test_frozen_index_agrees_with_the_registry(truth: Truth, stance: str, tmp_path: Path) -> None:
    assert list(disagreements(truth, stance, frozen_uv(truth, tmp_path))) == []


@pytest.mark.parametrize(
    ("clashes", "groups"),
    [
        (set(), [["a", "b", "c"]]),
        ({("a", "b")}, [["a", "c"], ["b"]]),
        ({("a", "b", "c")}, [["a", "b"], ["c"]]),
        ({("a", "b"), ("a", "c"), ("b", "c")}, [["a"], ["b"], ["c"]]),
    ],
)
def test_fewest(clashes: set[Services], groups: list[list[str]]) -> None:
    pairs: dict[Services, bool] = {pair: pair not in clashes for pair in combinations(("a", "b", "c"), 2)}
    assert fewest(("a", "b", "c"), pairs, lambda group: group not in clashes) == groups
