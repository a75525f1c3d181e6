"""What locks prove and what they would lose: certificates of compatibility, preferences, drift."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping

from packaging.version import InvalidVersion, Version

from analyzer.demands import has_lock
from analyzer.package import Candidate, Package
from analyzer.requirement import Locked
from analyzer.service import Service
from analyzer.verdict import Witness

_NO_ORDER = Version("0")


def pins(service: Service, ecosystem: str) -> tuple[Locked, ...]:
    """The locked Candidates of a Service's own (not bundled) sets."""
    return tuple(
        locked for s in service.sets if s.ecosystem == ecosystem and not s.bundled for locked in s.locked or ()
    )


def certificate(services: Collection[Service], ecosystem: str) -> Witness | None:
    """A Witness made of equal locks: every Service has a closed lock (or nothing to install), all on
    one Python version, and no Package at two versions or from two sources. None if there is none.

    The union of locks that satisfy themselves satisfies all, as long as they agree where they meet.
    """
    chosen: dict[Package, tuple[str, object]] = {}
    pythons = {s.platform.python for s in services}
    if len(pythons) > 1 or not all(_is_closed(s, ecosystem) for s in services):
        return None
    for locked in (p for s in services for p in pins(s, ecosystem)):
        fixed = (locked.candidate.version, locked.source)
        if chosen.setdefault(locked.candidate.package, fixed) != fixed:
            return None
    versions = tuple(Candidate(package, version) for package, (version, _) in sorted(chosen.items()))
    return Witness(versions, next(iter(pythons), ""))


def _is_closed(service: Service, ecosystem: str) -> bool:
    own = [s for s in service.sets if s.ecosystem == ecosystem and not s.bundled]
    return all(s.closed and s.locked is not None for s in own if s.requirements or s.locked or s.unknown)


def preferred(services: Iterable[Service], ecosystem: str) -> Mapping[Package, str]:
    """For each locked Package the version that most Services lock, of several the newest."""
    votes: dict[Package, Counter[str]] = defaultdict(Counter)
    for service in services:
        for locked in pins(service, ecosystem):
            if locked.source is None and locked.candidate.version:
                votes[locked.candidate.package][locked.candidate.version] += 1
    return {package: max(count, key=lambda v: (count[v], _order(v), v)) for package, count in votes.items()}


def _order(version: str) -> Version:
    try:
        return Version(version)
    except (InvalidVersion, ValueError):
        return _NO_ORDER


def drift(services: Iterable[Service], ecosystem: str, witness: Witness) -> int:
    """How many locked versions a Witness moves, summed over the Services."""
    versions = {c.package: c.version for c in witness.versions}
    return sum(
        _moved(versions[p.candidate.package], p.candidate.version)
        for service in services
        for p in pins(service, ecosystem)
        if p.candidate.package in versions
    )


def _moved(chosen: str, locked: str) -> bool:
    """PEP 440 has several ways to write one version; where it does not apply there is one, save that lists of
    installed packages (``rpm -qa``) leave epochs out."""
    same = chosen == locked or (":" not in locked and chosen.rpartition(":")[2] == locked)
    return not same and (_order(chosen) != _order(locked) or _order(locked) == _NO_ORDER)


def any_lock(services: Iterable[Service], ecosystem: str) -> bool:
    """Whether one of the Services has a lock."""
    return any(has_lock(s, ecosystem) for s in services)
