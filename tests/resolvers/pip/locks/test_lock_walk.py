"""What a lock installs, against what the tool that wrote it says; and every lock broken in every way."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.requirements import Requirement as Specifier

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.service import Platform
from resolvers.pip import target
from resolvers.pip.declared import Choice, Context, Declared
from resolvers.pip.locks.lock_entry import Edge, Entries, Entry
from resolvers.pip.locks.lock_marker import Situation
from resolvers.pip.locks.lock_walk import walk
from resolvers.pip.locks.pdm_lock import read_pdm_lock
from resolvers.pip.locks.pipfile_lock import read_pipfile_lock
from resolvers.pip.locks.poetry_lock import read_poetry_lock
from resolvers.pip.locks.pylock import read_pylock
from resolvers.pip.locks.uv_lock import read_uv_lock
from resolvers.tree import Tree

LOCKS = Path(__file__).parents[4] / "fixtures" / "pypi" / "locks"
Reader = Callable[[Context, str], Declared]


def member(name: str) -> Reader:
    return lambda context, path: read_uv_lock(context, path, name)


def reading(root: Path, python: str = "3.11", os: str = "linux", choice: Choice | None = None) -> Context:
    return Context(Tree(root), Platform(os=os), (python,), python, choice or Choice())


TRUTHS: list[tuple[Reader, str, str, Choice]] = [
    (member("services/api"), "uv-workspace/uv.lock", "api", Choice()),
    (member("services/api"), "uv-workspace/uv.lock", "api-admin-old", Choice(("admin", "old"))),
    (member("services/api"), "uv-workspace/uv.lock", "api-new", Choice(("new",))),
    (member("./services/worker/"), "uv-workspace/uv.lock", "worker", Choice()),
    (member("services/worker"), "uv-workspace/uv.lock", "worker-dev", Choice(groups=("dev",))),
    (member("."), "uv-workspace/uv.lock", "root", Choice()),
    *[
        (read_poetry_lock, f"poetry-{version}/poetry.lock", expected, choice)
        for version in ("1.1", "2.0", "2.1")
        for expected, choice in (
            ("main", Choice()),
            ("admin", Choice(("admin",))),
            ("dev", Choice(groups=("dev",))),
        )
    ],
    (read_pdm_lock, "pdm-4.5/pdm.lock", "default", Choice()),
    (read_pdm_lock, "pdm-4.5/pdm.lock", "admin", Choice(("admin",))),
    (read_pdm_lock, "pdm-4.5/pdm.lock", "dev", Choice(groups=("dev",))),
    (read_pylock, "pylock-uv/services/api/pylock.toml", "api-admin", Choice()),
]


@pytest.mark.parametrize("os", ["linux", "macos", "windows"])
@pytest.mark.parametrize("python", ["3.9", "3.10", "3.11", "3.12", "3.14"])
@pytest.mark.parametrize(
    ("reader", "lock", "expected", "choice"), TRUTHS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_lock_installs_what_its_own_tool_exports(
    reader: Reader, lock: str, expected: str, choice: Choice, python: str, os: str
) -> None:
    declared = reader(reading(LOCKS, python, os, choice), lock)
    lines = (LOCKS / lock).with_name(f"{expected}.txt").read_text().splitlines()
    environment = target.environment(Platform(os=os), python)
    exported = [Specifier(line) for line in lines if line.strip()]
    assert declared.locked is not None
    assert {str(item.candidate) for item in declared.locked if item.source is None} == {
        f"{r.name}{r.specifier}" for r in exported if r.marker is None or r.marker.evaluate(environment)
    }
    assert declared.skipped == ()


@pytest.mark.parametrize(("reader", "lock", "expected", "choice"), TRUTHS)
def test_origins_are_the_lines_of_the_packages(reader: Reader, lock: str, expected: str, choice: Choice) -> None:
    text = (LOCKS / lock).read_text().splitlines()
    for item in reader(reading(LOCKS, choice=choice), lock).locked or ():
        assert text[item.origin.line - 1].startswith("[[package")
        assert text[item.origin.line] == f'name = "{item.candidate.package.name}"'


LINUX = Situation(Platform(), "3.11")
AT = Origin("a.lock", 7)


def entry(name: str, version: str, *edges: str, fork: str = "", **optional: str) -> Entry:
    return Entry(
        name,
        version,
        Origin("a.lock", 1),
        tuple(Edge(edge, AT) for edge in edges),
        {extra: (Edge(wanted, AT),) for extra, wanted in optional.items()},
        environments=(fork,) if fork else (),
    )


def taken(entries: list[Entry], *roots: Edge, active: frozenset[str] = frozenset()) -> tuple[set[str], bool, list[str]]:
    found = walk(Entries(tuple(entries), left_out=frozenset({"reported"})), roots, LINUX, active)
    return {str(item.candidate) for item in found.locked}, found.closed, [s.reason for s in found.skipped]


@pytest.mark.parametrize(
    ("entries", "roots", "names", "closed", "reasons"),
    [
        ([entry("a", "1", "b"), entry("b", "2", "a"), entry("c", "3")], [Edge("a", AT)], {"a==1", "b==2"}, True, 0),
        ([entry("a", "1", "gone")], [Edge("a", AT)], {"a==1"}, False, 1),
        ([entry("a", "1", "reported")], [Edge("a", AT)], {"a==1"}, False, 0),
        ([entry("a", "1")], [Edge("a", AT, constraints=(">=2",))], {"a==1"}, False, 0),
        ([entry("a", "1")], [Edge("a", AT, constraints=(">=2", "<1.5"))], {"a==1"}, True, 0),
        ([entry("a", "2rc1")], [Edge("a", AT, constraints=(">=1",))], {"a==2rc1"}, True, 0),
        ([entry("a", "1"), entry("a", "2")], [Edge("a", AT)], {"a==2"}, True, 0),
        ([entry("a", "1"), entry("a", "2")], [Edge("a", AT), Edge("a", AT, version="1")], {"a==1"}, True, 0),
        ([entry("a", "1"), entry("a", "2")], [Edge("a", AT, version=v) for v in "12"], {"a==1"}, False, 1),
        ([entry("a", "1"), entry("a", "2")], [Edge("a", AT, constraints=("<2",))], {"a==1"}, True, 0),
        (
            [entry("a", "1", fork="python_version < '3.10'"), entry("a", "2", fork="python_version >= '3.10'")],
            [Edge("a", AT)],
            {"a==2"},
            True,
            0,
        ),
        (
            [entry("a", "1"), entry("b", "1")],
            [Edge("a", AT), Edge("b", AT, marker="os_name == 'nt'")],
            {"a==1"},
            True,
            0,
        ),
        ([entry("a", "1", x="b"), entry("b", "1")], [Edge("a", AT)], {"a==1"}, True, 0),
        ([entry("a", "1", x="b"), entry("b", "1")], [Edge("a", AT, ("x",))], {"a==1", "b==1"}, True, 0),
        (
            [entry("a", "1", x="b"), entry("b", "1", "c"), entry("c", "1")],
            [Edge("a", AT), Edge("a", AT, ("x",))],
            {"a==1", "b==1", "c==1"},
            True,
            0,
        ),
        ([entry("a", "1")], [Edge("a", AT, marker="nonsense")], set(), False, 1),
        ([entry("a", "1")], [Edge("a", AT, marker="(" * 5000)], set(), False, 1),
        ([entry("a", "1")], [Edge("a", AT, marker=f"python_version < '{'1' * 5000}'")], set(), False, 1),
        ([replace(entry("a", "1"), edges=None)], [Edge("a", AT)], {"a==1"}, False, 0),
        ([replace(entry("a", "1", "b"), installed=False), entry("b", "1")], [Edge("a", AT)], {"b==1"}, True, 0),
    ],
)
def test_what_a_walk_takes(
    entries: list[Entry], roots: list[Edge], names: set[str], closed: bool, reasons: int
) -> None:
    found = taken(entries, *roots)
    assert found[:2] == (names, closed)
    assert len(found[2]) == reasons


@pytest.mark.parametrize(
    ("marker", "active", "truth"),
    [
        ("extra == 'x'", {"x"}, True),
        ("extra == 'x' and extra == 'y'", {"x", "y"}, True),
        ("extra == 'x' and extra != 'y'", {"x", "y"}, False),
        ("'x' != extra", {"x"}, False),
        ("extra != 'x' or python_version < '3'", set(), True),
        ('extra == "X_1"', {"x-1"}, True),
        ("'x' in extras", {"x"}, True),
        ("platform_release >= 'a'", set(), False),
    ],
)
def test_extras_in_markers_are_a_set(marker: str, active: set[str], truth: bool) -> None:
    assert LINUX.holds(marker, AT, active) is truth


@given(
    st.dictionaries(st.sampled_from("abcdefgh"), st.lists(st.sampled_from("abcdefgh"), max_size=4), max_size=8),
    st.lists(st.sampled_from("abcdefgh"), max_size=3),
)
def test_a_walk_takes_what_can_be_reached(graph: dict[str, list[str]], roots: list[str]) -> None:
    reached, frontier = set(roots), list(roots)
    while frontier:
        fresh = set(graph.get(frontier.pop(), [])) - reached
        reached |= fresh
        frontier += fresh
    names, closed, _ = taken([entry(n, "1", *edges) for n, edges in graph.items()], *[Edge(r, AT) for r in roots])
    assert names == {f"{name}==1" for name in reached if name in graph}
    assert closed is (reached <= graph.keys())


def toml(value: Any) -> str:
    """A value as TOML writes it inline."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml(str(key))} = {toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml, value)) + "]"
    return json.dumps(value).replace("\x7f", "\\u007f")


