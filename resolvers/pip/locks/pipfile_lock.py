"""``Pipfile.lock`` (pipfile-spec 6): pinned versions by section, without their dependencies."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.requirement import Requirement, Source
from analyzer.service import Skipped
from resolvers.pip.declared import Context, Declared
from resolvers.pip.interpreter import read_interpreter
from resolvers.pip.locks.lock_entry import (
    Edge,
    Entries,
    Entry,
    archive_source,
    commit_source,
    distribution,
    locked_version,
    normalised,
    path_source,
)
from resolvers.pip.locks.lock_marker import Situation
from resolvers.pip.locks.lock_walk import walk
from resolvers.pip.requirements.requirement_line import excerpt, shown_at

T = TypeVar("T")

_TOKEN = re.compile(r'"(?:[^"\\]|\\.)*"|[{}\[\]:\n]')
_SECTIONS = {"dev": "develop", "dev-packages": "develop"}
"""The lock's name of a section that a Pipfile calls otherwise."""


def read_pipfile_lock(context: Context, path: str) -> Declared:
    """What the lock at ``path`` installs: the section ``default`` and those of the chosen groups.

    The lock records no dependencies, so that it never proves itself closed. Raises ManifestError.
    """
    lock = _parse(path, context.tree.read_text(path))
    sections = dict.fromkeys(["default", *(_SECTIONS.get(group, group) for group in context.choice.groups)])
    entries: list[Entry] = []
    edges: list[Edge] = []
    skipped: list[Skipped] = []
    for section in sections:
        skipped += lock.repeated(section)
        for name in lock.table(section):
            try:
                found = _read(lock, section, name, Situation.of(context))
                entries += [entry for entry, _ in found]
                edges += [edge for _, edge in found]
            except ManifestError as error:
                skipped.append(Skipped(excerpt(name) or "a package", error.reason, error.origin))
    taken = walk(Entries(tuple(entries)), edges, Situation.of(context))
    demand = _interpreter(lock)
    return Declared(
        locked=taken.locked,
        interpreter=(demand,) if isinstance(demand, Requirement) else (),
        skipped=(*skipped, *taken.skipped, *((demand,) if isinstance(demand, Skipped) else ())),
    )


@dataclass(frozen=True, slots=True)
class _Lock:
    """The lock's JSON, its text by lines, and the lines of the keys at depth two (``default.requests``)."""

    path: str
    data: dict[str, Any]
    text: list[str]
    places: dict[tuple[str, str], list[int]]

    def origin(self, *keys: str) -> Origin:
        lines = self.places.get((keys[0], keys[1]), []) if len(keys) > 1 else []
        return self._at(lines[-1]) if lines else Origin(self.path)

    def repeated(self, section: str) -> Iterator[Skipped]:
        """A note on each key that a later one of the same name replaces, as JSON readers do."""
        for (where, key), lines in self.places.items():
            if where == section:
                for line in lines[:-1]:
                    yield Skipped(excerpt(key), f"is replaced by line {lines[-1]}", self._at(line), incomplete=False)

    def _at(self, line: int) -> Origin:
        return shown_at(Origin(self.path, line, self.text[line - 1]))

    def table(self, *keys: str) -> dict[str, Any]:
        return self._typed(dict, {}, keys)

    def string(self, *keys: str) -> str:
        return self._typed(str, "", keys)

    def strings(self, *keys: str) -> list[str]:
        found: list[object] = self._typed(list, [], keys)
        texts = [text for text in found if isinstance(text, str)]
        if len(texts) < len(found):
            raise ManifestError(self.origin(*keys), f"{keys[-1]} holds something that is no text")
        return texts

    def _typed(self, kind: type[T], default: T, keys: tuple[str, ...]) -> T:
        value: object = self.data
        for key in keys:
            if not isinstance(value, dict):
                raise ManifestError(self.origin(*keys), f"has no table where {excerpt(key)} is looked for")
            value = value.get(key)
            if value is None:
                return default
        if not isinstance(value, kind):
            raise ManifestError(self.origin(*keys), f"{excerpt(keys[-1])} is of the wrong type")
        return value


def _parse(path: str, text: str) -> _Lock:
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise ManifestError(Origin(path, error.lineno), f"is no valid JSON: {error.msg}") from error
    except RecursionError as error:
        raise ManifestError(Origin(path), "is nested too deeply") from error
    except ValueError as error:
        raise ManifestError(Origin(path), "holds a number that is too long") from error
    if not isinstance(data, dict):
        raise ManifestError(Origin(path, 1), "is no table")
    places: dict[tuple[str, str], list[int]] = {}
    for key, line in _keys(text):
        places.setdefault(key, []).append(line)
    return _Lock(path, data, text.split("\n"), places)


def _keys(text: str) -> Iterator[tuple[tuple[str, str], int]]:
    """The keys at depth two of a valid JSON text, with their lines."""
    line, depth, last, section = 1, 0, "", ""
    for piece in _TOKEN.findall(text):
        match piece:
            case "\n":
                line += 1
            case "{" | "[":
                depth += 1
            case "}" | "]":
                depth -= 1
            case ":" if depth == 1:
                section = json.loads(last)
            case ":" if depth == 2:
                yield (section, json.loads(last)), line
            case _:
                last = piece


def _read(lock: _Lock, section: str, key: str, situation: Situation) -> list[tuple[Entry, Edge]]:
    """The package at a key with the edge that wants it, nothing where it is not installed."""
    at, origin = (section, key), lock.origin(section, key)
    name = distribution(key, origin)
    lock.table(*at)
    source = _source(lock, at, origin)
    is_own = source is not None and source.kind == "path" and source.location == lock.path.rpartition("/")[0]
    if is_own or not situation.holds(lock.string(*at, "markers"), origin):
        return []
    pinned = lock.string(*at, "version")
    if source is None and not pinned.startswith("=="):
        raise ManifestError(origin, "is not pinned to a version")
    version = locked_version(pinned.removeprefix("==").lstrip("="), origin) if pinned.startswith("==") else ""
    extras = normalised(lock.strings(*at, "extras"))
    return [(Entry(name, version, origin, None, source=source), Edge(name, origin, extras, version=version))]


def _source(lock: _Lock, at: tuple[str, str], origin: Origin) -> Source | None:
    git, path, file = (lock.string(*at, key) for key in ("git", "path", "file"))
    if git:
        return commit_source(git, lock.string(*at, "ref"), lock.string(*at, "subdirectory"), origin)
    if "://" in file:
        return archive_source(file, "", origin)
    return path_source(path or file, origin) if path or file else None


def _interpreter(lock: _Lock) -> Requirement | Skipped | None:
    origin = lock.origin("_meta", "requires")
    full = lock.string("_meta", "requires", "python_full_version")
    series = lock.string("_meta", "requires", "python_version")
    if full:
        return read_interpreter(f"=={full}", origin)
    return read_interpreter(f"=={series}.*", origin) if series else None
