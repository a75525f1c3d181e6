"""The way from the present layout to the plans, step by step."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from analyzer.plan import Plan
from analyzer.report import Report
from analyzer.verdict import Stance
from reports.migration_prose import step
from reports.prose import count
from reports.terminal.clashes import heading
from reports.terminal.pen import Hanging, Pen, paragraph

SHOWN = 20
"""Steps of a migration that are written out."""
_TITLES = {Stance.LOCKED: "as locked", Stance.RELOCKED: "after re-locking"}


def migrations(pen: Pen, report: Report) -> Iterator[RenderableType]:
    """The steps to each Plan; nothing where there is no present layout, or it is as planned."""
    plans = [report.plans[stance] for stance in Stance if stance in report.plans and report.plans[stance].migration]
    if len(plans) == len(Stance) and len({plan.migration for plan in plans}) == 1:
        yield from heading(pen, "Getting there, as locked or after re-locking")
        yield from _steps(pen, plans[0])
        return
    for plan in plans:
        yield from heading(pen, f"Getting there, {_TITLES[plan.stance]}")
        yield from _steps(pen, plan)


def _steps(pen: Pen, plan: Plan) -> Iterator[RenderableType]:
    for number, move in enumerate(plan.migration[:SHOWN], start=1):
        yield Hanging(pen.write(f"{number}. ", "label"), pen.write(step(move)))
    if (rest := len(plan.migration) - SHOWN) > 0:
        yield paragraph(pen.write(f"and {count(rest, 'step')} more (the JSON report lists all).", "quiet"))
    yield paragraph(pen.write("After each step nothing that shares a container clashes.", "quiet"))
    yield Text()
