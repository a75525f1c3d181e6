"""The dependencies that a binary package's control data declares, as Requirements (Debian Policy 7)."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.requirement import Requirement
from analyzer.service import Skipped
from resolvers.deb.deb822 import Field, Paragraph, parts
from resolvers.deb.declared import Context, Declared, join_declared
from resolvers.deb.quotation import quoted
from resolvers.deb.relation import Alternatives, RelationError, parse, parse_alternatives

REQUIRED = ("pre-depends", "depends")
"""Fields whose packages must be there at run time."""

MOST = 10_000
"""Dependencies of the longest field that is read; Debian's longest has some 500."""

_SUBSTITUTION = re.compile(r"\$\{([A-Za-z0-9][-:A-Za-z0-9]*)\}")
_VERSION = re.compile(r"\([^()]*+\)")
_BUILD = "stands for packages that only a build tells"
_MISC = frozenset({"misc:Depends", "misc:Pre-Depends"})
"""What debhelper's own tools add: packages that maintainer scripts call, such as debconf."""


def declared_dependencies(
    context: Context, paragraph: Paragraph, file: str, own: Collection[str] = (), known: Mapping[str, str] | None = None
) -> Declared:
    """What a paragraph's Depends and Pre-Depends require. ``own`` are packages of the same source, left
    out; ``known`` are substitution variables and what they stand for (deb-substvars(5)). Raises
    ManifestError for more than ``MOST`` dependencies."""
    reader = _Reader(context, file, own, known or {})
    found = [part for name in REQUIRED for part in _parts(paragraph.get(name), file)]
    return join_declared(reader.part(text, line) for text, line in found)


def _parts(field: Field | None, file: str) -> list[tuple[str, int]]:
    found = [part for part in parts(field) if part[0]] if field else []
    if field and len(found) > MOST:
        raise ManifestError(Origin(file, field.line), f"has more than {MOST} dependencies in one field")
    return found


class _Reader:
    def __init__(self, context: Context, file: str, own: Collection[str], known: Mapping[str, str]) -> None:
        self._context = context
        self._file = file
        self._own = own
        self._known = known

    def part(self, text: str, line: int) -> Declared:
        """What stands between two commas."""
        origin = Origin(self._file, line, quoted(text))
        variable = _SUBSTITUTION.fullmatch(text)
        if variable:
            return self._variable(variable[1], origin)
        filled = _SUBSTITUTION.sub(lambda found: self._known.get(found[1], found[0]), text)
        unknown: tuple[str, ...] = ()
        if _SUBSTITUTION.search(filled):
            filled = _without_open_versions(filled)
            unknown = (f"{origin}: {origin.text} has a version that a build fills in",)
        try:
            choice = parse_alternatives(filled)
        except RelationError as error:
            return Declared(unknown=(f"{origin}: {origin.text} {_BUILD if '${' in filled else error}",))
        required = self._required(choice, origin)
        return Declared(required, unknown=unknown if required else ())

    def _variable(self, name: str, origin: Origin) -> Declared:
        if name in self._known:
            return self._filled(self._known[name], origin)
        if name in _MISC:
            reason = "stands for what packaging tools add, which is known after a build"
            return Declared(skipped=(Skipped(origin.text, reason, origin, incomplete=False),))
        return Declared(unknown=(f"{origin}: {origin.text} {_BUILD}",))

    def _filled(self, text: str, origin: Origin) -> Declared:
        try:
            choices = parse(text)
        except RelationError as error:
            return Declared(unknown=(f"{origin}: {origin.text}: {error}",))
        return Declared(tuple(r for choice in choices for r in self._required(choice, origin)))

    def _required(self, choice: Alternatives, origin: Origin) -> tuple[Requirement, ...]:
        choice = tuple(one for one in choice if one.applies(self._context.architecture))
        if not choice or any(one.name in self._own for one in choice):
            return ()
        return (requirement(self._context, choice, origin),)


def _without_open_versions(text: str) -> str:
    return _VERSION.sub(lambda found: "" if "${" in found[0] else found[0], text)


def requirement(context: Context, choice: Alternatives, origin: Origin) -> Requirement:
    """The Requirement of one clause: the first package with its qualifier (``python3:any``), and the
    rest as its constraint."""
    first, *others = choice
    own = "" if first.qualifier in (context.architecture, "native") else first.qualifier
    version = str(replace(first, qualifier="")).removeprefix(first.name)
    constraint = " | ".join([version, *map(str, others)]).strip()
    return Requirement(context.package(f"{first.name}:{own}" if own else first.name), constraint, origin)
