"""``Pipfile.lock``: sections, sources, exact lines, repeated keys."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analyzer.errors import ManifestError
from analyzer.requirement import Source
from analyzer.service import Platform
from resolvers.pip.declared import Choice, Context, Declared
from resolvers.pip.locks.pipfile_lock import read_pipfile_lock
from resolvers.tree import Tree

PIPENV = Path(__file__).parents[4] / "fixtures" / "pypi" / "locks" / "pipenv"


def read(root: Path, content: str | dict[str, Any], *, os: str = "linux", **choice: tuple[str, ...]) -> Declared:
    text = content if isinstance(content, str) else json.dumps(content, indent=2)
    (root / "Pipfile.lock").write_text(text)
    return read_pipfile_lock(Context(Tree(root), Platform(os=os), ("3.11",), "3.11", Choice(**choice)), "Pipfile.lock")


@pytest.mark.parametrize(("section", "groups"), [("default", ()), ("docs", ("docs",))])
def test_the_lock_installs_what_pipenv_says(section: str, groups: tuple[str, ...]) -> None:
    context = Context(Tree(PIPENV), Platform(), ("3.11",), "3.11", Choice(groups=groups))
    declared = read_pipfile_lock(context, "Pipfile.lock")
    lines = (PIPENV / f"{section}.txt").read_text().splitlines()
    pinned = {line.partition(";")[0] for line in lines if "==" in line.partition(";")[0]}
    found = {str(i.as_requirement()) for i in declared.locked or ()}
    assert pinned <= found
    assert section != "default" or pinned == found
    text = (PIPENV / "Pipfile.lock").read_text().splitlines()
    for item in declared.locked or ():
        assert text[item.origin.line - 1].strip() == f'"{item.candidate.package.name}": {{'
    assert [str(r) for r in declared.interpreter] == ["python==3.11.*"]
    assert not declared.closed and declared.skipped == ()


@pytest.mark.parametrize(
    ("item", "expected"),
    [
        ({"git": "https://u:p@host.example/o/r.git", "ref": "abc"}, ("", Source("git", "host.example/o/r", "abc"))),
        ({"file": "https://host.example/a.zip?token=t"}, ("", Source("url", "https://host.example/a.zip"))),
        ({"path": "./lib", "editable": True}, ("", Source("path", "lib"))),
        ({"version": "==1.0"}, ("1.0", None)),
        ({"version": "===1.0"}, ("1.0", None)),
    ],
)
def test_sources(item: dict[str, Any], expected: tuple[str, Source | None], tmp_path: Path) -> None:
    declared = read(tmp_path, {"default": {"a": item}})
    assert [(i.candidate.version, i.source) for i in declared.locked or ()] == [expected]


def test_the_project_itself_is_left_out(tmp_path: Path) -> None:
    declared = read(tmp_path, {"default": {"a": {"path": ".", "editable": True}}})
    assert declared.locked == () and declared.skipped == ()


@pytest.mark.parametrize("group", ["dev", "develop", "dev-packages"])
def test_development_is_a_group(group: str, tmp_path: Path) -> None:
    content = {"default": {}, "develop": {"a": {"version": "==1"}}}
    assert len(read(tmp_path, content, groups=(group,)).locked or ()) == 1
    assert read(tmp_path, content).locked == ()


def test_of_equal_keys_the_last_counts_and_the_others_are_noted(tmp_path: Path) -> None:
    text = '{"default": {\n"a": {"version": "==1"},\n"b": {"version": "==1"},\n"a": {"version": "==2"}}}'
    declared = read(tmp_path, text)
    assert [(str(i.candidate), i.origin.line) for i in declared.locked or ()] == [("a==2", 4), ("b==1", 3)]
    assert [(s.what, s.reason, s.origin.line, s.incomplete) for s in declared.skipped] == [
        ("a", "is replaced by line 4", 2, False)
    ]


def test_one_package_under_two_spellings_is_reported(tmp_path: Path) -> None:
    declared = read(tmp_path, {"default": {"A-b": {"version": "==1"}, "a_b": {"version": "==2"}}})
    assert [(s.reason, s.origin.line) for s in declared.skipped] == [("is locked at 1 and at 2 for one environment", 6)]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ({"version": "*"}, "is not pinned to a version"),
        ({"version": ">=1"}, "is not pinned to a version"),
        ({}, "is not pinned to a version"),
        ("==1", "a is of the wrong type"),
        ({"version": 1}, "version is of the wrong type"),
        ({"version": "==1", "extras": [1]}, "extras holds something that is no text"),
        ({"version": "==1", "markers": "nonsense"}, "has a marker that cannot be evaluated"),
        ({"path": "../../etc"}, "leads out of the audited folder"),
    ],
)
def test_a_bad_item_costs_itself(item: Any, reason: str, tmp_path: Path) -> None:
    declared = read(tmp_path, {"default": {"a": item, "b": {"version": "==1"}}})
    assert [str(i.candidate) for i in declared.locked or ()] == ["b==1"]
    assert [(s.reason, s.origin.line) for s in declared.skipped] == [(reason, 3)]


@pytest.mark.parametrize(("text", "line"), [('{\n"default": {\n,', 3), ("[\n]", 1), ('{"default": []}', 0)])
def test_what_is_no_lock_is_an_error(text: str, line: int, tmp_path: Path) -> None:
    with pytest.raises(ManifestError) as raised:
        read(tmp_path, text)
    assert raised.value.origin.line == line
