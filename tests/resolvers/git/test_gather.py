from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from resolvers.discovery import discover
from resolvers.git.gather import GitGatherer
from resolvers.registry import gatherers
from resolvers.seam import Gathered, Wish
from resolvers.tree import Tree
from tests.resolvers.git.made import A, B, C, checkout, index, write

URL = "https://git.example/org/geo"


def gathered(root: Path, directory: str = "svc") -> Gathered:
    return GitGatherer().gather(Tree(root), directory, Wish())


def wanted(found: Gathered) -> list[str]:
    return [f"{r.package} {r.constraint} {r.origin}" for group in found.sets for r in group.requirements]


def test_a_tag_is_resolved_by_a_checkout_in_the_tree(tmp_path: Path) -> None:
    write(tmp_path / "svc", {"Dockerfile": f"FROM debian:12\nRUN git clone -b v1 {URL}.git /opt/geo\n"})
    git = checkout(tmp_path / "mirror" / "geo", B, "git@git.example:org/geo")
    assert wanted(gathered(tmp_path)) == ["git/git.example/org/geo v1 in /opt/geo svc/Dockerfile:2"]
    write(git, {"packed-refs": f"# pack-refs with: peeled fully-peeled sorted\n{A} refs/tags/v1\n"})
    resolved = [f"git/git.example/org/geo v1 (commit {A}) in /opt/geo svc/Dockerfile:2"]
    assert wanted(gathered(tmp_path)) == resolved
    other = checkout(tmp_path / "mirror" / "again")
    write(other, {"packed-refs": f"# pack-refs with: peeled fully-peeled sorted\n{B} refs/tags/v1\n"})
    assert wanted(gathered(tmp_path)) == ["git/git.example/org/geo v1 in /opt/geo svc/Dockerfile:2"]


def test_a_branch_is_never_taken_for_a_commit(tmp_path: Path) -> None:
    write(tmp_path / "svc", {"Dockerfile": f"FROM debian:12\nRUN git clone -b main {URL} /opt/geo\n"})
    git = checkout(tmp_path / "mirror")
    write(git, {"refs/heads/main": A, "refs/tags/main": A})
    assert wanted(gathered(tmp_path)) == ["git/git.example/org/geo main in /opt/geo svc/Dockerfile:2"]


def test_clones_of_another_stage_count_where_they_are_copied(tmp_path: Path) -> None:
    stage = f"FROM alpine AS src\nRUN git clone -b v1 {URL} /src/geo && git clone -b v2 {URL} /src/b\nFROM debian:12\n"
    write(
        tmp_path / "svc",
        {"Dockerfile": f"{stage}COPY --from=src /src/geo /opt/geo\nCOPY --from=src /src/b/x.so /lib/\n"},
    )
    found = gathered(tmp_path)
    assert wanted(found) == ["git/git.example/org/geo v1 in /opt/geo svc/Dockerfile:2"]
    assert [(s.reason, s.incomplete) for s in found.skipped] == [
        ("is cloned in the build stage src, not in the final image", False)
    ]
    write(tmp_path / "svc", {"Dockerfile": f"{stage}COPY --from=0 /src /opt\n"})
    assert [line.split()[3] for line in wanted(gathered(tmp_path))] == ["/opt/geo", "/opt/b"]


def test_a_script_counts_where_no_dockerfile_says_which_is_run(tmp_path: Path) -> None:
    write(tmp_path / "svc", {"setup.sh": f"#!/bin/sh\ngit clone -b v1 {URL}\n", "test.sh": f"git clone {URL} x\n"})
    assert wanted(gathered(tmp_path)) == ["git/git.example/org/geo v1 in geo svc/setup.sh:2"]
    write(tmp_path / "svc", {"Dockerfile": "FROM debian:12\n"})
    assert wanted(gathered(tmp_path)) == []


