"""Clashes between two Requirements on one Maven module that need no repository."""

from __future__ import annotations

from analyzer.requirement import Force, Requirement
from resolvers.maven.rich_version import rich_version

ECOSYSTEM = "maven"


def contradict(one: Requirement, other: Requirement) -> bool:
    """Whether one is strict about a version and the other wants a higher one, or is strict about others."""
    if Force.OVERRIDES in (one.force, other.force) or one.force is other.force is Force.LIMITS:
        return False
    return _too_low(one, other) or _too_low(other, one)


def _too_low(strict: Requirement, other: Requirement) -> bool:
    rich = rich_version(other.constraint)
    wanted = (*rich.wanted, *(known.least for known in (*rich.strictly, *rich.require) if known.least))
    return any(forbids(strict.constraint, version) for version in wanted)


def forbids(constraint: str, version: str) -> bool:
    """Whether what is strict or rejected lets Gradle fail where this version, or none lower, is wanted."""
    rich = rich_version(constraint)
    return any(known.lies_below(version) for known in rich.strictly) or any(k.admits(version) for k in rich.reject)


def undecided_by_requirements(one: Requirement, other: Requirement) -> bool:
    """Two Requirements alone prove no clash: how far versions may differ is the oracle's matter."""
    return False
