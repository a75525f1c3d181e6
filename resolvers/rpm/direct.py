"""Clashes of RPM packages that need no metadata: two versions of one package."""

from __future__ import annotations

import re

from analyzer.requirement import Requirement
from resolvers.rpm.capability import overlap, ranged

_PIN = re.compile(r"==?(?P<version>[^\s=<>]+)")
_ARCHITECTURE = re.compile(r"\.(?:x86_64|i[3-6]86|aarch64|ppc64le|s390x|noarch)$")


def pins_differ(one: Requirement, other: Requirement) -> bool:
    """Whether two Requirements on one package fix versions that exclude each other (rpm-version(7)).

    ``=1.2`` leaves the release open, and a version without an epoch any epoch (``rpm -qa`` prints none). A
    root filesystem holds one version of a package.
    """
    left, right = _pinned(one), _pinned(other)
    if not left or not right:
        return False
    if (":" in left) is not (":" in right):
        left, right = left.rpartition(":")[2], right.rpartition(":")[2]
    ranges = ranged(one.package.name, f"= {left}"), ranged(other.package.name, f"= {right}")
    return ranges[0] is not None and ranges[1] is not None and not overlap(ranges[0], ranges[1])


def _pinned(requirement: Requirement) -> str:
    """The version that ``=`` or ``==`` (a lock) fixes; empty where none is."""
    pin = _PIN.fullmatch(requirement.constraint)
    return _ARCHITECTURE.sub("", pin["version"]) if pin else ""
