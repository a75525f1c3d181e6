from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from resolvers.remembered_tree import RememberedTree
from resolvers.tree import Kind, Tree, join

LONG = "n" * 300

Read = Callable[[Tree, str], object]
READS: dict[str, Read] = {
    "locate": Tree.locate,
    "read_bytes": Tree.read_bytes,
    "read_text": Tree.read_text,
    "read_head": lambda tree, path: tree.read_head(path, 10),
    "listing": Tree.listing,
}


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    root = tmp_path / "root"
    (root / "a" / "b").mkdir(parents=True)
    (root / "a" / "file.txt").write_bytes(b"\xef\xbb\xbfhello\n")
    (root / "a" / "utf16.txt").write_bytes("hello".encode("utf-16"))
    (root / "a" / "latin.txt").write_bytes(b"one\ntwo \xe9\n")
    (root / "a" / "nul.txt").write_bytes(b"one\n\0\n")
    (root / "a" / "inside").symlink_to(root / "a" / "file.txt")
    (root / "a" / "outside").symlink_to(tmp_path)
    (root / "a" / "loop").symlink_to("loop")
    (root / "a" / "dangling").symlink_to("nothing")
    os.mkfifo(root / "a" / "pipe")
    (root / "secret").write_text("x")
    return Tree(root)


UNREADABLE = [
    ("read_bytes", "a/nothing", "does not exist"),
    ("read_bytes", "a", "is no regular file"),
    ("read_bytes", "a/pipe", "is no regular file"),
    ("read_head", "a/pipe", "is no regular file"),
    ("read_bytes", "a/dangling", "does not exist"),
    ("read_bytes", f"a/{LONG}", "cannot be read: File name too long"),
    ("read_head", f"a/{LONG}", "cannot be read: File name too long"),
    ("listing", f"a/{LONG}", "cannot be read: File name too long"),
    ("read_bytes", "/".join(["d"] * 5000), "cannot be read: File name too long"),
    ("locate", "../secret", "leads out of the audited folder"),
    ("read_bytes", "a/outside/elsewhere", "leads out of the audited folder"),
    ("listing", "a/outside", "leads out of the audited folder"),
    ("locate", "/etc/passwd", "leads out of the audited folder"),
    ("locate", "a/loop", "cannot be followed: it is no path, or a loop of links"),
    ("locate", "a\0b", "a NUL byte in the path"),
    ("locate", "a/\ud800", "cannot be followed: it is no path, or a loop of links"),
    ("listing", "a/file.txt", "cannot be read: Not a directory"),
    ("read_text", "a/utf16.txt", "is UTF-16, not UTF-8"),
    ("read_text", "a/latin.txt", "is not UTF-8 (byte 0xe9)"),
    ("read_text", "a/nul.txt", "holds a NUL byte"),
]


@pytest.mark.parametrize("kind", [Tree, RememberedTree])
@pytest.mark.parametrize(("read", "path", "reason"), UNREADABLE)
def test_what_cannot_be_read_is_a_manifest_error(
    tree: Tree, kind: type[Tree], read: str, path: str, reason: str
) -> None:
    with pytest.raises(ManifestError) as caught:
        READS[read](kind(tree.root), path)
    assert caught.value.reason == reason
    assert str(tree.root) not in str(caught.value)
    str(caught.value).encode()


def test_an_undecodable_line_is_named(tree: Tree) -> None:
    with pytest.raises(ManifestError) as caught:
        tree.read_text("a/latin.txt")
    assert str(caught.value.origin) == "a/latin.txt:2"


def test_text_comes_without_its_mark(tree: Tree) -> None:
    assert tree.read_text("a/inside") == "hello\n"
    assert tree.read_head("a/file.txt", 4) == b"\xef\xbb\xbfh"


def test_a_limit_is_kept(tree: Tree) -> None:
    with pytest.raises(ManifestError, match="is larger than 8 bytes"):
        tree.read_bytes("a/file.txt", 8)
    assert len(tree.read_bytes("a/file.txt", 9)) == 9


@pytest.mark.parametrize("path", ["a/nothing", "a/outside", "a/loop", "a/dangling", f"a/{LONG}", "a/\ud800", "../root"])
def test_what_cannot_be_reached_does_not_exist(tree: Tree, path: str) -> None:
    for one in (tree, RememberedTree(tree.root)):
        expected = path == "../root"
        assert (one.exists(path), one.is_folder(path)) == (expected, expected)


def test_listings_tell_kinds(tree: Tree) -> None:
    assert tree.listing("a") == {
        "b": Kind.FOLDER, "dangling": Kind.LINK, "file.txt": Kind.FILE, "inside": Kind.LINK, "latin.txt": Kind.FILE,
        "loop": Kind.LINK, "nul.txt": Kind.FILE, "outside": Kind.LINK, "pipe": Kind.OTHER, "utf16.txt": Kind.FILE,
    }  # fmt: skip
    assert list(tree.listing("a")) == sorted(tree.listing("a"))


def test_names_that_are_no_utf8_are_left_out(tree: Tree) -> None:
    (tree.root / "a" / "b" / os.fsdecode(b"bad\xff.txt")).touch()
    (tree.root / "a" / "b" / "good.txt").touch()
    assert list(tree.names("a/b")) == ["good.txt"]
    assert list(tree.names("nothing")) == []


PATHS = ["", ".", "a", "a/", "a/b", "a/file.txt", "a/file.txt/x", "a/inside", "a/inside/x", "a/outside", "a/outside/x",
         "a/pipe", "a/nothing", "a/nothing/x", "a/b/..", "secret", "secret/.", f"a/{LONG}"]  # fmt: skip


@given(st.lists(st.tuples(st.sampled_from(["exists", "is_folder", "locate", "listing"]), st.sampled_from(PATHS))))
def test_remembering_changes_no_answer(tmp_path_factory: pytest.TempPathFactory, asked: list[tuple[str, str]]) -> None:
    plain = Tree(_fixture(tmp_path_factory))
    remembered = RememberedTree(plain.root)
    for question, path in asked:
        assert _answer(remembered, question, path) == _answer(plain, question, path), (question, path)


def _fixture(factory: pytest.TempPathFactory) -> Path:
    root = factory.getbasetemp() / "remembered" / "root"
    if not root.exists():
        (root / "a" / "b").mkdir(parents=True)
        (root / "a" / "file.txt").touch()
        (root / "a" / "inside").symlink_to("b")
        (root / "a" / "outside").symlink_to(root.parent)
        os.mkfifo(root / "a" / "pipe")
        (root / "secret").touch()
    return root


def _answer(tree: Tree, question: str, path: str) -> object:
    try:
        return getattr(tree, question)(path)
    except ManifestError as error:
        return error.reason


def test_a_directory_is_listed_once(tree: Tree) -> None:
    remembered = RememberedTree(tree.root)
    before = list(remembered.names("a/b"))
    (tree.root / "a" / "b" / "new").touch()
    assert list(remembered.names("a/b")) == before == []


JOINS = [
    ("a", "b", "a/b"),
    ("", "b", "b"),
    ("a", "../b", "b"),
    ("a", "./b/", "a/b"),
    ("a/b", "../../c", "c"),
    ("", ".", ""),
]


@pytest.mark.parametrize(("directory", "path", "joined"), JOINS)
def test_joining(directory: str, path: str, joined: str) -> None:
    assert join(directory, path) == joined


@pytest.mark.parametrize("path", ["/etc", "../..", "b/../../.."])
def test_joining_never_leads_out(path: str) -> None:
    with pytest.raises(ManifestError):
        join("a", path)
