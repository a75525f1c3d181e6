"""The client of package indexes, before folders and servers."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from resolvers.download import DownloadError
from resolvers.pip.index.simple_index import SimpleIndex
from resolvers.pip.uv.command import Index
from tests.local_index import Distribution, build_index
from tests.loopback_server import Page, Server, says, serving

WHEEL = "a-1.0-py3-none-any.whl"


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as running:
        yield running


def as_json(*files: dict[str, object]) -> Page:
    return says(json.dumps({"files": files}).encode(), "application/vnd.pypi.simple.v1+json")


@pytest.mark.parametrize("scheme", ["file", "path"])
def test_a_folder_index(tmp_path: Path, scheme: str) -> None:
    root = build_index(tmp_path, [Distribution("a", "1.0", ("b",), sdist=True), Distribution("b", "1")])
    index = SimpleIndex(Index(url=root.as_uri() if scheme == "file" else str(root), offline=True))
    listed, flat = index.files("a")
    assert ({file.filename for file in listed}, flat) == ({WHEEL, "a-1.0.tar.gz"}, ())
    assert index.content(listed[0], 10**6) == (root / "a" / listed[0].filename).read_bytes()
    assert index.files("absent") == ((), ())


@pytest.mark.parametrize("scheme", ["file", "path"])
def test_a_flat_folder(tmp_path: Path, scheme: str) -> None:
    root = build_index(tmp_path / "empty", [Distribution("b", "1")])
    for name in (WHEEL, "a-2.tar.gz", "other-1.tar.gz", "notes.txt"):
        (tmp_path / name).write_bytes(b"")
    index = SimpleIndex(Index(root.as_uri(), (tmp_path.as_uri() if scheme == "file" else str(tmp_path),)))
    listed, flat = index.files("a")
    assert (listed, [file.filename for file in flat]) == ((), [WHEEL, "a-2.tar.gz"])


def test_the_json_of_a_server_with_a_login_and_a_query(server: Server) -> None:
    digest = hashlib.sha256(b"Name: a\n").hexdigest()
    server.pages["/simple/a/?token=t0ken"] = as_json(
        {"filename": WHEEL, "url": f"/files/{WHEEL}?key=1", "core-metadata": {"sha256": digest}}
    )
    server.pages[f"/files/{WHEEL}.metadata?key=1"] = says(b"Name: a\n")
    url = server.url.replace("//", "//me:s%40crt@") + "/simple?token=t0ken"
    index = SimpleIndex(Index(url))
    [file], _ = index.files("a")
    assert index.metadata(file) == b"Name: a\n"
    # base64 of "me:s@crt"
    assert {login for _, login in server.asked} == {"Basic bWU6c0BjcnQ="}
    assert not {"crt", "bWU6", "t0ken"} & {word for word in ("crt", "bWU6", "t0ken") if word in repr((index, file))}


def test_a_login_stays_with_its_server(server: Server) -> None:
    with serving() as other:
        other.pages["/simple/a/"] = as_json({"filename": WHEEL, "url": WHEEL})
        other.pages["/simple/a/" + WHEEL] = says(b"wheel")
        server.pages["/simple/a/"] = says(b"", status=302, Location=f"{other.url}/simple/a/")
        index = SimpleIndex(Index(server.url.replace("//", "//me:secret@") + "/simple/"))
        [file], _ = index.files("a")
        assert index.content(file, 100) == b"wheel"
        assert [login for _, login in other.asked] == ["", ""]
        assert server.asked[0][1]


def test_a_page_of_links(server: Server) -> None:
    server.pages["/links.html"] = says(f'<a href="x/{WHEEL}">a</a><a href="b-1.zip">b</a>'.encode())
    server.pages["/simple/a/"] = says(b"", status=404)
    _, flat = SimpleIndex(Index(f"{server.url}/simple", (f"{server.url}/links.html",))).files("a")
    assert [file.url for file in flat] == [f"{server.url}/x/{WHEEL}"]


def test_offline_asks_no_server(server: Server) -> None:
    with pytest.raises(DownloadError, match="network is off"):
        SimpleIndex(Index(server.url, offline=True)).files("a")
    assert not server.asked


def test_a_hash_that_does_not_match(server: Server) -> None:
    server.pages["/simple/a/"] = as_json(
        {"filename": WHEEL, "url": f"/{WHEEL}", "hashes": {"sha256": "0" * 64}, "core-metadata": {"sha256": "0" * 64}}
    )
    server.pages[f"/{WHEEL}"] = server.pages[f"/{WHEEL}.metadata"] = says(b"forged")
    index = SimpleIndex(Index(f"{server.url}/simple"))
    [file], _ = index.files("a")
    for read in (lambda: index.content(file, 100), lambda: index.metadata(file)):
        with pytest.raises(DownloadError, match="hash"):
            read()


def test_a_server_that_keeps_failing_is_left_alone(server: Server) -> None:
    server.pages["/simple/a/"] = says(b"", status=503)
    index = SimpleIndex(Index(f"{server.url}/simple"))
    for _ in range(20):
        with pytest.raises(DownloadError):
            index.files("a")
    assert len(server.asked) == 5


def test_a_file_said_to_be_large_is_not_asked_for(server: Server) -> None:
    server.pages["/simple/a/"] = as_json({"filename": WHEEL, "url": f"/{WHEEL}", "size": 101})
    index = SimpleIndex(Index(f"{server.url}/simple"))
    [file], _ = index.files("a")
    with pytest.raises(DownloadError, match="larger"):
        index.content(file, 100)
    assert len(server.asked) == 1


def test_a_device_is_no_index(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "index.html").symlink_to("/dev/zero")
    with pytest.raises(DownloadError, match="no regular file"):
        SimpleIndex(Index(tmp_path.as_uri())).files("a")


@pytest.mark.parametrize("url", ["https://[half/simple", "http://index.example:port/simple"])
def test_a_malformed_url_of_the_index(url: str) -> None:
    with pytest.raises(DownloadError):
        SimpleIndex(Index(url)).files("a")
