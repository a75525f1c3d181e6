"""The pip oracle before real uv on local indexes, and before things that merely look like uv."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from analyzer.oracle import Refuted, Satisfied, Unknown
from analyzer.origin import Origin
from analyzer.package import PYTHON, pypi
from analyzer.requirement import Force, Requirement, Source
from analyzer.verdict import Demand
from resolvers.answer_cache import AnswerCache
from resolvers.pip.uv.command import Index
from resolvers.pip.uv.oracle import PipOracle, _day
from tests.analyzer.universe import demand
from tests.local_index import Distribution, build_index

UNIVERSE = (
    Distribution("a", "1", ("c<2",)),
    Distribution("a", "2", ("c>=2",)),
    Distribution("b", "1", ("c>=2",)),
    Distribution("c", "1"),
    Distribution("c", "2"),
    Distribution("new", "1", requires_python=">=3.14"),
    Distribution("early", "1.0rc1"),
)


@pytest.fixture(scope="module")
def index(tmp_path_factory):
    return Index(url=build_index(tmp_path_factory.mktemp("index"), UNIVERSE).as_uri())


@pytest.fixture
def uv_cache(tmp_path, monkeypatch):
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "uv"))


def python_is(service: str, constraint: str) -> Demand:
    return Demand(service, Requirement(PYTHON, constraint, Origin(f"{service}/pyproject.toml", 3)))


def test_a_witness_for_what_fits(index):
    answer = PipOracle(index).ask([demand("A", "a"), demand("B", "b")], {})
    assert isinstance(answer, Satisfied)
    assert {str(c) for c in answer.witness.versions} == {"a==2", "b==1", "c==2"}


def test_a_refutation_names_both_sides_and_the_package_between(index):
    demands = [demand("A", "a", "<2"), demand("B", "b"), demand("C", "c")]
    answer = PipOracle(index).ask(demands, {})
    assert isinstance(answer, Refuted)
    assert [p.name for p in answer.packages] == ["c"]
    assert {"A", "B"} <= {d.service for d in answer.named}


def test_preferred_versions_are_kept_where_nothing_speaks_against(index):
    answer = PipOracle(index).ask([demand("A", "a")], {pypi("a"): "1", pypi("c"): "2"})
    assert isinstance(answer, Satisfied)
    assert {str(c) for c in answer.witness.versions} == {"a==1", "c==1"}


def test_the_nearest_python_that_all_admit(index):
    oracle = PipOracle(index, python="3.12")
    answer = oracle.ask([python_is("A", ">=3.14"), demand("A", "new")], {})
    assert isinstance(answer, Satisfied) and answer.witness.python == "3.14"


def test_no_python_for_all_is_refuted_without_asking(index):
    oracle = PipOracle(index, binary="/nonexistent/uv")
    answer = oracle.ask([python_is("A", ">=3.12,<3.13"), python_is("B", ">=3.13")], {})
    assert isinstance(answer, Refuted) and answer.packages == (PYTHON,)


def test_what_the_index_lacks_is_unknown_and_blamed(index):
    lost = demand("A", "nowhere")
    answer = PipOracle(index).ask([lost, demand("B", "b")], {})
    assert isinstance(answer, Unknown)
    assert answer.named == {lost} and "nowhere" in answer.reason and not answer.everywhere


def test_offline_with_an_empty_cache_is_unknown(tmp_path, uv_cache):
    answer = PipOracle(Index(offline=True)).ask([demand("A", "flask")], {})
    assert isinstance(answer, Unknown) and "network is off" in answer.reason


def test_an_index_that_cannot_be_reached_is_unknown_everywhere(uv_cache, monkeypatch):
    monkeypatch.setenv("UV_HTTP_RETRIES", "0")
    answer = PipOracle(Index(url="http://127.0.0.1:9/simple")).ask([demand("A", "flask")], {})
    assert isinstance(answer, Unknown) and answer.everywhere


def script(folder: Path, body: str) -> str:
    path = folder / "uv"
    path.write_text(f"#!{sys.executable}\nimport os, sys, time\n{body}\n")
    path.chmod(0o755)
    return str(path)


FAILURES = [
    ("time.sleep(60)", "in time"),
    ("os.kill(os.getpid(), 11)", "signal 11"),
    ("sys.exit(2)", "exit code 2"),
    ("sys.stderr.write('error: something new\\n'); sys.exit(1)", "something new"),
    ("print('a==1'); sys.exit(1)", "exit code 1"),
    ("sys.stdout.buffer.write(b'\\xff\\xfe==\\x00'); sys.exit(0)", "does not meet"),
    ("print('b==1')", "does not meet"),
    ("print('a==3')", "does not meet"),
    (
        "sys.stderr.write('error: No solution found when resolving dependencies\\n  cause: Because a was not found in "
        "the cache and you require a, we can conclude that your requirements are unsatisfiable.\\n'); sys.exit(1)",
        "not in the cache",
    ),
]


@pytest.mark.parametrize(("body", "reason"), FAILURES)
def test_an_oracle_that_hangs_crashes_or_lies_makes_a_verdict_undecided(tmp_path, body, reason):
    oracle = PipOracle(Index(), binary=script(tmp_path, body), seconds=2, cache=AnswerCache(tmp_path / "cache"))
    answer = oracle.ask([demand("A", "a", "<3")], {})
    assert isinstance(answer, Unknown) and reason in answer.reason
    if "does not meet" not in reason:
        assert not list((tmp_path / "cache").rglob("*.json")), "a failure is not to be remembered"


def test_a_hanging_uv_leaves_no_process_behind(tmp_path):
    note = tmp_path / "pid"
    body = f"open({str(note)!r}, 'w').write(str(os.getpid())); time.sleep(60)"
    PipOracle(Index(), binary=script(tmp_path, body), seconds=1).ask([demand("A", "a")], {})
    with pytest.raises(ProcessLookupError):
        os.kill(int(note.read_text()), 0)


def test_answers_are_cached_by_content(index, tmp_path):
    cache = AnswerCache(tmp_path)
    demands = [demand("A", "a", "<2"), demand("B", "b")]
    first = PipOracle(index, cache=cache)
    again = PipOracle(index, cache=cache)
    assert first.ask(demands, {}) == again.ask(demands, {})
    assert (first.cached, again.cached) == (0, 1)
    again.ask([demand("A", "a", "<3"), demand("B", "b")], {})
    assert again.cached == 1
    assert PipOracle(index, cache=cache, index_content="changed").ask(demands, {}) and again.cached == 1


def test_credentials_appear_nowhere(tmp_path):
    secret = "s3cr3t-t0ken"
    body = (
        "sys.stderr.write('error: Failed to fetch: `' + [a for a in sys.argv if 'index.example' in a][0] "
        "+ 'flask/?token=s3cr3t-t0ken`\\n'); sys.exit(2)"
    )
    url = f"https://user:{secret}@index.example/simple?token={secret}"
    oracle = PipOracle(Index(url=url), binary=script(tmp_path, body), cache=AnswerCache(tmp_path / "cache"))
    demands = [demand("A", "flask")]
    answer = oracle.ask(demands, {})
    kept = b"".join(p.read_bytes() for p in (tmp_path / "cache").rglob("*") if p.is_file())
    for text in (repr(answer), repr(oracle), oracle.replay(demands), oracle.setting(demands), kept.decode()):
        assert secret not in text
    assert "index.example" in oracle.replay(demands)


def test_a_replay_shows_the_same_with_uv_alone(index, tmp_path):
    from resolvers.pip.uv.command import uv_binary

    limited = demand("C", "c", "<2").requirement
    limits = Demand("C", Requirement(limited.package, "<2", limited.origin, force=Force.LIMITS))
    environment = os.environ | {"PATH": f"{Path(uv_binary()).parent}:{os.environ['PATH']}"}
    for demands, code in (([demand("A", "a"), demand("B", "b")], 0), ([demand("B", "b"), limits], 1)):
        command = PipOracle(index).replay(demands)
        shell = ["sh", "-c", command]
        run = subprocess.run(shell, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
        assert run.returncode == code, run.stderr
        assert ("unsatisfiable" in run.stderr) == bool(code)


def test_an_answer_found_with_the_network_serves_without_it(index, tmp_path):
    cache, demands = AnswerCache(tmp_path), [demand("A", "a")]
    PipOracle(index, cache=cache).ask(demands, {})
    offline = PipOracle(replace(index, offline=True), cache=cache)
    assert isinstance(offline.ask(demands, {}), Satisfied) and offline.runs == 0


@pytest.mark.parametrize(
    ("places", "kept_for_ever"),
    [
        (Index(url="https://index.example/simple"), False),
        (Index(url="https://index.example/simple", exclude_newer="2026-08-24T00:00:00Z"), True),
        (Index(exclude_newer="2926-08-24T00:00:00Z"), False),
        (Index(url="file:///srv/simple"), True),
        (Index(url="file:///srv/simple", find_links=("https://index.example/files",)), False),
        (Index(), False),
    ],
)
def test_answers_that_may_change_are_kept_for_a_day(places, kept_for_ever):
    assert (_day(places) == "") is kept_for_ever


def test_what_no_index_has_is_unknown_behind_a_marker_too(index):
    plain = demand("A", "nowhere", ">=2").requirement
    lost = Demand("A", replace(plain, marker="python_version < '3.13'"))
    answer = PipOracle(index).ask([lost, demand("B", "b")], {})
    assert isinstance(answer, Unknown) and "nowhere" in answer.reason and answer.named == {lost}


@pytest.mark.parametrize("constraint", ["", ">=2", ">=2,<3", "==2"])
def test_what_no_index_has_is_unknown_with_an_extra_too(index, constraint):
    lost = with_extra(demand("A", "nowhere", constraint))
    answer = PipOracle(index).ask([lost, demand("B", "b")], {})
    assert isinstance(answer, Unknown) and "nowhere is not in the index" in answer.reason and answer.named == {lost}


@pytest.mark.parametrize("constraint", ["", ">=2", ">=2,<3", "==2"])
def test_what_the_cache_lacks_is_unknown_with_an_extra_too(tmp_path, uv_cache, constraint):
    lost, cache = with_extra(demand("A", "flask", constraint)), AnswerCache(tmp_path / "answers")
    for _ in range(2):
        oracle = PipOracle(Index(offline=True), cache=cache)
        answer = oracle.ask([lost], {})
        assert isinstance(answer, Unknown) and "network is off" in answer.reason and answer.named == {lost}
        # What the cache lacks today it may hold tomorrow.
        assert oracle.runs


def test_a_contradiction_with_an_extra_is_one(index):
    answer = PipOracle(index).ask([with_extra(demand("A", "a", "<2")), demand("B", "b")], {})
    assert isinstance(answer, Refuted) and [p.name for p in answer.packages] == ["c"]


def with_extra(plain: Demand) -> Demand:
    return replace(plain, requirement=replace(plain.requirement, extras=("more",)))


def test_a_package_from_a_folder_is_met_where_nobody_takes_it_from_the_index(index):
    plain = demand("A", "c").requirement
    sibling = Demand("A", replace(plain, source=Source("path", "lib")))
    assert isinstance(PipOracle(index).ask([sibling, demand("A", "early", ">=1.0rc1")], {}), Satisfied)
    assert isinstance(PipOracle(index).ask([sibling, demand("B", "b")], {}), Unknown)


def test_two_sources_of_one_package_are_replayed_as_they_stand():
    plain = demand("A", "lib").requirement
    refs = [Demand("A", replace(plain, source=Source("git", "github.example/org/lib", ref))) for ref in ("v1", "v2")]
    command = PipOracle(Index()).replay(refs)
    assert all(f"lib @ git+https://github.example/org/lib@{ref}" in command for ref in ("v1", "v2"))
