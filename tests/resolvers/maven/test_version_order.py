from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.maven.gradle_order import key
from resolvers.maven.version_order import compare
from tests.hostile import EXAMPLES

FROZEN = Path(__file__).parents[3] / "fixtures" / "maven" / "versions.txt"
VERSIONS = st.lists(
    st.sampled_from(["0", "1", "2", "10", "01", "a", "b", "m", "rc", "cr", "ga", "sp", "dev", "x", ".", "-", "_", "+"]),
    max_size=7,
).map("".join)

# POM reference, "Version Order Specification", as far as Maven 3.8 and the reference agree.
MAVEN = """
1 < 1.1
1-snapshot < 1
1 < 1-sp
1-foo2 < 1-foo10
1-1 < 1.1
1.ga = 1-ga
1-ga = 1-0
1-0 = 1.0
1.0 = 1
1-a1 = 1-alpha-1
1.0-alpha1 = 1.0-ALPHA1
1-rc1 = 1-cr1
1-alpha < 1-beta
1-beta < 1-milestone
1-milestone < 1-rc
1-rc < 1-snapshot
1-sp < 1-unknown
1.foo < 1-1
"""

# Gradle user manual, "Version ordering": each line from the lowest to the highest.
GRADLE = """
1.a.1 1.b.1
1.0-alpha 1.0-beta 1.0
1.1.a 1.1 1.1.0
1.0-dev 1.0-ALPHA 1.0-alpha 1.0-zeta 1.0-rc 1.0-snapshot 1.0-final 1.0-ga 1.0-release 1.0-sp 1.0
1.0-RC1 1.0-rc2 1.0-SNAPSHOT 1.0-FINAL
1.2 1.10
1.a 1.1
"""


@pytest.mark.parametrize("line", MAVEN.strip().splitlines())
def test_orders_as_the_pom_reference(line: str) -> None:
    one, sign, two = line.split()
    assert compare(one, two) == {"<": -1, "=": 0}[sign]
    assert compare(two, one) == {"<": 1, "=": 0}[sign]


def test_orders_frozen_pairs_as_maven_did() -> None:
    judged = [line.split() for line in FROZEN.read_text().splitlines() if not line.startswith("#")]
    assert len(judged) > 3000
    assert [(one, two) for one, two, verdict in judged if compare(one, two) != int(verdict)] == []


@pytest.mark.parametrize("line", GRADLE.strip().splitlines())
def test_orders_as_the_gradle_manual(line: str) -> None:
    assert all(key(one) < key(two) for one, two in pairwise(line.split()))


def test_separators_are_worth_the_same_to_gradle() -> None:
    assert key("1.a.1") == key("1-a+1") == key("1.a-1") == key("1a1")


@settings(max_examples=EXAMPLES, deadline=None)
@given(VERSIONS, VERSIONS)
def test_mavens_order_is_antisymmetric(one: str, two: str) -> None:
    assert compare(one, two) == -compare(two, one)
    assert compare(one, one) == 0


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text() | st.sampled_from(["1" * 5000, "1-" * 5000, "a." * 5000]), st.text())
def test_any_text_has_a_place(one: str, two: str) -> None:
    assert compare(one, two) == -compare(two, one)
    assert (key(one) < key(two)) + (key(one) == key(two)) + (key(one) > key(two)) == 1