def test_submodules_and_checkouts_have_their_place_in_the_service(tmp_path: Path) -> None:
    git = checkout(tmp_path, C, "https://git.example/org/super")
    modules = (
        f'[submodule "x"]\n\tpath = svc/libs/geo\n\turl = {URL}\n[submodule "y"]\n\tpath = other/geo\n\turl = {URL}\n'
    )
    (tmp_path / ".gitmodules").write_text(modules)
    (git / "index").write_bytes(index({"svc/libs/geo": (0o160000, A)}))
    checkout(tmp_path / "svc" / "vendor" / "maps", B, "git@git.example:org/maps.git")
    checkout(tmp_path / "svc" / "vendor" / "nameless", B, "../nowhere")
    write(tmp_path / "svc" / "vendor" / "broken", {".git": "gitdir: /elsewhere/lib\n"})
    found = gathered(tmp_path)
    assert wanted(found) == [
        f"git/git.example/org/geo commit {A} in libs/geo .gitmodules:3",
        f"git/git.example/org/maps commit {B} in vendor/maps svc/vendor/maps/.git/HEAD:1",
    ]
    assert {(s.what, s.incomplete) for s in found.skipped} == {
        ("checkout vendor/broken", True),
        ("checkout vendor/nameless", False),
    }


def test_the_checkout_that_a_service_is_is_its_own_source(tmp_path: Path) -> None:
    checkout(tmp_path / "svc", A)
    assert gathered(tmp_path) == Gathered()


def test_a_checkout_alone_is_no_service(tmp_path: Path) -> None:
    checkout(tmp_path / "lib")
    write(tmp_path / "super", {".gitmodules": f'[submodule "x"]\n\tpath = lib\n\turl = {URL}\n'})
    write(tmp_path / "svc", {"requirements.txt": "flask\n", ".gitmodules": ""})
    found = discover(Tree(tmp_path), gatherers())
    assert [item.directory for item in found.found] == ["svc"]
    assert found.found[0].evidence == ("requirements.txt (requirements file)", ".gitmodules (git submodules)")
    assert not found.skipped
    listed = discover(Tree(tmp_path), gatherers(), listed=["super"])
    assert [item.directory for item in listed.found] == ["super", "svc"]


def test_nothing_of_a_checkout_is_ever_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tripwire = tmp_path / "sprung"
    trap = f'#!/bin/sh\necho "$0" >> {tripwire}\n'
    write(tmp_path / "bin", {"git": trap, "trap": trap})
    root = tmp_path / "fleet"
    for folder in (root, root / "svc", root / "svc" / "lib"):
        git = checkout(folder)
        hooks = ("post-checkout", "post-index-change", "pre-commit", "reference-transaction", "fsmonitor-watchman")
        write(git, {f"hooks/{name}": trap for name in hooks})
        command = tmp_path / "bin" / "trap"
        with (git / "config").open("a") as config:
            config.write(
                f"[core]\n\tfsmonitor = {command}\n\thooksPath = {git}/hooks\n"
                f"\tsshCommand = {command}\n\tpager = {command}\n"
                f'[filter "x"]\n\tsmudge = {command}\n\tclean = {command}\n\tprocess = {command}\n'
                f"[include]\n\tpath = {command}\n[alias]\n\tstatus = !{command}\n[diff]\n\texternal = {command}\n"
            )
        write(folder, {".gitattributes": "* filter=x diff=x\n", "data": "x\n"})
        write(git, {"objects/info/alternates": "/etc\n"})
        (git / "index").write_bytes(index({"data": (0o100644, A), "sub": (0o160000, B)}))
        modules = f'[submodule "sub"]\n\tpath = sub\n\turl = {URL}\n\tupdate = !{command}\n'
        write(folder, {".gitmodules": modules})
    write(root / "svc", {"Dockerfile": f"FROM debian:12\nRUN git clone -b v1 {URL} /geo && cd /geo && git status\n"})
    for path in [*(tmp_path / "bin").iterdir(), *root.rglob("hooks/*")]:
        path.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}{os.pathsep}{os.environ['PATH']}")
    found = [g.gather(Tree(root), "svc", Wish()) for g in gatherers()]
    assert sum(len(group.requirements) for part in found for group in part.sets) == 3
    assert not tripwire.exists()
    os.system("git status")  # the wire is live
    assert tripwire.exists()


def test_a_hostile_script_is_looked_into_in_time(tmp_path: Path) -> None:
    write(tmp_path / "svc", {"a.sh": "git " * 100_000, "b.sh": f"git clone {URL}/$((i++))\n" * 2000})
    many = "".join(f"git clone {URL}{number} /x/{number}\n" for number in range(2000))
    write(tmp_path / "svc", {"c.sh": many + "cd $X && git checkout v1 && rm -rf /y/*\n" * 2000})
    begin = time.process_time()
    found = gathered(tmp_path)
    assert time.process_time() - begin < 20
    assert len(found.sets[0].requirements) <= 501
    assert any("beyond the first" in item.reason for item in found.skipped)
