"""Which distribution and release a repository is of, told by the package with its ``/etc/os-release``."""

from __future__ import annotations

import re
from collections.abc import Iterable

_PACKAGES = {
    "centos-stream-release": "centos",
    "centos-linux-release": "centos",
    "centos-release": "centos",
    "fedora-release-common": "fedora",
    "redhat-release": "rhel",
    "rocky-release": "rocky",
    "almalinux-release": "almalinux",
    "oraclelinux-release": "oraclelinux",
    "system-release": "amazonlinux",
    "openSUSE-release": "opensuse",
}
_MINOR = ("opensuse",)
"""Distributions whose releases have two numbers; elsewhere they share a major one."""
_NUMBERS = re.compile(r"(?:\d+:)?(\d+)(?:\.(\d+))?")


def release_named(packages: Iterable[tuple[str, str]]) -> str:
    """``centos:9`` from the names and versions of packages, empty where none tells it."""
    found = {_PACKAGES[name]: evr for name, evr in packages if name in _PACKAGES}
    for distribution, evr in found.items():
        if numbers := _NUMBERS.match(evr):
            major, minor = numbers[1], numbers[2]
            return f"{distribution}:{major}.{minor}" if minor and distribution in _MINOR else f"{distribution}:{major}"
    return ""
