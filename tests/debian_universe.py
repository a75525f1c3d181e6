"""Debian universes for tests: from text, and the frozen extract of Debian 12; and what is asked of them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from analyzer.coinstall.coinstallability import Coinstallability
from analyzer.origin import Origin
from analyzer.package import Package
from analyzer.requirement import Requirement
from resolvers.deb.index_source import IndexSource
from resolvers.deb.packages_index import parse_index
from resolvers.deb.release_file import Release
from resolvers.deb.universe import DebianUniverse, read_universe

DEBIAN = Path(__file__).parents[1] / "fixtures" / "deb"


def index(*stanzas: str) -> str:
    """A Packages file. Each stanza is given as ``name version field: value; field: value``; version,
    architecture (amd64) and fields may be missing."""
    return "".join(map(_stanza, stanzas))


def _stanza(text: str) -> str:
    head, *fields = (part.strip() for part in text.split(";"))
    name, version, *architecture = [*head.split(), "1"] if len(head.split()) == 1 else head.split()
    lines = [f"Package: {name}", f"Version: {version}", f"Architecture: {(architecture or ['amd64'])[0]}", *fields]
    return "\n".join(lines) + "\n\n"


def universe(*suites: str | tuple[str, Release], architecture: str = "amd64") -> DebianUniverse:
    """The universe of some indexes, with a Release where one is given."""
    given = [(suite, Release()) if isinstance(suite, str) else suite for suite in suites]
    sources = [
        IndexSource(f"index-{number}", parse_index(text.encode(), f"index-{number}"), release)
        for number, (text, release) in enumerate(given)
    ]
    return DebianUniverse(sources, architecture)


@cache
def frozen() -> DebianUniverse:
    """The extract of Debian 12."""
    return read_universe([DEBIAN / "Packages.xz"])


@cache
def frozen_judge() -> Coinstallability:
    """Decides on the extract of Debian 12."""
    return Coinstallability(frozen())


def servers() -> list[str]:
    """The packages whose cone the extract is."""
    return (DEBIAN / "servers.txt").read_text().split()


def asked(name: str, constraint: str = "") -> Requirement:
    """A Requirement on a Debian package."""
    return Requirement(Package("deb", name, "debian"), constraint, Origin("apt.txt", 1))


def fits(place: DebianUniverse, names: Iterable[str | tuple[str, str]]) -> bool:
    """Whether packages (with constraints) can be installed together, all of them known."""
    wanted = [asked(name) if isinstance(name, str) else asked(*name) for name in names]
    judge = Coinstallability(place)
    assert not judge.unknown(wanted)
    return judge.fit(wanted)


def numbers(place: DebianUniverse, units: Sequence[int]) -> list[str]:
    """Units for people: ``name version architecture``."""
    return [f"{place.units[u].name} {place.units[u].version} {place.units[u].architecture}" for u in units]
