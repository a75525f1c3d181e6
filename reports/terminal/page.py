"""The pages of the terminal report: which sections stand on each, and in which order."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from analyzer.report import Report
from analyzer.verdict import Depth, Grade, Stance
from reports.prose import count, cutoff, names, skipped, summary
from reports.terminal.agreement import agreement
from reports.terminal.clashes import clashes
from reports.terminal.diagnostic import diagnostic
from reports.terminal.gaps import gaps
from reports.terminal.housing import plans
from reports.terminal.migration import migrations
from reports.terminal.pen import Hanging, Pen, paragraph
from reports.terminal.prices import prices

_HOW = {Stance.LOCKED: "As locked", Stance.RELOCKED: "After re-locking"}
_GRADES = {Grade.AS_LOCKED: "with every lock kept", Grade.RELOCKED: "re-locked", Grade.FROM_RANGES: "from ranges"}


def full(pen: Pen, report: Report, width: int, verbose: bool) -> Iterator[RenderableType]:
    """Everything an audit found."""
    yield from _opening(pen, report)
    yield from clashes(pen, report, width, verbose)
    yield from gaps(pen, report, verbose)
    yield from plans(pen, report, width)
    yield from migrations(pen, report)
    yield from prices(pen, report)
    yield from _more(pen, report)
    yield from _closing(pen, report)


def housing_only(pen: Pen, report: Report, width: int) -> Iterator[RenderableType]:
    """How the services can be housed."""
    yield from _opening(pen, report)
    yield from plans(pen, report, width)
    yield from migrations(pen, report)
    yield from prices(pen, report)
    yield from _closing(pen, report)


def answer(pen: Pen, report: Report, width: int) -> Iterator[RenderableType]:
    """Whether all services of the Report can live together, and why not."""
    services = [service.name for service in report.fleet.services]
    yield pen.join(pen.write("cohabit", "label"), "  ", pen.write(names(services), "heading"))
    for stance in Stance:
        yield paragraph(pen.write(*_verdict(report, stance)), 2)
    yield Text()
    for conflict in report.conflicts:
        yield from diagnostic(pen, report, conflict, width)
    for stance in Stance:
        yield from agreement(pen, report, stance)
    yield from gaps(pen, report, verbose=True)
    yield from _closing(pen, report)


def _verdict(report: Report, stance: Stance) -> tuple[str, str]:
    """The answer for all services at once under one stance, with its style."""
    conflicts = report.conflicts_under(stance)
    if conflicts:
        return f"{_HOW[stance]}: no, because of {count(len(conflicts), 'conflict')}.", "code"
    everyone = {service.name for service in report.fleet.services}
    for group in report.compatible:
        if group.stance is stance and everyone <= set(group.services):
            moved = f", {count(group.drift, 'locked version')} moved" if group.drift else ""
            return f"{_HOW[stance]}: yes, {_GRADES[group.grade]}{moved}.", "good"
    return f"{_HOW[stance]}: undecided.", "warning"


def _opening(pen: Pen, report: Report) -> Iterator[RenderableType]:
    yield pen.join(pen.write("cohabit", "label"), "  ", pen.write(report.fleet.name, "heading"))
    for sentence in summary(report):
        yield paragraph(pen.write(sentence), 2)
    yield Text()


def _more(pen: Pen, report: Report) -> Iterator[RenderableType]:
    """The commands that tell more of the first conflict."""
    first = next((c for c in report.conflicts if c.replay and len(c.services) > 1), None)
    if first is None:
        return
    told = {
        f"cohabit explain {first.code}": "what a code means",
        f"cohabit explain {shlex.join(first.services)}": "a conflict in full, with a replay",
    }
    for number, (command, what) in enumerate(told.items()):
        lead = pen.write("      " if number else "more  ", "label")
        yield Hanging(lead, pen.join(pen.write(f"{command}  "), pen.write(what, "quiet")))
    yield Text()


def _closing(pen: Pen, report: Report) -> Iterator[RenderableType]:
    dot = pen.draw("dot").plain
    declared = sum(c.stance is Depth.DECLARED for c in report.conflicts)
    undecided = len({u.services for u in report.undecided})
    incomplete = sum(item.incomplete for _, item in skipped(report.fleet))
    result = (
        count(declared, "declared conflict"),
        count(len(report.conflicts) - declared, "lock-only conflict"),
        f"{undecided} undecided",
        f"{incomplete} not examined",
    )
    style = "code" if declared else "warning" if incomplete or undecided else "good"
    yield Hanging(Text(), pen.write(dot.join(result), style))
    yield Hanging(Text(), pen.write(dot.join(_asked(report)), "quiet"))


def _asked(report: Report) -> Iterator[str]:
    for ecosystem, number in sorted(report.oracle.questions.items()):
        yield f"{count(number, 'question')} to {ecosystem}"
    if report.oracle.cached:
        yield f"{report.oracle.cached} answered from the cache"
    if report.asked_as_of:
        yield f"index {cutoff(report.asked_as_of)}"
    for tool, version in sorted(report.tools.items()):
        yield f"{tool} {version}"
