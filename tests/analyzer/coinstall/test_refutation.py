"""Explanations of small universes: each leads from the Demands to a clash, by clauses that are there."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import assume, given, settings

from analyzer.coinstall.coinstallability import Coinstallability
from analyzer.coinstall.refutation import DEEPEST, refutation
from analyzer.coinstall.relevant_clauses import Barred, Wanted, relevant_clauses
from analyzer.explanation import Explanation, Fact
from analyzer.verdict import Demand
from tests.analyzer.coinstall.small_universe import SmallUniverse, asking
from tests.analyzer.coinstall.test_coinstallability import ASKED, _universes


def demands(*names):
    return tuple(Demand(f"svc-{r.package.name}", r) for r in asking(*names))


def told(node: Explanation) -> str:
    """An Explanation as nested text."""
    inner = ", ".join(map(told, node.causes))
    return f"{node.fact} {node.subject}{f' / {node.object}' if node.object else ''}{f' ({inner})' if inner else ''}"


def test_a_direct_clash_names_both_and_the_field():
    found = refutation(SmallUniverse(("a", "b"), bars={"a": ["b"]}), demands("a", "b"))
    assert told(found.explanation) == "excludes a 1 / b 1 (brings a 1 (required a), brings b 1 (required b))"
    assert found.explanation.by == "Conflicts: b"
    assert found.packages == ("a", "b")


def test_the_shorter_of_two_ways_to_a_clash_is_told():
    universe = SmallUniverse(
        ("a", "b", "c", "d", "x", "y"),
        wants={"a": [["c"], ["x"]], "c": [["d"]]},
        bars={"y": ["x"], "b": ["d"]},
    )
    clash = refutation(
        SmallUniverse(universe.members, {**universe.wants, "b": [["y"]]}, bars=universe.bars), demands("a", "b")
    )
    assert clash.packages == ("y", "x")


def test_a_chain_that_nobody_could_follow_is_cut_short():
    names = [f"c{number}" for number in range(2 * DEEPEST)]
    wants = {name: [[other]] for name, other in pairwise(names)}
    found = refutation(SmallUniverse(("b", *names), wants, bars={"b": names[-1:]}), demands("b", "c0"))
    assert told(found.explanation) == "clash deb (required b, required c0)"


def test_alternatives_that_are_ruled_out_are_told_why():
    universe = SmallUniverse(("a", "b", "x", "y"), wants={"a": [["x", "y"]]}, bars={"b": ["x", "y"]})
    found = refutation(universe, demands("a", "b"))
    assert told(found.explanation) == (
        "excludes b 1 / y 1 (brings b 1 (required b), "
        "brings y 1 (brings a 1 (required a), excludes b 1 / x 1 (brings b 1 (required b))))"
    )


def test_what_nothing_provides_is_lacking():
    found = refutation(SmallUniverse(("a",), wants={"a": [[]]}), demands("a"))
    assert told(found.explanation) == "lacks a 1 (brings a 1 (required a))"
    assert found.packages == ("a",)


def test_two_versions_of_one_package_need_no_field():
    found = refutation(SmallUniverse(("b", "b/2")), demands("b=2", "b=1"))
    assert found.explanation.fact is Fact.LACKS  # version 1 is written "b" here, so "b=1" is nothing
    universe = SmallUniverse(("a", "b", "b/2", "c"), wants={"a": [["b"]], "c": [["b/2"]]})
    found = refutation(universe, demands("a", "c"))
    assert (found.explanation.fact, found.explanation.by, found.packages) == (Fact.EXCLUDES, "", ("b",))


def test_where_each_way_fails_for_its_own_reason_cases_are_told():
    universe = SmallUniverse(
        ("a", "b", "p", "q", "r", "s"),
        wants={"a": [["p", "q"]], "b": [["r", "s"]]},
        bars={"p": ["r", "s"], "q": ["r", "s"]},
    )
    found = refutation(universe, demands("a", "b"))
    assert found.explanation.fact is Fact.EXHAUSTED
    assert all(cause.fact in (Fact.EXCLUDES, Fact.EXHAUSTED, Fact.BRINGS) for cause in found.explanation.causes)


@given(_universes)
@settings(max_examples=300, deadline=None)
def test_every_refutation_ends_in_the_demands_and_rests_on_clauses_none_of_which_is_needless(universe):
    judge = Coinstallability(universe)
    wanted = asking(*ASKED)
    assume(judge.fit(()) and not judge.fit(wanted))
    core = judge.core(wanted)
    found = refutation(universe, [Demand("svc", r) for r in core])
    leaves = {leaf.subject for leaf in found.explanation.leaves() if leaf.fact is Fact.REQUIRED}
    assert leaves == {str(r) for r in core}
    clauses = relevant_clauses(
        universe, [universe.demanded(r) for r in core], frozenset().union(*map(universe.permitted, core))
    )
    assert all(isinstance(clause, Wanted | Barred) for clause in clauses)
