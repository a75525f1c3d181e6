"""From the name of a container image to the distribution and release that it stands on."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from resolvers.container.image_table import Lines, Row, Version, parse_version, table
from resolvers.container.reference import Reference, parse_reference

DEFAULT = "default"
"""The flavour of a tag that names none."""

_SEPARATOR = re.compile("[-/]")


@dataclass(frozen=True, slots=True)
class Image:
    """What an image stands on: a release such as ``debian:12``, empty where it has no distribution.

    ``moving`` says that the tag does not name the release, so that it is the one of the table's date.
    ``architecture`` is uname's where the name fixes it.
    """

    release: str
    moving: bool = False
    architecture: str = ""


def resolve(text: str) -> Image | None:
    """The Image that a reference means; None where the table does not know it."""
    reference = parse_reference(text)
    found = _row_of(reference) if reference is not None else None
    if reference is None or found is None:
        return None
    row, rest = found
    if row.empty:
        return Image("", architecture=reference.architecture)
    words = [word for part in (rest, reference.tag) for word in _SEPARATOR.split(part) if word]
    named = set(_named(words)) | _of_distribution(row, reference.tag, words)
    if named:
        return Image(named.pop(), False, reference.architecture) if len(named) == 1 else None
    if reference.digest and not reference.tag:
        # No tag is not `latest` here: the digest may be of any.
        return None
    return _floating(row, words, reference)


def _row_of(reference: Reference) -> tuple[Row, str] | None:
    """The row of an image, and what its name adds to the row's."""
    rows = table().rows
    if reference.name in rows:
        return rows[reference.name], ""
    parent = reference.name
    while "/" in parent:
        parent = parent.rpartition("/")[0]
        if parent in rows and rows[parent].within:
            return rows[parent], reference.name[len(parent) + 1 :]
    return None


def _named(words: Sequence[str]) -> Iterable[str]:
    """Releases that words name: ``bookworm``, ``alpine3.20``, ``debian`` followed by ``12``."""
    known = table()
    for number, word in enumerate(words):
        if word in known.codenames:
            yield known.codenames[word]
        stem = word.rstrip("0123456789.")
        version = word[len(stem) :] or (words[number + 1] if number + 1 < len(words) else "")
        if stem in known.prefixes and re.fullmatch(r"[0-9]+(?:\.[0-9]+)*", version, re.ASCII):
            yield from filter(None, [known.release(known.prefixes[stem], version)])


def _of_distribution(row: Row, tag: str, words: Sequence[str]) -> set[str]:
    """The release that the version in a distribution's own tag is."""
    first = next((word for word in words if parse_version(word)), "")
    if not row.distribution or not first or tag in row.aliases or not _all_known(row, words, {first}):
        return set()
    release = table().release(row.distribution, first)
    return {release} if release else set()


def _all_known(row: Row, words: Iterable[str], taken: set[str]) -> bool:
    return all(word in taken or any(known.fullmatch(word) for known in row.words) for word in words)


def _floating(row: Row, words: Sequence[str], reference: Reference) -> Image | None:
    """The release of a tag that does not name it, at the table's date."""
    alias = next((word for word in words if word in row.aliases), "")
    own = next((word for word in words if parse_version(word)), "") if not alias else ""
    flavour = next((word for word in words if word in row.flavours), DEFAULT)
    if not _all_known(row, words, {alias, own, flavour}):
        return None
    version = own or row.aliases.get(alias or "latest", "")
    if row.distribution:
        return Image(f"{row.distribution}:{version}", True, reference.architecture) if version and not own else None
    stood = _stood_on(row.flavours.get(flavour, {}), parse_version(version) or ())
    return Image(*stood, reference.architecture) if stood else None


def _stood_on(lines: Lines, version: Version) -> tuple[str, bool] | None:
    """The release of a version, and whether it is the latest of its line, which may move."""
    keys = [key for key in lines if version[: len(key)] == key] if version else []
    line = lines[max(keys, key=len)] if keys else ()
    begun = [n for n, since in enumerate(line) if _reaches(version, since.version)]
    if not begun or not line[begun[-1]].release:
        return None
    return line[begun[-1]].release, begun[-1] == len(line) - 1


def _reaches(version: Version, start: Version) -> bool:
    """Whether a version is ``start`` or later; one that is cut short means the latest that begins so."""
    return start[: len(version)] == version or version[: len(start)] >= start
