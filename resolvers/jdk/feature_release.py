"""Constraints on the feature release of a JDK (8, 11, 17, …), and the sets of releases that they admit."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache, reduce

from analyzer.requirement import Force, Requirement

ECOSYSTEM = "jdk"
"""What the ecosystem of Java runtimes is called; its only Package is ``generic/jdk``."""

_RELEASES = range(1, 1000)
_PART = re.compile(r"(==|>=)(\d{1,3})")
_OR = " or "


def exactly(releases: Iterable[int]) -> str:
    """The constraint that one of some releases meets: ``==11 or ==17``."""
    return _OR.join(f"=={release}" for release in sorted(set(releases)))


def at_least(release: int) -> str:
    """The constraint of class files of a level: they run on its release and on all later ones."""
    return f">={release}"


@lru_cache(maxsize=1024)
def admitted(constraint: str) -> frozenset[int]:
    """The releases that meet a constraint; all where it says nothing."""
    parts = [_PART.fullmatch(part) for part in constraint.split(_OR)]
    if not all(parts):
        return frozenset(_RELEASES)
    return frozenset(n for n in _RELEASES for part in parts if part and _meets(n, part[1], int(part[2])))


def _meets(release: int, relation: str, bound: int) -> bool:
    return release == bound if relation == "==" else release >= bound


def common(constraints: Iterable[str]) -> frozenset[int]:
    """The releases that meet all of some constraints."""
    return reduce(frozenset.intersection, map(admitted, constraints), frozenset(_RELEASES))


def exclude_each_other(one: Requirement, other: Requirement) -> bool:
    """Whether no JDK meets both."""
    if one.force is other.force is Force.LIMITS:
        return False
    return not common((one.constraint, other.constraint))
