"""Where a repository keeps its metadata: ``repodata/repomd.xml`` and the files that it names.

A folder that holds a ``primary.xml`` without ``repomd.xml`` is read as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.metadata_file import MetadataFile
from resolvers.rpm.strict_xml import Attributes, Document, as_mapping
from resolvers.tree import Kind, Tree

_DEPTH_LIMIT = 6
"""Folders above ``repodata`` in a mirror: ``9-stream/BaseOS/x86_64/os``."""
_FOLDER_LIMIT = 2_000
_INDEX = "repomd.xml"
_NAMED = re.compile(r"(?:.*-)?(primary|filelists)\.xml(?:\.(?:gz|xz|zst|bz2))?")


@dataclass(frozen=True, slots=True)
class Repodata:
    """The files of one repository; without ``filelists`` only the files in ``primary`` are known."""

    primary: MetadataFile
    filelists: MetadataFile | None = None


def find_repodata(places: Sequence[Path]) -> tuple[Repodata, ...]:
    """The repositories in ``places``: a ``primary.xml``, or a folder with repositories in it or below.

    Raises ManifestError where a place has none, or where a ``repomd.xml`` cannot be read.
    """
    return tuple(repodata for place in places for repodata in _in_place(place))


def _in_place(place: Path) -> Sequence[Repodata]:
    if not place.is_dir():
        return (Repodata(MetadataFile(place, str(place))),)
    tree = Tree(place)
    found = tuple(_repodata(tree, folder) for folder in _folders(tree))
    if not found:
        raise ManifestError(Origin(str(place)), "holds no RPM repository (repodata/repomd.xml)")
    return found


def _folders(tree: Tree) -> Iterator[str]:
    """The folders of metadata, in order. Below one that has metadata no other is looked for."""
    waiting = [("", 0)]
    for _ in range(_FOLDER_LIMIT):
        if not waiting:
            return
        folder, depth = waiting.pop()
        listing = tree.listing(folder)
        if any(_NAMED.fullmatch(name) or name == _INDEX for name in listing):
            yield folder
        elif listing.get("repodata") in (Kind.FOLDER, Kind.LINK):
            waiting.append((f"{folder}/repodata".lstrip("/"), depth + 1))
        elif depth < _DEPTH_LIMIT:
            below = [name for name, kind in listing.items() if kind is Kind.FOLDER]
            waiting += [(f"{folder}/{name}".lstrip("/"), depth + 1) for name in reversed(below)]


def _repodata(tree: Tree, folder: str) -> Repodata:
    files = _indexed(tree, folder) if tree.exists(f"{folder}/{_INDEX}".lstrip("/")) else _named(tree, folder)
    if "primary" not in files:
        raise ManifestError(Origin(_shown(tree, folder)), "names no primary.xml")
    return Repodata(files["primary"], files.get("filelists"))


def _named(tree: Tree, folder: str) -> dict[str, MetadataFile]:
    found = ((_NAMED.fullmatch(name), f"{folder}/{name}".lstrip("/")) for name in tree.names(folder))
    return {match[1]: MetadataFile(tree.locate(path), _shown(tree, path)) for match, path in found if match}


def _indexed(tree: Tree, folder: str) -> dict[str, MetadataFile]:
    """What ``repomd.xml`` names."""
    index = _Index(tree, folder)
    index.read()
    return index.files


class _Index:
    def __init__(self, tree: Tree, folder: str) -> None:
        self.files: dict[str, MetadataFile] = {}
        self._tree = tree
        self._folder = folder
        self._path = f"{folder}/{_INDEX}".lstrip("/")
        self._document = Document(_shown(tree, self._path), self._start, self._end)
        self._type = ""
        self._checksum = ""

    def read(self) -> None:
        file = MetadataFile(self._tree.locate(self._path), _shown(self._tree, self._path))
        with file.inflated() as source:
            self._document.read(source)

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == "data":
            self._type, self._checksum = as_mapping(attributes).get("type", ""), ""
        elif name == "checksum" and as_mapping(attributes).get("type", "") == "sha256":
            self._document.take_text()
        elif name == "location" and self._type in ("primary", "filelists"):
            path = _beside(self._path, as_mapping(attributes).get("href", ""))
            self.files[self._type] = MetadataFile(self._tree.locate(path), _shown(self._tree, path), self._checksum)

    def _end(self, name: str, text: str) -> None:
        self._checksum = text.strip()


def _beside(index: str, location: str) -> str:
    """A location is relative to the folder above ``repodata``; every tool puts the file beside its index."""
    return f"{index.removesuffix(_INDEX)}{location.rpartition('/')[2]}"


def _shown(tree: Tree, path: str) -> str:
    return f"{tree.root}/{path}".rstrip("/")
