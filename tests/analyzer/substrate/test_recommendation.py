"""Laws of recommendations, whatever the rules say."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.substrate.comparison import Comparison, Operator, all_hold
from analyzer.substrate.fact import OF_ENVIRONMENT, OF_WHOLE, Fact, Facts, Kind, Value
from analyzer.substrate.option import Orchestrator, Substrate, option
from analyzer.substrate.recommendation import Recommendation, recommend
from analyzer.substrate.rule import Rule, faults

FACTS = (Fact.SERVICES, Fact.MEMORY, Fact.GPU, Fact.PYTHON, Fact.CPU)
VALUES: dict[Kind, st.SearchStrategy[Value]] = {
    Kind.COUNT: st.integers(0, 3),
    Kind.BYTES: st.integers(1, 3),
    Kind.CORES: st.sampled_from((0.5, 1.0, 2.0)),
    Kind.FLAG: st.booleans(),
    Kind.WORD: st.sampled_from(("3.11", "3.12")),
}


@st.composite
def comparisons(draw: st.DrawFn) -> Comparison:
    fact = draw(st.sampled_from(FACTS))
    fitting = [operator for operator in Operator if fact.kind.ordered or not operator.orders]
    operator = draw(st.sampled_from(fitting))
    value = VALUES[fact.kind]
    if operator.takes_several:
        return Comparison(fact, operator, tuple(draw(st.lists(value, min_size=1, max_size=2))))
    return Comparison(fact, operator, draw(value))


rules = st.builds(
    Rule,
    st.text("abcdefgh", min_size=1, max_size=3),
    st.lists(comparisons(), max_size=2).map(tuple),
    st.lists(st.sampled_from(Substrate), min_size=1, max_size=3, unique=True).map(tuple),
    st.just("because"),
    st.just("somebody"),
    weight=st.none() | st.integers(-3, 3).filter(bool),
)
tables = st.lists(rules, max_size=12, unique_by=lambda rule: rule.name)
facts = st.fixed_dictionaries({}, optional={fact: VALUES[fact.kind] for fact in FACTS})


@given(facts, tables)
def test_what_is_ruled_out_is_not_recommended(known: Facts, table: list[Rule]) -> None:
    found = recommend(known, table, Substrate)
    out = {option for rule in table if rule.rules_out and rule.fires(known) for option in rule.options}
    assert {judged.option for judged in found.judged if judged.ruled_out} == out
    assert found.choice not in out
    assert (found.choice is None) == (out == {*Substrate})


@given(facts, tables)
def test_nothing_left_scores_higher(known: Facts, table: list[Rule]) -> None:
    found = recommend(known, table, Substrate)
    order = list(Substrate)
    for judged in found.others:
        if not judged.ruled_out and found.choice is not None:
            mine = sum(reason.weight or 0 for reason in found.fired)
            assert (-mine, order.index(found.choice)) < (-judged.score, order.index(judged.option))


@given(facts, tables, rules)
def test_a_rule_more_that_rules_out_brings_nothing_back(known: Facts, table: list[Rule], more: Rule) -> None:
    new = replace(more, name="new", weight=None)
    before, after = recommend(known, table, Substrate), recommend(known, [*table, new], Substrate)
    out = {judged.option for judged in before.judged if judged.ruled_out}
    assert out <= {judged.option for judged in after.judged if judged.ruled_out}
    if new.fires(known) and before.choice in new.options:
        assert after.choice is not before.choice
    else:
        assert after.choice is before.choice


@given(facts, tables, st.randoms(use_true_random=False))
def test_the_order_makes_no_difference(known: dict[Fact, Value], table: list[Rule], order: random.Random) -> None:
    shuffled = order.sample(table, len(table))
    turned = dict(order.sample(list(known.items()), len(known)))
    assert recommend(known, table, Substrate) == recommend(turned, shuffled, Substrate)


@given(facts, tables)
def test_every_rule_has_one_part(known: Facts, table: list[Rule]) -> None:
    found = recommend(known, table, Substrate)
    fired = {reason.rule for judged in found.judged for reason in (*judged.fired, *judged.ruled_out)}
    unclear = {item.rule for item in found.open}
    assert fired == {rule.name for rule in table if rule.fires(known) is True}
    assert unclear == {rule.name for rule in table if rule.fires(known) is None}
    assert all(item.facts and not known.keys() & {*item.facts} for item in found.open)


@given(facts, tables, st.sampled_from(FACTS), st.data())
def test_to_learn_what_matters_not_changes_nothing(
    known: dict[Fact, Value], table: list[Rule], fact: Fact, data: st.DataObject
) -> None:
    found = recommend(known, table, Substrate)
    if fact not in known and fact not in found.unknown:
        learnt = known | {fact: data.draw(VALUES[fact.kind])}
        assert recommend(learnt, table, Substrate).choice is found.choice


@given(facts, tables)
def test_only_doubts_can_rule_the_choice_out(known: Facts, table: list[Rule]) -> None:
    found = recommend(known, table, Substrate)
    against = [rule for rule in table if rule.rules_out and found.choice in rule.options]
    assert {*found.doubts} == {fact for rule in against if rule.fires(known) is None for fact in rule.unknown(known)}
    assert {*found.doubts} <= {*found.unknown}


TRUTHS = [
    ((), True),
    ((Comparison(Fact.SERVICES, Operator.ABOVE, 1),), True),
    ((Comparison(Fact.SERVICES, Operator.ABOVE, 2),), False),
    ((Comparison(Fact.CPU, Operator.ABOVE, 2),), None),
    ((Comparison(Fact.CPU, Operator.ABOVE, 2), Comparison(Fact.SERVICES, Operator.ABOVE, 2)), False),
    ((Comparison(Fact.CPU, Operator.ABOVE, 2), Comparison(Fact.SERVICES, Operator.ABOVE, 1)), None),
]


@pytest.mark.parametrize(("when", "expected"), TRUTHS)
def test_conjunctions(when: tuple[Comparison, ...], expected: bool | None) -> None:
    assert all_hold(when, {Fact.SERVICES: 2}) is expected


def test_without_rules_the_simplest_is_recommended() -> None:
    assert recommend({}, (), Substrate).choice is Substrate.SHARED_HOST
    none: Recommendation[Orchestrator] = recommend({}, (), Orchestrator)
    assert (none.choice, none.fired, none.open, none.label) == (Orchestrator.NONE, (), (), "none")


def test_when_all_is_ruled_out() -> None:
    found = recommend({}, [Rule("x", (), tuple(Substrate), "never", "somebody")], Substrate)
    assert (found.choice, found.label, found.fired, found.unknown) == (None, "nothing fits", (), ())


def test_reasons_name_facts() -> None:
    when = (Comparison(Fact.MEMORY, Operator.ABOVE, 1), Comparison(Fact.RUN_SECONDS, Operator.ABOVE, 1))
    rule = Rule("x", when, (Substrate.VM,), "{memory} for {run-seconds}, {cpu} {", "somebody")
    assert rule.worded({Fact.MEMORY: 3 * 2**29, Fact.RUN_SECONDS: 1200.0}) == "1.5 GiB for 20 minutes, {cpu} {"
    assert faults(rule) == ["names {cpu} in its reason, about which it does not ask"]


def test_every_fact_is_asked_of_something() -> None:
    assert {*Fact} == OF_WHOLE | OF_ENVIRONMENT
    assert all(fact.question and fact.kind for fact in Fact)


def test_options_have_names_of_their_own() -> None:
    assert {option(name) for name in (*Substrate, *Orchestrator)} == {*Substrate, *Orchestrator}
    assert len({o.label for o in (*Substrate, *Orchestrator)}) == len(Substrate) + len(Orchestrator)
    assert option("cloud") is None
