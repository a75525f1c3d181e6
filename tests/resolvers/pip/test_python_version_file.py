from __future__ import annotations

from pathlib import Path

import pytest

from resolvers.pip.python_version_file import read_python_version
from resolvers.tree import Tree

READ = [
    (".python-version", "3.11\n", "==3.11.*", 1),
    (".python-version", "3.11.4", "==3.11.*", 1),
    (".python-version", "# pyenv\n\n3.12.0  # newest\n3.11.4\n", "==3.12.*", 3),
    (".python-version", "\ufeff3.11\r\n", "==3.11.*", 1),
    (".python-version", "3.13.0rc1", "==3.13.*", 1),
    (".python-version", "python3.11", "==3.11.*", 1),
    (".python-version", "cpython@3.12", "==3.12.*", 1),
    (".python-version", "cpython-3.11.4-linux-x86_64-gnu", "==3.11.*", 1),
    (".python-version", ">=3.11, <3.13", ">=3.11, <3.13", 1),
    ("runtime.txt", "python-3.10.14\n", "==3.10.*", 1),
]


@pytest.mark.parametrize(("name", "content", "constraint", "line"), READ)
def test_the_version_that_a_file_names(tmp_path: Path, name: str, content: str, constraint: str, line: int) -> None:
    (tmp_path / "service").mkdir()
    (tmp_path / "service" / name).write_text(content, encoding="utf-8")
    declared = read_python_version(Tree(tmp_path), "service")
    assert [(r.constraint, r.origin.file, r.origin.line) for r in declared.interpreter] == [
        (constraint, f"service/{name}", line)
    ]
    assert declared.skipped == ()


UNREAD = [
    "system",
    "pypy3.9-7.3.11",
    "my-venv",
    "2.7.18",
    "3",
    "3.12-dev",
    "3.13t",
    "miniconda3-4.7",
    "3.\u0661\u0661",
    "3." + "1" * 5000,
]


@pytest.mark.parametrize("content", UNREAD)
def test_what_is_no_version_is_said(tmp_path: Path, content: str) -> None:
    (tmp_path / ".python-version").write_text(content)
    declared = read_python_version(Tree(tmp_path), "")
    assert declared.interpreter == ()
    [skipped] = declared.skipped
    assert (str(skipped.origin), skipped.incomplete) == (".python-version:1", False)
    assert len(skipped.what) < 300


def test_the_second_file_counts_where_the_first_says_nothing(tmp_path: Path) -> None:
    (tmp_path / ".python-version").write_text("my-venv\n")
    (tmp_path / "runtime.txt").write_text("python-3.11.4\n")
    assert [r.constraint for r in read_python_version(Tree(tmp_path), "").interpreter] == ["==3.11.*"]


@pytest.mark.parametrize("content", [b"", b"\n\n", b"# only a comment"])
def test_an_empty_file_says_nothing(tmp_path: Path, content: bytes) -> None:
    (tmp_path / ".python-version").write_bytes(content)
    declared = read_python_version(Tree(tmp_path), "")
    assert (declared.interpreter, declared.skipped) == ((), ())


def test_a_file_that_cannot_be_read_is_skipped(tmp_path: Path) -> None:
    (tmp_path / ".python-version").mkdir()
    [skipped] = read_python_version(Tree(tmp_path), "").skipped
    assert skipped.reason == "is no regular file"


def test_a_specifier_that_is_none_is_skipped(tmp_path: Path) -> None:
    (tmp_path / ".python-version").write_text(">=three")
    [skipped] = read_python_version(Tree(tmp_path), "").skipped
    assert skipped.reason == "is no PEP 440 specifier set"
