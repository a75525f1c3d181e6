"""A table of what Debian packages ship for another ecosystem, as ``fixtures/deb/freeze_shipped.py`` writes it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from resolvers.deb.upstream_version import unrevised, upstream_version

_UPSTREAM = "*"


@dataclass(frozen=True, slots=True)
class Entry:
    """A thing that a package ships. ``version`` is how its version is made from the package's (``*-jre``);
    where ``seen`` is given, it is a version, and known only for this one of the package."""

    name: str
    version: str = _UPSTREAM
    seen: str = ""

    def at(self, version: str) -> str:
        """The thing's version where the package has this one; empty where that is not known."""
        if self.seen:
            return self.version if unrevised(version) == self.seen else ""
        upstream = upstream_version(version)
        return self.version.replace(_UPSTREAM, upstream) if upstream else ""


Table = Mapping[str, Sequence[Entry]]


def read_table(path: Path) -> Table:
    """The entries by package."""
    found: dict[str, list[Entry]] = defaultdict(list)
    for words in (line.split() for line in path.read_text().splitlines() if not line.startswith("#")):
        found[words[0]].append(_entry(words[1:]))
    return found


def _entry(words: Sequence[str]) -> Entry:
    name, *rest = words
    return Entry(name, rest[1], rest[0]) if len(rest) > 1 else Entry(name, *rest)


def shipped_by(table: Table, package: str, version: str) -> Iterator[tuple[str, str]]:
    """Names and versions of what a package (``python3-flask``, ``libfoo:amd64``) ships at one version."""
    for entry in table.get(package.partition(":")[0], ()):
        if found := entry.at(version):
            yield entry.name, found
