"""Revisions read from object stores, with git as the judge; and stores that are made to hurt."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest
from dulwich.objects import Blob, Commit, Tree
from dulwich.repo import Repo

from resolvers.git.snapshot import RepositoryError, Wanted, Written, repository_of, write_revision
from tests.resolvers.git.repositories import Made, made


@pytest.fixture(scope="module")
def history(tmp_path_factory):
    """Three commits and a merge, an annotated and a light tag, a remote's branch, loose and packed objects."""
    repository = made(tmp_path_factory.mktemp("history") / "shop")
    repository.commit(a="1", services__x__requirements="flask", services__x__deep__er="text")
    repository.git("tag", "-a", "v1", "-m", "first")
    repository.git("pack-refs", "--all")
    repository.git("gc", "-q")
    repository.commit(a="2")
    repository.git("tag", "light")
    repository.git("checkout", "-q", "-b", "side", "HEAD~1")
    repository.commit(b="side")
    repository.git("checkout", "-q", "main")
    repository.git("merge", "-q", "--no-ff", "-m", "merge", "side")
    repository.git("update-ref", "refs/remotes/origin/main", "light")
    repository.git("symbolic-ref", "refs/remotes/origin/HEAD", "refs/remotes/origin/main")
    repository.git("branch", "feature/one", "v1")
    (repository.path / "a").write_text("not committed")
    return repository


def _written(at: Path, revision: str, target: Path, folder: str = "") -> str:
    target.mkdir(parents=True, exist_ok=True)
    return write_revision(Wanted(repository_of(at), revision, folder, target)).commit


def _files(folder: Path) -> dict[str, str]:
    found = sorted(p for p in folder.rglob("*") if p.is_file() and ".git" not in p.relative_to(folder).parts)
    return {str(p.relative_to(folder)): p.read_text() for p in found}


REVISIONS = ["HEAD", "@", "main", "side", "v1", "light", "feature/one", "refs/heads/side", "heads/main", "tags/v1",
             "origin/main", "origin", "HEAD~1", "HEAD~2", "HEAD^2", "HEAD^2~1", "main^", "v1^0", "@^0~1"]  # fmt: skip


@pytest.mark.parametrize("revision", REVISIONS)
def test_names_mean_what_they_mean_to_git(history, tmp_path, revision):
    expected = history.git("rev-parse", f"{revision}^{{commit}}")
    assert _written(history.path, revision, tmp_path / "out") == expected
    judge = history.git("ls-tree", "-r", "--name-only", expected).split("\n")
    assert sorted(_files(tmp_path / "out")) == sorted(judge)
    assert _files(tmp_path / "out")["a"] == history.git("show", f"{expected}:a")


@pytest.mark.parametrize("length", [40, 12, 7])
def test_hashes(history, tmp_path, length):
    for number, commit in enumerate(history.git("rev-list", "--all").split("\n")):
        assert _written(history.path, commit[:length], tmp_path / str(number)) == commit


def test_a_folder_of_the_repository(history, tmp_path):
    _written(history.path / "services" / "x", "v1", tmp_path / "out", "services/x")
    assert _files(tmp_path / "out") == {"requirements": "flask", "deep/er": "text"}
    with pytest.raises(RepositoryError, match="there is no folder services/y"):
        _written(history.path, "v1", tmp_path / "other", "services/y")


def test_a_worktree_shares_the_store(history, tmp_path):
    history.git("worktree", "add", "-q", "--detach", str(tmp_path / "tree"), "v1")
    found = repository_of(tmp_path / "tree" / "services")
    assert (found.work, found.common) == (tmp_path / "tree", history.path / ".git")
    assert _written(tmp_path / "tree", "HEAD", tmp_path / "out") == history.git("rev-parse", "v1^{commit}")
    assert _written(tmp_path / "tree", "main", tmp_path / "main") == history.git("rev-parse", "main")


def test_wide_hashes(tmp_path):
    repository = made(tmp_path / "wide", "--object-format=sha256")
    commit = repository.commit(a="1")
    assert _written(repository.path, "main", tmp_path / "out") == commit and len(commit) == 64
    assert _files(tmp_path / "out") == {"a": "1"}


