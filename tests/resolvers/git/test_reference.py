from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.origin import Origin
from analyzer.package import Package
from analyzer.requirement import Requirement
from resolvers.git.direct import commits_differ
from resolvers.git.reference import UNTOLD, Reference, is_abbreviated, is_commit, is_name, reference_of
from tests.resolvers.git.made import A, B

GEO = Package("git", "geo", "git.example/org")


def requirement(reference: Reference) -> Requirement:
    return Requirement(GEO, str(reference), Origin("Dockerfile", 3))


def at(name: str = "", commit: str = "", place: str = "/opt/geo", *, perhaps: bool = False) -> Reference:
    return Reference(name, commit, place, perhaps)


@pytest.mark.parametrize(
    ("one", "other", "clash", "agree"),
    [
        (at(commit=A), at(commit=B), True, False),
        (at(commit=A), at(commit=A), False, True),
        (at(commit=A), at(commit=A[:8]), False, True),
        (at(commit=A[:8]), at(commit=B), True, False),
        (at(commit=A), at(commit=B, place="/srv/geo"), False, True),
        (at("v1", A), at("v2", B), True, False),
        (at("v1", A), at("v2", A), False, True),
        (at("v1", A), at(commit=B), True, False),
        (at("v1"), at("v1"), False, True),
        (at("v1"), at("v2"), False, False),
        (at("main"), at(commit=A), False, False),
        (at("main"), at("HEAD"), False, False),
        (at("main"), at("main"), False, True),
        (at(UNTOLD), at(UNTOLD), False, False),
        (at(commit=A, perhaps=True), at(commit=B), False, False),
        (at(commit=A, perhaps=True), at(commit=A), False, True),
    ],
)
def test_references_of_one_repository(one: Reference, other: Reference, clash: bool, agree: bool) -> None:
    assert one.clashes(other) == other.clashes(one) == commits_differ(requirement(one), requirement(other)) == clash
    assert one.agrees(other) == other.agrees(one) == agree


names = st.text("abv1.-/main", min_size=1).filter(is_name)
commits = st.sampled_from(["", A, A[:7], B])


@given(names, commits, st.text("/ optgeo()incm", min_size=1), st.booleans())
def test_a_constraint_is_read_as_it_was_written(name: str, commit: str, place: str, perhaps: bool) -> None:
    for reference in (Reference(name, commit, place, perhaps), Reference("", commit or A, place, perhaps)):
        assert reference_of(requirement(reference)) == reference


def test_what_is_meant_for_a_commit() -> None:
    assert is_commit(A) and is_commit("0" * 64) and not is_commit(A[:39]) and not is_commit(A.upper())
    assert is_abbreviated("8f1c0d2") and not is_abbreviated("20240131") and not is_abbreviated("deadbee")
    assert not is_abbreviated("8f1c0d")
    for text in ("", "-x", "a b", "a..b", "a~1", "a^", "a:b", "x.lock", "@{1}", "a\x07", "x" * 300):
        assert not is_name(text)
