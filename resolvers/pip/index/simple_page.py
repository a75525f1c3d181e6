"""A project's page in the Simple API, in JSON (PEP 691, 700, 714) and in HTML (PEP 503, 592, 658).

A file whose entry makes no sense is left out, as installers do.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

import msgspec
from packaging.tags import Tag
from packaging.utils import parse_sdist_filename, parse_wheel_filename

ACCEPT = "application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"  # PEP 691
_FILE_LIMIT = 100_000
_TEXT_LIMIT = 1000
_NAME_LIMIT = 256
_ANCHOR_LIMIT = 8192
_ANCHOR = re.compile(r"<(a|base)\s", re.IGNORECASE)
# Quoted values may hold ">", which data-requires-python often does.
_INSIDE = re.compile(r"(?:[^>\"']|\"[^\"]*\"|'[^']*')*")
_ATTRIBUTE = re.compile(r"([\w-]{1,40})(?:\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)'|([^\s\"'>]+)))?")
_SHA256 = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class IndexFile:
    """One file that an index offers.

    ``package`` and ``version`` are normalised (PEP 503, 440); ``tags`` are empty for a source
    distribution. ``size`` is in bytes, None where the index does not say (as ``upload_time``).
    ``has_metadata``: METADATA stands beside the file, at its URL with ``.metadata`` (PEP 658).
    """

    filename: str
    package: str
    version: str
    tags: frozenset[Tag]
    url: str = field(repr=False)
    upload_time: datetime | None = None
    requires_python: str = ""
    yanked: bool = False
    has_metadata: bool = False
    sha256: str = ""
    metadata_sha256: str = ""
    size: int | None = None


class _Entry(msgspec.Struct, rename="kebab"):
    filename: str
    url: str
    hashes: dict[str, str] = {}
    requires_python: str | None = None
    upload_time: str | None = None
    yanked: bool | str = False
    core_metadata: bool | dict[str, str] | None = None
    dist_info_metadata: bool | dict[str, str] | None = None
    size: int | None = None


class _Page(msgspec.Struct):
    files: list[msgspec.Raw]


def read_page(content: bytes, kind: str, url: str) -> Iterator[IndexFile]:
    """The files on the page ``content`` of media type ``kind``, which stood at ``url``."""
    if kind.endswith("json"):
        yield from _read_json(content, url)
    else:
        yield from _read_html(content.decode("utf-8", "replace"), url)


def index_file(filename: str, url: str, **more: Any) -> IndexFile | None:
    """The file of this name; None where no distribution is named so (PEP 427, 625)."""
    if len(filename) > _NAME_LIMIT or set("/\\") & set(filename):
        return None
    try:
        if filename.endswith(".whl"):
            package, version, _, tags = parse_wheel_filename(filename)
        else:
            (package, version), tags = parse_sdist_filename(filename), frozenset()
    except ValueError:
        return None
    return IndexFile(filename, str(package), str(version), tags, url, **more)


def _read_json(content: bytes, url: str) -> Iterator[IndexFile]:
    try:
        raw = msgspec.json.decode(content, type=_Page).files
    except (ValueError, RecursionError):
        return
    for each in raw[:_FILE_LIMIT]:
        try:
            entry = msgspec.json.decode(each, type=_Entry)
        except (ValueError, RecursionError):
            continue
        link = _joined(url, entry.url)
        file = link and index_file(entry.filename, link, **_facts(entry))
        if file:
            yield file


def _facts(entry: _Entry) -> dict[str, Any]:
    # PEP 714: the newer key wins where both are there.
    stated = entry.dist_info_metadata if entry.core_metadata is None else entry.core_metadata
    return {
        "upload_time": _time(entry.upload_time or ""),
        "requires_python": (entry.requires_python or "")[:_TEXT_LIMIT],
        # PEP 592: the reason may be the empty string.
        "yanked": entry.yanked is not False,
        "has_metadata": isinstance(stated, dict) or stated is True,
        "sha256": _sha256(entry.hashes),
        "metadata_sha256": _sha256(stated) if isinstance(stated, dict) else "",
        "size": entry.size if entry.size is not None and entry.size >= 0 else None,
    }


def _sha256(hashes: Mapping[str, str]) -> str:
    value = hashes.get("sha256", "").lower()
    return value if _SHA256.fullmatch(value) else ""


def _time(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
        return time if time.utcoffset() is not None else None
    except (ValueError, OverflowError):
        return None


def _read_html(text: str, url: str) -> Iterator[IndexFile]:
    for tag, attributes in _tags(text):
        link = _joined(url, attributes.get("href", ""))
        if tag == "base":
            url = link or url
            continue
        address, _, fragment = link.partition("#")
        filename = unquote(urlsplit(address).path.rpartition("/")[2]) if address else ""
        file = index_file(filename, address, **_attributes(attributes, fragment))
        if file:
            yield file


def _tags(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Names and attributes of links. Linear in the length of the text, which a parser of all HTML is not."""
    shown, *hidden = text.split("<!--")
    pieces = _ANCHOR.split(shown + "".join(part.partition("-->")[2] for part in hidden))
    for tag, piece in zip(pieces[1 : 2 * _FILE_LIMIT : 2], pieces[2 : 2 * _FILE_LIMIT + 1 : 2], strict=False):
        inside = _INSIDE.match(piece[:_ANCHOR_LIMIT])
        found = _ATTRIBUTE.findall(inside[0]) if inside else ()
        yield tag.lower(), {name.lower(): html.unescape("".join(values)) for name, *values in found}


def _attributes(attributes: Mapping[str, str], fragment: str) -> dict[str, Any]:
    # PEP 714: the newer attribute wins where both are there.
    stated = attributes.get("data-core-metadata", attributes.get("data-dist-info-metadata", ""))
    return {
        "requires_python": attributes.get("data-requires-python", "")[:_TEXT_LIMIT],
        "yanked": "data-yanked" in attributes,
        "has_metadata": stated not in ("", "false"),
        "sha256": _sha256(dict([fragment.partition("=")[::2]])),
        "metadata_sha256": _sha256(dict([stated.partition("=")[::2]])),
    }


def _joined(base: str, link: str) -> str:
    """``link`` as seen from ``base``; empty where it leads to another kind of place, or down from https."""
    try:
        joined = urljoin(base, link.strip())
        old, new = urlsplit(base).scheme, urlsplit(joined).scheme
    except ValueError:
        return ""
    allowed = ("file", "http", "https") if old == "file" else ("https",) if old == "https" else ("http", "https")
    return joined if link and new in allowed else ""
