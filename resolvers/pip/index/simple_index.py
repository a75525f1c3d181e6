"""A client of package indexes: the Simple API (PEP 503, 691) and flat folders or pages (``--find-links``)."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit
from urllib.request import url2pathname

from resolvers.basic_authentication import without_login
from resolvers.download import Download, DownloadError, MissingError, download
from resolvers.pip.index.simple_page import ACCEPT, IndexFile, index_file, read_page
from resolvers.pip.uv.command import Index, default_index

_PAGE_LIMIT = 32 * 2**20
_METADATA_LIMIT = 4 * 2**20
_FLAT_LIMIT = 20_000
_PATIENCE = 5
"""Failures after which no server is asked any more: each may have cost a time-out."""


@dataclass
class SimpleIndex:
    """Reads what ``index`` offers; its own URL is uv's default where ``index.url`` is empty.

    Every method raises DownloadError where something cannot be had. With ``index.offline``, only local
    folders are read.
    """

    index: Index
    _logins: dict[tuple[str, str], str] = field(default_factory=dict, repr=False)
    _failures: int = 0

    def files(self, package: str) -> tuple[tuple[IndexFile, ...], tuple[IndexFile, ...]]:
        """The files of ``package`` (normalised name) on the index, and in the flat places."""
        url = self.index.url or default_index()
        try:
            listed = self._project(url, package) if url else ()
            flat = (file for place in self.index.find_links for file in self._flat(place))
            return tuple(f for f in listed if f.package == package), tuple(f for f in flat if f.package == package)
        except ValueError as error:
            raise DownloadError("a URL of the index is malformed", lasting=True) from error

    def metadata(self, file: IndexFile) -> bytes:
        """The METADATA that stands beside a file which ``has_metadata``."""
        path, query = urlsplit(file.url).path, urlsplit(file.url).query
        beside = urlunsplit(urlsplit(file.url)._replace(path=f"{path}.metadata", query=query, fragment=""))
        return _checked(self._read(beside, _METADATA_LIMIT).content, file.metadata_sha256)

    def content(self, file: IndexFile, limit: int) -> bytes:
        """The file itself, of at most ``limit`` bytes."""
        if file.size is not None and file.size > limit:
            raise DownloadError(f"it is larger than {limit} bytes", lasting=True)
        return _checked(self._read(file.url, limit).content, file.sha256)

    def _project(self, url: str, package: str) -> Iterator[IndexFile]:
        parts = urlsplit(_located(url))
        page = urlunsplit(parts._replace(path=f"{parts.path.rstrip('/')}/{quote(package)}/", fragment=""))
        try:
            return self._page(page)
        except MissingError:
            return iter(())

    def _flat(self, place: str) -> Iterator[IndexFile]:
        url = _located(place)
        folder = _path(url)
        if folder is None or not folder.is_dir():
            return self._page(url)
        try:
            names = sorted(file.name for file in folder.iterdir())[:_FLAT_LIMIT]
        except OSError as error:
            raise DownloadError(f"a folder cannot be read: {error.strerror}") from error
        return (file for name in names if (file := index_file(name, (folder / name).as_uri())))

    def _page(self, url: str) -> Iterator[IndexFile]:
        page = self._read(url, _PAGE_LIMIT, accept=ACCEPT)
        return read_page(page.content, page.kind, page.url)

    def _read(self, url: str, limit: int, accept: str = "*/*") -> Download:
        path = _path(url)
        if path is not None:
            return _local(path, limit)
        if self.index.offline:
            raise DownloadError("the network is off")
        public, login = without_login(url)
        origin = urlsplit(public)[:2]
        if login:
            self._logins[origin] = login
        if self._failures >= _PATIENCE:
            raise DownloadError("the index failed too often")
        try:
            page = download(public, limit, server="the index", accept=accept, login=self._logins.get(origin, ""))
        except DownloadError as error:
            self._failures += not error.lasting
            raise
        return replace(page, url=without_login(page.url)[0])


def _located(place: str) -> str:
    """A place as a URL; one without a scheme is a path."""
    return place if "://" in place else Path(place).absolute().as_uri()


def _path(url: str) -> Path | None:
    parts = urlsplit(url)
    return Path(url2pathname(parts.path)) if parts.scheme == "file" else None


def _local(path: Path, limit: int) -> Download:
    try:
        file = path / "index.html" if path.is_dir() else path
        if not file.exists():
            raise MissingError("the index has no such file", lasting=True)
        if not file.is_file():
            raise DownloadError("a file of the index is no regular file", lasting=True)
        with file.open("rb") as stream:
            content = stream.read(limit + 1)
    except (OSError, ValueError) as error:
        raise DownloadError(f"a file of the index cannot be read ({type(error).__name__})") from error
    if len(content) > limit:
        raise DownloadError(f"it is larger than {limit} bytes", lasting=True)
    return Download(content, "application/json" if file.suffix == ".json" else "text/html", file.as_uri())


def _checked(content: bytes, sha256: str) -> bytes:
    if sha256 and hashlib.sha256(content).hexdigest() != sha256:
        raise DownloadError("it does not match the hash that the index gives", lasting=True)
    return content