def toml_file(data: dict[str, Any]) -> str:
    return "\n".join(f"{toml(key)} = {toml(value)}" for key, value in data.items())


def uv_data(**package: Any) -> dict[str, Any]:
    own = {"name": "p", "source": {"virtual": "."}, "dependencies": [{"name": "a"}]}
    return {"version": 1, "package": [own, {"name": "a", "version": "1", **package}]}


def poetry_data(**package: Any) -> dict[str, Any]:
    a = {"name": "a", "version": "1", "groups": ["main"], **package}
    return {"package": [a], "metadata": {"lock-version": "2.1"}}


def pdm_data(**package: Any) -> dict[str, Any]:
    a = {"name": "a", "version": "1", "groups": ["default"], **package}
    return {"metadata": {"lock_version": "4.5.0", "strategy": ["inherit_metadata"]}, "package": [a]}


def pylock_data(**package: Any) -> dict[str, Any]:
    wheel = {"name": "a-1-py3-none-any.whl", "url": "https://index.example/a", "hashes": {"sha256": "0"}}
    a = {"name": "a", "version": "1", "wheels": [wheel], **package}
    return {"lock-version": "1.0", "created-by": "us", "packages": [a]}


def pipfile_data(**package: Any) -> dict[str, Any]:
    return {"_meta": {"requires": {}}, "default": {"a": {"version": "==1", **package}}, "develop": {}}


