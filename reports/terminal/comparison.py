"""Two audits side by side: what a change brings in, clears and moves."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from rich.console import RenderableType
from rich.text import Text

from analyzer.comparison import Comparison
from analyzer.prices.change import Change
from analyzer.verdict import Conflict, Stance
from reports import price_prose
from reports.prose import count, headline, housing, names
from reports.terminal.clashes import heading
from reports.terminal.housing import plans
from reports.terminal.pen import Hanging, Pen, paragraph

_HOW = {Stance.LOCKED: "As locked", Stance.RELOCKED: "After re-locking"}


def comparison(pen: Pen, found: Comparison, changes: Sequence[Change], width: int) -> Iterator[RenderableType]:
    """What some Changes do to the fleet, and how it would be housed."""
    yield pen.join(pen.write("cohabit", "label"), "  ", pen.write(found.before.fleet.name, "heading"))
    for change in changes:
        told = price_prose.change(found.before, change)
        yield paragraph(pen.tell(f"If you {told}:"), 2)
    for stance in Stance:
        yield paragraph(pen.write(*_housed(found, stance)), 2)
    yield Text()
    yield from _conflicts(pen, "Cleared", found.cleared, "good")
    yield from _conflicts(pen, "Brought in", found.brought, "code")
    yield from plans(pen, found.after, width)


def _housed(found: Comparison, stance: Stance) -> tuple[str, str]:
    before, after = found.environments(stance)
    how = _HOW[stance]
    moved = found.moved(stance)
    others = f"; {names(moved)} would have other neighbours" if moved else ""
    if before == after:
        return f"{how}: {housing(found.after, after)}, as before{others}.", ""
    return f"{how}: {housing(found.before, before)} become {after}{others}.", "good" if after < before else "warning"


def _conflicts(pen: Pen, title: str, conflicts: Sequence[Conflict], style: str) -> Iterator[RenderableType]:
    if not conflicts:
        return
    yield from heading(pen, f"{title}: {count(len(conflicts), 'conflict')}")
    for conflict in conflicts:
        yield Hanging(pen.write(f"{conflict.code} ", style), pen.tell(headline(conflict)))
    yield Text()
