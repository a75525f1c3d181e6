"""What a release requires, as far as it can be known without a build.

uv requires that all wheels of a release have the same metadata, those built from its source
distribution included (https://docs.astral.sh/uv/reference/internals/resolver/, "Metadata
consistency"), so any wheel speaks for all; and a source distribution may say that its metadata is
static (PEP 643).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from io import BytesIO

from packaging.version import Version

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.archive import read_archive_file
from resolvers.credentials import without_credentials
from resolvers.download import DownloadError
from resolvers.pip.environments.core_metadata import CoreMetadata, read_core_metadata
from resolvers.pip.environments.static_sdist import static_metadata
from resolvers.pip.index.release import Release
from resolvers.pip.index.simple_index import SimpleIndex
from resolvers.pip.index.simple_page import IndexFile

FILES = 8
"""Files of a package that are downloaded for want of metadata beside them."""
FILE_LIMIT = 20 * 2**20
"""Bytes that one of them may have."""

_AT_ONCE = 8
_EXTRA = re.compile(r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?")


@dataclass(frozen=True, slots=True)
class Learned:
    """``metadata`` of a release in the core metadata format, reduced to what a resolver needs; None
    where it cannot be known, with the ``reason``. ``lasting``: another attempt would learn the same."""

    metadata: str | None
    reason: str = ""
    lasting: bool = True


def learn(index: SimpleIndex, releases: Sequence[Release]) -> Iterator[Learned]:
    """What can be known of each release, in their order: the first ``FILES`` that need it cost a download."""
    files = [_source(release) for release in releases]
    costly = [place for place, file in enumerate(files) if _is_costly(file)]
    spared = frozenset(costly[FILES:])

    def one(place: int) -> Learned:
        if place in spared:
            return Learned(None, f"its metadata was not looked at, since only {FILES} files of a package are")
        return _learn(index, files[place])

    with ThreadPoolExecutor(_AT_ONCE) as pool:
        yield from pool.map(one, range(len(files)))


def _source(release: Release) -> IndexFile:
    wheels = sorted(release.wheels, key=lambda w: (not w.has_metadata, _size(w), w.filename))
    return wheels[0] if wheels and (wheels[0].has_metadata or _size(wheels[0]) <= FILE_LIMIT) else release.sdist


def _size(file: IndexFile) -> int:
    return FILE_LIMIT if file.size is None else file.size


def _is_costly(file: IndexFile) -> bool:
    return not (file.tags and file.has_metadata) and not file.url.startswith("file:")


def _learn(index: SimpleIndex, file: IndexFile) -> Learned:
    try:
        metadata = _of_wheel(index, file) if file.tags else static_metadata(_content(index, file), file.filename)
    except DownloadError as error:
        return Learned(None, f"its metadata cannot be had ({error.reason})", error.lasting)
    except ManifestError as error:
        return Learned(None, f"its metadata cannot be read: it {error.reason}")
    if metadata is None:
        return Learned(None, "its sdist says nothing static about dependencies")
    if (metadata.name, Version(metadata.version)) != (file.package, Version(file.version)):
        return Learned(None, "its metadata is of another release")
    if metadata.skipped:
        return Learned(None, f"its metadata cannot be read: {metadata.skipped[0].what} {metadata.skipped[0].reason}")
    return Learned(_reduced(metadata))


def _content(index: SimpleIndex, file: IndexFile) -> bytes:
    return index.content(file, FILE_LIMIT)


def _of_wheel(index: SimpleIndex, file: IndexFile) -> CoreMetadata:
    if file.has_metadata:
        return read_core_metadata(index.metadata(file), file.filename)
    contents = read_archive_file(BytesIO(_content(index, file)), file.filename, _is_metadata)
    if len(contents.files) != 1:
        raise ManifestError(Origin(file.filename), "holds not exactly one readable METADATA")
    return read_core_metadata(next(iter(contents.files.values())), file.filename)


def _is_metadata(name: str) -> bool:
    folder, _, file = name.partition("/")
    return folder.endswith(".dist-info") and file == "METADATA"


def _reduced(metadata: CoreMetadata) -> str:
    fields = [("Metadata-Version", "2.1"), ("Name", metadata.name), ("Version", metadata.version)]
    fields += [("Requires-Python", each.constraint) for each in metadata.interpreter]
    fields += [("Provides-Extra", extra) for extra in metadata.extras if _EXTRA.fullmatch(extra)]
    fields += [("Requires-Dist", without_credentials(str(each.dependency))) for each in metadata.requires]
    return "".join(f"{name}: {value}\n" for name, value in fields)
