"""``uv.lock``: members, sources, conflicts, and what proves a lock closed."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from analyzer.errors import ManifestError
from analyzer.requirement import Source
from analyzer.service import Platform
from resolvers.pip.declared import Choice, Context, Declared
from resolvers.pip.locks.uv_lock import read_uv_lock
from resolvers.tree import Tree

WORKSPACE = Path(__file__).parents[4] / "fixtures" / "pypi" / "locks" / "uv-workspace"
OWN = '[[package]]\nname = "p"\nversion = "1"\nsource = { editable = "." }\n'


def context(root: Path, **choice: tuple[str, ...]) -> Context:
    return Context(Tree(root), Platform(), ("3.11",), "3.11", Choice(**choice))


def read(root: Path, text: str, head: str = "version = 1", **choice: tuple[str, ...]) -> Declared:
    (root / "uv.lock").write_text(f"{head}\n{text}")
    return read_uv_lock(context(root, **choice), "uv.lock")


def needing(*names: str, rest: str) -> str:
    edges = ", ".join(f"{{ name = '{name}' }}" for name in names)
    return f"{OWN}dependencies = [{edges}]\n{rest}"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('{ git = "https://u:p@host.example/o/r.git?rev=v1#abc123" }', Source("git", "host.example/o/r", "abc123")),
        (
            '{ git = "https://host.example/o/r?subdirectory=lib%2Fx&tag=1#abc" }',
            Source("git", "host.example/o/r#subdirectory=lib/x", "abc"),
        ),
        ('{ git = "ssh://git@host.example/o/r?branch=b#abc" }', Source("git", "host.example/o/r", "abc")),
        ('{ url = "https://u:p@host.example/a-1.zip?token=t" }', Source("url", "https://host.example/a-1.zip")),
        ('{ path = "wheels/a.tar.gz" }', Source("path", "wheels/a.tar.gz")),
        ('{ directory = "./lib//a" }', Source("path", "lib/a")),
        ('{ registry = "https://u:p@index.example/simple" }', None),
    ],
)
def test_sources(source: str, expected: Source | None, tmp_path: Path) -> None:
    declared = read(tmp_path, needing("a", rest=f'[[package]]\nname = "a"\nversion = "1"\nsource = {source}\n'))
    assert [item.source for item in declared.locked or ()] == [expected]
    assert declared.closed


def test_a_workspace_member_brings_its_siblings_and_their_extras() -> None:
    declared = read_uv_lock(context(WORKSPACE), "uv.lock", "services/api")
    siblings = {str(i.candidate): (i.source, i.extras) for i in declared.locked or () if i.source}
    assert siblings == {"common==2.0": (Source("path", "libs/common"), ("text",))}
    assert declared.distribution == "api"
    assert [str(r) for r in declared.interpreter] == ["python>=3.9"]
    assert declared.closed


def test_a_lock_in_a_subfolder_gives_paths_of_the_tree() -> None:
    declared = read_uv_lock(context(WORKSPACE.parent), "uv-workspace/uv.lock", "services/worker")
    assert Source("path", "uv-workspace/libs/common") in [item.source for item in declared.locked or ()]


def test_groups_of_a_root_that_is_no_project_are_chosen_by_name() -> None:
    names = {
        i.candidate.package.name for i in read_uv_lock(context(WORKSPACE, groups=("docs",)), "uv.lock").locked or ()
    }
    assert {"markdown", "redis", "six"} <= names


def test_extras_that_exclude_each_other_are_reported() -> None:
    declared = read_uv_lock(context(WORKSPACE, extras=("old", "new")), "uv.lock", "services/api")
    assert [s.reason for s in declared.skipped] == ["is locked at 24.2 and at 23.2 for one environment"]
    assert not declared.closed


def test_a_member_that_the_lock_does_not_know_is_an_error() -> None:
    with pytest.raises(ManifestError, match="has no package for the project in services/none"):
        read_uv_lock(context(WORKSPACE), "uv.lock", "services/none")


def test_another_platform_than_the_locked_ones_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match=r"uv.lock:2: is not locked for Python 3.11 on linux/x86_64"):
        read(tmp_path, OWN, "version = 1\nsupported-markers = [\"sys_platform == 'win32'\"]")


A = '[[package]]\nname = "a"\nversion = "1"\n'


@pytest.mark.parametrize(
    ("head", "text", "closed", "reasons"),
    [
        ("version = 1", needing("a", rest=A), True, []),
        ("version = 1", needing("a", "b", rest=A), False, ["is depended on, but is not in the lock"]),
        ('version = 1\nrequires-python = ">=3.12"', needing("a", rest=A), False, []),
        ('version = 1\nrequires-python = ">=3.11.4"', needing("a", rest=A), True, []),
        ('version = 1\nrequires-python = "nonsense"', needing("a", rest=A), False, ["is no PEP 440 specifier set"]),
        ('version = 1\n[manifest]\noverrides = [{ name = "a" }]', needing("a", rest=A), False, []),
        (
            "version = 1",
            needing("a", rest='[package.metadata]\nrequires-dist = [{ name = "A", specifier = ">=2" }]\n' + A),
            False,
            [],
        ),
        (
            "version = 1",
            needing(
                "a",
                rest="[package.metadata]\n"
                "requires-dist = [{ name = 'a', specifier = '>=2', marker = \"extra == 'x'\" }]\n" + A,
            ),
            True,
            [],
        ),
    ],
)
def test_what_proves_a_lock_closed(head: str, text: str, closed: bool, reasons: list[str], tmp_path: Path) -> None:
    declared = read(tmp_path, text, head)
    assert (declared.closed, [s.reason for s in declared.skipped]) == (closed, reasons)


def test_a_script_is_its_own_root(tmp_path: Path) -> None:
    head = 'version = 1\n[manifest]\nrequirements = [{ name = "a", specifier = ">=1" }]'
    assert [str(item.candidate) for item in read(tmp_path, A, head).locked or ()] == ["a==1"]


def test_a_lock_outside_its_requires_python_still_tells_its_python() -> None:
    older = replace(context(WORKSPACE), python="3.8", pythons=("3.8",))
    assert not read_uv_lock(older, "uv.lock", "services/worker").closed
