"""One Conflict as a compiler shows an error: the lines at fault, then why, and what helps."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from rich.console import RenderableType
from rich.text import Text

from analyzer.boundary import Boundary
from analyzer.demands import is_system
from analyzer.verdict import Conflict, Demand
from reports.prose import consequences, headline, sentences, shipped, way_out
from reports.terminal.pen import Hanging, Pen, Verbatim

_SHOWN_LINES = 12


def diagnostic(pen: Pen, conflict: Conflict, in_use: Collection[Boundary]) -> Iterator[RenderableType]:
    """A Conflict in full, with a blank line after it."""
    code = pen.join(pen.write(conflict.code, "code"), " ")
    yield Hanging(code, pen.write(headline(conflict), "headline"))
    yield from _quotes(pen, conflict)
    yield Hanging(_label(pen, "why"), pen.write(" ".join(sentences(conflict.explanation))))
    for way in way_out(conflict, in_use):
        yield Hanging(_label(pen, "help"), pen.write(way))
    yield from _replay(pen, conflict)
    yield Hanging(_label(pen, "id"), pen.write(conflict.id, "quiet"))
    yield Text()


def _label(pen: Pen, text: str) -> Text:
    return pen.write(f"  {text:<6}  ", "label")


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


def _replay(pen: Pen, conflict: Conflict) -> Iterator[RenderableType]:
    lines = conflict.replay.split("\n") if conflict.replay else []
    for number, line in enumerate(lines):
        yield Verbatim(pen.join(_label(pen, "" if number else "replay"), pen.copy(line)))
