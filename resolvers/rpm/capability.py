"""Capabilities: what a package provides, and what another requires, conflicts with or obsoletes.

Both sides are a name with an optional range of versions. They match where the ranges overlap: rpm's
``rpmdsCompare``, and where a release is missing on one side only, libsolv's ``pool_intersect_evrs``,
which is what dnf and zypper ask.
"""

from __future__ import annotations

import re
from enum import IntFlag
from typing import NamedTuple

from resolvers.rpm.version_order import evr_key


class Sense(IntFlag):
    """The relation of a range to its version (rpm's ``RPMSENSE_*``); none admits every version."""

    ANY = 0
    LESS = 1
    GREATER = 2
    EQUAL = 4


_SIGNS = {
    "": Sense.ANY,
    "<": Sense.LESS,
    "<=": Sense.LESS | Sense.EQUAL,
    "=<": Sense.LESS | Sense.EQUAL,
    "=": Sense.EQUAL,
    "==": Sense.EQUAL,
    ">=": Sense.GREATER | Sense.EQUAL,
    "=>": Sense.GREATER | Sense.EQUAL,
    ">": Sense.GREATER,
    "<>": Sense.LESS | Sense.GREATER,
}
_WRITTEN = {sense: sign for sign, sense in reversed(_SIGNS.items())}
_ONE_WAY = Sense.LESS | Sense.GREATER
_RANGE = re.compile(r"\s*([<=>]{1,2})\s*([^\s<=>]+)\s*")


class Capability(NamedTuple):
    """A name and a range: ``libfoo(x86-64) >= 1:1.2-3``. ``evr`` is ``[epoch:]version[-release]``."""

    name: str
    sense: int = Sense.ANY
    evr: str = ""

    def __str__(self) -> str:
        return f"{self.name} {_WRITTEN[Sense(self.sense)]} {self.evr}" if self.sense else self.name


def sense(sign: str) -> Sense | None:
    """What ``<``, ``>=``, … stand for; None where it is no relation."""
    return _SIGNS.get(sign)


def ranged(name: str, constraint: str) -> Capability | None:
    """The Capability of a name with ``>= 1.2-3`` or nothing behind it; None where that is no range."""
    if not constraint:
        return Capability(name)
    found = _RANGE.fullmatch(constraint)
    relation = _SIGNS.get(found[1]) if found else None
    return Capability(name, relation, found[2]) if found and relation else None


def overlap(provided: Capability, wanted: Capability) -> bool:
    """Whether the ranges have a version in common. The names are taken to be equal."""
    if not provided.sense or not wanted.sense or provided.sense & wanted.sense & _ONE_WAY:
        return True
    if provided.evr == wanted.evr:
        return bool(provided.sense & wanted.sense & Sense.EQUAL)
    has, asked = evr_key(provided.evr), evr_key(wanted.evr)
    if has[:2] == asked[:2] and (has.release is None) != (asked.release is None):
        return bool((wanted if asked.release is None else provided).sense & Sense.EQUAL)
    order = has.order(asked)
    if order == 0:
        return bool(provided.sense & wanted.sense & Sense.EQUAL)
    above, below = (wanted, provided) if order > 0 else (provided, wanted)
    return bool(above.sense & Sense.GREATER or below.sense & Sense.LESS)


def within(evr: str, wanted: Capability) -> bool:
    """Whether a package's own version is in a range (``pool_match_nevr``)."""
    return overlap(Capability(wanted.name, Sense.EQUAL, evr), wanted)
