"""The laws of a company on one class path, against brute force over invented universes.

Gradle's joint resolution alone keeps none of them: a third service may bring a version that takes the one out of
the graph on which two clash.
"""

from __future__ import annotations

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.demands import demands_of
from analyzer.oracle import Refuted, Satisfied
from analyzer.origin import Origin
from analyzer.requirement import Force, Requirement
from analyzer.service import DependencySet, Fleet, Service
from analyzer.verdict import Demand, Stance
from resolvers.maven.class_path import word
from resolvers.maven.gradle_order import key
from resolvers.maven.module import Kind, ModuleDependency
from resolvers.maven.oracle import MavenOracle
from resolvers.maven.resolution import CONTRADICTIONS, resolve
from resolvers.maven.rich_version import rich_version
from resolvers.maven.version_scheme import VersionScheme
from tests.hostile import EXAMPLES
from tests.resolvers.maven.universe import Table, package

NAMES = ["a", "b", "c", "d"]
VERSIONS = ["1.0", "1.1", "2.0"]
MODULES = [f"{name} {version}" for name in NAMES for version in VERSIONS]
KINDS = st.sampled_from(["", "", "", "", "constraint "])
STRICTNESS = st.sampled_from(["", "", "", "", "strictly ", "reject "])


def words(module: str) -> st.SearchStrategy[list[str]]:
    """What one says of others; of those further down in the alphabet, since in circles Gradle may not rest."""
    below = NAMES[NAMES.index(module[0]) + 1 :]
    said = st.tuples(KINDS, st.sampled_from(below or NAMES), STRICTNESS, st.sampled_from(VERSIONS))
    return st.lists(said.map(lambda word: f"{word[0]}{word[1]} {word[2]}{word[3]}"), max_size=2 if below else 0)


UNIVERSES = st.fixed_dictionaries({module: words(module) for module in MODULES}).map(Table)
WANTED = st.builds(
    lambda name, strict, version, extras, force: Requirement(
        package(name), strict + version, Origin("build.gradle", 1), extras, force
    ),
    st.sampled_from(NAMES),
    STRICTNESS,
    st.sampled_from(VERSIONS),
    st.sampled_from([(), (), (), ("exclude org.example:b",), ("exclude org.example:c",), ("exclude *:*",)]),
    st.sampled_from([Force.REQUIRES, Force.REQUIRES, Force.REQUIRES, Force.LIMITS]),
)
SERVICES = st.lists(st.lists(WANTED, min_size=1, max_size=3), min_size=2, max_size=3)
Wanted = list[list[Requirement]]


def fleet(universe: Table, wanted: Wanted) -> tuple[MavenOracle, tuple[Service, ...]]:
    """The services that can be resolved alone, with what they were built with."""
    oracle = MavenOracle(universe)
    named = (f"s{n}" for n in range(len(wanted)))
    services = tuple(
        Service(name, name, sets=(DependencySet("maven", tuple(own)),))
        for name, own in zip(named, wanted, strict=True)
        if any(r.force is not Force.LIMITS for r in own)
    )
    found = oracle.completed(Fleet("fleet", services)).services
    return oracle, tuple(s for s in found if s.sets[0].resolved is not None)


def demands(services: tuple[Service, ...]) -> list[Demand]:
    return [d for s in services for d in demands_of(s, "maven", Stance.RELOCKED)]


def gradle_breaks(universe: Table, services: tuple[Service, ...]) -> bool:
    """Whether Gradle fails on a build of all services, or raises a module to what its scheme calls incompatible.

    What each was built with takes part as constraints, unless something is strict: a constraint is one more way to
    a module, on which nothing is strict.
    """
    strict = any("strictly" in said for words in universe.modules.values() for said in words)
    roots = {s.name: [*map(word, s.sets[0].requirements), *([] if strict else _pins(s))] for s in services}
    found = resolve(roots, {}, universe)
    if any(failure.fault in CONTRADICTIONS for failure in found.failures):
        return True
    pins = [(r.package, rich_version(r.constraint).pin) for s in services for r in s.sets[0].resolved or ()]
    moved = ((pin, found.versions.get(p, pin)) for p, pin in pins if pin)
    return any(key(new) > key(pin) and not VersionScheme.EARLY_SEMVER.compatible(pin, new) for pin, new in moved)


def _pins(service: Service) -> list[ModuleDependency]:
    pins = ((r.package, rich_version(r.constraint).pin) for r in service.sets[0].resolved or ())
    return [ModuleDependency(module, pin, Kind.CONSTRAINT) for module, pin in pins if pin]


@settings(max_examples=EXAMPLES, deadline=None)
@given(UNIVERSES, SERVICES)
def test_what_fits_is_what_gradle_makes_fit(universe: Table, wanted: Wanted) -> None:
    oracle, services = fleet(universe, wanted)
    answer = oracle.ask(demands(services), {})
    if isinstance(answer, Satisfied):
        assert oracle.meets(demands(services), answer.witness)
        assert not gradle_breaks(universe, services)


@settings(max_examples=EXAMPLES, deadline=None)
@given(UNIVERSES, SERVICES, st.data())
def test_a_part_of_what_fits_fits(universe: Table, wanted: Wanted, data: st.DataObject) -> None:
    oracle, services = fleet(universe, wanted)
    whole = demands(services)
    if isinstance(oracle.ask(whole, {}), Satisfied):
        for size in range(1, len(services)):
            for part in combinations(services, size):
                assert isinstance(oracle.ask(demands(part), {}), Satisfied)
        some = data.draw(st.lists(st.sampled_from(whole), unique=True)) if whole else []
        assert not isinstance(oracle.ask(some, {}), Refuted)


@settings(max_examples=EXAMPLES, deadline=None)
@given(UNIVERSES, SERVICES)
def test_what_is_refuted_is_refuted_by_what_it_names(universe: Table, wanted: Wanted) -> None:
    oracle, services = fleet(universe, wanted)
    answer = oracle.ask(demands(services), {})
    if isinstance(answer, Refuted):
        assert isinstance(oracle.ask(sorted(answer.named), {}), Refuted)
        assert oracle.proof(sorted(answer.named)) is not None
