"""The sections on what is not known: undecided questions, and what could not be examined."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TypeAlias

from rich.console import RenderableType
from rich.text import Text

from analyzer.report import Report
from analyzer.service import Fleet, Skipped
from analyzer.verdict import Stance
from reports.prose import count, names, skipped
from reports.terminal.clashes import heading
from reports.terminal.pen import Hanging, Pen, paragraph

_STANCES = {
    (Stance.LOCKED,): " (as locked)",
    (Stance.RELOCKED,): " (after re-locking)",
    tuple(Stance): "",
}
GROUPS = 10
"""Undecided groups of services named per reason; the others are counted."""

Group: TypeAlias = tuple[str, ...]


def gaps(pen: Pen, report: Report, verbose: bool) -> Iterator[RenderableType]:
    """What stayed undecided, by reason, and what was skipped."""
    yield from _undecided(pen, report, verbose)
    yield from omissions(pen, report.fleet, verbose)


def _undecided(pen: Pen, report: Report, verbose: bool) -> Iterator[RenderableType]:
    reasons: dict[str, dict[Group, list[Stance]]] = defaultdict(dict)
    for item in report.undecided:
        reasons[item.reason].setdefault(item.services, []).append(item.stance)
    if not reasons:
        return
    alone = {item.services[0] for item in report.undecided if len(item.services) == 1}
    yield from heading(pen, "Undecided (kept apart, not counted as compatible)")
    for reason, groups in sorted(reasons.items(), key=lambda item: (-len(item[1]), item[0])):
        yield Hanging(pen.join(pen.draw("item", "warning"), " "), pen.write(reason, "warning"))
        told = _told(groups, frozenset() if verbose else alone)
        shown = len(told) if verbose else GROUPS
        for line in told[:shown]:
            yield paragraph(pen.write(line), 4)
        if len(told) > shown:
            yield paragraph(pen.write(f"and {len(told) - shown} more"), 4)
    yield Text()


def _told(groups: Mapping[Group, Sequence[Stance]], alone: AbstractSet[str]) -> list[str]:
    """A line for each group; those with a service that is undecided even alone are only counted."""
    implied = [services for services in groups if len(services) > 1 and not alone.isdisjoint(services)]
    lines = [
        f"{names(services)}{_STANCES[tuple(sorted(set(stances)))]}"
        for services, stances in groups.items()
        if services not in implied
    ]
    more = f"{count(len(implied), 'group')} with services that are undecided even alone"
    return [*lines, more] if implied else lines


def omissions(pen: Pen, fleet: Fleet, verbose: bool) -> Iterator[RenderableType]:
    """What was not examined, and what was left out by rule (counted, or listed where ``verbose``)."""
    items = skipped(fleet)
    prominent = [(service, item) for service, item in items if item.incomplete]
    by_rule = [(service, item) for service, item in items if not item.incomplete]
    unknown = [(service.name, reason) for service in fleet.services for s in service.sets for reason in s.unknown]
    if prominent or unknown:
        yield from heading(pen, "Not examined (a verdict may be wrong or missing)")
    for service, item in prominent:
        yield from _item(pen, service, item, "warning")
    for service, reason in unknown:
        bullet = pen.join(pen.draw("item", "warning"), " ")
        yield Hanging(bullet, pen.join(pen.write(f"{service}: ", "service"), pen.write(reason, "warning")))
    if by_rule and verbose:
        if prominent or unknown:
            yield Text()
        yield from heading(pen, "Left out by rule")
        for service, item in by_rule:
            yield from _item(pen, service, item, "quiet")
    elif by_rule:
        yield paragraph(
            pen.write(f"{count(len(by_rule), 'more item')} left out by rule (verbose lists them).", "quiet")
        )
    if items or unknown:
        yield Text()


def _item(pen: Pen, service: str, item: Skipped, style: str) -> Iterator[RenderableType]:
    who = [pen.write(f"{service}: ", "service")] if service else []
    where = pen.write(f"{item.origin}", "place")
    subject = "" if item.what in (str(item.origin), item.origin.file) else f"{item.what}: "
    what = pen.write(f"{subject}{item.reason}", style)
    yield Hanging(pen.join(pen.draw("item", style), " "), pen.join(*who, where, "  ", what))
