"""The Report for people at a terminal: what an architect can quote first, then everything behind it."""

from __future__ import annotations

import io
from collections.abc import Iterator

from rich.console import Console, RenderableType
from rich.text import Text

from analyzer.report import Report
from analyzer.verdict import Depth
from reports.prose import count, skipped, summary
from reports.terminal.clashes import clashes
from reports.terminal.gaps import gaps
from reports.terminal.housing import plans
from reports.terminal.pen import Hanging, Pen, Verbatim, paragraph


def render_terminal(report: Report, console: Console, verbose: bool = False) -> None:
    """Print a Report. ``verbose`` explains every conflict and lists what was left out by rule.

    Colours and the width are the console's; where its encoding is not a Unicode one, the text is
    ASCII. Text from the inputs is never read as markup, and cannot steer the terminal.
    """
    pen = Pen(console.options.ascii_only)
    for block in _page(pen, report, console.width, verbose):
        console.print(block, soft_wrap=isinstance(block, Verbatim))


def to_terminal_text(report: Report, width: int, color: bool, verbose: bool = False) -> str:
    """What ``render_terminal`` prints on a Unicode terminal of ``width`` columns."""
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=color,
        color_system="standard" if color else None,
        no_color=not color,
        legacy_windows=False,
        _environ={},
    )
    with console.capture() as capture:
        render_terminal(report, console, verbose)
    return capture.get()


def _page(pen: Pen, report: Report, width: int, verbose: bool) -> Iterator[RenderableType]:
    yield pen.join(pen.write("cohabit", "label"), "  ", pen.write(report.fleet.name, "heading"))
    for sentence in summary(report):
        yield paragraph(pen.write(sentence), 2)
    yield Text()
    yield from clashes(pen, report, verbose)
    yield from gaps(pen, report, verbose)
    yield from plans(pen, report, width)
    yield from _closing(pen, report)


def _closing(pen: Pen, report: Report) -> Iterator[RenderableType]:
    dot = pen.draw("dot", "quiet").plain
    declared = sum(c.stance is Depth.DECLARED for c in report.conflicts)
    incomplete = sum(item.incomplete for _, item in skipped(report))
    result = (
        f"{count(declared, 'declared conflict')}",
        f"{count(len(report.conflicts) - declared, 'lock-only conflict')}",
        f"{len({u.services for u in report.undecided})} undecided",
        f"{incomplete} not examined",
    )
    style = "code" if declared else "warning" if incomplete or report.undecided else "good"
    yield Hanging(Text(), pen.join(pen.write(dot.join(result), style)))
    asked = [f"{count(number, 'question')} to {name}" for name, number in sorted(report.oracle.questions.items())]
    asked += [f"{report.oracle.cached} answered from the cache"] if report.oracle.cached else []
    asked += [f"index as of {report.asked_as_of}"] if report.asked_as_of else []
    asked += [f"{tool} {version}" for tool, version in sorted(report.tools.items())]
    yield Hanging(Text(), pen.write(dot.join(asked), "quiet"))
