"""Version constraints as sets of versions (PEP 440), by packaging's range algebra."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, reduce

from packaging.ranges import VersionRange
from packaging.specifiers import InvalidSpecifier, SpecifierSet

from analyzer.requirement import Force, Requirement


@lru_cache(maxsize=65536)
def versions(constraint: str) -> VersionRange | None:
    """The set of versions that a specifier set admits, pre-releases included.

    None where the text is no PEP 440 specifier set or has no range (``===`` with free text).
    """
    try:
        return SpecifierSet(constraint, prereleases=True).to_range()
    except (InvalidSpecifier, ValueError):
        return None


@lru_cache(maxsize=1 << 18)
def disjoint(one: str, other: str) -> bool:
    """Whether no version at all, released or not, satisfies both specifier sets."""
    left, right = versions(one), versions(other)
    return left is not None and right is not None and left.is_disjoint(right)


def have_common_version(constraints: Iterable[str]) -> bool:
    """Whether some version satisfies all specifier sets, be it in an index or not. Of two that have no
    range the answer is no."""
    ranges = [versions(constraint) for constraint in set(constraints)]
    known = [each for each in ranges if each is not None]
    if len(known) < len(ranges):
        return len(ranges) == 1
    return not known or not reduce(VersionRange.intersection, known).is_empty


def exclude_each_other(one: Requirement, other: Requirement) -> bool:
    """Whether two Requirements on one Package prove a clash by themselves.

    False means that nothing is proven, not that they agree: markers, overrides and two limits on a
    Package that nobody needs are left to the resolver.
    """
    if one.marker or other.marker or Force.OVERRIDES in (one.force, other.force):
        return False
    if one.force is other.force is Force.LIMITS:
        return False
    if one.package.type == "generic" and one.package.name != "python":
        return one.constraint != other.constraint
    if one.source is not None or other.source is not None:
        return _sources_differ(one, other)
    return disjoint(one.constraint, other.constraint)


def _sources_differ(one: Requirement, other: Requirement) -> bool:
    left, right = one.source, other.source
    if left is None or right is None:
        return False
    if (left.kind, left.location) != (right.kind, right.location):
        return True
    return bool(left.reference and right.reference) and left.reference != right.reference
