"""Clashes of Debian packages that need no index: two versions of one package."""

from __future__ import annotations

from analyzer.requirement import Requirement
from resolvers.deb.version_order import is_version, key


def pins_differ(one: Requirement, other: Requirement) -> bool:
    """Whether two Requirements on one package fix versions that are not equal (Debian Policy 5.6.12).

    A root filesystem holds one version of a package for each architecture, which is part of the name here.
    """
    left, right = _pinned(one), _pinned(other)
    return bool(left and right) and key(left) != key(right)


def _pinned(requirement: Requirement) -> str:
    """The version that ``=`` (apt) or ``==`` (a lock) fixes; empty where none is."""
    if not requirement.constraint.startswith("="):
        return ""
    version = requirement.constraint.lstrip("=").strip()
    return version if is_version(version) else ""
