"""Direct references (PEP 440): a URL, a VCS repository or a path instead of a version from an index."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import SplitResult, unquote, urlsplit

from packaging.utils import InvalidWheelFilename, canonicalize_name, parse_wheel_filename

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.requirement import Requirement, Source
from resolvers.tree import join

ARCHIVES = (".whl", ".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tbz", ".tar.xz", ".txz", ".tar")
"""File name endings that pip takes for an installable archive."""

PATH_LIMIT = 4096
"""Characters of the longest path that is followed (``PATH_MAX``)."""

_SYSTEMS = ("git", "hg", "svn", "bzr")
_SCHEMES = ("https", "http", "ssh", "file", "git")
_DEFAULT_PORTS = {"https": 443, "http": 80, "ssh": 22, "git": 9418}
_SCP = re.compile(r"[^\s/:@]+@(?P<host>[^\s/:@]{2,}):(?!//)(?P<path>\S+)")
_SCP_IN_URL = re.compile(r"(ssh://(?:[^/@\s]*@)?[^/:@\s]+):(?!\d+(?:/|$))/?")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f]")
_EGG = re.compile(r"(?P<name>[A-Za-z0-9](?:[\w.\-]*[A-Za-z0-9])?)(?:\[(?P<extras>[^\[\]]*)\])?", re.ASCII)
_HASH = re.compile(r"(sha(?:1|224|256|384|512)|md5)=([0-9A-Fa-f]{8,128})")
_PROJECT_ROOT = re.compile(r"file:///?\$\{PROJECT_ROOT\}/?")
_DIGITS = 100


@dataclass(frozen=True, slots=True)
class Reference:
    """What a direct reference says: where from, and the name, version and extras it implies ("" where none)."""

    source: Source
    name: str = ""
    version: str = ""
    extras: tuple[str, ...] = ()


def read_reference(text: str, origin: Origin, folder: str | None = None) -> Reference:
    """The reference that a URL or path states.

    A relative path is relative to ``folder``, by default that of ``origin.file``. Raises ManifestError
    with ``origin`` for what no installer could follow or would be allowed to: other schemes, ways out
    of the tree.
    """
    folder = origin.file.rpartition("/")[0] if folder is None else folder
    try:
        return _read(text.strip(), folder, origin)
    except ManifestError as error:
        raise ManifestError(origin, error.reason) from error
    except ValueError as error:
        raise ManifestError(origin, "holds a malformed URL") from error


def repository(url: str) -> str:
    """One location for all URL forms of a repository: ``host/path``, as in ``github.com/org/repo``.

    Scheme, login, default port, host case and a trailing ``.git`` make no difference; the path of a
    local repository (``file:``) stands alone. Raises ValueError for a malformed URL.
    """
    parts = urlsplit(_as_url(url))
    path = "/".join(part for part in unquote(parts.path).split("/") if part).removesuffix(".git")
    if parts.scheme == "file":
        return f"/{path}"
    return f"{_host(parts)}/{path}"


def vcs_source(system: str, url: str, reference: str = "", subdirectory: str = "") -> Source:
    """The Source of a package in a repository (``system`` is git, hg, svn or bzr).

    A package in a subdirectory has ``#subdirectory=…`` appended to its location. Raises ValueError
    for a malformed URL.
    """
    folder = "/".join(part for part in subdirectory.split("/") if part not in ("", "."))
    return Source(system, repository(url) + (f"#subdirectory={folder}" if folder else ""), reference)


def unseen(requirements: Iterable[Requirement]) -> tuple[str, ...]:
    """A sentence for each requirement whose own requirements nobody can see without fetching it."""
    hidden = (r for r in requirements if r.source is not None and not is_folder(r.source))
    return tuple(
        dict.fromkeys(f"{r.package.name} comes from {r.source}; what it requires itself is unknown" for r in hidden)
    )


def is_folder(source: Source) -> bool:
    """Whether a Source is a folder of the tree, whose requirements can be read there."""
    return source.kind == "path" and not source.location.endswith(ARCHIVES)


def implied_by_wheel(filename: str) -> tuple[str, str]:
    """Name and version in a wheel's file name. Raises ValueError if it is none (binary distribution format)."""
    if re.search(r"\d" * _DIGITS, filename):
        raise ValueError("a version too large to compare")
    try:
        name, version, _, _ = parse_wheel_filename(filename)
    except InvalidWheelFilename as error:
        raise ValueError("is not named as a wheel must be") from error
    return str(name), str(version)