Make = Callable[..., dict[str, Any]]
FORMATS: dict[str, tuple[Reader, Make, Callable[[Any], str]]] = {
    "uv.lock": (read_uv_lock, uv_data, toml_file),
    "poetry.lock": (read_poetry_lock, poetry_data, toml_file),
    "pdm.lock": (read_pdm_lock, pdm_data, toml_file),
    "pylock.toml": (read_pylock, pylock_data, toml_file),
    "Pipfile.lock": (read_pipfile_lock, pipfile_data, json.dumps),
}
EVERY = pytest.mark.parametrize("name", FORMATS)


def read(root: Path, name: str, content: str | bytes) -> Declared:
    (root / name).write_bytes(content.encode() if isinstance(content, str) else content)
    return FORMATS[name][0](reading(root), name)


@EVERY
def test_the_sound_lock_of_the_broken_ones_is_read(name: str, tmp_path: Path) -> None:
    declared = read(tmp_path, name, FORMATS[name][2](FORMATS[name][1]()))
    assert [str(item.candidate) for item in declared.locked or ()] == ["a==1"]
    assert declared.skipped == ()


@EVERY
@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"\xe9 = 1",
        b"\0",
        b"[1, 2",
        b"[]",
        b'"text"',
        b"{",
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"a = " + b"[" * 100_000,
        b"version = " + b"1" * 5000,
        b'{"default": ' + b"1" * 5000 + b"}",
        b"[[package]]\nname = ",
        b"package = 1",
        b'{"default": [], "_meta": 3}',
        b"metadata = []\npackages = 7\nversion = true",
    ],
)
def test_a_file_that_is_no_lock_is_one_manifest_error(name: str, content: bytes, tmp_path: Path) -> None:
    with pytest.raises(ManifestError) as raised:
        read(tmp_path, name, content)
    assert raised.value.origin.file == name


