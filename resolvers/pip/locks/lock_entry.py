"""What every lock file holds, whatever its format: Entries joined by Edges."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from packaging.utils import canonicalize_name

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.package import Candidate, pypi
from analyzer.requirement import Locked, Source
from analyzer.service import Skipped
from resolvers.pip.declared import Context
from resolvers.pip.locks.lock_marker import specifier_set, version
from resolvers.pip.requirements.direct_reference import read_reference, vcs_source
from resolvers.pip.requirements.requirement_line import excerpt, read_requirement
from resolvers.toml_file import TomlFile

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]{0,198}[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Edge:
    """One dependency as a lock records it.

    ``version`` and ``place`` (the source as the lock writes it) single out one of several Entries of
    a name; empty where the lock says nothing. ``constraints`` are alternatives (PEP 440 specifier
    sets) of which one must admit the version; none where the lock records no constraint.
    """

    name: str
    origin: Origin
    extras: tuple[str, ...] = ()
    marker: str = ""
    constraints: tuple[str, ...] = ()
    version: str = ""
    place: str = ""

    def admits(self, text: str) -> bool:
        """Whether an Entry's version is within the constraint; what cannot be compared is not."""
        if not self.constraints:
            return True
        try:
            found = version(text, self.origin)
            alternatives = [specifier_set(constraint, self.origin) for constraint in self.constraints]
            return any(alternative.contains(found, prereleases=True) for alternative in alternatives)
        except ManifestError:
            return False


@dataclass(frozen=True, slots=True)
class Entry:
    """One package of a lock at one version.

    ``edges`` is None where the lock does not say what the package depends on; ``optional`` holds the
    edges that an extra adds, ``groups`` those of a project's dependency groups. ``environments`` are
    markers of which one must hold, if there are any (a fork of the resolution). ``installed`` is false
    for what only carries dependencies.
    """

    name: str
    version: str
    origin: Origin
    edges: tuple[Edge, ...] | None = ()
    optional: Mapping[str, tuple[Edge, ...]] = field(default_factory=dict, hash=False)
    groups: Mapping[str, tuple[Edge, ...]] = field(default_factory=dict, hash=False)
    environments: tuple[str, ...] = ()
    source: Source | None = None
    place: str = ""
    installed: bool = True

    def locked(self, extras: Iterable[str] = ()) -> Locked:
        """The Locked Candidate, with the extras that are asked of it."""
        return Locked(Candidate(pypi(self.name), self.version), self.origin, tuple(sorted(extras)), self.source)


@dataclass(frozen=True, slots=True)
class Entries:
    """The packages of a lock that count; of those left out, the Skipped items and, where known, the names."""

    entries: tuple[Entry, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    left_out: frozenset[str] = frozenset()


def distribution(text: str, origin: Origin) -> str:
    """A distribution's name, normalised (PEP 503). Raises ManifestError where the text is none (PEP 508)."""
    if not _NAME.fullmatch(text):
        raise ManifestError(origin, "has no name" if not text else "has a name that is none")
    return str(canonicalize_name(text))


def normalised(extras: Iterable[str]) -> tuple[str, ...]:
    """Names of extras, normalised (PEP 685), each once."""
    return tuple(dict.fromkeys(str(canonicalize_name(extra)) for extra in extras))


def locked_version(text: str, origin: Origin) -> str:
    """A locked version as written. Raises ManifestError where it is none (PEP 440)."""
    if not text:
        raise ManifestError(origin, "has no version")
    version(text, origin)
    return text.strip()


def edge(specifier: str, origin: Origin, context: Context, extras: Iterable[str] = ()) -> Edge | None:
    """The Edge of a PEP 508 dependency specifier, None where its marker is false for the lock.

    Raises ManifestError.
    """
    here = replace(context, pythons=(context.python,))
    found = read_requirement(specifier, origin, here, extras=("", *extras))
    if found is None:
        return None
    if isinstance(found, Skipped):
        raise ManifestError(origin, found.reason)
    constraints = (found.constraint,) if found.constraint else ()
    return Edge(found.package.name, origin, found.extras, constraints=constraints)


def commit_source(url: str, commit: str, subdirectory: str, origin: Origin, system: str = "git") -> Source:
    """The Source of a package that a lock takes from a commit of a repository. Raises ManifestError."""
    try:
        return vcs_source(system, url.removeprefix("git+").partition("?")[0], commit, subdirectory)
    except ValueError as error:
        raise ManifestError(origin, "holds a malformed URL") from error


def archive_source(url: str, digest: str, origin: Origin) -> Source:
    """The Source of a package that a lock takes from an archive's URL. Raises ManifestError."""
    found = read_reference(url, origin).source
    return replace(found, reference=digest) if digest else found


def path_source(path: str, origin: Origin) -> Source:
    """The Source of a package at a path relative to the lock. Raises ManifestError where that leads out."""
    return read_reference(f"./{path}" if not path.startswith("/") else path, origin).source


def read_entries(toml: TomlFile, key: str, read: Callable[[int], Entry | None]) -> Entries:
    """The Entries that ``read`` makes of an array of tables, by their numbers.

    It returns None for a table that is left out; where it raises ManifestError there is a Skipped item.
    Raises ManifestError where ``key`` is no array.
    """
    entries: list[Entry] = []
    skipped: list[Skipped] = []
    unreadable: set[str] = set()
    for number in range(len(toml.array(key))):
        try:
            entry = read(number)
            entries += [entry] if entry is not None else []
        except ManifestError as error:
            name = _name_at(toml, key, number)
            skipped.append(Skipped(excerpt(name) or "a package", error.reason, error.origin))
            unreadable.add(str(canonicalize_name(name)))
    return Entries(tuple(entries), tuple(skipped), frozenset(unreadable))


def _name_at(toml: TomlFile, key: str, number: int) -> str:
    try:
        return toml.string(key, number, "name")
    except ManifestError:
        return ""
