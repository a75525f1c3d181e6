"""A baseline: the file that lists known conflicts, one a line, so that changes to it can be read and merged.

Each line is JSON, sorted by the conflicts' ids; the first says what the file is.
"""

from __future__ import annotations

import json
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import msgspec

from analyzer.errors import CohabitError, ManifestError
from analyzer.gate.judgement import Judgement
from analyzer.gate.past import Known, Past
from analyzer.origin import Origin
from reports.canonical_json import decode

SCHEMA = "cohabit.baseline/1"
LIMIT = 64 * 2**20
"""Bytes of the largest baseline that is read."""
_FAMILY = "cohabit.baseline/"
_SHOWN = 40
_ABOUT = "known conflicts, one a line; written by cohabit check --update-baseline"


class _Head(msgspec.Struct, forbid_unknown_fields=True):
    schema: str
    about: str = ""


class _Versioned(msgspec.Struct):
    schema: str


class _Entry(msgspec.Struct, forbid_unknown_fields=True):
    id: str
    code: str
    services: tuple[str, ...]
    packages: tuple[str, ...] = ()
    since: date | None = None


def read_baseline(file: Path, name: str = "", *, may_be_missing: bool = False) -> Past:
    """What a baseline lists; ``name`` is the file for people.

    Raises ManifestError, with the line of an entry that cannot be read, or CohabitError where there is no file,
    unless it may be missing.
    """
    name = name or str(file)
    origin = Origin(name)
    try:
        # Opening a named pipe would wait for whoever writes into it.
        if file.exists() and not file.is_file():
            raise ManifestError(origin, "is no regular file")
        if not file.exists():
            if may_be_missing and not file.parent.is_dir():
                raise CohabitError(f"cannot write {name}: there is no such folder")
            if may_be_missing:
                return Past(name, (), origin)
            raise CohabitError(f"there is no {name}; --update-baseline writes it")
        with file.open("rb") as stream:
            content = stream.read(LIMIT + 1)
    except OSError as error:
        raise ManifestError(origin, f"cannot be read: {error.strerror}") from error
    if len(content) > LIMIT:
        raise ManifestError(origin, f"is larger than {LIMIT} bytes")
    return Past(name, tuple(_entries(content, name)), origin)


def _entries(content: bytes, file: str) -> Iterator[Known]:
    # Editors on Windows put a byte order mark before the first line.
    read = content.removeprefix(BOM_UTF8).split(b"\n")
    lines = [(n, line.strip()) for n, line in enumerate(read, start=1) if line.strip()]
    if not lines or not _is_head(lines[0][1]):
        number, line = lines[0] if lines else (0, b"")
        raise ManifestError(Origin(file, number), _not_a_head(line))
    first: dict[str, Known] = {}
    for number, line in lines:
        # Where two versions of a file are merged line by line, a line may be there twice.
        if not _is_head(line):
            entry = _entry(line, file, number)
            known = first.setdefault(entry.id, entry)
            first[entry.id] = min(known, entry)
    yield from first.values()


def _is_head(line: bytes) -> bool:
    try:
        return msgspec.json.decode(line, type=_Head).schema == SCHEMA
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return False


def _not_a_head(line: bytes) -> str:
    try:
        said = msgspec.json.decode(line, type=_Versioned).schema
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        said = ""
    if said.startswith(_FAMILY) and said != SCHEMA:
        return f"is a {said[:_SHOWN]}, which this cohabit does not read: it reads {SCHEMA}"
    return f"is no baseline: its first line does not say {SCHEMA}" + (" and no more" if said == SCHEMA else "")


def _entry(line: bytes, file: str, number: int) -> Known:
    try:
        found = decode(line, _Entry, file)
    except ManifestError as error:
        raise ManifestError(Origin(file, number), error.reason) from error
    if msgspec.json.encode(found) != line and _has_doubled_key(line):
        # What counts may not be what a reader of the change sees.
        raise ManifestError(Origin(file, number), "has a key twice")
    if not found.services:
        raise ManifestError(Origin(file, number), "lists a conflict of no service")
    since = found.since.isoformat() if found.since else ""
    return Known(found.id, found.code, tuple(sorted(found.services)), tuple(sorted(found.packages)), since)


def _has_doubled_key(line: bytes) -> bool:
    pairs: list[tuple[str, object]] = json.loads(line, object_pairs_hook=list)
    return len(pairs) > len({key for key, _ in pairs})


def updated(judgement: Judgement, past: Past, today: date) -> tuple[Known, ...]:
    """What a baseline is to list: what it lists and is not gone, and what is new in it, breaks the layout and
    nobody waived."""
    gone = set(judgement.gone)
    kept = [known for known in past.known if known not in gone]
    added = [Known.of(finding.conflict, today.isoformat()) for finding in judgement.findings if finding.counts]
    return tuple(sorted([*kept, *added]))


def write_baseline(file: Path, entries: Iterable[Known]) -> None:
    """Write a baseline. Raises CohabitError where that is impossible."""
    lines = [msgspec.json.encode(_Head(SCHEMA, _ABOUT)), *(_line(known) for known in sorted(entries))]
    try:
        file.write_bytes(b"".join(line + b"\n" for line in lines))
    except OSError as error:
        raise CohabitError(f"cannot write {file}: {error.strerror}") from error


def _line(known: Known) -> bytes:
    since = date.fromisoformat(known.since) if known.since else None
    return msgspec.json.encode(_Entry(known.id, known.code, _texts(known.services), _texts(known.packages), since))


def _texts(names: tuple[str, ...]) -> tuple[str, ...]:
    # A lock file's JSON may hold half a character, which is no text.
    return tuple(name.encode("utf-8", "backslashreplace").decode() for name in names)
