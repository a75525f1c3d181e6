"""Relationships between packages as control fields write them (Debian Policy 7.1, deb-control(5))."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from resolvers.deb.architecture import matches

_NAME = r"[A-Za-z0-9][A-Za-z0-9+._-]*+"
_RELATION = re.compile(
    rf"""(?P<name>{_NAME})
    (?: : (?P<qualifier>[A-Za-z0-9][A-Za-z0-9-]*+) )? \s*+
    (?: \( \s*+ (?P<operator><<|<=|>=|>>|=|<|>) \s*+ (?P<version>[A-Za-z0-9.+:~-]++) \s*+ \) )? \s*+
    (?: \[ (?P<architectures>[^][()<>]++) \] )? \s*+
    (?P<profiles>(?: < [^][()<>]++ > \s*+ )*)""",
    re.VERBOSE | re.ASCII,
)
_OLD = {"<": "<=", ">": ">="}
"""What Policy 7.1 says of the operators that it withdrew."""


class RelationError(ValueError):
    """A text that is no relationship. The message is a sentence."""


@dataclass(frozen=True, slots=True)
class Relation:
    """One package that would do.

    ``operator`` is ``<<``, ``<=``, ``=``, ``>=``, ``>>``, or empty where every version does.
    ``qualifier`` is what follows the name's colon (``any``, ``native``, an architecture).
    ``architectures`` are those of ``[amd64 !i386]`` and ``profiles`` the alternatives of
    ``<!nocheck> <stage1 cross>``; both restrict where a source package's relationship holds.
    """

    name: str
    operator: str = ""
    version: str = ""
    qualifier: str = ""
    architectures: tuple[str, ...] = ()
    profiles: tuple[tuple[str, ...], ...] = ()

    def applies(self, architecture: str, profiles: Collection[str] = ()) -> bool:
        """Whether the restrictions hold on an architecture (as dpkg names it) with active build profiles."""
        return _concerned(self.architectures, architecture) and (
            not self.profiles or any(_active(terms, profiles) for terms in self.profiles)
        )

    def __str__(self) -> str:
        qualified = f"{self.name}:{self.qualifier}" if self.qualifier else self.name
        return f"{qualified} ({self.operator} {self.version})" if self.operator else qualified


Alternatives = tuple[Relation, ...]


def parse(text: str) -> tuple[Alternatives, ...]:
    """A dependency field: all of these, of each any alternative. Empty parts between commas count for
    nothing. Raises RelationError."""
    return tuple(parse_alternatives(part) for part in text.split(",") if part.strip())


def parse_alternatives(text: str) -> Alternatives:
    """What stands between two commas: ``exim4 | mail-transport-agent``. Raises RelationError."""
    return tuple(map(parse_relation, text.split("|")))


def parse_relation(text: str) -> Relation:
    """One alternative. Raises RelationError."""
    stripped = text.strip()
    match = _RELATION.fullmatch(stripped)
    if match is None:
        raise RelationError(f"is no relationship to a package: {_excerpt(stripped)}")
    name, qualifier, operator, version, architectures, profiles = match.groups("")
    return Relation(
        name,
        _OLD.get(operator, operator),
        version,
        qualifier,
        tuple(architectures.split()),
        tuple(tuple(terms.split()) for terms in re.findall("<([^>]*)>", profiles)),
    )


def _concerned(restrictions: tuple[str, ...], architecture: str) -> bool:
    """As ``debarch_is_concerned`` in dpkg: the first that matches decides."""
    for restriction in restrictions:
        if matches(architecture, restriction.removeprefix("!")):
            return not restriction.startswith("!")
    return not restrictions or restrictions[-1].startswith("!")


def _active(terms: tuple[str, ...], profiles: Collection[str]) -> bool:
    return all((term.removeprefix("!") in profiles) != term.startswith("!") for term in terms)


def _excerpt(text: str) -> str:
    return repr(text[:80]) if text else "nothing between two separators"
