"""The sections on what is not known: undecided questions, and what could not be examined."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

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
SETS = 10
"""Undecided sets of services named per reason; the others are counted."""


def gaps(pen: Pen, report: Report, verbose: bool) -> Iterator[RenderableType]:
    """What stayed undecided, by reason, and what was skipped."""
    yield from _undecided(pen, report, verbose)
    yield from omissions(pen, report.fleet, verbose)


def _undecided(pen: Pen, report: Report, verbose: bool) -> Iterator[RenderableType]:
    reasons: dict[str, dict[tuple[str, ...], list[Stance]]] = defaultdict(dict)
    for item in report.undecided:
        reasons[item.reason].setdefault(item.services, []).append(item.stance)
    if not reasons:
        return
    yield from heading(pen, "Undecided (kept apart, not counted as compatible)")
    for reason, sets in sorted(reasons.items(), key=lambda item: (-len(item[1]), item[0])):
        yield Hanging(pen.join(pen.draw("item", "warning"), " "), pen.write(reason, "warning"))
        shown = len(sets) if verbose else SETS
        for services, stances in list(sets.items())[:shown]:
            yield paragraph(pen.write(f"{names(services)}{_STANCES[tuple(sorted(set(stances)))]}"), 4)
        if len(sets) > shown:
            yield paragraph(pen.write(f"and {len(sets) - shown} more sets of services"), 4)
    yield Text()


def omissions(pen: Pen, fleet: Fleet, verbose: bool) -> Iterator[RenderableType]:
    """What was not examined, and what was left out by rule (counted, or listed where ``verbose``)."""
    items = skipped(fleet)
    prominent = [(service, item) for service, item in items if item.incomplete]
    by_rule = [(service, item) for service, item in items if not item.incomplete]
    unknown = [(service.name, reason) for service in fleet.services for s in service.sets for reason in s.unknown]
    if prominent or unknown:
        yield from heading(pen, "Not examined (a verdict may be wrong or missing for want of it)")
    for service, item in prominent:
        yield from _item(pen, service, item, "warning")
    for service, reason in unknown:
        bullet = pen.join(pen.draw("item", "warning"), " ")
        yield Hanging(bullet, pen.join(pen.write(f"{service}: ", "service"), pen.write(reason, "warning")))
    if by_rule and verbose:
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
