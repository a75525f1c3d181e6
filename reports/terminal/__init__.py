"""The Report for people at a terminal: what an architect can quote first, then everything behind it.

Colours and the width are the console's; where its encoding is not a Unicode one, the text is ASCII.
Text from the inputs is never read as markup, and cannot steer the terminal.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Sequence

from rich.console import Console, RenderableType

from analyzer.comparison import Comparison
from analyzer.gate.judgement import Judgement
from analyzer.neighbourhood import Neighbourhood
from analyzer.prices.change import Change
from analyzer.report import Report
from analyzer.service import Fleet
from reports.code_help import CodeHelp
from reports.terminal.comparison import comparison
from reports.terminal.inventory import inventory
from reports.terminal.judgement import judgement
from reports.terminal.manual import manual
from reports.terminal.neighbourhood import neighbourhood
from reports.terminal.page import answer, full, housing_only
from reports.terminal.pen import Pen, Verbatim

FILE_WIDTH = 100
"""Columns of a report that is written to a file."""


def render_terminal(report: Report, console: Console, verbose: bool = False) -> None:
    """Print a whole Report. ``verbose`` explains every conflict and lists what was left out by rule."""
    _print(console, full(Pen(console.options.ascii_only), report, console.width, verbose))


def render_plan(report: Report, console: Console) -> None:
    """Print only how the services can be housed."""
    _print(console, housing_only(Pen(console.options.ascii_only), report, console.width))


def render_explanation(report: Report, console: Console) -> None:
    """Print what a Report says of all its services in one environment, every conflict in full."""
    _print(console, answer(Pen(console.options.ascii_only), report, console.width))


def render_fleet(fleet: Fleet, console: Console) -> None:
    """Print what was gathered, before anything is decided."""
    _print(console, inventory(Pen(console.options.ascii_only), fleet))


def render_comparison(found: Comparison, changes: Sequence[Change], console: Console) -> None:
    """Print what Changes do to a fleet."""
    _print(console, comparison(Pen(console.options.ascii_only), found, changes, console.width))


def render_judgement(judged: Judgement, console: Console) -> None:
    """Print what the gate makes of a Report."""
    _print(console, judgement(Pen(console.options.ascii_only), judged))


def render_neighbourhood(found: Neighbourhood, console: Console) -> None:
    """Print where a Service is housed, and with whom else it could live."""
    _print(console, neighbourhood(Pen(console.options.ascii_only), found))


def render_code(known: CodeHelp, console: Console) -> None:
    """Print what a code means."""
    _print(console, manual(Pen(console.options.ascii_only), known))


def to_judgement_text(judged: Judgement) -> str:
    """What ``render_judgement`` prints, for a file."""
    return _text(lambda console: render_judgement(judged, console))


def to_code_text(known: CodeHelp) -> str:
    """What ``render_code`` prints, for a file."""
    return _text(lambda console: render_code(known, console))


def to_neighbourhood_text(found: Neighbourhood) -> str:
    """What ``render_neighbourhood`` prints, for a file."""
    return _text(lambda console: render_neighbourhood(found, console))


def to_terminal_text(report: Report, width: int, color: bool, verbose: bool = False) -> str:
    """What ``render_terminal`` prints on a Unicode terminal of ``width`` columns."""
    return _text(lambda console: render_terminal(report, console, verbose), width, color)


def to_plan_text(report: Report) -> str:
    """What ``render_plan`` prints, for a file."""
    return _text(lambda console: render_plan(report, console))


def to_explanation_text(report: Report) -> str:
    """What ``render_explanation`` prints, for a file."""
    return _text(lambda console: render_explanation(report, console))


def to_fleet_text(fleet: Fleet) -> str:
    """What ``render_fleet`` prints, for a file."""
    return _text(lambda console: render_fleet(fleet, console))


def to_comparison_text(found: Comparison, changes: Sequence[Change]) -> str:
    """What ``render_comparison`` prints, for a file."""
    return _text(lambda console: render_comparison(found, changes, console))


def _print(console: Console, blocks: Iterable[RenderableType]) -> None:
    for block in blocks:
        console.print(block, soft_wrap=isinstance(block, Verbatim))


def _text(render: Callable[[Console], None], width: int = FILE_WIDTH, color: bool = False) -> str:
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
        render(console)
    return capture.get()
