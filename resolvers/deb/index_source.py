"""One index with the Release file that speaks of it, read from disk or from the cache."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.content_cache import ContentCache
from resolvers.deb.index_places import IndexFile, find_indexes
from resolvers.deb.packages_index import Listing, parse_index
from resolvers.deb.release_file import RELEASE_LIMIT, Release, parse_release
from resolvers.metadata_file import MetadataFile

INDEX_LIMIT = 512 * 2**20
"""Bytes of the largest index once it is inflated; that of Debian 12's main has 50 MB."""
_CHUNK = 2**20
_FORMAT = 1
"""Counts changes of ``Listing`` and of how it is read."""


@dataclass(frozen=True, slots=True)
class IndexSource:
    """The packages of one index, where it lies and what its repository says of itself."""

    file: str
    listing: Listing
    release: Release


def read_indexes(places: Sequence[Path], architecture: str, cache: Path | None) -> Iterator[IndexSource]:
    """Every index in ``places``. Raises ManifestError where one cannot be read, or a place has none."""
    kept = ContentCache(cache / "deb" if cache else None)
    for index in find_indexes(places, architecture):
        release = read_release(index)
        yield IndexSource(str(index.packages), _listing(index.packages, kept), release)


def read_release(index: IndexFile) -> Release:
    """What the repository of an index says. Raises ManifestError where it has an unreadable Release file."""
    if index.release is None:
        return Release()
    try:
        with index.release.open("rb") as file:
            return parse_release(file.read(RELEASE_LIMIT), str(index.release))
    except OSError as error:
        raise ManifestError(Origin(str(index.release)), f"cannot be read: {error.strerror}") from error


def _listing(path: Path, cache: ContentCache) -> Listing:
    file = MetadataFile(path, str(path))
    name = f"packages-{_FORMAT}-{file.digest()}" if cache.folder else ""
    kept = cache.get(name, Listing)
    if kept is None:
        kept = parse_index(_content(file), str(path))
        cache.put(name, kept)
    return kept


def _content(file: MetadataFile) -> bytes:
    chunks: list[bytes] = []
    size = 0
    with file.inflated() as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            if size > INDEX_LIMIT:
                raise ManifestError(Origin(file.origin), f"inflates to more than {INDEX_LIMIT} bytes")
            chunks.append(chunk)
    return b"".join(chunks)