@EVERY
@pytest.mark.parametrize(
    "package",
    [
        {"version": "1" * 5000},
        {"version": "not a version"},
        {"version": "==" + "1" * 5000},
        {"version": 1},
        {"version": []},
        {"version": {"a": 1}},
    ],
    ids=str,
)
def test_a_package_without_a_version_costs_itself(name: str, package: dict[str, Any], tmp_path: Path) -> None:
    _, make, dump = FORMATS[name]
    content = dump(make(**package))
    try:
        declared = read(tmp_path, name, content)
    except ManifestError as error:
        assert name == "pylock.toml"  # PEP 751: an invalid file is an error as a whole.
        assert error.origin.line
        return
    assert declared.locked == () and not declared.closed
    assert [(s.what, s.incomplete, s.origin.line > 0) for s in declared.skipped] == [("a", True, True)]


KEYS = [
    "name",
    "version",
    "source",
    "dependencies",
    "optional-dependencies",
    "dev-dependencies",
    "metadata",
    "requires-dist",
    "marker",
    "markers",
    "extra",
    "extras",
    "specifier",
    "git",
    "url",
    "path",
    "editable",
    "virtual",
    "directory",
    "vcs",
    "archive",
    "registry",
    "groups",
    "python-versions",
    "optional",
    "default",
    "a",
    "resolution-markers",
    "requires-python",
    "requires_python",
    "targets",
    "strategy",
    "wheels",
    "sdist",
    "hashes",
    "subdirectory",
    "file",
    "ref",
]

ANY = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=12)
    | st.sampled_from(["a", "==1", "1", "extra == 'x'", "../..", "//", "https://u:p@h/x?t=s"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=3),
    max_leaves=8,
)


def without_none(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: without_none(item) for key, item in value.items() if item is not None}
    return [without_none(item) for item in value if item is not None] if isinstance(value, list) else value


@EVERY
@settings(max_examples=80, deadline=None)
@given(
    package=st.dictionaries(st.sampled_from(KEYS), ANY, max_size=4),
    top=st.dictionaries(
        st.sampled_from(
            [
                "manifest",
                "metadata",
                "conflicts",
                "environments",
                "_meta",
                "default",
                "extras",
                "requires-python",
                "supported-markers",
                "default-groups",
            ]
        ),
        ANY,
        max_size=2,
    ),
)
def test_whatever_stands_under_the_known_keys_only_what_is_promised_comes_out(
    tmp_path_factory: pytest.TempPathFactory, name: str, package: dict[str, Any], top: dict[str, Any]
) -> None:
    _, make, dump = FORMATS[name]
    content = dump(without_none({**make(**package), **top}))
    try:
        declared = read(tmp_path_factory.getbasetemp(), name, content)
    except ManifestError as error:
        assert error.origin.file == name
        return
    shown = [str(item.source) for item in declared.locked or ()] + [str(s) for s in declared.skipped]
    assert not any("u:p@" in text or "t=s" in text for text in shown)
    assert not (declared.closed and any(s.incomplete for s in declared.skipped))
