"""One Conflict as a compiler shows an error: the lines at fault, then why, and what helps."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from analyzer.demands import is_system
from analyzer.report import Report
from analyzer.verdict import Conflict, Demand
from reports.prose import consequences, headline, sentences, shipped
from reports.remedies import remedies
from reports.terminal.pen import Hanging, Pen
from reports.terminal.replay import replay

_SHOWN_LINES = 12


def diagnostic(pen: Pen, report: Report, conflict: Conflict, width: int | None = None) -> Iterator[RenderableType]:
    """A Conflict of a Report, with a blank line after it; where ``width`` is given, with the command that
    replays it in so many columns."""
    code = pen.join(pen.write(conflict.code, "code"), " ")
    yield Hanging(code, pen.tell(headline(conflict), "headline"))
    yield from _quotes(pen, conflict)
    yield Hanging(_label(pen, "why"), pen.tell(_why(conflict)))
    for number, way in enumerate(remedies(report, conflict)):
        yield Hanging(_label(pen, "" if number else "ways out"), pen.tell(way))
    if width is not None and conflict.replay:
        yield from replay(pen, _label(pen, "replay"), conflict.replay, width)
    yield Hanging(_label(pen, "id"), pen.write(conflict.id, "quiet"))
    yield Text()


def _label(pen: Pen, text: str) -> Text:
    return pen.write(f"  {text:<8}  ", "label")


def _why(conflict: Conflict) -> str:
    """The argument, without the places whose lines are quoted beside it."""
    text = " ".join(sentences(conflict.explanation))
    for demand in _at_fault(conflict)[:_SHOWN_LINES]:
        text = text.replace(f" ({demand.requirement.origin})", "")
    return text


def _quotes(pen: Pen, conflict: Conflict) -> Iterator[RenderableType]:
    told = _at_fault(conflict)
    demands = told[:_SHOWN_LINES]
    width = max((len(str(d.requirement.origin.line)) for d in demands), default=1) + 2
    for number, demand in enumerate(demands):
        steps = (*shipped(demand), *consequences(conflict.explanation, demand))
        yield from _quote(pen, demand, steps, "open" if number == 0 else "next", width)
    more = len(told) - len(demands)
    rest = f" and {more} more, see the JSON report" if more > 0 else ""
    if demands:
        yield pen.join(" " * width, " ", pen.draw("close"), pen.write(rest, "quiet"))


def _at_fault(conflict: Conflict) -> tuple[Demand, ...]:
    """The Demands that clash; where packages do, the system that they are for is understood."""
    inner = tuple(demand for demand in conflict.requirements if not is_system(demand))
    return inner or conflict.requirements


def _quote(pen: Pen, demand: Demand, steps: tuple[str, ...], glyph: str, width: int) -> Iterator[RenderableType]:
    requirement = demand.requirement
    origin = requirement.origin
    place = pen.join(pen.write(str(origin), "place"), " ", pen.write(f"({demand.service})", "service"))
    yield Hanging(pen.join(" " * width, " ", pen.draw(glyph), " "), place)
    line = pen.write(str(origin.line) if origin.line else "", "gutter")
    line.align("right", width)
    quoted = pen.write(origin.text or str(requirement))
    yield Hanging(pen.join(line, " ", pen.draw("bar"), "  "), quoted)
    for depth, consequence in enumerate(steps):
        lead = pen.join(" " * width, " ", pen.draw("bar"), "  " * (depth + 1), pen.draw("leads"))
        yield Hanging(lead, pen.write(consequence))