def test_submodules_keep_their_commit_and_stay_empty(tmp_path):
    from resolvers.git.checkout import read_checkout
    from resolvers.tree import Tree as Folder

    library = made(tmp_path / "library")
    commit = library.commit(code="x")
    repository = made(tmp_path / "app")
    repository.git("remote", "add", "origin", "https://git.example/team/app.git")
    repository.git("submodule", "--quiet", "add", str(library.path), "vendor/library")
    head = repository.commit()
    _written(repository.path, "HEAD", tmp_path / "out")
    now, then = (read_checkout(Folder(at), "") for at in (repository.path, tmp_path / "out"))
    assert (then.commit, then.submodules) == (head, {"vendor/library": commit})
    assert then.repository == now.repository is not None
    assert not list((tmp_path / "out" / "vendor" / "library").iterdir())


def test_what_is_not_in_the_store_is_told(tmp_path):
    library = made(tmp_path / "library")
    library.commit(code="x")
    repository = made(tmp_path / "app")
    repository.git("submodule", "--quiet", "add", str(library.path), "inner/vendor")
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:" + "0" * 64 + "\nsize 12345\n"
    commit = repository.commit(inner__big=pointer, inner__long=pointer + "x" * 1024, outer=pointer, inner__small="x")
    for folder, told in {"inner": (("vendor",), ("big",)), "": (("inner/vendor",), ("inner/big", "outer"))}.items():
        (tmp_path / f"out{folder}").mkdir()
        wanted = Wanted(repository_of(repository.path), "HEAD", folder, tmp_path / f"out{folder}")
        assert write_revision(wanted) == Written(commit, *told)


def test_links(tmp_path):
    repository = made(tmp_path / "links")
    for name, target in {"in": "a", "out": "/etc/passwd", "up": "../../secret", "sub/back": "../a"}.items():
        (repository.path / name).parent.mkdir(exist_ok=True)
        (repository.path / name).symlink_to(target)
    repository.commit(a="1")
    _written(repository.path, "HEAD", tmp_path / "out")
    links = {str(p.relative_to(tmp_path / "out")) for p in (tmp_path / "out").rglob("*") if p.is_symlink()}
    assert links == {"in", "sub/back"}


def test_nothing_of_the_repository_is_run(tmp_path):
    repository = made(tmp_path / "traps")
    repository.commit(a="1", **{".gitattributes": "* filter=trap"})
    trap = f"touch {tmp_path / 'sprung'}"
    for key in ("core.fsmonitor", "filter.trap.smudge", "core.sshCommand", "core.hooksPath"):
        repository.git("config", key, trap)
    hook = repository.path / ".git" / "hooks" / "post-checkout"
    hook.parent.mkdir(exist_ok=True)
    hook.write_text(f"#!/bin/sh\n{trap}\n")
    hook.chmod(0o755)
    _written(repository.path, "HEAD", tmp_path / "out")
    assert not (tmp_path / "sprung").exists()


@pytest.mark.parametrize(
    ("revision", "reason"),
    [
        ("nope", r"there is no branch, tag or commit 'nope' here; git fetch may bring it"),
        ("HEAD~9", "is before the first commit"),
        ("HEAD^3", "no HEAD.3 here"),
        ("HEAD~9999999", "is no branch, tag, hash"),
        ("HEAD~999999", "is more than 100000 commits back"),
        ("main@{1}", "is no branch, tag, hash"),
        ("--upload-pack=x", "there is no branch"),
        ("../../etc/passwd", "there is no branch"),
        ("", "is no branch, tag, hash"),
        ("a\0b", "is no branch, tag, hash"),
        ("deadbeef", "there is no commit deadbeef here"),
    ],
)
def test_revisions_that_are_none(history, tmp_path, revision, reason):
    with pytest.raises(RepositoryError, match=reason):
        _written(history.path, revision, tmp_path)


def test_a_blob_is_no_revision(history, tmp_path):
    with pytest.raises(RepositoryError, match="is no commit but a blob"):
        _written(history.path, history.git("rev-parse", "HEAD:a"), tmp_path)


def test_a_shallow_clone_says_what_helps(history, tmp_path):
    clone = Made(tmp_path)
    clone.git("clone", "-q", "--depth=1", f"file://{history.path}", "shallow")
    for revision in ("HEAD~1", "side", history.git("rev-parse", "v1^{commit}")):
        with pytest.raises(RepositoryError, match=r"shallow.*fetch-depth: 0"):
            _written(tmp_path / "shallow", revision, tmp_path / "out")


