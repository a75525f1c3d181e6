from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from analyzer.oracle import Refuted, Satisfied
from analyzer.origin import Origin
from analyzer.package import JDK, Candidate, pypi
from analyzer.requirement import Requirement
from analyzer.verdict import Demand, Witness
from resolvers.jdk.feature_release import admitted, at_least, common, exactly, exclude_each_other
from resolvers.jdk.oracle import JdkOracle

RELEASE = st.integers(1, 40)
CONSTRAINTS = st.one_of(RELEASE.map(at_least), st.lists(RELEASE, min_size=1, max_size=3).map(exactly))


def demand(service: str, constraint: str) -> Demand:
    return Demand(service, Requirement(JDK, constraint, Origin(f"{service}/build.gradle", 1)))


def test_constraints_admit_what_they_say() -> None:
    assert 17 in admitted(">=17") and 21 in admitted(">=17") and 11 not in admitted(">=17")
    assert admitted(exactly([17, 11, 11])) == {11, 17}
    assert exactly([17, 11]) == "==11 or ==17"
    assert len(admitted("whatever")) == len(admitted(">=1"))


@given(constraints=st.lists(CONSTRAINTS, max_size=5))
def test_the_oracle_answers_as_the_sets_do(constraints: list[str]) -> None:
    demands = [demand(f"s{number}", constraint) for number, constraint in enumerate(constraints)]
    answer = JdkOracle().ask(demands, {})
    if common(constraints):
        assert isinstance(answer, Satisfied) and JdkOracle().meets(demands, answer.witness)
    else:
        assert isinstance(answer, Refuted)
        assert not common(d.requirement.constraint for d in answer.named)


@given(one=CONSTRAINTS, other=CONSTRAINTS)
def test_two_exclude_each_other_where_no_release_meets_both(one: str, other: str) -> None:
    pair = [demand("a", one).requirement, demand("b", other).requirement]
    assert exclude_each_other(*pair) == exclude_each_other(*reversed(pair)) == (not admitted(one) & admitted(other))


def test_a_preferred_release_is_kept_where_it_will_do() -> None:
    wanted = [demand("a", ">=11")]
    for prefer, chosen in (({JDK: "17"}, "17"), ({JDK: "8"}, "11"), ({JDK: "x"}, "11"), ({}, "11")):
        answer = JdkOracle().ask(wanted, prefer)
        assert isinstance(answer, Satisfied) and answer.witness.versions == (Candidate(JDK, chosen),)


def test_other_packages_are_no_matter_of_it() -> None:
    other = Demand("a", Requirement(pypi("flask"), ">=2", Origin("a")))
    assert JdkOracle().ask([other], {}) == Satisfied(Witness(()))
    assert JdkOracle().meets([other], Witness((Candidate(pypi("flask"), "2"),)))
    assert not JdkOracle().meets([demand("a", ">=11")], Witness(()))
    assert not JdkOracle().meets([demand("a", ">=11")], Witness((Candidate(JDK, "8"),)))
