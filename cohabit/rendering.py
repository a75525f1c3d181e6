"""From a Report to the chosen format."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from analyzer.comparison import Comparison
from analyzer.gate.judgement import Judgement
from analyzer.neighbourhood import Neighbourhood
from analyzer.prices.change import Change
from analyzer.report import Report
from analyzer.service import Fleet

if TYPE_CHECKING:
    from rich.console import Console

    from reports.code_help import CodeHelp


def is_for_people(form: str) -> bool:
    """Whether a format is printed as wide and as colourful as the terminal is."""
    return form in _PAGES


def show(report: Report, form: str) -> None:
    """Print a page for a person on standard output."""
    from rich.console import Console

    _PAGES[form](report, Console())


def render(report: Report, form: str) -> bytes:
    """The Report in a format of the table of reporters, as a page, or as a file of its conflict graph.

    Raises CohabitError where there is no such format.
    """
    from reports import graph_file, terminal
    from reports.registry import reporter

    graphs = {"graphml": graph_file.graphml, "dot": graph_file.dot, "graph-json": graph_file.node_link}
    if form in graphs:
        return graphs[form](report.graph)
    texts: Mapping[str, Callable[[Report], str]] = {
        "verbose": partial(terminal.to_terminal_text, width=terminal.FILE_WIDTH, color=False, verbose=True),
        "plan": terminal.to_plan_text,
        "explanation": terminal.to_explanation_text,
    }
    return texts[form](report).encode(errors="replace") if form in texts else reporter(form)(report)


def show_judgement(judgement: Judgement) -> None:
    """Print what the gate makes of a Report for a person on standard output."""
    from rich.console import Console

    from reports.terminal import render_judgement as render

    render(judgement, Console())


def render_judgement(judgement: Judgement, form: str) -> bytes:
    """What the gate makes of a Report, in one of the formats of the gate."""
    from reports.registry import JUDGEMENT_REPORTERS

    return JUDGEMENT_REPORTERS[form](judgement)


def show_comparison(found: Comparison, changes: Sequence[Change]) -> None:
    """Print a Comparison for a person on standard output."""
    from rich.console import Console

    from reports.terminal import render_comparison as render

    render(found, changes, Console())


def render_comparison(found: Comparison, changes: Sequence[Change], form: str) -> bytes:
    """What Changes do to a Fleet, as ``json`` or ``terminal``."""
    from reports.comparison_json import comparison_to_json
    from reports.terminal import to_comparison_text

    if form == "json":
        return comparison_to_json(found, changes)
    return to_comparison_text(found, changes).encode(errors="replace")


def show_neighbourhood(found: Neighbourhood) -> None:
    """Print where a Service is housed, and with whom else it could live, for a person."""
    from rich.console import Console

    from reports.terminal import render_neighbourhood as render

    render(found, Console())


def render_neighbourhood(found: Neighbourhood) -> bytes:
    """The same, for a file."""
    from reports.terminal import to_neighbourhood_text

    return to_neighbourhood_text(found).encode(errors="replace")


def show_code(known: CodeHelp) -> None:
    """Print the documentation of a code for a person."""
    from rich.console import Console

    from reports.terminal import render_code as render

    render(known, Console())


def render_code(known: CodeHelp, form: str) -> bytes:
    """The same, as ``terminal``, ``markdown`` or ``json``."""
    from reports import code_help, terminal

    forms: Mapping[str, Callable[[CodeHelp], str]] = {
        "terminal": terminal.to_code_text,
        "markdown": code_help.to_markdown,
        "json": code_help.to_json,
    }
    return forms[form](known).encode(errors="replace")


def render_fleet(fleet: Fleet, form: str) -> bytes:
    """A Fleet before anything is decided, as ``json``, ``terminal`` or ``cyclonedx``."""
    from reports import cyclonedx, fleet_json, terminal

    forms: Mapping[str, Callable[[Fleet], bytes]] = {
        "json": fleet_json.fleet_to_json,
        "terminal": lambda known: terminal.to_fleet_text(known).encode(),
        "cyclonedx": cyclonedx.fleet_to_cyclonedx,
    }
    return forms[form](fleet)


def _report(report: Report, console: Console, verbose: bool = False) -> None:
    from reports.terminal import render_terminal

    render_terminal(report, console, verbose)


def _plan(report: Report, console: Console) -> None:
    from reports.terminal import render_plan

    render_plan(report, console)


def _explanation(report: Report, console: Console) -> None:
    from reports.terminal import render_explanation

    render_explanation(report, console)


_PAGES: Mapping[str, Callable[[Report, Console], None]] = {
    "terminal": _report,
    "verbose": partial(_report, verbose=True),
    "plan": _plan,
    "explanation": _explanation,
}
