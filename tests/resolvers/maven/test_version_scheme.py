from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.maven.version_scheme import VersionScheme
from tests.hostile import EXAMPLES

# From one version to another, and the schemes by which that is compatible.
MOVES = [
    ("1.2.3", "1.9.0", "early-semver semver-spec always"),
    ("1.2.3", "1.2.9", "early-semver semver-spec pvp always"),
    ("1.2.3", "2.0.0", "always"),
    ("0.2.3", "0.2.4", "early-semver pvp always"),
    ("0.2.3", "0.3.0", "always"),
    ("1.0.0-RC1", "1.0.0", "always"),
    ("1.2.0-RC1", "1.2.0", "early-semver semver-spec always"),
    ("33.0.0-jre", "33.4.8-android", "early-semver semver-spec always"),
    ("33.0-jre", "33.0-jre", "early-semver semver-spec pvp strict always"),
    ("4.1.0.Final", "4.1.9.Final", "early-semver semver-spec pvp always"),
    ("2.0.0.M1", "2.0.0", "always"),
    ("20.0", "33.0-jre", "always"),
    ("Finchley.SR1", "Finchley.SR2", "always"),
    ("1", "1.0", "early-semver semver-spec pvp always"),
]


@pytest.mark.parametrize(("one", "other", "schemes"), MOVES)
def test_is_compatible(one: str, other: str, schemes: str) -> None:
    assert {scheme.value for scheme in VersionScheme if scheme.compatible(one, other)} == set(schemes.split())


VERSIONS = st.lists(st.sampled_from(["0", "1", "2", ".", "-", "rc1", "M2", "jre", "x"]), max_size=6).map("".join)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from(VersionScheme), VERSIONS, VERSIONS, VERSIONS)
def test_is_an_equivalence(scheme: VersionScheme, one: str, two: str, three: str) -> None:
    assert scheme.compatible(one, one)
    assert scheme.compatible(one, two) == scheme.compatible(two, one)
    assert scheme.compatible(one, three) or not (scheme.compatible(one, two) and scheme.compatible(two, three))


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.sampled_from(VersionScheme), st.text())
def test_reads_any_text(scheme: VersionScheme, text: str) -> None:
    assert scheme.breaking(text) == scheme.breaking(text[:])
