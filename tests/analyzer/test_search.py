from __future__ import annotations

from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.boundary import Boundary
from analyzer.direct import direct_cores
from analyzer.inquiry import Inquiry
from analyzer.oracle import Unknown
from analyzer.pep440 import exclude_each_other
from analyzer.planner.lazy import settle
from analyzer.planner.site import Site, Tier
from analyzer.search import Core, Fits, Search, Subject
from analyzer.verdict import Compatible, Grade, Stance, Undecided
from tests.analyzer.universe import BruteForce, Universe, demand, fleets, minimal_conflicts, universes, wanted

HINTS = st.sampled_from(["core", "nothing", "wrong"])


def search_of(universe, demands, hint="core", unknown=frozenset()):
    oracle = BruteForce(universe, hint, unknown)
    known = direct_cores(chain.from_iterable(demands.values()), exclude_each_other)
    return Search(Subject(demands), Inquiry(oracle), known), oracle


@settings(max_examples=150, deadline=None)
@given(universes(), fleets(), HINTS)
def test_the_conflicts_found_are_exactly_the_minimal_ones_up_to_pairs(universe, demands, hint):
    search, _ = search_of(universe, demands, hint)
    findings = search.run()
    truth = minimal_conflicts(universe, demands)
    found = {core.services for core in findings.cores}
    assert {c for c in found if len(c) <= 2} == {c for c in truth if len(c) <= 2}
    assert found <= truth


@settings(max_examples=100, deadline=None)
@given(universes(), fleets(), HINTS)
def test_every_core_clashes_and_is_minimal(universe, demands, hint):
    search, _ = search_of(universe, demands, hint)
    for core in search.run().cores:
        assert universe.solve(wanted(core.demands)) is None
        for left_out in core.demands:
            assert universe.solve(wanted([d for d in core.demands if d != left_out])) is not None


@settings(max_examples=100, deadline=None)
@given(universes(), fleets(), HINTS)
def test_every_other_pair_lies_in_a_group_with_a_witness(universe, demands, hint):
    search, oracle = search_of(universe, demands, hint)
    findings = search.run()
    for fits in findings.fits:
        assert oracle.meets([d for s in fits.services for d in demands[s]], fits.witness)
    conflicting = {core.services for core in findings.cores}
    alone = {s for core in conflicting if len(core) == 1 for s in core}
    for pair in map(frozenset, combinations(sorted(set(demands) - alone), 2)):
        assert pair in conflicting or any(pair <= fits.services for fits in findings.fits)


@settings(max_examples=80, deadline=None)
@given(universes(), fleets(most=4))
def test_the_plan_has_the_optimal_size(universe, demands):
    search, _ = search_of(universe, demands)
    findings = search.run()
    alone = {s for core in findings.cores if len(core.services) == 1 for s in core.services}

    def judge(group):
        found = search.judge(group)
        if isinstance(found, Fits):
            return Compatible(tuple(sorted(group)), Stance.RELOCKED, Grade.FROM_RANGES, found.witness)
        return found.services if isinstance(found, Core) else Undecided(tuple(group), Stance.RELOCKED, found.reason)

    names = sorted(set(demands) - alone)
    known = frozenset(core.services for core in findings.cores if len(core.services) > 1)
    site = Site(tuple(names), (Tier(Boundary.CONTAINER, known),))
    [level] = settle(site, {Boundary.CONTAINER: judge}).nested.levels
    assert len(level.groups) == fewest_groups(names, minimal_conflicts(universe, demands))
    assert level.proven


def fewest_groups(names, conflicts):
    def partitions(rest):
        if not rest:
            yield []
            return
        head, *tail = rest
        for groups in partitions(tail):
            for i in range(len(groups)):
                yield [*groups[:i], groups[i] | {head}, *groups[i + 1 :]]
            yield [*groups, frozenset({head})]

    fine = (p for p in partitions(names) if not any(c <= g for g in p for c in conflicts))
    return min(len(p) for p in fine)


def chained(n: int) -> tuple[Universe, dict]:
    """``n`` services of which the first two clash through what their dependencies depend on."""
    depends = {f"a{i}": {"1": (("base", ""),)} for i in range(n)}
    depends |= {"a0": {"1": (("base", "<2"),)}, "a1": {"1": (("base", ">=2"),)}, "base": {"1": (), "2": ()}}
    return Universe(depends), {f"svc{i}": (demand(f"svc{i}", f"a{i}"),) for i in range(n)}


def test_few_questions_for_few_conflicts():
    universe, demands = chained(8)
    search, oracle = search_of(universe, demands)
    findings = search.run()
    assert [core.services for core in findings.cores] == [frozenset({"svc0", "svc1"})]
    assert len(oracle.questions) <= 4 * 1 + 10


def test_one_question_where_all_fit():
    universe, demands = chained(6)
    del demands["svc1"]
    search, oracle = search_of(universe, demands)
    assert search.run().cores == ()
    assert len(oracle.questions) == 1


def test_what_no_index_has_makes_its_service_undecided_and_no_other():
    universe, demands = chained(4)
    demands["lost"] = (demand("lost", "nowhere"),)
    search, _ = search_of(universe, demands, unknown=frozenset({"nowhere"}))
    findings = search.run()
    assert [core.services for core in findings.cores] == [frozenset({"svc0", "svc1"})]
    assert all("lost" in item.services and item.reason == "not in the index" for item in findings.open)
    assert {frozenset({"lost", s}) for s in ("svc0", "svc1", "svc2", "svc3")} <= {o.services for o in findings.open}
    assert not any("lost" in fits.services for fits in findings.fits)


def test_an_undecided_service_can_still_be_in_a_proven_conflict():
    universe, demands = chained(2)
    demands["svc0"] = (*demands["svc0"], demand("svc0", "nowhere"))
    search, _ = search_of(universe, demands, unknown=frozenset({"nowhere"}))
    findings = search.run()
    assert [core.services for core in findings.cores] == [frozenset({"svc0", "svc1"})]


class Mute:
    """An oracle that never knows."""

    ecosystem = "pypi"

    def __init__(self, answer):
        self.answer, self.asked = answer, 0

    def setting(self, demands):
        return ""

    def ask(self, demands, prefer):
        self.asked += 1
        return self.answer

    def meets(self, demands, witness):
        return False

    def replay(self, demands):
        return ""


@pytest.mark.parametrize(
    ("answer", "most"), [(Unknown("no uv", everywhere=True), 1), (Unknown("uv did not answer in time"), 5)]
)
def test_an_oracle_that_is_down_leaves_all_undecided_after_few_questions(answer, most):
    _, demands = chained(6)
    oracle = Mute(answer)
    findings = Search(Subject(demands), Inquiry(oracle)).run()
    assert not findings.cores and not findings.fits
    assert {o.services for o in findings.open} == {
        frozenset(c) for size in (1, 2) for c in combinations(sorted(demands), size)
    }
    assert oracle.asked <= most


def test_what_a_lock_fixes_is_vouched_for_where_nobody_can_look_at_it():
    universe, demands = chained(4)
    del demands["svc1"]
    private = demand("svc2", "private", "==1.0")
    demands["svc2"] = (*demands["svc2"], private)
    oracle = BruteForce(universe, unknown=frozenset({"private"}))
    findings = Search(Subject(demands, vouched=frozenset({private})), Inquiry(oracle)).run()
    assert not findings.open and not findings.cores
    (fits,) = findings.fits
    assert fits.services == {"svc0", "svc2", "svc3"}
    assert "private==1.0" in {str(c) for c in fits.witness.versions}
