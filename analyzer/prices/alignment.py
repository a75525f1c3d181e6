"""Alignments: the fewest moves of one service's version to another's, so that all get along.

A module of Maven or a git checkout gives way to nothing but another version that somebody names. So the versions tried
are those of the services that clash, and what one of them leads to is resolved anew each time (breadth first).
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Callable, Iterable, Iterator

from analyzer.oracle import Answer, Refuted, Satisfied
from analyzer.package import Package
from analyzer.ports import is_port
from analyzer.prices.change import Change, Place, Way
from analyzer.prices.correction import MOST, Uncorrectable
from analyzer.service import Fleet
from analyzer.verdict import Demand

ALIGNED = ("maven", "git")
"""The ecosystems that are priced in this way."""
TRIED = 60
"""Sets of Changes that are asked about."""
_PLAIN = re.compile(r"(?:==|strictly |require )?([^\s;,+\[\]()=]+)")
"""A constraint of Maven's that comes down to one version."""

Outcome = Callable[[tuple[Change, ...]], Answer]
"""What the ecosystem's oracle says once some Changes are made."""


def alignments(fleet: Fleet, outcome: Outcome) -> list[tuple[Change, ...]] | Uncorrectable:
    """All smallest sets of Changes that were met and let the Fleet fit, or why there is none."""
    waiting: deque[tuple[Change, ...]] = deque([()])
    seen: set[tuple[Change, ...]] = {()}
    found: list[tuple[Change, ...]] = []
    reason = ""
    for _ in range(TRIED):
        if not waiting or (found and len(waiting[0]) > len(found[0])):
            break
        made = waiting.popleft()
        answer = outcome(made)
        if isinstance(answer, Satisfied):
            found.append(made)
        elif isinstance(answer, Refuted):
            further = [tuple(sorted((*made, move))) for move in _moves(fleet, answer.named, made)]
            waiting.extend(way for way in further if len(way) <= MOST and way not in seen)
            seen.update(further)
        else:
            reason = reason or answer.reason
    return found or Uncorrectable(reason or "no service can take the version of another")


def _moves(fleet: Fleet, named: Iterable[Demand], made: tuple[Change, ...]) -> Iterator[Change]:
    """For each service of a clash the version of each other, the later ones first."""
    taken = {change.place for change in made}
    demands = [d for d in sorted(named) if not is_port(d.requirement.package)]
    clashing = {d.requirement.package for d in demands if _names_a_version(d)}
    for package in sorted(clashing):
        said = {(d.service, _version(d)) for d in demands if d.requirement.package == package and _names_a_version(d)}
        # What a system's package has in it is not for the service to choose.
        bound = {d.service for d in demands if d.requirement.shipped_by}
        for service, own in sorted(said, key=lambda item: _order(item[1])):
            place = Place(service, package)
            others = {version for other, version in said if other != service and version != own}
            if service not in bound and place not in taken:
                before = _before(fleet, place)
                yield from (Change(place, before, v, _way(package, own, v)) for v in sorted(others, key=_order))


def _names_a_version(demand: Demand) -> bool:
    return bool(_version(demand)) and demand.requirement.package.type in ALIGNED


def _version(demand: Demand) -> str:
    constraint = demand.requirement.constraint
    if demand.requirement.package.type == "git":
        return constraint
    found = _PLAIN.fullmatch(constraint.partition(";")[0].strip())
    return found[1] if found else ""


def _before(fleet: Fleet, place: Place) -> str:
    """What a Service says of a Package itself, in its manifest or its lock; empty where others bring it."""
    return ", ".join(dict.fromkeys(_said(fleet, place.service, place.package)))


def _said(fleet: Fleet, name: str, package: Package) -> Iterator[str]:
    sets = [group for service in fleet.services if service.name == name for group in service.sets]
    declared = [r.constraint for group in sets for r in group.requirements if r.package == package]
    pins = (p.candidate for group in sets for p in group.locked or () if p.candidate.package == package)
    yield from declared or (candidate.version for candidate in pins)


def _way(package: Package, before: str, after: str) -> Way:
    if package.type == "git":
        return Way.RELAX
    return Way.UPGRADE if _order(after) > _order(before) else Way.DOWNGRADE


def _order(version: str) -> tuple[tuple[int, int, str], ...]:
    """Numbers by their value and before words; only for which of two to try first."""
    parts = re.findall(r"[0-9]+|[^\W\d_]+", version)
    return tuple((0, int(part[:18]), "") if part.isdigit() else (1, 0, part) for part in parts)
