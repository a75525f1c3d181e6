"""The price list: what would save most, and what each merge takes."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from analyzer.prices.price import Price
from analyzer.report import Report
from reports import price_prose
from reports.terminal.clashes import heading
from reports.terminal.pen import Hanging, Pen, paragraph


def prices(pen: Pen, report: Report) -> Iterator[RenderableType]:
    """What would let the fleet need fewer environments; nothing where it needs one."""
    known = report.price_list
    if not known.prices and not known.savings:
        return
    yield from heading(pen, "What would make it cheaper")
    yield from _savings(pen, report)
    yield from _merges(pen, report)
    yield Text()


def _savings(pen: Pen, report: Report) -> Iterator[RenderableType]:
    for number, found in enumerate(report.price_list.savings, start=1):
        told = price_prose.sentence(price_prose.change(report, found.change))
        text = pen.join(pen.tell(f"{told}: "), pen.write(price_prose.saving(report, found), "good"))
        yield Hanging(pen.write(f"{number}. ", "label"), text)
    if not report.price_list.savings:
        yield paragraph(pen.write("No single change was found that saves an environment.", "quiet"))


def _merges(pen: Pen, report: Report) -> Iterator[RenderableType]:
    known = report.price_list.prices
    if within_reach := [price for price in known if not price.obstacle]:
        yield Text()
        yield paragraph(pen.write("Merges, each verified by resolving again after re-locking:", "quiet"))
        for price in within_reach:
            yield Hanging(pen.write(f"{_pair(price)}  ", "label"), pen.tell(price_prose.changes(report, price)))
    reasons: dict[str, list[str]] = {}
    for price in known:
        if price.obstacle:
            reasons.setdefault(price_prose.changes(report, price), []).append(_pair(price))
    for reason, pairs in reasons.items():
        yield Hanging(pen.write(f"{', '.join(pairs)}  ", "label"), pen.write(reason, "quiet"))
    if rest := price_prose.left_out(report):
        yield paragraph(pen.write(rest, "quiet"))


def _pair(price: Price) -> str:
    return f"{price.merge[0]} + {price.merge[1]}"
