"""Downloads from servers that mean no good."""

from __future__ import annotations

import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler

import pytest

from resolvers.download import DownloadError, MissingError, download
from tests.loopback_server import Page, Server, says, serving


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with serving() as running:
        yield running


def trickle(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    for _ in range(100):
        try:
            handler.wfile.write(b"x")
        except OSError:
            return
        time.sleep(0.1)


def cut(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "1000")
    handler.end_headers()
    handler.wfile.write(b"x")


def garbage(handler: BaseHTTPRequestHandler) -> None:
    handler.wfile.write(b"\0\xff" * 1000)


def endless(handler: BaseHTTPRequestHandler) -> None:
    handler.send_response(200)
    handler.end_headers()
    try:
        while True:
            handler.wfile.write(b"x" * 2**16)
    except OSError:
        return


def redirect(to: str) -> Page:
    return says(b"", status=302, Location=to)


REFUSED: dict[str, tuple[Page, str]] = {
    "a byte at a time": (trickle, "in time"),
    "cut short": (cut, "reached"),
    "no http": (garbage, "reached"),
    "endless": (endless, "larger than"),
    "too large": (says(b"x" * 20_000), "larger than"),
    "to a file": (redirect("file:///etc/passwd"), "status 302"),
    "to ftp": (redirect("ftp://files.example/a"), "redirects"),
    "in a circle": (redirect("/page"), "status 302"),
    "to no port": (redirect("http://files.example:port/"), "reached"),
    "unauthorized": (says(b"", status=401), "status 401"),
    "failing": (says(b"", status=500), "status 500"),
    "missing": (says(b"", status=404), "no such file"),
}


@pytest.mark.parametrize(("page", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_server_that_means_no_good(server: Server, page: Page, reason: str) -> None:
    server.pages["/page"] = page
    began = time.monotonic()
    with pytest.raises(DownloadError, match=reason) as caught:
        download(f"{server.url}/page", 10_000, server="the index", seconds=1)
    assert time.monotonic() - began < 4
    assert server.url not in str(caught.value)
    assert isinstance(caught.value, MissingError) == (reason == "no such file")


@pytest.mark.parametrize(
    "url", ["file:///etc/passwd", "ftp://files.example/a", "data:,x", "x", "http://[", "http://a b/"]
)
def test_only_http_is_downloaded(url: str) -> None:
    with pytest.raises(DownloadError):
        download(url, 100, server="the index", seconds=2)


def test_what_is_no_tls_is_no_https(server: Server) -> None:
    with pytest.raises(DownloadError, match=r"the server cannot be reached \(URLError\)"):
        download(server.url.replace("http:", "https:"), 100, server="the server", seconds=5)
