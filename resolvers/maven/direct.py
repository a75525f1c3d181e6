"""Clashes between two Requirements on one Maven module that need no repository."""

from __future__ import annotations

from analyzer.requirement import Force, Requirement
from resolvers.maven.rich_version import rich_version
from resolvers.maven.version_scheme import VersionScheme

ECOSYSTEM = "maven"


def evicts(one: Requirement, other: Requirement, scheme: VersionScheme = VersionScheme.EARLY_SEMVER) -> bool:
    """Whether both were built with a version, and with the higher one the other does not work."""
    left, right = rich_version(one.constraint).pin, rich_version(other.constraint).pin
    return bool(left and right) and not scheme.compatible(left, right)


def contradict(one: Requirement, other: Requirement) -> bool:
    """Whether one is strict about a version and the other wants a higher one, where neither is forced."""
    if Force.OVERRIDES in (one.force, other.force) or one.force is other.force is Force.LIMITS:
        return False
    return _too_low(one, other) or _too_low(other, one)


def _too_low(strict: Requirement, other: Requirement) -> bool:
    rich = rich_version(other.constraint)
    strictly = rich_version(strict.constraint).strictly
    wanted = (*rich.wanted, *(known.least for known in rich.strictly if known.least))
    return any(known.lies_below(version) for known in strictly for version in wanted)
