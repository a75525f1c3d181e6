"""``poetry.lock``: sources, optional dependencies, roots beside the lock, and what proves it closed."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.errors import ManifestError
from analyzer.requirement import Source
from analyzer.service import Platform
from resolvers.pip.declared import Choice, Context, Declared
from resolvers.pip.locks.poetry_lock import read_poetry_lock
from resolvers.tree import Tree

PROJECT = (
    '[tool.poetry]\nname = "p"\n[tool.poetry.dependencies]\npython = "^3.9"\na = { version = "^1", extras = ["x"] }\n'
)


def read(root: Path, text: str, *, lock: str = "2.1", project: str = PROJECT, **choice: tuple[str, ...]) -> Declared:
    (root / "poetry.lock").write_text(f'{text}\n[metadata]\nlock-version = "{lock}"\npython-versions = "^3.9"\n')
    if project:
        (root / "pyproject.toml").write_text(project)
    context = Context(Tree(root), Platform(), ("3.11",), "3.11", Choice(**choice))
    return read_poetry_lock(context, "poetry.lock")


def package(name: str, rest: str = "", version: str = "1", groups: str = '["main"]') -> str:
    return f'[[package]]\nname = "{name}"\nversion = "{version}"\ngroups = {groups}\n{rest}\n'


def names(declared: Declared) -> set[str]:
    return {str(item.candidate) for item in declared.locked or ()}


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            'type = "git"\nurl = "https://u:p@host.example/o/r.git"\nreference = "main"\nresolved_reference = "abc"',
            Source("git", "host.example/o/r", "abc"),
        ),
        ('type = "git"\nurl = "git@host.example:o/r.git"\nreference = "v1"', Source("git", "host.example/o/r", "v1")),
        ('type = "url"\nurl = "https://host.example/a.zip?token=t"', Source("url", "https://host.example/a.zip")),
        ('type = "directory"\nurl = "lib/a"', Source("path", "lib/a")),
        ('type = "file"\nurl = "a.whl.tar.gz"', Source("path", "a.whl.tar.gz")),
        ('type = "legacy"\nurl = "https://u:p@index.example/simple"', None),
    ],
)
def test_sources(source: str, expected: Source | None, tmp_path: Path) -> None:
    declared = read(tmp_path, package("a", f"[package.source]\n{source}"))
    assert [item.source for item in declared.locked or ()] == [expected]


@pytest.mark.parametrize(
    ("markers", "choice", "taken"),
    [
        ("markers = \"sys_platform == 'win32'\"", {}, False),
        ("markers = \"extra == 'x'\"", {}, False),
        ("markers = \"extra == 'x'\"", {"extras": ("X",)}, True),
        ("markers = { main = \"python_version < '3'\", dev = \"python_version > '3'\" }", {}, False),
        ("markers = { main = \"python_version < '3'\", dev = \"python_version > '3'\" }", {"groups": ("dev",)}, True),
        ("markers = { main = \"python_version < '3'\" }", {"groups": ("dev",)}, True),
    ],
)
def test_markers_and_groups_select(
    markers: str, choice: dict[str, tuple[str, ...]], taken: bool, tmp_path: Path
) -> None:
    assert bool(read(tmp_path, package("a", markers, groups='["main", "dev"]'), **choice).locked) is taken


OPTIONAL = '[package.dependencies]\nb = { version = "*", optional = true%s }\n[package.extras]\nx = ["b (>=1)"]'


@pytest.mark.parametrize("marker", ["", ", markers = \"extra == 'x'\""])
@pytest.mark.parametrize("lock", ["1.1", "2.0"])
def test_an_extra_that_the_project_asks_for_brings_its_dependency(lock: str, marker: str, tmp_path: Path) -> None:
    text = package("a", OPTIONAL % marker) + package("b") + package("c")
    declared = read(tmp_path, text, lock=lock)
    assert (names(declared), declared.closed) == ({"a==1", "b==1"}, True)
    assert [item.extras for item in declared.locked or ()] == [("x",), ()]
    without = read(tmp_path, text, lock=lock, project=PROJECT.replace('["x"]', "[]"))
    assert names(without) == {"a==1"}


@pytest.mark.parametrize(
    ("text", "closed", "reasons"),
    [
        (package("a", '[package.dependencies]\nb = "^1"') + package("b", version="1.9"), True, []),
        (package("a", '[package.dependencies]\nb = "^1 || ^3"') + package("b", version="3.1"), True, []),
        (package("a", '[package.dependencies]\nb = "^1 || ^3"') + package("b", version="2"), False, []),
        (
            package("a", '[package.dependencies]\nb = [{ version = "2", python = "<3.10" }, "1"]') + package("b"),
            True,
            [],
        ),
        (package("a", '[package.dependencies]\nb = "*"'), False, ["is depended on, but is not in the lock"]),
        (
            package("a", '[package.dependencies]\nb = "*"') + package("b", groups='["dev"]'),
            False,
            ["is depended on, but is not in the lock"],
        ),
        (
            package("a", "[package.dependencies]\nb = 1"),
            False,
            ["package[0].dependencies.b is an integer, not a table"],
        ),
    ],
)
def test_what_proves_a_lock_closed(text: str, closed: bool, reasons: list[str], tmp_path: Path) -> None:
    declared = read(tmp_path, text)
    assert (declared.closed, [s.reason for s in declared.skipped]) == (closed, reasons)


def test_an_old_lock_without_its_project_is_taken_whole_and_says_so(tmp_path: Path) -> None:
    declared = read(tmp_path, package("a") + package("b"), lock="2.0", project="")
    assert names(declared) == {"a==1", "b==1"}
    assert [s.incomplete for s in declared.skipped] == [True] and not declared.closed


def test_a_bad_requirement_of_the_project_costs_only_itself(tmp_path: Path) -> None:
    project = (
        '[project]\nname = "p"\ndependencies = ["a", "b @@", "p[more]"]\n'
        '[project.optional-dependencies]\nmore = ["c"]\n'
    )
    declared = read(tmp_path, package("a") + package("c"), lock="2.0", project=project)
    assert names(declared) == {"a==1", "c==1"}
    assert [str(s.origin) for s in declared.skipped] == ["pyproject.toml:3"]


def test_the_interpreter_is_what_the_lock_says(tmp_path: Path) -> None:
    assert [str(r) for r in read(tmp_path, package("a")).interpreter] == ["python>=3.9,<4.0"]


def test_an_unknown_lock_version_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"poetry.lock:\d+: is no poetry.lock of version 1 or 2"):
        read(tmp_path, package("a"), lock="3.0")
