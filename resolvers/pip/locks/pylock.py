"""``pylock.toml`` and ``pylock.<name>.toml`` (PEP 751), validated by packaging."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from packaging.pylock import Package, Pylock, PylockValidationError
from packaging.utils import parse_sdist_filename, parse_wheel_filename

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.requirement import Requirement, Source
from analyzer.service import Skipped
from resolvers.pip.declared import Choice, Context, Declared
from resolvers.pip.interpreter import read_interpreter
from resolvers.pip.locks.lock_entry import (
    Edge,
    Entry,
    archive_source,
    commit_source,
    distribution,
    normalised,
    path_source,
    read_entries,
)
from resolvers.pip.locks.lock_marker import Situation
from resolvers.pip.locks.lock_roots import everything
from resolvers.pip.locks.lock_walk import walk
from resolvers.pip.requirements.requirement_line import excerpt
from resolvers.toml_file import TomlFile, read_toml

_PLACE = re.compile(r"packages\[(\d{1,9})\]")


def read_pylock(context: Context, path: str) -> Declared:
    """What the lock at ``path`` installs by default, with the chosen extras and groups besides.

    Raises ManifestError where the lock is not valid (PEP 751 leaves no room for partial reading) or was
    made for other environments.
    """
    toml = read_toml(context.tree, path)
    lock = _validated(toml)
    situation = Situation.of(context)
    origin = toml.origin("environments")
    if not situation.any_holds([str(marker) for marker in lock.environments or ()], origin):
        raise ManifestError(origin, f"is not locked for {situation}")
    reader = _Reader(toml, lock, context)
    entries = read_entries(toml, "packages", reader.entry)
    entries = replace(entries, left_out=frozenset(package.name for package in lock.packages))
    found = walk(entries, everything(entries), situation)
    text = toml.string("requires-python")
    demand = read_interpreter(text, toml.origin("requires-python")) if text else None
    return Declared(
        locked=found.locked,
        interpreter=(demand,) if isinstance(demand, Requirement) else (),
        skipped=(*entries.skipped, *found.skipped, *((demand,) if isinstance(demand, Skipped) else ())),
        closed=found.closed and situation.is_covered(demand) and not entries.skipped,
        offers=Choice(
            normalised(lock.extras or ()), normalised((*(lock.dependency_groups or ()), *(lock.default_groups or ())))
        ),
    )


def _validated(toml: TomlFile) -> Pylock:
    try:
        return Pylock.from_dict(toml.data)
    except PylockValidationError as error:
        place = _PLACE.match(error.context or "")
        origin = toml.origin("packages", int(place[1])) if place else Origin(toml.path)
        raise ManifestError(origin, f"is no valid pylock file: {_fault(error)}") from error
    except (ValueError, TypeError, RecursionError) as error:
        raise ManifestError(Origin(toml.path), "is no valid pylock file") from error


def _fault(error: PylockValidationError) -> str:
    # packaging hands on what int() says of more digits than it takes, which is advice to programmers.
    if "set_int_max_str_digits" in str(error):
        return f"a number in {excerpt(error.context or 'it')} is too long"
    return excerpt(str(error))


@dataclass(frozen=True)
class _Reader:
    """Makes Entries of those packages that are installed."""

    toml: TomlFile
    lock: Pylock
    context: Context

    def entry(self, number: int) -> Entry | None:
        package, origin = self.lock.packages[number], self.toml.origin("packages", number)
        situation = Situation.of(self.context)
        if not situation.holds(str(package.marker or ""), origin, self.context.choice.extras, self._groups):
            return None
        source = self._source(package, origin)
        if source is not None and source.kind == "path" and source.location == origin.file.rpartition("/")[0]:
            return None
        needed = str(package.requires_python or "")
        if not situation.is_admitted(needed, origin):
            raise ManifestError(origin, f"needs Python {excerpt(needed)}, the lock is read for {situation}")
        return Entry(package.name, _version(package), origin, self._edges(number), source=source)

    @cached_property
    def _groups(self) -> tuple[str, ...]:
        return (*(self.lock.default_groups or ()), *self.context.choice.groups)

    @cached_property
    def _possible(self) -> frozenset[str]:
        """Names of packages whose markers the platform alone does not rule out."""
        extras, groups = self.lock.extras or (), (*(self.lock.dependency_groups or ()), *self._groups)
        situation, origin = Situation.of(self.context), Origin(self.toml.path)
        return frozenset(
            package.name
            for package in self.lock.packages
            if situation.holds(str(package.marker or ""), origin, extras, groups)
            or situation.holds(str(package.marker or ""), origin)
        )

    def _edges(self, number: int) -> tuple[Edge, ...] | None:
        keys = ("packages", number, "dependencies")
        if self.toml.get(*keys) is None:
            return None
        edges = (self._edge((*keys, line)) for line in range(len(self.toml.tables(*keys))))
        # The lock records no markers on edges: a package ruled out here is not needed here.
        return tuple(edge for edge in edges if edge.name in self._possible or edge.name not in self._names)

    @cached_property
    def _names(self) -> frozenset[str]:
        return frozenset(package.name for package in self.lock.packages)

    def _edge(self, keys: tuple[str | int, ...]) -> Edge:
        origin = self.toml.origin(*keys)
        name = distribution(self.toml.string(*keys, "name"), origin)
        return Edge(name, origin, version=self.toml.string(*keys, "version"))

    def _source(self, package: Package, origin: Origin) -> Source | None:
        if package.vcs is not None:
            vcs = package.vcs
            return commit_source(vcs.url or vcs.path or "", vcs.commit_id, vcs.subdirectory or "", origin, vcs.type)
        if package.directory is not None:
            return path_source(package.directory.path, origin)
        if package.archive is None:
            return None
        if package.archive.path is not None:
            return path_source(package.archive.path, origin)
        return archive_source(package.archive.url or "", _digest(package.archive.hashes), origin)


def _digest(hashes: Mapping[str, str]) -> str:
    algorithm = "sha256" if "sha256" in hashes else min(hashes)
    return f"{algorithm}:{hashes[algorithm]}"


def _version(package: Package) -> str:
    if package.version is not None:
        return str(package.version)
    if package.wheels:
        return str(parse_wheel_filename(package.wheels[0].filename)[1])
    return str(parse_sdist_filename(package.sdist.filename)[1]) if package.sdist is not None else ""
