"""What stayed open: undecided sets of services, and what was not taken into account."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analyzer.report import Report
from analyzer.service import Service, Skipped
from analyzer.verdict import Stance
from reports.html.stances import TITLES
from reports.html.text import joined
from reports.prose import count

SETS = 200
"""Sets of services listed under one reason."""
FEW = 5
"""Items that are left out by rule and yet listed unfolded."""

OpenAnchors = Mapping[tuple[tuple[str, ...], str], str]
"""The generated id of the row that tells why a set of services is undecided, by set and reason."""


@dataclass(frozen=True, slots=True)
class Opening:
    """Why nothing is known of some sets of Services; ``sets`` are anchors with the sets, ``more`` says how many
    are left out, to which the Opening's own ``anchor`` leads."""

    anchor: str
    reason: str
    stances: str
    sets: tuple[tuple[str, str], ...]
    more: str


@dataclass(frozen=True, slots=True)
class Omission:
    """An item that was left out."""

    service: str
    what: str
    reason: str
    place: str
    text: str


@dataclass(frozen=True, slots=True)
class Omissions:
    """Items of which all may change a verdict, or none; ``folded`` where they are many and need nobody's care."""

    title: str
    items: tuple[Omission, ...]
    folded: bool


def open_anchors(report: Report) -> OpenAnchors:
    """An anchor for each undecided set and reason, whatever the stances: its own, or beyond many its reason's."""
    return {
        (services, reason): f"open-{number}" if place < SETS else anchor
        for anchor, (reason, _), found in _by_reason(report)
        for place, (number, services) in enumerate(found)
    }


def openings(report: Report) -> tuple[Opening, ...]:
    """The undecided sets by their reason, the stances of one reason joined."""
    return tuple(
        Opening(
            anchor,
            reason,
            stances,
            tuple((f"open-{number}", joined(services)) for number, services in found[:SETS]),
            f"and {len(found) - SETS} more, all in the JSON report" if len(found) > SETS else "",
        )
        for anchor, (reason, stances), found in _by_reason(report)
    )


def _by_reason(report: Report) -> Iterator[tuple[str, tuple[str, str], list[tuple[int, tuple[str, ...]]]]]:
    """By reason with its stances: an anchor, and the sets with their numbers."""
    found: defaultdict[tuple[str, str], list[tuple[int, tuple[str, ...]]]] = defaultdict(list)
    stances = _stances(report)
    for number, (services, reason) in enumerate(stances, 1):
        found[reason, stances[services, reason]].append((number, services))
    for place, (key, sets) in enumerate(found.items(), 1):
        yield f"reason-{place}", key, sets


def _stances(report: Report) -> dict[tuple[tuple[str, ...], str], str]:
    found: defaultdict[tuple[tuple[str, ...], str], set[Stance]] = defaultdict(set)
    for item in report.undecided:
        found[item.services, item.reason].add(item.stance)
    return {key: ", ".join(TITLES[stance] for stance in Stance if stance in stances) for key, stances in found.items()}


def omissions(report: Report) -> tuple[Omissions, ...]:
    """Everything skipped or unknown; first what may change a verdict, then what was left out by rule."""
    fleet = report.fleet
    skipped = [("", item) for item in fleet.skipped] + [(s.name, item) for s in fleet.services for item in s.skipped]
    unsure = [_skipped(service, item) for service, item in skipped if item.incomplete]
    unsure += [unknown for service in fleet.services for unknown in _unknown(service)]
    by_rule = tuple(_skipped(service, item) for service, item in skipped if not item.incomplete)
    groups = (
        Omissions(f"May change a verdict: {count(len(unsure), 'item')}", tuple(unsure), folded=False),
        Omissions(f"Left out by rule: {count(len(by_rule), 'item')}", by_rule, folded=len(by_rule) > FEW),
    )
    return tuple(group for group in groups if group.items)


def _skipped(service: str, item: Skipped) -> Omission:
    return Omission(service, item.what, item.reason, str(item.origin), item.origin.text)


def _unknown(service: Service) -> Iterator[Omission]:
    for item in service.sets:
        for reason in item.unknown:
            yield Omission(service.name, f"{item.ecosystem} dependencies", reason, "", "")
