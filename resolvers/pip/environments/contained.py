"""Distributions that lie side by side: which of them count, and whether they satisfy one another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from packaging.requirements import Requirement as Dependency
from packaging.utils import canonicalize_name

from analyzer.package import Candidate, pypi
from analyzer.requirement import Locked, Source
from analyzer.service import Platform, Skipped
from resolvers.pip.environments.core_metadata import CoreMetadata
from resolvers.pip.target import environment

_FUEL = 100_000
"""Markers evaluated before a closure is given up (a large environment needs some thousands)."""


@dataclass(frozen=True, slots=True)
class Contained:
    """A distribution that is installed or packed, and where it came from if not from an index."""

    metadata: CoreMetadata
    source: Source | None = None

    @property
    def locked(self) -> Locked:
        """The version that is there."""
        metadata = self.metadata
        return Locked(Candidate(pypi(metadata.name), metadata.version), metadata.origin, source=self.source)


def one_each(found: Iterable[Contained], skipped: list[Skipped]) -> dict[str, Contained]:
    """The distributions by name. Of a name that is there at several versions none is taken, since
    nothing says which counts; it goes to ``skipped``. Copies of one version count once.
    """
    groups: dict[str, list[Contained]] = {}
    for each in sorted(found, key=lambda each: (each.metadata.name, each.metadata.origin)):
        groups.setdefault(each.metadata.name, []).append(each)
    single = {name: group[0] for name, group in groups.items() if len(_versions(group)) == 1}
    for name in groups.keys() - single.keys():
        group = groups[name]
        reason = f"is there at several versions: {', '.join(_versions(group))}"
        skipped.append(Skipped(name, reason, group[0].metadata.origin))
    return single


def _versions(group: Iterable[Contained]) -> Sequence[str]:
    return tuple(dict.fromkeys(each.metadata.version for each in group))


def is_closed(
    contained: Mapping[str, Contained], platform: Platform, python: str, roots: Iterable[Dependency] = ()
) -> bool:
    """Whether every requirement that applies on the platform is met by what is there, as ``pip check``
    asks. An extra counts where a requirement or one of ``roots`` asks for it.
    """
    fuel = _FUEL
    demands = [root for root in roots if applies(root, platform, python)]
    seen = {(name, "") for name in contained}
    waiting = sorted(seen)
    while all(is_met(demand, contained) for demand in demands):
        asked = _extras(demands) - seen
        seen |= asked
        waiting += asked
        if not waiting:
            return True
        name, extra = waiting.pop()
        fuel -= len(contained[name].metadata.requires)
        if fuel < 0:
            return False
        demands = list(_applying(contained[name], platform, python, extra))
    return False


def is_met(demand: Dependency, contained: Mapping[str, Contained]) -> bool:
    """Whether the version that is there satisfies a requirement; any version satisfies a URL."""
    found = contained.get(_name(demand))
    return found is not None and demand.specifier.contains(found.metadata.version, prereleases=True)


def required_names(contained: Mapping[str, Contained], platform: Platform, python: str) -> frozenset[str]:
    """Names that something else among the distributions requires, extras aside."""
    return frozenset(
        _name(demand)
        for name, each in contained.items()
        for demand in _applying(each, platform, python, "")
        if _name(demand) != name
    )


def _applying(each: Contained, platform: Platform, python: str, extra: str) -> Iterator[Dependency]:
    for required in each.metadata.requires:
        if applies(required.dependency, platform, python, extra):
            yield required.dependency


def applies(demand: Dependency, platform: Platform, python: str, extra: str = "") -> bool:
    """Whether a requirement's marker holds; one that cannot be evaluated counts as true."""
    try:
        return demand.marker is None or demand.marker.evaluate(environment(platform, python, extra))
    except (ValueError, RecursionError):
        return True


def _extras(demands: Iterable[Dependency]) -> set[tuple[str, str]]:
    return {(_name(demand), extra) for demand in demands for extra in demand.extras}


def _name(demand: Dependency) -> str:
    return str(canonicalize_name(demand.name))
