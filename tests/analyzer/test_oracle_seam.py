"""The search before oracles that are no help: wrong hints, foreign names, answers about parts only,
and a Python version that depends on who is asked about."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet

from analyzer.explanation import Explanation, Fact
from analyzer.inquiry import Inquiry
from analyzer.oracle import Answer, Refuted, Satisfied, Unknown
from analyzer.origin import Origin
from analyzer.package import PYTHON, Candidate, Package, pypi
from analyzer.requirement import Force, Requirement
from analyzer.search import Search, Subject
from analyzer.verdict import Demand, Witness
from tests.analyzer.universe import BruteForce, Universe, demand, fleets, minimal_conflicts, universes, wanted

FOREIGN = demand("nobody", "p", "==7")


@dataclass
class Liar(BruteForce):
    """Names what it was not asked about, or everything, or nothing but the platform."""

    lie: str = "foreign"

    def ask(self, demands: Collection[Demand], prefer: Mapping[Package, str]) -> Answer:
        answer = super().ask(demands, prefer)
        if not isinstance(answer, Refuted):
            return answer
        named = {"foreign": {FOREIGN}, "all": set(demands), "last": set(sorted(demands)[-1:])}[self.lie]
        return Refuted(answer.proof, frozenset(named), (pypi("nonsense"),))


@settings(max_examples=60, deadline=None)
@given(universes(), fleets(), st.sampled_from(["foreign", "all", "last"]))
def test_wrong_hints_cost_questions_and_no_verdict(universe, demands, lie):
    findings = Search(Subject(demands), Inquiry(Liar(universe, lie=lie))).run()
    truth = {c for c in minimal_conflicts(universe, demands) if len(c) <= 2}
    assert {core.services for core in findings.cores if len(core.services) <= 2} == truth
    for core in findings.cores:
        assert universe.solve(wanted(core.demands)) is None
        parts = combinations(core.demands, len(core.demands) - 1)
        assert all(universe.solve(wanted(part)) is not None for part in parts)


@dataclass
class Shy(BruteForce):
    """Does not answer where certain packages meet; ``reason_of`` says whom it blames."""

    shy_of: frozenset[str] = frozenset()
    blames: str = "nobody"

    def ask(self, demands: Collection[Demand], prefer: Mapping[Package, str]) -> Answer:
        if not self.shy_of <= {d.requirement.package.name for d in demands}:
            return super().ask(demands, prefer)
        self.questions.append(frozenset(demands))
        named = {"nobody": (), "foreign": (FOREIGN,), "all": demands}[self.blames]
        return Unknown("these are too much together", frozenset(named))


@pytest.mark.parametrize("blames", ["nobody", "foreign", "all"])
def test_a_pair_that_is_undecided_leaves_every_other_decided_after_few_questions(blames):
    names = [f"p{i}" for i in range(24)]
    universe = Universe({name: {"1": ()} for name in ("a", "b")})
    demands = {f"svc-{name}": (demand(f"svc-{name}", "a" if n == 5 else "b"),) for n, name in enumerate(names)}
    lonely = f"svc-{names[17]}"
    demands[lonely] = (demand(lonely, "b", ">=1"),)
    oracle = Patient(universe, shy_of=frozenset({"a", "b>=1"}), blames=blames)
    findings = Search(Subject(demands), Inquiry(oracle)).run()
    undecided = frozenset({"svc-p5", lonely})
    assert {o.services for o in findings.open} == {undecided}
    assert not findings.cores
    fitting = {frozenset(pair) for f in findings.fits for pair in combinations(f.services, 2)}
    assert fitting == {frozenset(pair) for pair in combinations(demands, 2)} - {undecided}
    assert len(oracle.questions) < 40


class Patient(Shy):
    """Shy of requirements instead of packages, and never so often in a row that it is given up."""

    def ask(self, demands: Collection[Demand], prefer: Mapping[Package, str]) -> Answer:
        if not self.shy_of <= {str(d.requirement) for d in demands}:
            return BruteForce.ask(self, demands, prefer)
        self.questions.append(frozenset(demands))
        named = {"nobody": (), "foreign": (FOREIGN,), "all": demands}[self.blames]
        # A name that is no use still shows that the oracle works.
        return Unknown("these are too much together", frozenset(named) or frozenset({FOREIGN}))


@dataclass
class OnPythons:
    """A universe for each Python version, of which a question takes the admitted one nearest to 3.11."""

    universes: Mapping[str, Universe]
    ecosystem: str = field(default="pypi", init=False)
    asked: list[str] = field(default_factory=list)

    def python(self, demands: Collection[Demand]) -> str:
        about = [SpecifierSet(d.requirement.constraint) for d in demands if d.requirement.package == PYTHON]
        fine = [p for p in self.universes if all(s.contains(f"{p}.0") for s in about)]
        return min(fine, key=lambda p: abs(int(p[2:]) - 11), default="")

    def setting(self, demands: Collection[Demand]) -> str:
        return self.python(demands) or "none"

    def ask(self, demands: Collection[Demand], prefer: Mapping[Package, str]) -> Answer:
        python = self.python(demands)
        self.asked.append(python)
        about = [d for d in demands if d.requirement.package == PYTHON]
        if not python:
            return Refuted(Explanation(Fact.CLASH, "python"), frozenset(about), (PYTHON,))
        chosen = self.universes[python].solve(wanted([d for d in demands if d not in about]))
        if chosen is None:
            return Refuted(Explanation(Fact.CLASH, "something"))
        return Satisfied(Witness(tuple(Candidate(pypi(n), v) for n, v in sorted(chosen.items())), python))

    def meets(self, demands: Collection[Demand], witness: Witness) -> bool:
        return False

    def replay(self, demands: Collection[Demand]) -> str:
        return ""


PYTHONS = ("3.9", "3.11", "3.12")
INTERPRETERS = ("", "<3.10", ">=3.12", ">=3.11", "<3.12")


def on(service: str, constraint: str) -> tuple[Demand, ...]:
    origin = Origin(f"{service}/pyproject.toml", 4)
    return (Demand(service, Requirement(PYTHON, constraint, origin)),) if constraint else ()


@settings(max_examples=80, deadline=None)
@given(st.data(), fleets(most=4))
def test_a_conflict_stands_on_every_python_version_that_the_fleet_may_take_it_to(data, demands):
    oracle = OnPythons({python: data.draw(universes(), label=python) for python in PYTHONS})
    fleet = {s: (*own, *on(s, data.draw(st.sampled_from(INTERPRETERS)))) for s, own in demands.items()}
    in_use = {oracle.python([d for s in g for d in fleet[s]]) for n in range(1, 5) for g in combinations(fleet, n)}

    def fits(group) -> bool:
        everything = [d for s in group for d in fleet[s]]
        pinned = [(*everything, *on("", f"=={python}.*")) for python in in_use if python]
        return any(isinstance(oracle.ask(p, {}), Satisfied) for p in pinned)

    findings = Search(Subject(fleet), Inquiry(oracle)).run()
    refused = {frozenset(g) for n in (1, 2) for g in combinations(sorted(fleet), n) if not fits(g)}
    smallest = {g for g in refused if not any(other < g for other in refused)}
    assert {core.services for core in findings.cores if len(core.services) <= 2} == smallest
    assert all(not fits(core.services) for core in findings.cores)
    assert all(fits(f.services) for f in findings.fits)


def test_a_pair_that_fits_only_where_a_third_would_take_it_is_no_conflict():
    apart = Universe({"p": {"1": (("q", "<2"),)}, "q": {"1": (), "2": ()}, "z": {"1": ()}})
    together = Universe({"p": {"1": ()}, "q": {"1": (), "2": ()}, "z": {"1": ()}})
    fleet = {
        "a": (demand("a", "p"),),
        "b": (demand("b", "q", ">=2"),),
        "c": (demand("c", "z"), *on("c", "<3.10")),
        "d": (demand("d", "z"), *on("d", ">=3.11")),
    }
    search = Search(Subject(fleet), Inquiry(OnPythons({"3.9": together, "3.11": apart, "3.12": apart})))
    cores = {core.services for core in search.run().cores}
    assert frozenset("ab") not in cores and frozenset("cd") in cores
    assert search.judge(frozenset("abc")).witness.python == "3.9"
    assert search.judge(frozenset("abd")).services == frozenset("abd")


def image(python: str) -> Requirement:
    return Requirement(PYTHON, f"=={python}.*", Origin("Dockerfile", 1))


@dataclass
class Unsure(OnPythons):
    """Cannot tell on one Python version."""

    unsure: str = "3.9"

    def ask(self, demands: Collection[Demand], prefer: Mapping[Package, str]) -> Answer:
        return Unknown("no wheel") if self.python(demands) == self.unsure else super().ask(demands, prefer)


def test_a_service_is_judged_on_the_python_of_its_image_too():
    new, old = Universe({"p": {}, "z": {"1": ()}}), Universe({"p": {"1": ()}, "z": {"1": ()}})
    fleet = {"a": (demand("a", "p"),), "b": (demand("b", "z"),)}
    pythons = {"3.9": old, "3.11": new}
    assert Search(Subject(fleet), Inquiry(OnPythons(pythons))).judge(frozenset("a")).services == frozenset("a")
    on_image = Subject(fleet, brought={"a": image("3.9"), "b": image("3.11")})
    search = Search(on_image, Inquiry(OnPythons(pythons)))
    assert not search.run().cores
    assert search.judge(frozenset("a")).witness.python == "3.9"
    assert search.judge(frozenset("b")).witness.python == "3.11"
    unsure = Search(on_image, Inquiry(Unsure(pythons))).run()
    assert not unsure.cores and {o.services for o in unsure.open} == {frozenset("a"), frozenset("ab")}


def test_what_is_not_known_on_one_python_may_be_on_that_of_an_image():
    universe, fleet = Universe({"p": {"1": ()}}), {"a": (demand("a", "p"),)}
    oracle = Unsure({"3.9": universe, "3.11": universe}, unsure="3.11")
    assert Search(Subject(fleet), Inquiry(oracle)).run().open
    assert not Search(Subject(fleet, brought={"a": image("3.9")}), Inquiry(oracle)).run().open


class Overridable(BruteForce):
    """Brute force in which an override stands in for what anyone says of its package, as in uv."""

    def ask(self, demands: Collection[Demand], prefer: Mapping[Package, str]) -> Answer:
        self.questions.append(frozenset(demands))
        forced, limits = (dict(wanted(_of(demands, f))) for f in (Force.OVERRIDES, Force.LIMITS))
        depends = {
            name: {
                version: tuple((n, forced.get(n, c)) for n, c in needs)
                for version, needs in versions.items()
                if SpecifierSet(limits.get(name, "")).contains(version)
            }
            for name, versions in self.universe.depends.items()
        }
        chosen = Universe(depends).solve([(n, forced.get(n, c)) for n, c in wanted(_of(demands, Force.REQUIRES))])
        if chosen is None:
            return Refuted(Explanation(Fact.CLASH, "something"))
        return Satisfied(Witness(tuple(Candidate(pypi(n), v) for n, v in sorted(chosen.items()))))

    def setting(self, demands: Collection[Demand]) -> str:
        return " ".join(sorted(str(d.requirement) for d in _of(demands, Force.OVERRIDES)))


def _of(demands: Collection[Demand], force: Force) -> list[Demand]:
    return [d for d in demands if d.requirement.force is force]


def override(service: str, name: str, constraint: str) -> Demand:
    return Demand(service, Requirement(pypi(name), constraint, Origin(service), force=Force.OVERRIDES))


def test_an_override_makes_its_own_service_fit_and_no_other():
    universe = Universe({"p": {"1": (("x", "<2"),)}, "x": {"2": ()}, "z": {"1": ()}})
    fleet = {
        "a": (demand("a", "p"), override("a", "x", "==2")),
        "b": (demand("b", "p"),),
        "c": (demand("c", "z"),),
    }
    findings = Search(Subject(fleet), Inquiry(Overridable(universe))).run()
    assert {core.services for core in findings.cores} == {frozenset("b")}
    assert {f.services for f in findings.fits} == {frozenset("ac")}


def test_a_core_is_not_found_by_leaving_an_override_out():
    depends = {"p": {"1": (("x", "<2"),)}, "x": {"2": ()}, "q": {"1": (("y", "<2"),)}, "y": {"1": (), "2": ()}}
    fleet = {
        "a": (demand("a", "p"), demand("a", "q", line=2), override("a", "x", "==2")),
        "b": (demand("b", "y", ">=2"),),
    }
    (core,) = Search(Subject(fleet), Inquiry(Overridable(Universe(depends)))).run().cores
    assert [str(d.requirement) for d in core.demands] == ["q", "y>=2"]