def _read(text: str, folder: str, origin: Origin) -> Reference:
    if "://" in text and _BLANK.search(text):
        raise ManifestError(origin, "holds a blank or a control character in a URL")
    system, plus, rest = text.partition("+")
    if plus and system.lower() in _SYSTEMS:
        return _read_vcs(system.lower(), rest, origin)
    if _SCP.fullmatch(text.partition("#")[0]):
        return _read_vcs("git", text, origin)
    scheme = urlsplit(text).scheme.lower()
    if scheme in ("ssh", "git"):
        return _read_vcs("git", text, origin)
    if scheme in ("http", "https"):
        return _read_archive(text, origin)
    if scheme not in ("", "file"):
        raise ManifestError(origin, f"cannot be fetched: the scheme {scheme} is not supported")
    return _read_path(text, folder, origin)


def _read_vcs(system: str, url: str, origin: Origin) -> Reference:
    parts = urlsplit(_as_url(url))
    if parts.scheme not in _SCHEMES:
        raise ManifestError(origin, f"cannot be fetched: the scheme {system}+{parts.scheme} is not supported")
    path, reference = _split_reference(parts.path)
    located = parts._replace(path=path, query="", fragment="").geturl()
    if not path.strip("/") or (parts.scheme != "file" and not parts.hostname):
        raise ManifestError(origin, "names no repository")
    fragment = _fragment(parts)
    name, extras = _egg(fragment, origin)
    source = vcs_source(system, located, unquote(reference), fragment.get("subdirectory", ""))
    return Reference(source, name, extras=extras)


def _read_archive(url: str, origin: Origin) -> Reference:
    parts = urlsplit(url)
    if not parts.hostname:
        raise ManifestError(origin, "names no host")
    fragment = _fragment(parts)
    hashed = _HASH.search(parts.fragment)
    digest = f"{hashed[1]}:{hashed[2].lower()}" if hashed else ""
    subdirectory = f"#subdirectory={fragment['subdirectory']}" if fragment.get("subdirectory") else ""
    location = f"{parts.scheme.lower()}://{_host(parts)}{parts.path}{subdirectory}"
    return _named(Source("url", location, digest), unquote(parts.path), fragment, origin)


def _read_path(text: str, folder: str, origin: Origin) -> Reference:
    written, _, fragment_text = _PROJECT_ROOT.sub("./", text).partition("#")
    if written.lower().startswith("file:"):
        parts = urlsplit(written)
        if parts.netloc not in ("", "localhost"):
            raise ManifestError(origin, "names a file on another host")
        written = unquote(parts.path)
    if not written or len(written) > PATH_LIMIT or "\0" in written or "\\" in written:
        raise ManifestError(origin, "is no path that can be followed")
    location = join(folder, written)
    return _named(Source("path", location), written, _pairs(fragment_text), origin)


def _named(source: Source, path: str, fragment: dict[str, str], origin: Origin) -> Reference:
    if path.endswith(".whl"):
        try:
            name, version = implied_by_wheel(path.rpartition("/")[2])
        except ValueError as error:
            raise ManifestError(origin, f"points to a wheel whose file name is none: {error}") from error
        return Reference(source, name, version)
    name, extras = _egg(fragment, origin)
    return Reference(source, name, extras=extras)


def _as_url(url: str) -> str:
    head, hash_sign, fragment = url.partition("#")
    scp = _SCP.fullmatch(head) if "://" not in head else None
    if scp is not None:
        head = f"ssh://{scp['host']}/{scp['path']}"
    return _SCP_IN_URL.sub(r"\1/", head, count=1) + hash_sign + fragment


def _host(parts: SplitResult) -> str:
    port = parts.port
    host = (parts.hostname or "").rstrip(".")
    host = f"[{host}]" if ":" in host else host
    return host if port is None or port == _DEFAULT_PORTS.get(parts.scheme) else f"{host}:{port}"


def _split_reference(path: str) -> tuple[str, str]:
    before, at, reference = path.rpartition("@")
    return (before, reference) if at else (path, "")


def _fragment(parts: SplitResult) -> dict[str, str]:
    return _pairs(parts.fragment)


def _pairs(fragment: str) -> dict[str, str]:
    pairs = (item.partition("=") for item in fragment.split("&"))
    return {key: unquote(value) for key, equals, value in pairs if equals}


def _egg(fragment: dict[str, str], origin: Origin) -> tuple[str, tuple[str, ...]]:
    egg = fragment.get("egg", "")
    if not egg:
        return "", ()
    match = _EGG.fullmatch(egg)
    if match is None:
        raise ManifestError(origin, "has an #egg= that is no distribution name")
    extras = {str(canonicalize_name(extra.strip())) for extra in (match["extras"] or "").split(",")}
    return match["name"], tuple(sorted(extras - {""}))
