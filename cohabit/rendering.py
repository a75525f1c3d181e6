"""From a Report to the chosen format."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from analyzer.report import Report

if TYPE_CHECKING:
    from rich.console import Console


def show(report: Report, form: str) -> None:
    """Print for a person, as wide as the terminal is."""
    from rich.console import Console

    _PRINTERS[form](report, Console())


def render(report: Report, form: str) -> bytes:
    """The Report in a format of the table of reporters, or its conflict graph as a file.

    Raises CohabitError where there is no such format.
    """
    from reports import graph_file
    from reports.registry import reporter

    graphs = {"graphml": graph_file.graphml, "dot": graph_file.dot, "graph-json": graph_file.node_link}
    if form in graphs:
        return graphs[form](report.graph)
    return reporter(form)(report)


def _report(report: Report, console: Console) -> None:
    from reports.terminal import render_terminal

    render_terminal(report, console)


def _plan(report: Report, console: Console) -> None:
    from reports.terminal import render_plan

    render_plan(report, console)


def _explanation(report: Report, console: Console) -> None:
    from reports.terminal import render_explanation

    render_explanation(report, console)


_PRINTERS: Mapping[str, Callable[[Report, Console], None]] = {
    "terminal": _report,
    "plan": _plan,
    "explanation": _explanation,
}
