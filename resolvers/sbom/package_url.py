"""Package URLs (purl-spec): which Package a component is, at which version, on which system."""

from __future__ import annotations

import re
from dataclasses import dataclass

from packageurl import PackageURL
from packaging.version import Version

from analyzer.errors import ManifestError
from analyzer.package import Package
from resolvers.container.os_release import release_of
from resolvers.package_name import is_version, package_of

LENGTH_LIMIT = 4096
"""Characters of the longest purl that is looked at."""

_DISTRO = re.compile(r"([a-z][a-z0-9_]*(?:-[a-z_]+)*)-([0-9][0-9.]{0,20})", re.ASCII)
_EPOCH = re.compile(r"[0-9]{1,9}", re.ASCII)
_ARCHITECTURES = {
    "386": "i686",
    "amd64": "x86_64",
    "arm64": "aarch64",
    "armhf": "armv7l",
    "i386": "i686",
    "ppc64el": "ppc64le",
}
"""What uname calls the architectures of dpkg; rpm uses uname's names."""
_MACHINES = frozenset({*_ARCHITECTURES.values(), "riscv64", "s390x"})
_WITH_EPOCH = frozenset({"deb", "rpm"})


@dataclass(frozen=True, slots=True)
class Identified:
    """What a purl says. ``package`` is None where cohabit does not know the ``kind``. ``release``
    (``debian:12``), ``architecture`` (uname's) and ``version`` are empty where nothing tells them."""

    kind: str
    package: Package | None = None
    version: str = ""
    release: str = ""
    architecture: str = ""


def identify(purl: str, known: frozenset[str]) -> Identified | None:
    """What a purl says; ``known`` are the types that matter. None where it is no purl, or of no valid name."""
    try:
        found = PackageURL.from_string(purl) if len(purl) <= LENGTH_LIMIT else None
    except ValueError:
        return None
    if found is None:
        return None
    if found.type not in known:
        return Identified(found.type)
    package = package_of(found.type, found.namespace or "", found.name)
    qualifiers = found.qualifiers if isinstance(found.qualifiers, dict) else {}
    version = _version(found.type, found.version or "", qualifiers.get("epoch", ""))
    if package is None or (found.version and not version):
        return None
    machine = qualifiers.get("arch", "")
    machine = _ARCHITECTURES.get(machine, machine)
    release = release_in(qualifiers.get("distro", "")) if found.type in _WITH_EPOCH else ""
    return Identified(found.type, package, version, release, machine if machine in _MACHINES else "")


def release_in(distro: str) -> str:
    """The release of the qualifier ``distro`` (``debian-12``, ``rhel-9.4``) as os-release would have it; empty
    where it names none."""
    found = _DISTRO.fullmatch(distro)
    if found is None:
        return ""
    try:
        return release_of(f"ID={found[1]}\nVERSION_ID={found[2]}\n", distro)
    except ManifestError:
        return ""


def _version(kind: str, version: str, epoch: str) -> str:
    """The version as the ecosystem writes it; empty where it is none."""
    if not is_version(version):
        return ""
    if kind in _WITH_EPOCH and _EPOCH.fullmatch(epoch) and int(epoch) and ":" not in version:
        return f"{epoch}:{version}"
    if kind == "pypi":
        try:
            Version(version)
        except ValueError:
            return ""
    return version
