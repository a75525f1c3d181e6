"""``direct_url.json`` (PEP 610): where a distribution was installed from, if not from an index."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

import msgspec

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.requirement import Source
from resolvers.pip.requirements.direct_reference import read_reference, vcs_source

_SYSTEMS = ("git", "hg", "svn", "bzr")
_LIMIT = 2**16


class _Repository(msgspec.Struct):
    vcs: str
    commit_id: str


class _Archive(msgspec.Struct):
    hash: str = ""
    hashes: dict[str, str] = {}

    @property
    def sha256(self) -> str:
        written = self.hashes.get("sha256") or self.hash.removeprefix("sha256=")
        return f"sha256={written}" if len(written) == 64 else ""


class _Folder(msgspec.Struct):
    editable: bool = False


class _DirectUrl(msgspec.Struct):
    url: str
    subdirectory: str = ""
    vcs_info: _Repository | None = None
    archive_info: _Archive | None = None
    dir_info: _Folder | None = None


def read_direct_url(data: bytes, file: str, root: str) -> Source:
    """The Source that ``data``, the content of ``file``, states.

    A folder below ``root``, the absolute path of the audited folder, is given relative to it.
    Raises ManifestError where the file does not follow PEP 610.
    """
    origin = Origin(file)
    try:
        if len(data) > _LIMIT:
            raise ValueError
        return _source(msgspec.json.decode(data, type=_DirectUrl), origin, root)
    except (ValueError, RecursionError) as error:
        raise ManifestError(origin, "is no direct URL record as PEP 610 writes it") from error


def local(path: str, root: str) -> Source:
    """A folder on disk as a Source, relative to ``root`` where it lies below."""
    pure = PurePosixPath(path)
    if root and pure.is_relative_to(root) and ".." not in pure.parts:
        pure = pure.relative_to(root)
    return Source("path", "" if pure == PurePosixPath() else str(pure))


def _source(record: _DirectUrl, origin: Origin, root: str) -> Source:
    parts = urlsplit(record.url)
    if record.vcs_info is not None:
        if record.vcs_info.vcs not in _SYSTEMS:
            raise ValueError
        return vcs_source(record.vcs_info.vcs, record.url, record.vcs_info.commit_id, record.subdirectory)
    if parts.scheme == "file":
        return local(unquote(parts.path), root)
    digest = record.archive_info.sha256 if record.archive_info else ""
    fragment = "&".join(
        part for part in (digest, f"subdirectory={record.subdirectory}" * bool(record.subdirectory)) if part
    )
    return read_reference(f"{record.url.partition('#')[0]}#{fragment}", origin).source
