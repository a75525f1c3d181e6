from __future__ import annotations

from dataclasses import replace

import pytest

from analyzer.explanation import Explanation, Fact
from analyzer.oracle import Refuted, Satisfied, Unknown
from analyzer.origin import Origin
from analyzer.package import PYTHON, Candidate, pypi
from analyzer.requirement import Requirement
from analyzer.transfer import atom, transferred
from analyzer.verdict import Demand, Witness
from tests.analyzer.universe import demand

FIRST = (demand("a", "p", "<2", line=1), demand("a", "q", line=2))
NOW = (demand("b", "p", "<2", line=5), demand("c", "q", line=6))
PYTHON_OF_A = Demand("a", Requirement(PYTHON, ">=3.12", Origin("a/pyproject.toml", 3)))


def leaf(d):
    return Explanation(Fact.REQUIRED, str(d.requirement), service=d.service, origin=d.requirement.origin)


def proof(*demands):
    inner = Explanation(Fact.DERIVED, "it cannot be", causes=tuple(map(leaf, demands)))
    return Explanation(Fact.CLASH, "p", causes=(inner, Explanation(Fact.AVAILABLE, "only p<=3 is available")))


def test_an_atom_is_the_same_whoever_asks_wherever():
    assert [atom(d) for d in FIRST] == [atom(d) for d in NOW]
    assert atom(demand("a", "p", "<2")) != atom(demand("a", "p", "<3"))
    marked = replace(FIRST[0], requirement=replace(FIRST[0].requirement, marker='python_version < "3.9"'))
    assert atom(marked) != atom(FIRST[0])


def test_a_refutation_names_and_tells_of_those_at_hand():
    answer = transferred(Refuted(proof(*FIRST), frozenset(FIRST), (pypi("p"),)), FIRST, NOW)
    assert answer == Refuted(proof(*NOW), frozenset(NOW), (pypi("p"),))


def test_every_one_who_asks_for_the_same_is_named():
    twice = (*NOW, demand("d", "p", "<2", line=8))
    answer = transferred(Refuted(proof(FIRST[0]), frozenset(FIRST[:1])), FIRST, twice)
    assert answer is not None
    assert answer.named == {twice[0], twice[2]}


@pytest.mark.parametrize("answer", [Refuted(proof(*FIRST), frozenset(FIRST)), Unknown("lost", frozenset(FIRST))])
def test_in_a_larger_question_an_answer_stays_as_it_is(answer):
    assert transferred(answer, FIRST, (*FIRST, *NOW)) is answer


def test_a_witness_is_anybodys():
    answer = Satisfied(Witness((Candidate(pypi("p"), "1"),)))
    assert transferred(answer, FIRST, NOW) is answer


def test_an_unknown_names_those_at_hand():
    assert transferred(Unknown("lost", frozenset(FIRST[1:])), FIRST, NOW) == Unknown("lost", frozenset(NOW[1:]))


@pytest.mark.parametrize(
    "answer",
    [
        Refuted(proof(*FIRST, PYTHON_OF_A), frozenset({*FIRST, PYTHON_OF_A})),
        Unknown("lost", frozenset({PYTHON_OF_A})),
    ],
)
def test_what_speaks_of_a_demand_without_its_like_is_not_told(answer):
    assert transferred(answer, (*FIRST, PYTHON_OF_A), NOW) is None
