"""The order of versions, judged by dpkg."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from debian.debian_support import Version
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.deb.version_order import is_version, key, satisfies
from tests.debian_judges import dpkg_order, random_pairs
from tests.hostile import EXAMPLES

JUDGED = Path(__file__).parents[3] / "fixtures" / "deb" / "versions.txt"
ORDERED = (
    "0~~ 0~~a 0~ 0 0a 0+ 0.0~1 0. 0.1 1~rc1-1 1~rc1-1+b1 1 1-0+deb12u1 1-1~bpo12+1 1-1 1a 1+b 1.9 1.10 1:0~ 1:0 2:0"
)


def ours(first: str, second: str) -> str:
    return "<=>"[(key(first) > key(second)) - (key(first) < key(second)) + 1]


def test_the_order_is_dpkg_s_on_pairs_judged_before() -> None:
    judged = [line.split(" ") for line in JUDGED.read_text().splitlines()]
    assert len(judged) > 5000
    assert [(a, b, order) for a, order, b in judged if ours(a, b) != order] == []


def test_the_order_is_dpkg_s_on_pairs_judged_now() -> None:
    pairs = random_pairs(150, seed=20261122)
    assert [*zip(pairs, (ours(a, b) for a, b in pairs), strict=True)] == [*zip(pairs, dpkg_order(pairs), strict=True)]


def test_versions_sort_as_policy_says() -> None:
    versions = ORDERED.split()
    assert all(ours(a, b) == "<" for a, b in pairwise(versions))


@pytest.mark.parametrize(
    "equal", ["1 0:1 1-0 1-00 01 1-", "1. 1.0 1.00-0", "1.2-3 0:1.2-3 1.02-03", "1a 1a0", "1:1-0 01:1"]
)
def test_what_dpkg_calls_equal_has_one_key(equal: str) -> None:
    assert len({key(version) for version in equal.split()}) == 1


VERSIONS = st.from_regex(r"([0-3]:)?[0-9][0-9a-zA-Z.+~]{0,8}(-[0-9a-z.+~]{1,4})?", fullmatch=True)


@settings(max_examples=EXAMPLES)
@given(st.lists(VERSIONS, min_size=2, max_size=6))
def test_the_order_is_python_debian_s(versions: list[str]) -> None:
    theirs = sorted(versions, key=Version)
    assert sorted(versions, key=key) == theirs
    assert (key(versions[0]) == key(versions[1])) == (Version(versions[0]) == Version(versions[1]))
    assert all(map(is_version, versions))


@pytest.mark.parametrize(
    ("comparison", "holds"),
    [("<<", "100"), ("<=", "110"), ("=", "010"), (">=", "011"), (">>", "001"), ("", "111")],
)
def test_a_bound_admits_versions_below_at_and_above_it(comparison: str, holds: str) -> None:
    assert [satisfies(version, comparison, "1.0-1") for version in ("1.0-1~", "0:1.0-1", "1.0-1+b1")] == [
        mark == "1" for mark in holds
    ]


@pytest.mark.parametrize(
    ("text", "valid"),
    # As dpkg --compare-versions takes or refuses them.
    [
        *((text, True) for text in ("1", "1:1-1", "a", "~1", "1--1", "1:1:1", "00000000000000001:1", "2147483647:1")),
        *((text, False) for text in ("", ":", "1:", "1:-", "1-", "-1", "a:1", "1-1:1", "2147483648:1", "1\n", " 1")),
        # dpkg warns of these and compares them; none is a version.
        *((text, False) for text in ("1_2", "1:1-1:1", "é", "\u0661", "1" * 1001)),
    ],
)
def test_versions_are_told_from_other_texts(text: str, valid: bool) -> None:
    assert is_version(text) is valid


@settings(max_examples=EXAMPLES)
@given(st.text(max_size=40), st.text(st.sampled_from("01a.:~-\0é"), max_size=40))
def test_any_text_has_a_place(first: str, second: str) -> None:
    assert ours(first, second) in "<=>"
    assert isinstance(is_version(first), bool)


def test_an_absurd_version_costs_little() -> None:
    assert key("1" * 200_000) > key("2" * 199_999)
    assert not is_version("1" * 200_000)
