from __future__ import annotations

import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.package import Package
from resolvers.git.checkout import is_checkout, read_checkout
from resolvers.git.git_config import parse_git_config
from resolvers.git.git_index import gitlinks
from resolvers.git.gitmodules import submodules
from resolvers.tree import Tree
from tests.hostile import EXAMPLES
from tests.resolvers.git.made import A, B, C, checkout, index, loose_object, write

GEO = Package("git", "geo", "git.example/org")


def test_a_detached_head(tmp_path: Path) -> None:
    checkout(tmp_path / "lib", A, "git@git.example:org/geo.git")
    found = read_checkout(Tree(tmp_path), "lib")
    assert (found.repository, found.commit, found.origin) == (GEO, A, Origin("lib/.git/HEAD", 1, A))


def test_a_branch_is_loose_before_it_is_packed(tmp_path: Path) -> None:
    git = checkout(tmp_path / "lib")
    packed = f"# pack-refs with: peeled fully-peeled sorted\n{B} refs/heads/main\n{C} refs/remotes/origin/next\n"
    write(git, {"HEAD": "ref: refs/heads/main\n", "packed-refs": packed})
    assert read_checkout(Tree(tmp_path), "lib").commit == B
    write(git, {"refs/heads/main": f"{A}\n"})
    found = read_checkout(Tree(tmp_path), "lib")
    assert found.commit == A
    assert found.branches == {"main", "next"}


def test_tags_stand_for_commits(tmp_path: Path) -> None:
    git = checkout(tmp_path / "lib")
    commit = loose_object(git, "commit", "tree x\n")
    inner = loose_object(git, "tag", f"object {commit}\ntype commit\ntag inner\n\n")
    outer = loose_object(git, "tag", f"object {inner}\ntype tag\ntag outer\n\n")
    blob = loose_object(git, "blob", "data")
    packed = (
        f"# pack-refs with: peeled fully-peeled sorted\n{A} refs/tags/packed\n^{B}\n{C} refs/tags/plain\n"
        f"{A} refs/tags/moved\n^{A}\n"
    )
    loose = {
        "light": commit,
        "inner": inner,
        "outer": outer,
        "blob": blob,
        "lost": "d4" * 20,
        "on-branch": A,
        "moved": inner,
    }
    write(git, {"packed-refs": packed, "refs/heads/main": A, **{f"refs/tags/{n}": f"{t}\n" for n, t in loose.items()}})
    assert read_checkout(Tree(tmp_path), "lib").tags == {
        "packed": B, "plain": C, "light": commit, "inner": commit, "outer": commit, "on-branch": A, "moved": commit,
    }  # fmt: skip


def test_old_packed_refs_do_not_say_what_is_no_tag_object(tmp_path: Path) -> None:
    git = checkout(tmp_path / "lib")
    write(git, {"packed-refs": f"# pack-refs with: peeled\n{C} refs/tags/plain\n"})
    assert read_checkout(Tree(tmp_path), "lib").tags == {}


def test_a_git_file_and_a_worktree_lead_within_the_tree(tmp_path: Path) -> None:
    git = checkout(tmp_path / ".git" / "modules" / "lib", B, inner="")
    write(tmp_path / "lib", {".git": "gitdir: ../.git/modules/lib\n"})
    write(git, {"worktrees/wt/HEAD": C, "worktrees/wt/commondir": "../..\n"})
    write(tmp_path / "wt", {".git": f"gitdir: {tmp_path.resolve()}/.git/modules/lib/worktrees/wt\n"})
    tree = Tree(tmp_path)
    assert [read_checkout(tree, path).commit for path in ("lib", "wt")] == [B, C]
    assert read_checkout(tree, "wt").repository == GEO


@pytest.mark.parametrize("target", ["../../secret", "/etc", "../../../../../../etc", "\0", ""])
def test_a_git_file_does_not_lead_out_of_the_tree(tmp_path: Path, target: str) -> None:
    checkout(tmp_path / "secret", inner="")
    write(tmp_path / "tree" / "lib", {".git": f"gitdir: {target}\n"})
    with pytest.raises(ManifestError):
        read_checkout(Tree(tmp_path / "tree"), "lib")


def test_a_link_does_not_lead_out_of_the_tree(tmp_path: Path) -> None:
    outside = checkout(tmp_path / "outside", B)
    write(outside, {"refs/heads/main": B})
    git = checkout(tmp_path / "tree" / "lib")
    write(git, {"HEAD": "ref: refs/heads/main"})
    (git / "refs").symlink_to(outside / "refs")
    assert read_checkout(Tree(tmp_path / "tree"), "lib").commit == ""
    (tmp_path / "tree" / "other").mkdir()
    (tmp_path / "tree" / "other" / ".git").symlink_to(outside)
    assert not is_checkout(Tree(tmp_path / "tree"), "other")


