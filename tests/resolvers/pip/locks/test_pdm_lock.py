"""``pdm.lock``: sources, extras as entries of their own, roots beside the lock, targets."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.requirement import Source
from analyzer.service import Platform
from resolvers.pip.declared import Choice, Context, Declared
from resolvers.pip.locks.pdm_lock import read_pdm_lock
from resolvers.tree import Tree

TARGET = '[[metadata.targets]]\nrequires_python = ">=3.9"\n'


def read(
    root: Path, text: str, *, strategy: str = '["inherit_metadata"]', targets: str = TARGET, **choice: tuple[str, ...]
) -> Declared:
    head = f'[metadata]\nlock_version = "4.5.0"\nstrategy = {strategy}\n{targets}'
    (root / "pdm.lock").write_text(f"{head}\n{text}")
    return read_pdm_lock(Context(Tree(root), Platform(), ("3.11",), "3.11", Choice(**choice)), "pdm.lock")


def package(name: str, rest: str = "", version: str = "1") -> str:
    return f'[[package]]\nname = "{name}"\nversion = "{version}"\ngroups = ["default"]\n{rest}\n'


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (
            'git = "https://u:p@host.example/o/r"\nrevision = "abc"\nref = "main"\nsubdirectory = "x"',
            Source("git", "host.example/o/r#subdirectory=x", "abc"),
        ),
        ('url = "https://host.example/a.zip?token=t"', Source("url", "https://host.example/a.zip")),
        ('path = "./lib/a"', Source("path", "lib/a")),
        ("", None),
    ],
)
def test_sources(source: str, expected: Source | None, tmp_path: Path) -> None:
    assert [item.source for item in read(tmp_path, package("a", source)).locked or ()] == [expected]


def test_an_extra_is_part_of_its_package(tmp_path: Path) -> None:
    text = (
        package("a", 'dependencies = ["b>=1"]')
        + package("a", 'extras = ["X"]\ndependencies = ["c<2", "a==1"]')
        + package("b")
        + package("c")
    )
    declared = read(tmp_path, text)
    assert [(str(i.candidate), i.extras, i.origin.line) for i in declared.locked or ()] == [
        ("a==1", ("x",), 7),
        ("b==1", (), 18),
        ("c==1", (), 23),
    ]
    assert declared.closed


@pytest.mark.parametrize(
    ("text", "targets", "closed", "python"),
    [
        (package("a", "dependencies = [\"b>=2; sys_platform == 'win32'\"]"), TARGET, True, ["python>=3.9"]),
        (package("a", 'dependencies = ["b>=2"]') + package("b"), TARGET, False, ["python>=3.9"]),
        (package("a", 'dependencies = ["b"]'), TARGET, False, ["python>=3.9"]),
        (package("a"), "", True, []),
        (package("a"), TARGET + 'platform = "macos_arm64"\n', False, ["python>=3.9"]),
        (package("a"), TARGET + TARGET, True, []),
        (package("a"), '[[metadata.targets]]\nrequires_python = ">=3.12"\n', False, ["python>=3.12"]),
    ],
)
def test_what_proves_a_lock_closed(text: str, targets: str, closed: bool, python: list[str], tmp_path: Path) -> None:
    declared = read(tmp_path, text, targets=targets)
    assert (declared.closed, [str(r) for r in declared.interpreter]) == (closed, python)


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        ({}, {"a"}),
        ({"extras": ("x",)}, {"a", "b"}),
        ({"groups": ("all",)}, {"a", "c"}),
        ({"groups": ("old",)}, {"a", "d"}),
    ],
)
def test_without_inherited_groups_the_project_tells(
    choice: dict[str, tuple[str, ...]], names: set[str], tmp_path: Path
) -> None:
    (tmp_path / "pyproject.toml").write_text(
        '[project]\nname = "p"\ndependencies = ["a"]\n[project.optional-dependencies]\nx = ["b"]\n'
        '[dependency-groups]\ntest = ["c"]\nall = [{ include-group = "test" }]\n'
        '[tool.pdm.dev-dependencies]\nold = ["d"]\n'
    )
    declared = read(tmp_path, "".join(map(package, "abcd")), strategy="[]", **choice)
    assert {item.candidate.package.name for item in declared.locked or ()} == names


def test_a_dependency_that_is_none_costs_its_package(tmp_path: Path) -> None:
    declared = read(tmp_path, package("a", 'dependencies = ["b @@ c"]') + package("d"))
    assert [str(item.candidate) for item in declared.locked or ()] == ["d==1"]
    assert [(s.what, s.origin.line) for s in declared.skipped] == [("a", 11)]
