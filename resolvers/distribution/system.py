"""Which package system a distribution has."""

from __future__ import annotations

DEB, RPM = "deb", "rpm"
_OF_RPM = frozenset(
    {
        "almalinux", "amazonlinux", "centos", "fedora", "mageia", "opensuse", "oraclelinux", "photon", "rhel", "rocky",
        "sles",
    }
)  # fmt: skip


def system_of(release: str) -> str:
    """The package system of a release such as ``centos:9``; of one that is not known, Debian's."""
    return RPM if release.partition(":")[0] in _OF_RPM else DEB