@pytest.mark.parametrize("version", [2, 3, 4])
def test_an_index_names_commits_of_submodules(version: int) -> None:
    entries = {"a": (0o100644, A), "libs/geo": (0o160000, B), "libs/maps-of-all": (0o160000, C), "z": (0o120000, A)}
    assert gitlinks(index(entries, version)) == {"libs/geo": B, "libs/maps-of-all": C}


@settings(max_examples=EXAMPLES)
@given(st.binary(), st.sampled_from([2, 3, 4]), st.integers(0, 200))
def test_a_damaged_index_names_nothing_or_hashes(garbage: bytes, version: int, cut: int) -> None:
    whole = index({"a": (0o160000, A), "b/c": (0o160000, B)}, version)
    for content in (garbage, whole[:cut], whole[:12] + garbage, whole[:cut] + garbage):
        assert all(isinstance(path, str) and commit for path, commit in gitlinks(content).items())


MODULES = """\
[submodule "geo"]
\tpath = libs/geo
\turl = https://user:s3cret@git.example/org/geo.git
[submodule "maps"]
\tpath = libs/maps ; a comment
\turl = "../maps.git"
\tbranch = stable
[submodule "out"]
\tpath = ../out
\turl = https://git.example/org/out
[submodule "odd"]
\tpath = libs/odd
\turl = ext::sh -c touch% /tmp/owned
"""


def test_submodules_have_the_commit_that_is_checked_out_or_wanted(tmp_path: Path) -> None:
    git = checkout(tmp_path, C, "ssh://git@git.example/org/super")
    (tmp_path / ".gitmodules").write_text(MODULES)
    (git / "index").write_bytes(index({"libs/geo": (0o160000, A), "libs/maps": (0o160000, B)}))
    checkout(tmp_path / "libs" / "geo", C)
    found = {m.path: m for m in submodules(Tree(tmp_path), "")}
    assert (found["libs/geo"].package, found["libs/geo"].commit) == (GEO, C)
    assert (found["libs/maps"].package, found["libs/maps"].commit) == (Package("git", "maps", "git.example/org"), B)
    assert found["libs/maps"].branch == "stable"
    assert found["libs/geo"].origin == Origin(".gitmodules", 3)
    assert found["libs/odd"].package is None and found["libs/odd"].trouble
    assert found[""].trouble == "leads out of the audited folder"
    assert "s3cret" not in str(found)


@settings(max_examples=EXAMPLES)
@given(st.one_of(st.text(), st.text('[]"\\= \n#;submodulepathr.')))
def test_any_text_is_read_as_configuration(text: str) -> None:
    for setting in parse_git_config(text, ".gitmodules"):
        assert setting.section and setting.key and 1 <= setting.origin.line <= text.count("\n") + 1


@settings(max_examples=min(EXAMPLES, 500))
@given(
    st.dictionaries(
        st.sampled_from(["HEAD", "config", "packed-refs", "refs/tags/x", "index", "commondir"]), st.binary()
    )
)
def test_any_files_are_a_checkout_or_an_error(
    tmp_path_factory: pytest.TempPathFactory, files: dict[str, bytes]
) -> None:
    folder = tmp_path_factory.mktemp("hostile")
    for name, content in files.items():
        (folder / ".git" / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / ".git" / name).write_bytes(content)
    try:
        found = read_checkout(Tree(folder), "")
    except ManifestError:
        return
    assert found.commit == "" or len(found.commit) in (40, 64)


def test_special_files_do_not_block(tmp_path: Path) -> None:
    git = checkout(tmp_path / "lib")
    (git / "packed-refs").unlink(missing_ok=True)
    os.mkfifo(git / "packed-refs")
    os.mkfifo(git / "index")
    assert read_checkout(Tree(tmp_path), "lib").commit == A


def test_links_in_circles_end(tmp_path: Path) -> None:
    git = checkout(tmp_path / "lib")
    write(git, {"refs/tags/v1": "x" * 10_000_000, "refs/heads/main": B})
    for name in ("one", "two", "three"):
        (git / "refs" / name).symlink_to(git / "refs")
    found = read_checkout(Tree(tmp_path), "lib")
    assert found.tags == {}
    assert "main" in found.branches
