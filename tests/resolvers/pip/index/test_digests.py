"""Digests of what was chosen, before folders and servers; uv is the judge of what a lock should hold."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from analyzer.package import Candidate, pypi
from resolvers.pip.index.digests import digests
from resolvers.pip.index.simple_index import SimpleIndex
from resolvers.pip.uv.command import Index, uv_binary
from tests.local_index import Distribution, build_index
from tests.loopback_server import Server, says, serving

WHEEL = "a-1.0-py3-none-any.whl"
A = Candidate(pypi("a"), "1.0")


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as running:
        yield running


def listed(server: Server, *files: dict[str, object]) -> SimpleIndex:
    page = json.dumps({"meta": {"api-version": "1.1"}, "name": "a", "files": files}).encode()
    server.pages["/simple/a/"] = says(page, "application/vnd.pypi.simple.v1+json")
    return SimpleIndex(Index(url=f"{server.url}/simple", exclude_newer="2026-01-02T00:00:00Z"))


def file(name: str, digest: str = "", **more: object) -> dict[str, object]:
    hashes = {"sha256": digest * 64} if digest else {}
    return {"filename": name, "url": name, "hashes": hashes, "upload-time": "2026-01-01T00:00:00Z", **more}


def test_the_files_of_folders_are_read(tmp_path: Path) -> None:
    root = build_index(tmp_path, [Distribution("a", "1.0", sdist=True), Distribution("a", "2")])
    flat = build_index(tmp_path / "flat", [Distribution("b", "1")]) / "b"
    found = digests([A, Candidate(pypi("b"), "1")], "3.12", SimpleIndex(Index(root.as_uri(), (flat.as_uri(),))))
    files = {"a": [root / "a" / WHEEL, root / "a" / "a-1.0.tar.gz"], "b": [flat / "b-1-py3-none-any.whl"]}
    assert {candidate.package.name: set(known) for candidate, known in found.items()} == {
        name: {f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}" for path in paths}
        for name, paths in files.items()
    }


def test_an_index_is_believed_as_uv_believes_it(server: Server) -> None:
    wheel = file(WHEEL, "1", **{"core-metadata": True})
    index = listed(server, wheel, file("a-1.0.tar.gz", "2"), file("a-1.1-py3-none-any.whl", "3"))
    server.pages[f"/simple/a/{WHEEL}.metadata"] = says(b"Metadata-Version: 2.1\nName: a\nVersion: 1.0\n")
    command = [uv_binary(), "pip", "compile", "--no-config", "--no-deps", "--generate-hashes", "--no-cache", "-q"]
    command += ["--index-url", index.index.url, "--exclude-newer", index.index.exclude_newer, "-"]
    done = subprocess.run(command, input="a==1.0", capture_output=True, text=True, timeout=60, check=True)
    assert digests([A], "3.12", index) == {A: tuple(re.findall(r"--hash=(\S+)", done.stdout))}


def test_what_no_installer_takes_is_left_out(server: Server) -> None:
    index = listed(
        server,
        file(WHEEL, "1"),
        file("a-1.0-py2-none-any.whl", "2", **{"requires-python": "<3"}),
        file("a-1.0-1-py3-none-any.whl", "3", **{"upload-time": "2026-01-03T00:00:00Z"}),
        file("a-1.0.tar.gz"),
    )
    assert digests([A], "3.12", index) == {A: ("sha256:" + "1" * 64,)}


@pytest.mark.parametrize(("name", "version"), [("absent", "1"), ("a", "git+https://git.example/a"), ("a", "1" * 5000)])
def test_what_cannot_be_told_is_left_out(server: Server, name: str, version: str) -> None:
    assert digests([Candidate(pypi(name), version), A], "3.12", listed(server, file(WHEEL, "1"))).keys() == {A}


def test_no_network_no_digest(server: Server) -> None:
    assert digests([A], "3.12", SimpleIndex(Index(url=f"{server.url}/simple", offline=True))) == {}
