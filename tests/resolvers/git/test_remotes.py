"""Asking servers and mirrors what branches and tags stand for."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from analyzer.package import Package
from resolvers.git.ls_remote import NAMES_LIMIT, OUTPUT_LIMIT, Servers
from resolvers.git.mirrors import Mirrors
from resolvers.git.remotes import UnansweredError
from resolvers.git.repository_url import repository
from tests.resolvers.git.made import A, B, checkout, write

GEO = repository("https://git.example/org/geo")
_IDENTITY = {f"GIT_{who}_{what}": "a@b.example" for who in ("AUTHOR", "COMMITTER") for what in ("NAME", "EMAIL")}
_CLEAN = {"GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": os.devnull}


def git(folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        ["git", *arguments], cwd=folder, env={**os.environ, **_IDENTITY, **_CLEAN}, capture_output=True, check=True
    )
    return done.stdout.decode().strip()


def upstream(folder: Path) -> tuple[str, str]:
    """A repository with two commits on ``main``; their hashes. ``v1`` is an annotated tag of the first."""
    git(folder, "init", "--quiet", "--initial-branch=main")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", "one")
    git(folder, "tag", "-a", "v1", "-m", "one")
    git(folder, "tag", "both")
    git(folder, "commit", "--quiet", "--allow-empty", "-m", "two")
    git(folder, "branch", "both")
    return git(folder, "rev-parse", "HEAD~1"), git(folder, "rev-parse", "HEAD")


def test_a_server_tells_tags_and_branches(tmp_path: Path) -> None:
    first, second = upstream(tmp_path)
    local = repository(f"file://{tmp_path}")
    names = ["v1", "main", "HEAD", "both", "missing", "--upload-pack=touch x", "a*", "refs/heads/main"]
    assert Servers(protocols=("file",)).commits(local, names) == {"v1": first, "main": second, "HEAD": second}


def test_a_repository_of_a_service_s_machine_is_not_looked_for_on_this_one(tmp_path: Path) -> None:
    upstream(tmp_path)
    with pytest.raises(UnansweredError, match="only https and ssh"):
        Servers().commits(repository(f"file://{tmp_path}"), ["main"])


def put_git(folder: Path, script: str) -> None:
    path = folder / "git"
    path.write_text(f"#!/bin/sh\n{script}\n")
    path.chmod(0o755)


def test_git_is_called_with_nothing_of_the_user_s(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_git(tmp_path, f'{{ env; ls -A; printf "%s\\n" "$@"; }} > {tmp_path}/seen; printf "{A}\\trefs/tags/v1\\n"')
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setenv("GIT_EXEC_PATH", "/somewhere")
    monkeypatch.setenv("GIT_SSH_COMMAND", "touch x")
    assert Servers().commits(GEO, ["v1"]) == {"v1": A}
    seen = (tmp_path / "seen").read_text().splitlines()
    assert {"GIT_CONFIG_NOSYSTEM=1", "GIT_CONFIG_GLOBAL=/dev/null", "GIT_TERMINAL_PROMPT=0"} <= set(seen)
    assert "GIT_ALLOW_PROTOCOL=https:ssh" in seen
    assert not any("/somewhere" in line or "touch x" in line for line in seen)
    assert seen[-5:] == ["--", "https://git.example/org/geo", "refs/heads/v1", "refs/tags/v1", "refs/tags/v1^{}"]


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        ("sleep 60", "did not answer within 0.5 seconds"),
        (f"head -c {OUTPUT_LIMIT + 10} /dev/zero; sleep 60", "more than"),
        ("echo 'fatal: unable to access https://user:s3cret@git.example/x?token=s3cret' >&2; exit 128", "git.example"),
        ("exit 3", "git ends with 3"),
    ],
)
def test_what_goes_wrong_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, reason: str) -> None:
    put_git(tmp_path, script)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    with pytest.raises(UnansweredError, match=reason) as caught:
        Servers(seconds=0.5).commits(GEO, ["v1"])
    assert "s3cret" not in str(caught.value)
    assert "ssh://git@git.example/org/geo: " in str(caught.value)


def test_without_git_nothing_is_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UnansweredError, match="not installed"):
        Servers().commits(GEO, ["v1"])


def test_names_are_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_git(tmp_path, f"echo $# > {tmp_path}/count")
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert Servers().commits(GEO, [f"v{n}" for n in range(1000)]) == {}
    assert int((tmp_path / "count").read_text()) < 3 * NAMES_LIMIT + 10


@pytest.mark.parametrize("how", ["remote", "path", "checkout"])
def test_a_mirror_tells_tags(tmp_path: Path, how: str) -> None:
    url = "https://git.example/org/geo.git"
    if how == "checkout":
        folder = checkout(tmp_path / "any" / "geo", A, url)
    else:
        folder = checkout(tmp_path / "git.example" / "org", A, url if how == "remote" else "../x", inner="geo.git")
    write(folder, {"objects/info/packs": "", "refs/heads/main": A})
    write(folder, {"packed-refs": f"# pack-refs with: peeled fully-peeled sorted\n{B} refs/tags/v1\n"})
    mirrors = Mirrors([str(tmp_path)])
    assert mirrors.commits(GEO, ["v1", "main", "v2"]) == {"v1": B}
    with pytest.raises(UnansweredError):
        mirrors.commits(Package("git", "other", "git.example/org"), ["v1"])


def test_a_real_mirror(tmp_path: Path) -> None:
    source, place = tmp_path / "source", tmp_path / "mirrors" / "git.example" / "org"
    source.mkdir()
    place.mkdir(parents=True)
    first, _ = upstream(source)
    git(place, "clone", "--quiet", "--mirror", str(source), "geo.git")
    git(place / "geo.git", "remote", "set-url", "origin", "git@git.example:org/geo")
    assert Mirrors([str(tmp_path / "mirrors")]).commits(GEO, ["v1", "both"]) == {"v1": first}
