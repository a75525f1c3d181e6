"""Reads one http or https URL, within limits of time and size, whatever the server does."""

from __future__ import annotations

import contextlib
import http.client
import queue
import ssl
import threading
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from functools import cache
from typing import IO, Any
from urllib.parse import urlsplit

from analyzer.errors import CohabitError

SECONDS = 30.0
"""How long one download may take, the name's resolution and all redirects included."""

_CHUNK = 2**16
_REDIRECTS = 5
_SCHEMES = ("http", "https")
_AGENT = "cohabit"


class DownloadError(CohabitError):
    """What was asked for cannot be had; the message never names the URL, which may be a secret.

    ``lasting``: another attempt would end the same way.
    """

    def __init__(self, reason: str, *, lasting: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.lasting = lasting


class MissingError(DownloadError):
    """The server has no such page (404, 410)."""


@dataclass(frozen=True, slots=True)
class Download:
    """The content, its media type in lower case without parameters, and the URL it came from in the end."""

    content: bytes
    kind: str
    url: str = field(repr=False)


def download(
    url: str, limit: int, *, server: str, accept: str = "*/*", login: str = "", seconds: float = SECONDS
) -> Download:
    """At most ``limit`` bytes from ``url``. ``login`` is an Authorization header's value; it is not sent
    to where a redirect leads. ``server`` is what errors call the other side (``the index``). Raises DownloadError.
    """
    request = _Request(url, limit, server, accept, login, seconds)
    answers: queue.SimpleQueue[Download | DownloadError] = queue.SimpleQueue()
    # A socket's time-out bounds one read; a server that sends a byte at a time, or a name server that
    # is silent, would hold us for ever. A thread left behind ends with the process.
    work = threading.Thread(target=lambda: answers.put(_attempt(request)), daemon=True)
    work.start()
    try:
        answer = answers.get(timeout=seconds)
    except queue.Empty:
        raise DownloadError(f"{server} does not answer in time") from None
    if isinstance(answer, DownloadError):
        raise answer
    return answer


@dataclass(frozen=True, slots=True)
class _Request:
    """What ``download`` is asked for."""

    url: str = field(repr=False)
    limit: int
    server: str
    accept: str
    login: str = field(repr=False)
    seconds: float


def _attempt(wanted: _Request) -> Download | DownloadError:
    try:
        if urlsplit(wanted.url).scheme not in _SCHEMES:
            return DownloadError("a link leads to no http server", lasting=True)
        request = urllib.request.Request(wanted.url, headers={"Accept": wanted.accept, "User-Agent": _AGENT})  # noqa: S310
        if wanted.login:
            request.add_unredirected_header("Authorization", wanted.login)
        with contextlib.closing(_opener(wanted.server).open(request, timeout=wanted.seconds)) as response:
            kind = str(response.headers.get_content_type())
            return Download(_content(response, wanted), kind, str(response.url))
    except DownloadError as error:
        return error
    except urllib.error.HTTPError as error:
        error.close()
        if error.code in (404, 410):
            return MissingError(f"{wanted.server} has no such file", lasting=True)
        return DownloadError(f"{wanted.server} answers with status {error.code}")
    # urllib leaks ValueErrors (bad ports, control characters, IDNA) for URLs that a server made up.
    except (OSError, http.client.HTTPException, ValueError) as error:
        return DownloadError(f"{wanted.server} cannot be reached ({type(error).__name__})")


def _content(response: http.client.HTTPResponse, wanted: _Request) -> bytes:
    chunks, size, announced = [], 0, response.length
    while chunk := response.read(_CHUNK):
        chunks.append(chunk)
        size += len(chunk)
        if size > wanted.limit:
            raise DownloadError(f"it is larger than {wanted.limit} bytes", lasting=True)
    if announced is not None and size < announced:
        raise DownloadError(f"{wanted.server} cannot be reached (the connection broke)")
    return b"".join(chunks)


class _Redirects(urllib.request.HTTPRedirectHandler):
    """Follows to http and https only, and never from https to http."""

    max_redirections = _REDIRECTS

    def __init__(self, server: str) -> None:
        self.server = server

    def redirect_request(
        self, req: urllib.request.Request, fp: IO[bytes], code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        """The next request. Raises DownloadError."""
        old, new = urlsplit(req.full_url).scheme, urlsplit(newurl).scheme
        if new not in _SCHEMES or (old == "https" and new == "http"):
            raise DownloadError(f"{self.server} redirects from {old} to another scheme", lasting=True)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def _opener(server: str) -> urllib.request.OpenerDirector:
    # build_opener would add handlers for file:, ftp: and data:.
    opener = urllib.request.OpenerDirector()
    for handler in (
        urllib.request.ProxyHandler(),
        urllib.request.HTTPHandler(),
        urllib.request.HTTPSHandler(context=_tls()),
        urllib.request.HTTPDefaultErrorHandler(),
        urllib.request.HTTPErrorProcessor(),
        _Redirects(server),
    ):
        opener.add_handler(handler)
    return opener


@cache
def _tls() -> ssl.SSLContext:
    # Each would read the machine's certificates again, which takes longer than many a download.
    context = ssl.create_default_context()
    context.set_alpn_protocols(["http/1.1"])
    return context
