from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest

from analyzer.explanation import Explanation, Fact
from analyzer.inquiry import Inquiry
from analyzer.oracle import Refuted, Satisfied, Unknown
from analyzer.origin import Origin
from analyzer.package import PYTHON, Candidate, pypi
from analyzer.requirement import Force, Requirement
from analyzer.verdict import Demand, Witness
from tests.analyzer.universe import BruteForce, Universe, demand

UNIVERSE = Universe({"p": {"1": (), "2": ()}, "q": {"1": (("p", "<2"),)}, "r": {"1": (("p", ">=2"),)}})
Q, R, P = demand("a", "q"), demand("b", "r"), demand("c", "p")


def inquiry(**options):
    return Inquiry(BruteForce(UNIVERSE, **options))


def test_a_part_of_what_is_met_is_met_without_a_question():
    asked = inquiry()
    assert asked.ask([Q, P]) == asked.ask([P]) == asked.ask([Q])
    assert asked.asked == 1


def test_exactly_asks_for_a_witness_of_its_own():
    asked = inquiry()
    asked.ask([Q, P])
    assert asked.ask([P], exactly=True) != asked.ask([Q, P])
    assert asked.asked == 2


def test_what_holds_a_contradiction_is_refuted_without_a_question():
    asked = inquiry()
    assert isinstance(asked.ask([Q, R]), Refuted)
    assert isinstance(asked.ask([P, Q, R]), Refuted)
    assert asked.asked == 1


def test_who_asks_for_the_same_gets_the_same_answer_about_itself():
    asked = inquiry()
    asked.ask([Q, R])
    other = [demand("x", "q", line=7), demand("y", "r", line=9)]
    answer = asked.ask(other)
    assert isinstance(answer, Refuted)
    assert answer.named == frozenset(other)
    assert asked.asked == 1


def test_without_the_override_what_it_replaced_comes_back():
    asked = inquiry()
    override = Demand("a", Requirement(pypi("p"), "", Origin("a"), force=Force.OVERRIDES))
    assert isinstance(asked.ask([override, Q]), Satisfied)
    asked.ask([Q])
    assert asked.asked == 2


@dataclass
class Answers(BruteForce):
    """Gives one answer after the other; a Python version is a setting."""

    answers: list = field(default_factory=list)

    def setting(self, demands):
        return "none" if any(d.requirement.package == PYTHON for d in demands) else "here"

    def ask(self, demands, prefer):
        self.questions.append(frozenset(demands))
        return self.answers.pop(0)


def test_a_larger_witness_serves_where_the_oracle_has_none_of_the_very_set():
    larger = Satisfied(Witness((Candidate(pypi("p"), "1"), Candidate(pypi("q"), "1"))))
    asked = Inquiry(Answers(UNIVERSE, answers=[larger, Unknown("too slow")]))
    asked.ask([P, Q])
    assert asked.ask([P], exactly=True) == larger


def test_an_interpreters_clash_is_never_told_with_another_services_constraint():
    def needs(service, constraint):
        return Demand(service, Requirement(PYTHON, constraint, Origin(f"{service}/pyproject.toml", 4)))

    def refuted(python):
        leaf = Explanation(Fact.REQUIRED, str(python.requirement), "", python.service, python.requirement.origin)
        return Refuted(Explanation(Fact.CLASH, "python", causes=(leaf,)), frozenset({python}))

    one, other = needs("a", ">=4"), needs("b", "<3")
    asked = Inquiry(Answers(UNIVERSE, answers=[refuted(one), refuted(other)]))
    asked.ask([one, demand("a", "p")])
    answer = asked.ask([other, demand("b", "p")])
    assert answer.named == {other}
    assert [leaf.origin.file for leaf in answer.proof.leaves()] == ["b/pyproject.toml"]


@pytest.mark.parametrize(
    ("unknown", "most"),
    [
        (Unknown("no uv", everywhere=True), 1),
        (Unknown("too slow"), 5),
        (Unknown("p is nowhere", frozenset({P})), 20),
    ],
)
def test_an_oracle_is_given_up_where_it_fails_without_a_reason_of_the_question(unknown, most):
    asked = Inquiry(Answers(UNIVERSE, answers=[unknown] * 20))
    for line in range(20):
        answer = asked.ask([replace(P, requirement=replace(P.requirement, constraint=f"=={line}")), P])
        assert isinstance(answer, Unknown)
    assert asked.asked == most
    assert asked.is_down is (most < 20)


class Keeping(BruteForce):
    """An oracle that takes what is preferred wherever it is met by that."""

    def ask(self, demands, prefer):
        kept = Witness(tuple(Candidate(package, version) for package, version in prefer.items()))
        return Satisfied(kept) if prefer and self.meets(demands, kept) else super().ask(demands, prefer)


def test_what_was_chosen_without_the_locks_is_not_taken_for_a_re_locked_answer():
    asked = Inquiry(Keeping(UNIVERSE))
    versions = [asked.ask([P], prefer).witness.versions for prefer in ({}, {pypi("p"): "2"}, {pypi("p"): "2"}, {})]
    assert [found[0].version for found in versions] == ["1", "2", "2", "2"]
    assert asked.asked == 2
