"""The ways to write one repository's URL, as one Package.

Source: git-clone(1), "GIT URLS"; gitmodules(5) for relative ones.
"""

from __future__ import annotations

import re
from urllib.parse import unquote, urlsplit

from analyzer.package import Package
from resolvers.git.ecosystem import ECOSYSTEM

URL_LIMIT = 2000
"""Characters of the longest URL that is read."""

_SCHEMES = {"https": "https", "ssh": "ssh", "git+https": "https", "git+ssh": "ssh", "ssh+git": "ssh", "file": "file"}
_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.\-]*)://")
_SCP = re.compile(r"(?:[^\s@/:]+@)?(?P<host>[^\s@/:\[\]]{2,}):(?!:)(?P<path>.+)", re.DOTALL)
_HOST = re.compile(r"[a-z0-9_](?:[a-z0-9_.\-]*[a-z0-9_])?|[0-9a-f:.]*:[0-9a-f:.]*", re.ASCII)
_LOCAL = "file:"
_ONLY = "only https, ssh and file URLs are read"


class RepositoryUrlError(Exception):
    """A text that is no URL of a repository, or of a kind that is not read. The message says why, and
    repeats nothing of the text."""


def repository(url: str) -> Package:
    """The Package of a repository: host and folders as namespace (``git/git.example/org/geo``).

    Login, port, query, ``.git`` and slashes at the end say nothing of which repository it is; the host's
    letters may be of either case. ``file:`` stands for the host of a local one. Raises RepositoryUrlError.
    """
    if len(url) > URL_LIMIT or not url.isprintable() or " " in url:
        raise RepositoryUrlError("is no URL")
    if match := _SCHEME.match(url):
        return _of_url(match[1].lower(), url)
    if url.startswith("/"):
        return _package(_LOCAL, url)
    if scp := _SCP.fullmatch(url):
        return _package(_host(scp["host"]), scp["path"])
    raise RepositoryUrlError(_ONLY)


def relative_to(base: Package, path: str) -> Package:
    """What ``../other.git`` means in a repository (gitmodules(5)). Raises RepositoryUrlError."""
    if len(path) > URL_LIMIT:
        raise RepositoryUrlError("is no URL")
    host, *parts = f"{base.namespace}/{base.name}".split("/")
    for part in path.split("/"):
        if part == ".." and not parts:
            raise RepositoryUrlError("leads out of its host")
        if part == "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return _package(host, "/".join(parts))


def is_relative(url: str) -> bool:
    """Whether a URL is to be read as seen from the repository that names it."""
    return url.startswith(("./", "../")) or url in (".", "..")


def url_of(package: Package) -> str:
    """A URL of a repository, without credentials."""
    path = f"{package.namespace}/{package.name}"
    return f"file://{path.removeprefix(_LOCAL)}" if path.startswith(f"{_LOCAL}/") else f"https://{path}"


def _of_url(scheme: str, url: str) -> Package:
    kind = _SCHEMES.get(scheme)
    if kind is None:
        raise RepositoryUrlError(_ONLY)
    try:
        parts = urlsplit(url)
        host, path = parts.hostname or "", unquote(parts.path)
    except ValueError as error:
        raise RepositoryUrlError("is no URL") from error
    if kind == "file":
        if host not in ("", "localhost"):
            raise RepositoryUrlError("is a file URL of another machine")
        return _package(_LOCAL, path)
    return _package(_host(host), path)


def _host(text: str) -> str:
    host = text.lower().rstrip(".")
    if len(host) > 253 or not _HOST.fullmatch(host):
        raise RepositoryUrlError("has no host, or one that cannot be")
    return host


def _package(host: str, path: str) -> Package:
    parts = [part for part in path.split("/") if part]
    if any(part in (".", "..") for part in parts) or "\\" in path or not path.isprintable():
        raise RepositoryUrlError("has a path that climbs, or is none")
    if parts and parts[-1] == ".git":
        parts.pop()
    *folders, name = parts or [""]
    name = name.removesuffix(".git")
    if not name:
        raise RepositoryUrlError("names no repository")
    return Package(ECOSYSTEM, name, "/".join((host, *folders)))
