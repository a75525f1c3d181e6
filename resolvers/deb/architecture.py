"""Debian's names of architectures (Debian Policy 11.1)."""

from __future__ import annotations

_UNIX = {"x86_64": "amd64", "aarch64": "arm64", "armv7l": "armhf", "i686": "i386", "ppc64le": "ppc64el"}
_CPU = {"armel": "arm", "armhf": "arm", "armeb": "arm", "x32": "amd64"}
"""CPUs that several architectures share (dpkg's tupletable)."""
ALL = "all"
"""The architecture of a package that is the same everywhere."""


def debian_architecture(machine: str) -> str:
    """The architecture of a machine as uname calls it: ``amd64`` for ``x86_64``."""
    return _UNIX.get(machine, machine)


def matches(architecture: str, wildcard: str) -> bool:
    """Whether ``linux-any``, ``any-arm`` or ``amd64`` means the architecture (Policy 11.1.1)."""
    wanted = wildcard.split("-")
    if "any" not in wanted:
        return architecture == wildcard
    *system, cpu = architecture.split("-")
    libc = system[0] if len(system) > 1 else "gnu"
    actual = [libc, system[-1] if system else "linux", _CPU.get(cpu, cpu)]
    wanted = ["any"] * (3 - len(wanted)) + wanted
    return len(wanted) == 3 and all(part in ("any", own) for part, own in zip(wanted, actual, strict=True))
