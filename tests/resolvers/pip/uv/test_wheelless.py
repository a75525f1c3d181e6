"""Releases without a wheel that fits: what uv would say if it might build, and where nobody can know."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzer.oracle import Answer, Refuted, Satisfied, Unknown
from analyzer.verdict import Demand
from resolvers.answer_cache import AnswerCache
from resolvers.pip.index.stub_wheels import Stubs
from resolvers.pip.uv.command import Index, Outcome, default_index
from resolvers.pip.uv.failure import wheelless
from resolvers.pip.uv.oracle import PipOracle
from resolvers.pip.uv.wheelless import settle
from tests.analyzer.universe import demand
from tests.local_index import Distribution, build_index

ELSEWHERE = ("cp312-cp312-win_amd64",)


def source(name: str, version: str, *requires: str, dynamic: bool = False, **more: object) -> Distribution:
    return Distribution(name, version, requires, tags=(), sdist=True, dynamic=dynamic, **more)  # type: ignore[arg-type]


UNIVERSE = (
    Distribution("lib", "1"),
    Distribution("lib", "2"),
    source("static", "1", "lib<2"),
    source("dynamic", "1", "lib<2", dynamic=True),
    Distribution("sibling", "1", ("lib<2",), tags=ELSEWHERE, sdist=True, dynamic=True),
    Distribution("foreign", "1", tags=ELSEWHERE),
    Distribution("mixed", "1", ("lib<2",)),
    source("mixed", "2", "lib>=2"),
    source("mixed", "3", dynamic=True),
    source("young", "1", requires_python=">=3.14"),
    source("gone", "1", yanked=True),
    source("chain", "1", "link"),
    source("link", "1", "static", "dynamic"),
    Distribution("top", "1", ("sibling", "static")),
    Distribution("extra", "1", ("dynamic[x]",)),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Index:
    return Index(build_index(tmp_path_factory.mktemp("index"), UNIVERSE).as_uri())


def demands(*texts: str) -> list[Demand]:
    pairs = (text.partition(" ") for text in texts)
    return [demand(f"S{n}", name, constraint) for n, (name, _, constraint) in enumerate(pairs)]


SATISFIED = {
    "static": (["static"], {"static==1", "lib==1"}),
    "sibling": (["sibling"], {"sibling==1", "lib==1"}),
    "transitive": (["top"], {"top==1", "sibling==1", "static==1", "lib==1"}),
    "older with a wheel": (["mixed", "lib <2"], {"mixed==1", "lib==1"}),
    "newer without": (["mixed", "lib >=2"], {"mixed==2", "lib==2"}),
}


@pytest.mark.parametrize(("asked", "versions"), SATISFIED.values(), ids=SATISFIED)
def test_known_metadata_is_as_good_as_a_wheel(index: Index, asked: list[str], versions: set[str]) -> None:
    answer = PipOracle(index).ask(demands(*asked), {})
    assert isinstance(answer, Satisfied)
    assert {str(c) for c in answer.witness.versions} == versions


REFUTED = {
    "static": ["static", "lib >=2"],
    "sibling": ["sibling", "lib >=2"],
    "transitive": ["top", "lib >=2"],
    "no metadata could help": ["dynamic", "lib >=3"],
    "nor that of another version": ["dynamic >1"],
    "no source and no wheel": ["foreign"],
    "another Python": ["young"],
    "yanked": ["gone"],
    "opaque and known": ["dynamic", "static", "lib >=2"],
}


@pytest.mark.parametrize("asked", REFUTED.values(), ids=REFUTED)
def test_a_refutation_that_no_build_could_overturn(index: Index, asked: list[str]) -> None:
    answer = PipOracle(index).ask(demands(*asked), {})
    assert isinstance(answer, Refuted), answer
    assert answer.named


UNKNOWN = {
    "alone": (["dynamic"], "dynamic 1", {"dynamic"}),
    "with a clash that only a build shows": (["dynamic", "lib >=2"], "dynamic 1", {"dynamic"}),
    "pinned": (["mixed ==3", "lib"], "mixed 3", {"mixed"}),
    "transitive": (["chain"], "dynamic 1", {"chain"}),
    "an extra of it": (["extra"], "dynamic 1", {"extra"}),
}


@pytest.mark.parametrize(("asked", "about", "named"), UNKNOWN.values(), ids=UNKNOWN)
def test_what_only_a_build_tells_is_unknown(index: Index, asked: list[str], about: str, named: set[str]) -> None:
    answer = PipOracle(index).ask(demands(*asked), {})
    assert isinstance(answer, Unknown)
    said = "has no wheel, and its sdist says nothing static about dependencies: --allow-build lets uv build it"
    assert answer.reason == f"{about} {said}"
    assert {d.requirement.package.name for d in answer.named} == named and not answer.everywhere


def test_several_unknown_packages_are_named_together(tmp_path: Path) -> None:
    root = build_index(tmp_path, [source("a", "1", dynamic=True), source("b", "2", dynamic=True)])
    answer = PipOracle(Index(root.as_uri())).ask(demands("a", "b"), {})
    assert isinstance(answer, Unknown) and answer.reason.startswith("a 1, b 2 have no wheel, and ")


def test_with_builds_allowed_nothing_is_stubbed(index: Index, tmp_path: Path) -> None:
    oracle = PipOracle(Index(index.url, allow_build=True), cache=AnswerCache(tmp_path))
    answer = oracle.ask(demands("static"), {})
    assert isinstance(answer, Satisfied) and oracle.runs == 1
    assert not (tmp_path / "stubs").exists()


def test_runs_and_cached_answers_are_counted_apart(index: Index, tmp_path: Path) -> None:
    first, again = (PipOracle(index, cache=AnswerCache(tmp_path)) for _ in range(2))
    for oracle in (first, again):
        answers = [oracle.ask(demands(*asked), {}) for asked in (["static"], ["static", "lib"], ["dynamic"], ["lib"])]
    # Without stubs and with; with at once; with, and optimistic; with.
    assert (first.runs, first.cached) == (2 + 1 + 2 + 1, 0)
    assert (again.runs, again.cached) == (0, 4)
    assert [type(answer) for answer in answers] == [Satisfied, Satisfied, Unknown, Satisfied]


def test_a_cached_answer_holds_for_its_stubs_only(tmp_path: Path) -> None:
    cache = AnswerCache(tmp_path / "cache")
    for requires, kind in (((), Satisfied), (("absent",), Unknown), ((), Satisfied)):
        root = tmp_path / "index"
        shutil.rmtree(root, ignore_errors=True)
        shutil.copytree(build_index(tmp_path / "built", [source("a", "1", *requires)]), root)
        # The same address, and nothing that tells the states of the index apart.
        assert isinstance(PipOracle(Index(root.as_uri()), cache=cache).ask(demands("a"), {}), kind)


def test_a_flat_folder_counts_too(tmp_path: Path) -> None:
    flat = tmp_path / "flat"
    flat.mkdir()
    for name, content in source("a", "1").files().items():
        (flat / name).write_bytes(content)
    root = build_index(tmp_path, [Distribution("b", "1")])
    for exclude_newer in ("", "2024-01-01"):
        answer = PipOracle(Index(root.as_uri(), (flat.as_uri(),), exclude_newer)).ask(demands("a"), {})
        assert isinstance(answer, Satisfied)


def test_a_replay_is_plain_uv(index: Index) -> None:
    oracle = PipOracle(index)
    oracle.ask(demands("static"), {})
    assert "find-links" not in oracle.replay(demands("static"))


def test_the_default_index_is_the_one_uv_names() -> None:
    assert default_index().startswith("https://")


MESSAGES = {
    "Because a==1 has no usable wheels and you require a==1, we can conclude that X.": {"a"},
    "Because all versions of a-b have no usable wheels and you require A_b, we can conclude that X.": {"a-b"},
    "Because a[x]>=1,<2 has no usable wheels and only these of b are available:\n  b==1\n we can conclude": {"a"},
    "Because a was not found, we can conclude that X.\n\nhint: Wheels are required for `c.d` because": {"c-d"},
    "Because a==1 has no wheels with a matching platform tag, we can conclude that X.": set(),
    "Because all of:\n  a<1\n  a>2\n have no usable wheels and b<1 has no usable wheels, we can conclude": {"a", "b"},
}


@pytest.mark.parametrize(("text", "names"), MESSAGES.items())
def test_which_packages_a_proof_finds_without_wheels(text: str, names: set[str]) -> None:
    stderr = f"error: No solution found when resolving dependencies\n  cause: {text}\n"
    assert wheelless(Outcome(1, "", stderr)) == names
    assert not wheelless(Outcome(2, "", stderr)) and not wheelless(Outcome(None, "", stderr))


def lacking(*names: str) -> Outcome:
    facts = " and ".join(f"{name}==1 has no usable wheels" for name in names)
    return Outcome(1, "", f"error: No\n  cause: Because {facts}, we can conclude that X.\n")


def test_the_rounds_are_bounded() -> None:
    runs: list[int] = []

    def run(folders: Sequence[Path]) -> Outcome:
        runs.append(len(folders))
        return lacking(f"p{len(runs)}")

    settled = settle(run, lambda name: Stubs(frozenset(["1"]), Path(name)))
    assert len(runs) < 100 and not settled.packages and settled.guess is None


def test_a_package_without_stubs_ends_it() -> None:
    settled = settle(lambda _: lacking("a", "b"), lambda name: Stubs(opaque={"1": ""}) if name == "a" else None)
    assert settled.outcome == lacking("a", "b") and not settled.packages


names = st.sampled_from(["a", "b", "c"])
requirements = st.lists(st.tuples(names, st.sampled_from(["", "<2", ">=2", "==1"])).map("".join), max_size=2).map(tuple)
kinds = st.sampled_from([("py3-none-any",), ELSEWHERE, ()])
universes = st.lists(
    st.builds(
        Distribution,
        names,
        st.sampled_from(["1", "2"]),
        requirements,
        tags=kinds,
        sdist=st.just(True),
        dynamic=st.booleans(),
    ),
    min_size=3,
    max_size=6,
    unique_by=lambda d: (d.name, d.version),
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(universes, st.lists(st.tuples(names, st.sampled_from(["", "<2", ">=2"])).map(" ".join), min_size=1, max_size=3))
def test_a_verdict_is_what_uv_says_of_the_built_index(
    tmp_path: Path, universe: list[Distribution], asked: list[str]
) -> None:
    """The truth: every source distribution built, so that each release has a wheel for all."""
    missing = [Distribution(name, "1") for name in "abc" if name not in {d.name for d in universe}]
    universe += missing
    built = [Distribution(d.name, d.version, d.requires_dist) for d in universe]
    found = _ask(build_index(tmp_path / "as it is", universe), asked)
    truth = _ask(build_index(tmp_path / "built", built), asked)
    assert isinstance(found, Unknown) or type(found) is type(truth)
    if all(not d.dynamic or d.tags for d in universe):
        assert type(found) is type(truth)


def _ask(root: Path, asked: list[str]) -> Answer:
    return PipOracle(Index(root.as_uri())).ask(demands(*asked), {})