@pytest.mark.parametrize("cut", ["--depth=1", "--single-branch"])
def test_what_a_clone_of_one_branch_is_told_to_fetch_brings_the_other(history, tmp_path, cut):
    Made(tmp_path).git("clone", "-q", cut, "--branch=side", f"file://{history.path}", "clone")
    clone = Made(tmp_path / "clone")
    with pytest.raises(RepositoryError, match="no branch, tag or commit 'origin/main' here") as caught:
        _written(clone.path, "origin/main", tmp_path / "out")
    (command,) = re.findall(r"; git (fetch [^,]*?)(?:, or .*)? may bring it$", str(caught.value))
    clone.git(*command.split())
    assert _written(clone.path, "origin/main", tmp_path / "out") == history.git("rev-parse", "main")


def test_a_partial_clone_says_what_helps(tmp_path):
    origin = made(tmp_path / "origin")
    origin.commit(a="1")
    origin.commit(a="2")
    origin.git("config", "uploadpack.allowFilter", "true")
    clone = Made(tmp_path / "partial")
    origin.git("clone", "-q", "--filter=blob:none", origin.path.as_uri(), str(clone.path))
    with pytest.raises(RepositoryError, match="a partial one; clone without --filter"):
        _written(clone.path, "HEAD~1", tmp_path / "out")
    clone.git("archive", "-o", "/dev/null", "--format=tar", "HEAD~1")
    _written(clone.path, "HEAD~1", tmp_path / "fetched")
    assert _files(tmp_path / "fetched") == {"a": "1"}


def test_no_repository(tmp_path):
    with pytest.raises(RepositoryError, match="is in no git checkout"):
        repository_of(tmp_path)
    (tmp_path / ".git").write_text("nonsense")
    with pytest.raises(RepositoryError, match="does not say where"):
        repository_of(tmp_path)
    (tmp_path / ".git").write_text("gitdir: /nowhere/at/all")
    with pytest.raises(RepositoryError, match="is not there"):
        repository_of(tmp_path)


def _hostile(path: Path, entries: list[tuple[bytes, int, bytes]]) -> None:
    """A repository whose only commit has a tree that git would not write."""
    path.mkdir()
    repository = Repo.init(str(path))
    blob = Blob.from_string(b"stolen")
    repository.object_store.add_object(blob)
    raw = b"".join(b"%o %s\0%s" % (mode, name, bytes.fromhex((sha or blob.id).decode())) for name, mode, sha in entries)
    tree = Tree.from_string(raw)
    repository.object_store.add_object(tree)
    commit = Commit()
    commit.tree, commit.author, commit.committer = tree.id, b"a <a>", b"a <a>"
    commit.author_time = commit.commit_time = commit.author_timezone = commit.commit_timezone = 0
    commit.message = b"x"
    repository.object_store.add_object(commit)
    (path / ".git" / "HEAD").write_bytes(commit.id + b"\n")


@pytest.mark.parametrize("name", [b"..", b".", b".git", b".GIT", b"../x", b"/etc/x", b"a" * 300])
def test_names_that_lead_out(tmp_path, name):
    _hostile(tmp_path / "bad", [(name, 0o100644, b"")])
    with pytest.raises(RepositoryError):
        _written(tmp_path / "bad", "HEAD", tmp_path / "out")
    assert not [p for p in (tmp_path / "out").rglob("*") if p.is_file()]


def test_an_object_that_is_missing(tmp_path):
    _hostile(tmp_path / "bad", [(b"a", 0o100644, b"0" * 40)])
    with pytest.raises(RepositoryError, match="missing or broken"):
        _written(tmp_path / "bad", "HEAD", tmp_path / "out")


def test_damaged_packs(history, tmp_path):
    subprocess.run(["cp", "-r", history.path, tmp_path / "copy"], check=True)
    for pack in (tmp_path / "copy" / ".git" / "objects" / "pack").glob("*"):
        content = pack.read_bytes()
        pack.chmod(0o644)
        pack.write_bytes(content[: len(content) // 2] + bytes(40))
    with pytest.raises(RepositoryError):
        _written(tmp_path / "copy", "v1", tmp_path / "out")
