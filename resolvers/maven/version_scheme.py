"""Version schemes: whether what was built with one version of a module works with another.

The names are sbt's (sbt reference, "versionScheme"). Here each divides versions into classes within which
a service may be moved; so it does not matter by how many steps, and in which company, it gets moved.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from enum import StrEnum
from functools import lru_cache

from analyzer.package import Package

_NUMBERS = re.compile(r"[0-9]+(?:\.[0-9]+)*")
_UNSTABLE = re.compile(
    r"(?:^|[^a-z])(?:alpha|beta|milestone|preview|snapshot|dev|pre|ea|rc|cr|[abm](?=[.-]?[0-9]))", re.IGNORECASE
)
"""Words of versions before the release; others (``jre``, ``Final``, ``android``) name a release's flavour."""


class VersionScheme(StrEnum):
    """How a module's versions tell what breaks."""

    EARLY_SEMVER = "early-semver"
    """The first number; with ``0.y``, the second as well."""
    SEMVER_SPEC = "semver-spec"
    """The first number; with ``0.y`` every version breaks (Semantic Versioning 2.0.0, 4)."""
    PVP = "pvp"
    """The first two numbers (Haskell's Package Versioning Policy)."""
    STRICT = "strict"
    """Every version breaks."""
    ALWAYS = "always"
    """Nothing breaks."""

    def compatible(self, one: str, other: str) -> bool:
        """Whether a service built with one version may be given the other. An equivalence of versions."""
        return one == other or self.breaking(one) == self.breaking(other)

    def breaking(self, version: str) -> tuple[object, ...]:
        """What two versions must have in common: equal for the compatible ones."""
        return _breaking(self, version)


_HELD: Mapping[VersionScheme, Callable[[list[str]], int]] = {
    VersionScheme.EARLY_SEMVER: lambda numbers: 1 if numbers[0] else 2,
    VersionScheme.SEMVER_SPEC: lambda numbers: 1 if numbers[0] else 3,
    VersionScheme.PVP: lambda _: 2,
}
"""How many of the leading numbers must agree."""


@lru_cache(maxsize=2**16)
def _breaking(scheme: VersionScheme, version: str) -> tuple[object, ...]:
    found = _NUMBERS.match(version)
    if scheme is VersionScheme.ALWAYS:
        return ()
    if scheme is VersionScheme.STRICT or not found:
        return (version,)
    numbers = [number.lstrip("0") for number in found[0].split(".")]
    numbers += [""] * (3 - len(numbers))
    held = numbers[: _HELD[scheme](numbers)]
    # A version before the first of its line promises nothing (1.0.0-rc1); one before a later one (1.2.0-rc1) does.
    first = not any(numbers[len(held) :]) and _UNSTABLE.search(version[found.end() :])
    return (version,) if first or len(held) > 2 else tuple(held)


def scheme_for(package: Package, schemes: Mapping[str, str]) -> VersionScheme:
    """What is configured for a module (``group:name``), for its group (``group:*``), or for all (``*``)."""
    group, name = package.namespace, package.name
    chosen = next((schemes[k] for k in (f"{group}:{name}", f"{group}:*", "*") if k in schemes), "")
    return VersionScheme(chosen or VersionScheme.EARLY_SEMVER)
