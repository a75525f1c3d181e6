"""Maven modules on a server, in Maven's layout, with what was read kept in the user's cache folder."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

from analyzer.package import Candidate, Package
from resolvers.answer_cache import AnswerCache
from resolvers.basic_authentication import without_login
from resolvers.download import DownloadError, MissingError, download
from resolvers.maven.place import FILE_LIMIT, Found
from resolvers.maven.unreachable import Unreachable
from resolvers.maven.version_listing import listed_versions, snapshot_version

_DAY = 24 * 3600.0
"""Seconds for which a listing, a snapshot, or that a file is missing is taken for true (as Gradle does)."""
_LISTING = "maven-metadata.xml"
_SNAPSHOT = "-SNAPSHOT"
_PATIENCE = 5
"""Failures after which the server is not asked any more: each may have cost a time-out."""
_BYTES = "latin-1"
"""Keeps bytes as text of the same length."""


@dataclass
class RemotePlace:
    """An http or https server. ``url`` may hold credentials; they are sent to it, and reach nothing else."""

    url: str = field(repr=False)
    cache: AnswerCache
    offline: bool = False
    _failures: int = 0
    _public: str = ""
    _login: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        url, self._login = without_login(self.url)
        self._public = urlunsplit(urlsplit(url)._replace(query="", fragment="")).rstrip("/")

    def read(self, candidate: Candidate, extension: str) -> Found | None:
        """As in Place. A release's file is asked for once and kept."""
        folder, version = f"{_folder(candidate.package)}/{candidate.version}", candidate.version
        moves = version.endswith(_SNAPSHOT)
        if moves and (listing := self._get(f"{folder}/{_LISTING}", moves=True)):
            version = snapshot_version(listing.content, listing.file, version)
        return self._get(f"{folder}/{candidate.package.name}-{version}.{extension}", moves=moves)

    def versions(self, package: Package) -> tuple[str, ...]:
        """As in Place: what ``maven-metadata.xml`` lists."""
        listing = self._get(f"{_folder(package)}/{_LISTING}", moves=True)
        return listed_versions(listing.content, listing.file) if listing else ()

    def _get(self, path: str, *, moves: bool) -> Found | None:
        url = f"{self._public}/{quote(path)}"
        known = self.cache.get({"url": url})
        if known is not None and _holds(known, moves=moves, offline=self.offline):
            return _found(known["content"], url)
        if self.offline:
            raise Unreachable(f"{url} is not in the cache, and the network is off")
        content = self._fetched(url)
        text = None if content is None else content.decode(_BYTES)
        self.cache.put({"url": url}, {"content": text, "at": time.time()})
        return _found(text, url)

    def _fetched(self, url: str) -> bytes | None:
        if self._failures >= _PATIENCE:
            raise Unreachable(f"{self._public} failed too often")
        try:
            return download(url, FILE_LIMIT, server="the repository", login=self._login).content
        except MissingError:
            return None
        except DownloadError as error:
            self._failures += not error.lasting
            raise Unreachable(f"{url} cannot be read: {error.reason}") from error


def _holds(known: Any, *, moves: bool, offline: bool) -> bool:
    """Whether what the cache has is an answer, and one of today where it may change."""
    if not isinstance(known, dict) or not isinstance(known.get("content", 0), str | None):
        return False
    if offline or (known["content"] is not None and not moves):
        return True
    at = known.get("at")
    return isinstance(at, float) and 0 <= time.time() - at < _DAY


def _found(text: str | None, url: str) -> Found | None:
    return None if text is None else Found(text.encode(_BYTES), url)


def _folder(package: Package) -> str:
    return f"{package.namespace.replace('.', '/')}/{package.name}"
