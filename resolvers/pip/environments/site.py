"""Site directories: where an installer puts distributions, on disk or in an archive.

Follows the "recording installed projects" specification (``*.dist-info``), and what setuptools
wrote before it (``*.egg-info``, ``*.egg``).
"""

from __future__ import annotations

import importlib.metadata
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import PurePosixPath

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.requirement import Source
from analyzer.service import Skipped
from resolvers.pip.environments.contained import Contained
from resolvers.pip.environments.core_metadata import CoreMetadata, Header, read_core_metadata, read_requirements
from resolvers.pip.environments.direct_url import read_direct_url

RECORDS: Mapping[str, tuple[str, ...]] = {
    ".dist-info": ("METADATA", "direct_url.json"),
    ".egg-info": ("PKG-INFO", "requires.txt", ""),
    ".egg": ("EGG-INFO/PKG-INFO", "EGG-INFO/requires.txt"),
    ".egg-link": ("",),
}
"""The files that are read of each kind of record; ``""`` is the record itself, where it is a file."""

_LEGACY_LIMIT = 2**18
_FILE = re.compile(
    "|".join(rf"{re.escape(kind + '/' * bool(name) + name)}\Z" for kind, names in RECORDS.items() for name in names)
)


@dataclass(frozen=True, slots=True)
class Site:
    """A site directory: the names of its records, and the contents of their files by path.

    ``origin`` is what an Origin calls a path, ``root`` the absolute path of the audited folder, and
    ``source`` the one place that all of it came from, if there is one.
    """

    path: str
    records: tuple[str, ...]
    files: Mapping[str, bytes]
    origin: Callable[[str], str] = str
    root: str = ""
    source: Source | None = None


def kind_of(name: str) -> str:
    """The kind of record that a file or folder of this name is, empty if none."""
    return next((kind for kind in RECORDS if name.endswith(kind)), "")


def is_record_file(path: str) -> bool:
    """Whether the path is that of a file that ``read_site`` reads."""
    return _FILE.search(path) is not None


def records_by_site(paths: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Every directory that holds records, and their names. Records inside records do not count."""
    found: dict[str, set[str]] = {}
    for path in paths:
        parts = path.split("/")
        at = next((i for i, part in enumerate(parts) if kind_of(part)), None)
        if at is not None:
            found.setdefault("/".join(parts[:at]), set()).add(parts[at])
    return {site: tuple(sorted(records)) for site, records in sorted(found.items())}


def read_site(site: Site, skipped: list[Skipped]) -> list[Contained]:
    """The distributions whose records the site holds; what cannot be read goes to ``skipped``."""
    found = []
    for record in site.records:
        try:
            found.append(_read_record(site, record, skipped))
        except ManifestError as error:
            # pip renames what it is about to remove to "~…" and ignores it from then on.
            skipped.append(Skipped(record, error.reason, error.origin, incomplete=not record.startswith("~")))
    return found


def _read_record(site: Site, record: str, skipped: list[Skipped]) -> Contained:
    folder = f"{site.path}/{record}" if site.path else record
    if record.startswith("~"):
        raise ManifestError(Origin(site.origin(folder)), "is left over from an interrupted installation")
    if record.endswith(".egg-link"):
        raise ManifestError(Origin(site.origin(folder)), "links to a project whose metadata was not found")
    paths = {f"{folder}/{name}" if name else folder: name for name in RECORDS[kind_of(record)]}
    path = next((path for path, name in paths.items() if _holds_metadata(name) and path in site.files), "")
    if not path:
        raise ManifestError(Origin(site.origin(folder)), "has no metadata that could be read")
    metadata = read_core_metadata(site.files[path], site.origin(path))
    if legacy := next(
        (path for path, name in paths.items() if name.endswith("requires.txt") and path in site.files), ""
    ):
        metadata = _with_legacy(metadata, site.files[legacy], site.origin(legacy))
    skipped.extend(replace(each, what=f"{metadata.name}: {each.what}") for each in metadata.skipped)
    return Contained(metadata, site.source or _source(site, f"{folder}/direct_url.json", metadata.name, skipped))


def _holds_metadata(name: str) -> bool:
    return name == "" or name.endswith(("METADATA", "PKG-INFO"))


def _source(site: Site, path: str, name: str, skipped: list[Skipped]) -> Source | None:
    if path not in site.files:
        return None
    try:
        return read_direct_url(site.files[path], site.origin(path), site.root)
    except ManifestError as error:
        skipped.append(Skipped(f"{name}: direct_url.json", error.reason, error.origin))
        return None


class _RequiresText(importlib.metadata.Distribution):
    """``requires.txt`` as the only file of a distribution: the library knows how to read its sections."""

    def __init__(self, text: str) -> None:
        self._text = text

    def read_text(self, filename: str) -> str | None:
        return {"requires.txt": self._text, "METADATA": "Name: legacy\n"}.get(filename)

    def locate_file(self, path: object) -> PurePosixPath:  # type: ignore[override]
        return PurePosixPath(str(path))


def _with_legacy(metadata: CoreMetadata, data: bytes, file: str) -> CoreMetadata:
    if metadata.requires or not data.strip():
        return metadata
    if len(data) > _LEGACY_LIMIT:
        raise ManifestError(Origin(file), f"is larger than {_LEGACY_LIMIT} bytes")
    texts = _RequiresText(data.decode("utf-8", "replace")).requires or []
    skipped = [*metadata.skipped]
    requires = tuple(read_requirements([Header(text, Origin(file)) for text in texts], skipped))
    return replace(metadata, requires=requires, skipped=tuple(skipped))
