"""Small RPM repositories for tests: packages as values, written as ``primary.xml``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

from analyzer.coinstall.coinstallability import Coinstallability
from analyzer.origin import Origin
from analyzer.package import Package
from analyzer.requirement import Requirement
from resolvers.rpm.capability import Capability, ranged
from resolvers.rpm.universe import RpmUniverse, read_universe

FLAGS = {"<": "LT", "<=": "LE", "=": "EQ", ">=": "GE", ">": "GT"}
XMLNS = 'xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm"'


@dataclass(frozen=True)
class Rpm:
    """A package; dependencies as in a spec file (``foo >= 1.2``, ``(a if b)``)."""

    name: str
    evr: str = "1-1"
    arch: str = "x86_64"
    requires: tuple[str, ...] = ()
    provides: tuple[str, ...] = ()
    conflicts: tuple[str, ...] = ()
    obsoletes: tuple[str, ...] = ()
    files: tuple[str, ...] = ()


def primary(packages: Sequence[Rpm]) -> str:
    body = "".join(map(_package, packages))
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<metadata {XMLNS} packages="{len(packages)}">\n{body}</metadata>\n'


def write(folder: Path, packages: Sequence[Rpm]) -> Path:
    (folder / "repodata").mkdir(parents=True, exist_ok=True)
    (folder / "repodata" / "primary.xml").write_text(primary(packages))
    return folder


def read(folder: Path, packages: Sequence[Rpm]) -> RpmUniverse:
    return read_universe([write(folder, packages)])


def asking(name: str, constraint: str = "") -> Requirement:
    return Requirement(Package("rpm", name), constraint, Origin("test"))


def verdicts(universe: RpmUniverse, sets: Sequence[Sequence[str]]) -> list[bool]:
    """Whether each set of packages can be installed."""
    judge = Coinstallability(universe)
    return [judge.fit([asking(name) for name in names]) for names in sets]


def _package(rpm: Rpm) -> str:
    return (
        f'<package type="rpm"><name>{rpm.name}</name><arch>{rpm.arch}</arch><version {_version(rpm.evr)}/><format>\n'
        f"{_section('provides', (*rpm.provides, f'{rpm.name} = {rpm.evr}'))}{_section('requires', rpm.requires)}"
        f"{_section('conflicts', rpm.conflicts)}{_section('obsoletes', rpm.obsoletes)}"
        f"{''.join(f'<file>{escape(path)}</file>' for path in rpm.files)}</format></package>\n"
    )


def _section(name: str, dependencies: Sequence[str]) -> str:
    entries = "".join(map(_entry, dependencies))
    return f"<rpm:{name}>{entries}</rpm:{name}>\n" if entries else ""


def _entry(text: str) -> str:
    if text.startswith("("):
        return f"<rpm:entry name={quoteattr(text)}/>"
    name, _, constraint = text.partition(" ")
    capability = ranged(name, constraint) or Capability(name)
    flags = FLAGS.get(str(capability).split(" ")[1]) if capability.sense else None
    range_ = f' flags="{flags}" {_version(capability.evr)}' if flags else ""
    return f"<rpm:entry name={quoteattr(name)}{range_}/>"


def _version(evr: str) -> str:
    epoch, colon, rest = evr.partition(":")
    epoch, rest = (epoch, rest) if colon else ("0", evr)
    version, dash, release = rest.rpartition("-")
    return f'epoch="{epoch}" ver="{version}" rel="{release}"' if dash else f'epoch="{epoch}" ver="{rest}"'
