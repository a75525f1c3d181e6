"""Environment markers (PEP 508) seen from a Service's platform."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

from packaging.markers import InvalidMarker, Marker
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from analyzer.requirement import Requirement
from analyzer.service import Platform

PYTHONS = ("3.8", "3.9", "3.10", "3.11", "3.12", "3.13", "3.14", "3.15")
"""Python versions that a service may run on, oldest first."""

DEFAULT_PYTHON = "3.12"
"""Taken where neither configuration nor a service's own files say which."""

_SYSTEMS = {
    "macos": ("posix", "darwin", "Darwin"),
    "windows": ("nt", "win32", "Windows"),
}
_LINUX = ("posix", "linux", "Linux")
_MACHINES = {("macos", "aarch64"): "arm64", ("windows", "x86_64"): "AMD64", ("windows", "aarch64"): "ARM64"}


def environment(platform: Platform, python: str, extra: str = "") -> dict[str, str]:
    """The marker environment of CPython ``python`` (``major.minor``) on ``platform``."""
    system = platform.os.partition(":")[0]
    os_name, sys_platform, platform_system = _SYSTEMS.get(system, _LINUX)
    return {
        "implementation_name": "cpython",
        "implementation_version": f"{python}.0",
        "os_name": os_name,
        "platform_machine": _MACHINES.get((system, platform.arch), platform.arch),
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": platform_system,
        "platform_version": "",
        "python_full_version": f"{python}.0",
        "python_version": python,
        "sys_platform": sys_platform,
        "extra": extra,
    }


def holds(marker: str, platform: Platform, python: str, extras: Iterable[str] = ("",)) -> bool:
    """Whether a marker is true on ``python``, with any of the extras. Empty markers are true.

    Raises packaging's InvalidMarker where the text is none. A comparison that PEP 508 leaves
    undefined, or with a version too long to compare, counts as true: the requirement is kept, not dropped.
    """
    if not marker:
        return True
    parsed = _parsed(marker)
    try:
        return any(parsed.evaluate(environment(platform, python, extra)) for extra in extras)
    except (ValueError, RecursionError):
        return True


@lru_cache(maxsize=4096)
def _parsed(marker: str) -> Marker:
    try:
        return Marker(marker)
    except InvalidMarker:
        raise
    except (ValueError, RecursionError) as error:
        raise InvalidMarker(f"a marker that cannot be read: {type(error).__name__}") from error


def reduce(marker: str, platform: Platform, pythons: Collection[str], extras: Iterable[str] = ("",)) -> str | None:
    """What is left of a marker on ``platform``: ``""`` if it holds on every one of ``pythons``,
    None if on none of them, else the marker itself.

    Raises packaging's InvalidMarker.
    """
    extras = tuple(extras)
    truths = {holds(marker, platform, python, extras) for python in pythons}
    if truths == {False}:
        return None
    return marker if False in truths else ""


def admitted(interpreter: Iterable[Requirement]) -> tuple[str, ...]:
    """The ``PYTHONS`` that satisfy every interpreter constraint (``requires-python``), oldest first.

    A minor version counts as admitted if any of its patch releases could be (``>=3.9.2`` admits 3.9).
    """
    specifiers = [SpecifierSet(r.constraint) for r in interpreter]
    return tuple(p for p in PYTHONS if all(_admits(s, p) for s in specifiers))


def nearest(pythons: Collection[str], preferred: str) -> str | None:
    """Of some versions (``major.minor``) the one nearest to ``preferred``, of two the newer; None of none."""
    return min(pythons, key=lambda p: (abs(_rank(p) - _rank(preferred)), -_rank(p)), default=None)


def _rank(python: str) -> int:
    major, _, minor = python.partition(".")
    return int(major) * 1000 + int(minor)


def _admits(specifiers: SpecifierSet, python: str) -> bool:
    # Patch 0 and a patch beyond any release stand for the series; where a constraint names a patch
    # itself, what it draws its line between lies beside that.
    named = {int(s.version.split(".")[2]) for s in specifiers if _names_patch(s.version, python)}
    patches = {0, 99} | {patch + step for patch in named for step in (-1, 0, 1) if patch + step >= 0}
    return any(specifiers.contains(Version(f"{python}.{patch}")) for patch in sorted(patches))


def _names_patch(version: str, python: str) -> bool:
    parts = version.split(".")
    is_patch = len(parts) == 3 and parts[2].isascii() and parts[2].isdigit() and len(parts[2]) < 4
    return is_patch and ".".join(parts[:2]) == python
