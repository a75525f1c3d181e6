"""Where package indexes lie: a saved file, apt's lists, a mirror's directory, dpkg's status."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.deb.architecture import ALL

_SUFFIXES = ("", ".lz4", ".zst", ".gz", ".xz", ".bz2")
"""What an index may be called by, the one that is read fastest first."""
_PACKAGES = re.compile(rf"(?P<stem>(?:.+_)?Packages)(?P<suffix>{'|'.join(map(re.escape, _SUFFIXES))})")
_RELEASES = ("InRelease", "Release")
_DEPTH = 6
_FOLDERS = 20_000
_OTHERS = frozenset({"by-hash", "pool", "debian-installer", "source", "i18n", "dep11", "partial", "auxfiles"})
"""Folders of a mirror without indexes of packages that could be installed."""


@dataclass(frozen=True, slots=True)
class IndexFile:
    """An index, and the Release file that speaks of it (None where there is none)."""

    packages: Path
    release: Path | None


def find_indexes(places: Iterable[Path], architecture: str) -> tuple[IndexFile, ...]:
    """The indexes in ``places`` in a stable order, each file once.

    A mirror has indexes of all architectures, of which Debian's ``architecture`` is taken (and
    ``all``), or every one where it is empty; apt's lists are those that the machine uses, all of them.
    Raises ManifestError for a place with none.
    """
    found: dict[Path, IndexFile] = {}
    for place in places:
        indexes = _at(place, architecture)
        if not indexes:
            raise ManifestError(Origin(str(place)), "holds no index of Debian packages")
        for index in indexes:
            found.setdefault(_real(index.packages), index)
    return tuple(found.values())


def _at(place: Path, architecture: str) -> Sequence[IndexFile]:
    if not place.is_dir():
        return [IndexFile(place, _beside_list(place) or _above(place.parent, place.parent))]
    if found := _indexes(place):
        return [IndexFile(path, _beside_list(path) or _above(place, place.absolute().parents[-1])) for path in found]
    return list(_in_mirror(place, architecture))


def _in_mirror(place: Path, architecture: str) -> Iterator[IndexFile]:
    wanted = re.compile(rf"binary-(?:{re.escape(architecture)}|{ALL})" if architecture else "binary-.+")
    top = place / "dists" if (place / "dists").is_dir() else place
    for folder in _folders(top, str(place)):
        for path in _indexes(folder) if wanted.fullmatch(folder.name) else []:
            yield IndexFile(path, _above(folder.parent, place))


def _folders(top: Path, place: str) -> Iterator[Path]:
    """Folders under ``top``, sorted; a mirror's suites are often links to one another."""
    waiting, seen = [(top, 0)], set[Path]()
    while waiting:
        folder, depth = waiting.pop()
        real = _real(folder)
        if real in seen:
            continue
        seen.add(real)
        if len(seen) > _FOLDERS:
            raise ManifestError(Origin(place), f"has more than {_FOLDERS} folders: it is no mirror")
        yield folder
        below = [folder / name for name in _names(folder) if name not in _OTHERS] if depth < _DEPTH else []
        waiting.extend((path, depth + 1) for path in reversed(below) if path.is_dir())


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError) as error:
        raise ManifestError(Origin(str(path)), "cannot be followed: it is a link to itself") from error


def _beside_list(path: Path) -> Path | None:
    """apt names its lists by their address; the Release file's name is the longest start with one."""
    parts = path.name.split("_")
    starts = ("_".join(parts[:end]) for end in range(len(parts) - 1, 0, -1))
    return _first(path.parent / f"{start}_{name}" for start in starts for name in _RELEASES)


def _above(folder: Path, top: Path) -> Path | None:
    """The nearest Release file of a whole suite from ``folder`` up to ``top``."""
    way = [folder, *(parent for parent in folder.parents if parent.is_relative_to(top))]
    return _first(path / name for path in way for name in _RELEASES)


def _first(paths: Iterable[Path]) -> Path | None:
    return next((path for path in paths if path.is_file()), None)


def _indexes(folder: Path) -> list[Path]:
    """The indexes in a folder; one in several compressions is one."""
    matches = [match for name in _names(folder) if (match := _PACKAGES.fullmatch(name))]
    matches.sort(key=lambda match: (match["stem"], -_SUFFIXES.index(match["suffix"])))
    return [folder / name for name in {match["stem"]: match[0] for match in matches}.values()]


def _names(folder: Path) -> list[str]:
    try:
        return sorted(path.name for path in folder.iterdir())
    except OSError as error:
        raise ManifestError(Origin(str(folder)), f"cannot be read: {error.strerror}") from error
