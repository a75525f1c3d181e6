"""``pylock.toml`` (PEP 751): selection, sources, and when the recorded dependencies prove it closed."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.errors import ManifestError
from analyzer.requirement import Source
from analyzer.service import Platform
from resolvers.pip.declared import Choice, Context, Declared
from resolvers.pip.locks.pylock import read_pylock
from resolvers.tree import Tree

HEAD = """\
lock-version = "1.0"
created-by = "us"
extras = ["x"]
dependency-groups = ["dev", "main"]
default-groups = ["main"]
"""


def read(
    root: Path, text: str, *, extras: tuple[str, ...] = (), groups: tuple[str, ...] = (), head: str = ""
) -> Declared:
    (root / "svc").mkdir()
    (root / "svc/pylock.toml").write_text(f"{HEAD}{head}\n{text}")
    context = Context(Tree(root), Platform(), ("3.11",), "3.11", Choice(extras, groups))
    return read_pylock(context, "svc/pylock.toml")


def package(name: str, rest: str = "", version: str = 'version = "1"') -> str:
    wheel = f'{{ url = "https://index.example/{name}-1-py3-none-any.whl", hashes = {{ sha256 = "0" }} }}'
    return f'[[packages]]\nname = "{name}"\n{version}\n{rest}\nwheels = [{wheel}]\n'


@pytest.mark.parametrize(
    ("choice", "names"),
    [
        ({}, {"a", "main"}),
        ({"extras": ("X",)}, {"a", "main", "x"}),
        ({"groups": ("dev",)}, {"a", "main", "dev"}),
    ],
)
def test_extras_and_groups_choose(choice: dict[str, tuple[str, ...]], names: set[str], tmp_path: Path) -> None:
    text = (
        package("a")
        + package("x", "marker = \"'x' in extras\"")
        + package("dev", "marker = \"'dev' in dependency_groups\"")
        + package("main", "marker = \"'main' in dependency_groups\"")
        + package("win", "marker = \"sys_platform == 'win32'\"")
    )
    assert {i.candidate.package.name for i in read(tmp_path, text, **choice).locked or ()} == names


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        (
            'vcs = { type = "git", url = "https://u:p@host.example/o/r", commit-id = "abc" }',
            Source("git", "host.example/o/r", "abc"),
        ),
        (
            'archive = { url = "https://u:p@host.example/a.zip", hashes = { sha256 = "00ff" } }',
            Source("url", "https://host.example/a.zip", "sha256:00ff"),
        ),
        ('archive = { path = "a.zip", hashes = { md5 = "0" } }', Source("path", "svc/a.zip")),
        ('directory = { path = "../lib", editable = true }', Source("path", "lib")),
    ],
)
def test_sources(origin: str, expected: Source, tmp_path: Path) -> None:
    declared = read(tmp_path, f'[[packages]]\nname = "a"\n{origin}\n')
    assert [(i.candidate.version, i.source) for i in declared.locked or ()] == [("", expected)]


def test_the_project_itself_is_left_out(tmp_path: Path) -> None:
    assert read(tmp_path, '[[packages]]\nname = "a"\ndirectory = { path = "." }\n').locked == ()


def test_a_version_comes_from_the_archive_where_it_is_not_stated(tmp_path: Path) -> None:
    declared = read(tmp_path, package("a", version=""))
    assert [str(i.candidate) for i in declared.locked or ()] == ["a==1"]


def test_a_number_that_is_too_long_is_called_so(tmp_path: Path) -> None:
    with pytest.raises(ManifestError) as caught:
        read(tmp_path, package("a", version=f"version = '{'9' * 5000}'"))
    assert caught.value.origin.line == 7
    assert caught.value.reason == "is no valid pylock file: a number in packages[0].version is too long"


def test_what_a_lock_offers(tmp_path: Path) -> None:
    assert read(tmp_path, package("a")).offers == Choice(("x",), ("dev", "main"))


WINDOWS = package("w", "marker = \"sys_platform == 'win32'\"")


@pytest.mark.parametrize(
    ("text", "head", "closed", "reasons"),
    [
        (package("a"), "", False, []),
        (package("a", "dependencies = []"), "", True, []),
        (package("a", 'dependencies = [{ name = "b" }]') + package("b", "dependencies = []"), "", True, []),
        (package("a", 'dependencies = [{ name = "b" }]') + package("b"), "", False, []),
        (package("a", 'dependencies = [{ name = "b" }]'), "", False, ["is depended on, but is not in the lock"]),
        (package("a", 'dependencies = [{ name = "w" }]') + WINDOWS, "", True, []),
        (
            package("a", 'dependencies = [{ name = "x" }]') + package("x", "marker = \"'x' in extras\""),
            "",
            False,
            [],
        ),
        (package("a", "dependencies = []"), 'requires-python = ">=3.12"', False, []),
        (
            package("a", "dependencies = []\nrequires-python = '>=3.12'"),
            "",
            False,
            ["needs Python >=3.12, the lock is read for Python 3.11 on linux/x86_64"],
        ),
    ],
)
def test_what_proves_a_lock_closed(text: str, head: str, closed: bool, reasons: list[str], tmp_path: Path) -> None:
    declared = read(tmp_path, text, head=head)
    assert (declared.closed, [s.reason for s in declared.skipped]) == (closed, reasons)


def test_two_entries_for_one_environment_are_reported(tmp_path: Path) -> None:
    other = package("a", version='version = "2"').replace("a-1-py3", "a-2-py3")
    declared = read(tmp_path, package("a") + other)
    assert [s.reason for s in declared.skipped] == ["is locked at 1 and at 2 for one environment"]


@pytest.mark.parametrize(
    ("text", "head", "line"),
    [
        (package("a"), "environments = [\"sys_platform == 'win32'\"]", 6),
        (package("a") + package("B"), "", 12),
        (package("a", "vcs = 1"), "", 7),
        (package("a").replace("-1-", "-2-"), "", 7),
        ("", 'packages = "a"', 0),
    ],
)
def test_an_invalid_lock_is_one_error_at_the_package(text: str, head: str, line: int, tmp_path: Path) -> None:
    with pytest.raises(ManifestError) as raised:
        read(tmp_path, text, head=head or "environments = []")
    assert raised.value.origin.line == line
