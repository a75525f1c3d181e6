"""The index that other tests resolve against says what its distributions say."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.local_index import (
    Distribution,
    build_index,
    frozen,
    load_distributions,
    save_distributions,
)

ELSEWHERE = ("cp312-cp312-win_amd64",)
UNIVERSE = (
    Distribution("app", "1.0", ("lib-b<2; extra == 'old'", "Lib_B>=1")),
    Distribution("Lib.B", "1.0"),
    Distribution("lib-b", "2.0", requires_python=">=3.8"),
    Distribution("lib-b", "2.1", requires_python=">=3.13"),
    Distribution("lib-b", "2.2", yanked=True),
    Distribution("lib-b", "2.3", tags=ELSEWHERE),
    Distribution("source", "1.0", ("lib-b",), tags=(), sdist=True),
    Distribution("unbuilt", "1.0", tags=(), sdist=True, dynamic=True),
)


def resolve(index: Path, requirements: str, *options: str) -> list[str]:
    uv = str(Path(sys.executable).parent / "uv")
    fixed = "--no-config --no-header --no-annotate --python-version 3.12 --python-platform x86_64-manylinux_2_28"
    chosen = ["--python", sys.executable, "--index-url", index.as_uri(), "--cache-dir", str(index.parent / "cache")]
    command = [uv, "pip", "compile", *fixed.split(), *chosen, *options, "-"]
    return subprocess.run(command, input=requirements, capture_output=True, text=True, check=False).stdout.split()


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build_index(tmp_path_factory.mktemp("index"), UNIVERSE)


@pytest.mark.parametrize(
    ("requirements", "options", "pins"),
    [
        ("app", (), ["app==1.0", "lib-b==2.0"]),
        ("app[old]", (), ["app==1.0", "lib-b==1.0"]),
        ("lib-b==2.2", (), ["lib-b==2.2"]),
        ("lib-b==2.1", (), []),
        ("lib-b==2.3", (), []),
        ("source", (), ["lib-b==2.0", "source==1.0"]),
        ("source", ("--no-build",), []),
        ("unbuilt", ("--no-build",), []),
        ("absent", (), []),
    ],
)
def test_uv_reads_the_index(index: Path, requirements: str, options: tuple[str, ...], pins: list[str]) -> None:
    assert resolve(index, requirements, *options) == pins


def test_same_distributions_same_bytes(tmp_path: Path) -> None:
    one, other = build_index(tmp_path / "one", UNIVERSE), build_index(tmp_path / "other", reversed(UNIVERSE))
    assert one.relative_to(tmp_path / "one") == other.relative_to(tmp_path / "other")
    assert _content(one) == _content(other)


def test_an_index_is_written_once(tmp_path: Path) -> None:
    first = build_index(tmp_path, UNIVERSE)
    written = (first / "app" / "index.html").stat().st_mtime_ns
    assert build_index(tmp_path, UNIVERSE) == first
    assert (first / "app" / "index.html").stat().st_mtime_ns == written
    assert build_index(tmp_path, UNIVERSE[1:]) != first


def _content(root: Path) -> dict[str, bytes]:
    return {str(file.relative_to(root)): file.read_bytes() for file in root.rglob("*") if file.is_file()}


names = st.from_regex(r"[a-z]([a-z0-9-]{0,8}[a-z0-9])?", fullmatch=True)
distributions = st.builds(
    Distribution,
    names,
    st.sampled_from(["1", "2.0", "3.1b2", "1!0.5", "4.post1"]),
    st.lists(names.map(lambda name: f"{name}>=1"), max_size=2).map(tuple),
    st.sampled_from(["", ">=3.8"]),
    st.sampled_from([("py3-none-any",), ()]),
    st.booleans(),
    st.booleans(),
    st.booleans(),
)


@given(st.lists(distributions, unique_by=lambda d: (d.project, d.version)))
def test_what_is_saved_is_loaded(tmp_path_factory: pytest.TempPathFactory, universe: list[Distribution]) -> None:
    file = tmp_path_factory.getbasetemp() / "universe.jsonl"
    save_distributions(file, universe)
    assert set(load_distributions(file)) == set(universe)


def test_the_frozen_index_has_every_version_once() -> None:
    identities = [(d.project, d.version) for d in frozen()]
    assert len(identities) == len(set(identities)) > 500
