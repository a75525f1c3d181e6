from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.rpm.version_order import compare, evr_key, version_key
from tests.hostile import EXAMPLES
from tests.resolvers.rpm.rpm_judge import random_pairs, rpm_order

FROZEN = Path(__file__).parents[3] / "fixtures" / "rpm" / "versions.txt"
SIGNS = {"<": -1, "=": 0, ">": 1}

# rpm's own table (tests/rpmvercmp.at), and what rpm-version(7) says of ~ and ^.
PUBLISHED = """
1.0 = 1.0
1.0 < 2.0
2.0.1 > 2.0
2.0.1a > 2.0.1
5.5p1 < 5.5p2
5.5p1 < 5.5p10
10xyz < 10.1xyz
xyz10 < xyz10.1
xyz.4 < 8
xyz.4 < 2
5.5p2 < 5.6p1
5.6p1 < 6.5p1
6.0.rc1 > 6.0
10b2 > 10a1
10a2 < 10b2
1.0a < 1.0aa
10.0001 = 10.1
10.0001 < 10.0039
4.999.9 < 5.0
20101121 < 20101122
2_0 = 2.0
a+ = a_
+a = _a
+ = _
1.0~rc1 < 1.0
1.0~rc1 < 1.0~rc2
1.0~rc1~git123 < 1.0~rc1
1.0^ > 1.0
1.0^git1 > 1.0
1.0^git1 < 1.0^git2
1.0^git1 < 1.01
1.0^20160101 < 1.0.1
1.0^20160101^git1 > 1.0^20160101
1.0~rc1^git1 > 1.0~rc1
1.0^git1~pre < 1.0^git1
1b.fc17 < 1.fc17
1g.fc17 > 1.fc17
1.1.é = 1.1.ß
"""


@pytest.mark.parametrize("line", PUBLISHED.strip().splitlines())
def test_orders_as_rpms_own_table(line: str) -> None:
    one, sign, two = line.split()
    assert compare(one, two) == SIGNS[sign]
    assert compare(two, one) == -SIGNS[sign]


def order(one: str, two: str) -> int:
    return evr_key(one).order(evr_key(two))


def test_orders_frozen_pairs_as_rpm_did() -> None:
    judged = [line.split() for line in FROZEN.read_text().splitlines() if not line.startswith("#")]
    assert len(judged) > 3000
    assert [(one, two) for one, two, verdict in judged if order(one, two) != int(verdict)] == []


def test_orders_new_pairs_as_rpm_does() -> None:
    pairs = random_pairs(800, seed=20)
    verdicts = rpm_order(pairs)
    assert {-1, 0, 1} == set(verdicts)
    assert [pair for pair, verdict in zip(pairs, verdicts, strict=True) if order(*pair) != verdict] == []


@pytest.mark.parametrize(
    ("evr", "epoch", "version", "release"),
    [
        ("1.2", "0", "1.2", None),
        ("1.2-3.el9", "0", "1.2", "3.el9"),
        ("2:1.2-3", "2", "1.2", "3"),
        ("1.2-", "0", "1.2", None),
        ("1-2-3", "0", "1-2", "3"),
        ("a:1-2", "0", "a:1", "2"),
        (":1", "0", ":1", None),
        ("", "0", "", None),
    ],
)
def test_takes_an_evr_apart(evr: str, epoch: str, version: str, release: str | None) -> None:
    key = evr_key(evr)
    assert key.epoch == version_key(epoch)
    assert key.version == version_key(version)
    assert key.release == (None if release is None else version_key(release))


def test_numbers_may_be_longer_than_int_admits() -> None:
    assert compare("1" * 6000, "1" * 5999) == 1


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.text("019aZ~^.-:é", max_size=8), min_size=3, max_size=3))
def test_any_texts_are_ordered(texts: list[str]) -> None:
    one, two, three = sorted(texts, key=version_key)
    assert compare(one, two) <= 0 and compare(two, three) <= 0 and compare(one, three) <= 0
    assert compare(one, two) == -compare(two, one)
