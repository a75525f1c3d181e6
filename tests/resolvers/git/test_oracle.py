from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.oracle import Refuted, Satisfied, Unknown
from analyzer.origin import Origin
from analyzer.package import Candidate, Package
from analyzer.requirement import Requirement
from analyzer.verdict import Demand
from resolvers.git.oracle import GitOracle
from resolvers.git.reference import UNTOLD, Reference, reference_of
from tests.resolvers.git.made import A, B

GEO = Package("git", "geo", "git.example/org")
MAPS = Package("git", "maps", "git.example/org")


def demand(service: str, name: str = "", commit: str = "", place: str = "/geo", package: Package = GEO) -> Demand:
    reference = Reference(name, commit, place)
    return Demand(service, Requirement(package, str(reference), Origin(f"{service}/Dockerfile", 2)))


def test_one_commit_for_all_is_satisfied_with_a_witness() -> None:
    asked = [demand("a", commit=A), demand("b", commit=A[:8]), demand("c", "v1", A), demand("c", "main", place="/x")]
    answer = GitOracle().ask([*asked, demand("d", "v9", package=MAPS)], {})
    assert isinstance(answer, Satisfied)
    assert set(answer.witness.versions) == {Candidate(GEO, A), Candidate(GEO, "main"), Candidate(MAPS, "v9")}
    assert GitOracle().meets(asked, answer.witness)


def test_two_commits_are_refuted_by_the_two() -> None:
    asked = [demand("a", commit=A), demand("b", "v1", B), demand("c", "main")]
    answer = GitOracle().ask(asked, {})
    assert isinstance(answer, Refuted)
    assert answer.named == frozenset(asked[:2])
    assert answer.packages == (GEO,)
    assert [leaf.service for leaf in answer.proof.leaves()] == ["a", "b"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (demand("a", "main"), demand("b", commit=A)),
        (demand("a", "v1"), demand("b", "v2")),
        (demand("a", "HEAD"), demand("b", "main")),
        (demand("a", UNTOLD), demand("b", UNTOLD)),
    ],
)
def test_what_may_be_one_commit_is_unknown_and_named(one: Demand, other: Demand) -> None:
    answer = GitOracle().ask([one, other], {})
    assert isinstance(answer, Unknown)
    assert answer.named == {one, other}
    assert "/geo" in answer.reason
    assert all(isinstance(GitOracle().ask([alone], {}), Satisfied) for alone in (one, other))


def test_the_replay_quotes_what_it_names() -> None:
    odd = Package("git", "geo; reboot", "git.example/org")
    replay = GitOracle().replay([demand("a", "v1;x", package=odd), demand("b", commit=B, package=odd)])
    assert "'https://git.example/org/geo; reboot'" in replay
    assert "'v1;x^{commit}'" in replay and f"'{B}^{{commit}}'" in replay
    assert GitOracle().replay([]) == ""


demands = st.builds(
    demand,
    st.sampled_from("abc"),
    st.sampled_from(["", "v1", "main", UNTOLD]),
    st.sampled_from([A, A[:7], B]),
    st.sampled_from(["/geo", "/x"]),
)
bare = st.builds(demand, st.sampled_from("abc"), st.sampled_from(["v1", "main", UNTOLD]), st.just(""))


@given(st.lists(demands | bare, max_size=6))
def test_an_answer_is_what_all_pairs_say(asked: list[Demand]) -> None:
    answer = GitOracle().ask(asked, {})
    read = [reference_of(d.requirement) for d in asked]
    clash = any(one.clashes(other) for one in read for other in read)
    assert isinstance(answer, Refuted) == clash
    if isinstance(answer, Satisfied):
        assert all(GitOracle().meets([one, other], answer.witness) for one in asked for other in asked)
