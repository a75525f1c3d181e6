"""``debian/control`` of a source package: what its binary packages depend on (Debian Policy 5.2)."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.service import Skipped
from resolvers.deb.architecture import matches
from resolvers.deb.deb822 import Paragraph, paragraphs, value
from resolvers.deb.declared import Context, Declared, join_declared
from resolvers.deb.dependencies import declared_dependencies
from resolvers.tree import join

CONTROL = "debian/control"

_BUILD = ("build-depends", "build-depends-indep", "build-depends-arch")
_ASIDE = re.compile(r".*-(?:dev|doc|docs|dbg|dbgsym|examples|tests?|udeb)")
_ASIDE_SECTIONS = frozenset({"doc", "libdevel", "debug", "debian-installer"})
_SUBSTVAR = re.compile(r"(?P<name>[A-Za-z0-9][-:A-Za-z0-9]*)[?!$+]?=(?P<value>.*)")


def read_control(context: Context, path: str) -> Declared:
    """What the binary packages need at run time; what building needs is only noted.

    Packages for development, for documentation or for another architecture are left out. Raises
    ManifestError where the file cannot be read.
    """
    source, *binaries = [*paragraphs(context.tree.read_text(path), path)] or [{}]
    names = [value(binary, "package") for binary in binaries]
    deployed = [binary for binary in binaries if _is_deployed(context, source, binary)]
    return join_declared(
        [
            Declared(skipped=tuple(_for_building(source, path))),
            Declared(skipped=tuple(_left_out(binaries, deployed, path))),
            *(
                declared_dependencies(context, binary, path, names, _substvars(context, path, value(binary, "package")))
                for binary in deployed
            ),
        ]
    )


def _is_deployed(context: Context, source: Paragraph, binary: Paragraph) -> bool:
    section = (value(binary, "section") or value(source, "section")).rpartition("/")[2]
    aside = _ASIDE.fullmatch(value(binary, "package")) or section in _ASIDE_SECTIONS
    wanted = value(binary, "architecture").split()
    runs = not wanted or any(a == "all" or matches(context.architecture, a) for a in wanted)
    return runs and not aside and value(binary, "package-type") != "udeb"


def _for_building(source: Paragraph, path: str) -> Iterator[Skipped]:
    for name in _BUILD:
        if field := source.get(name):
            what = "-".join(word.capitalize() for word in name.split("-"))
            origin = Origin(path, field.line, what)
            yield Skipped(what, "is needed to build the package, not to run it", origin, incomplete=False)


def _left_out(binaries: Sequence[Paragraph], deployed: Sequence[Paragraph], path: str) -> Iterator[Skipped]:
    for binary in binaries:
        if binary not in deployed and (field := binary.get("package")):
            reason = "is for development, documentation or another architecture"
            yield Skipped(field.value, reason, Origin(path, field.line, field.value), incomplete=False)


def _substvars(context: Context, path: str, package: str) -> Mapping[str, str]:
    """What a build of the package left behind: ``debian/<package>.substvars``."""
    beside = posixpath.dirname(path)
    known: dict[str, str] = {}
    for name in (f"{package}.substvars", "substvars"):
        place = join(beside, name.replace("/", "_"))
        if not context.tree.exists(place):
            continue
        try:
            lines = context.tree.read_text(place).splitlines()
        except ManifestError:
            continue
        for line in lines:
            if match := _SUBSTVAR.fullmatch(line.strip()):
                known.setdefault(match["name"], match["value"])
    return known
