"""The matrix on its canvas, the table beneath it, and pages of very many conflicts, in headless Chromium."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from itertools import combinations

import pytest
from playwright.sync_api import Locator, Page, Position, expect

from analyzer.prices.price import PriceList
from analyzer.report import Report
from analyzer.verdict import Code, Stance, Undecided
from reports.html import render_html
from reports.html.cards import LINES
from reports.html.data_block import data_block
from reports.html.matrix import FOLDED, NAMED
from reports.html.openings import SETS
from reports.html.view import view
from tests.reports.browser import Visitor
from tests.reports.example import example_report, hostile_report
from tests.reports.variants import replicated_report

CANVAS = ".under-locked canvas"


@pytest.fixture
def example(visit: Visitor) -> Page:
    return visit(example_report())


def readout(page: Page) -> str:
    return page.text_content(".readout") or ""


def press(page: Page, *keys: str) -> str:
    page.focus(CANVAS)
    for key in keys:
        page.keyboard.press(key)
    return readout(page)


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ([], "accounts"),
        (["ArrowRight"], "accounts \u00d7 assistant: fit together"),
        (["ArrowRight"] * 6, "accounts \u00d7 billing: conflict on flask"),
        (["ArrowDown"] * 3, "ads \u00d7 accounts: only the locks clash, on certifi"),
        (["ArrowUp", *["ArrowRight"] * 20], "accounts \u00d7 reindex: not compared, one of them cannot be satisfied"),
        (["End"], "accounts \u00d7 reindex: not compared"),
        (["End", "PageDown"], "reindex: cannot be satisfied even alone, because of"),
    ],
)
def test_it_is_walked_by_keyboard(example: Page, keys: list[str], expected: str) -> None:
    assert press(example, *keys).startswith(expected)
    assert example.get_attribute(".readout", "aria-live") == "polite"


def test_enter_leads_to_the_conflict_even_when_filtered_out(example: Page) -> None:
    example.fill("#search", "nothing has this")
    press(example, *["ArrowRight"] * 6, "Enter")
    expect(example.locator(".card:target[open] .headline")).to_contain_text("accounts and billing")


def test_the_tip_under_the_pointer_tells_the_reason_and_a_click_leads_there(example: Page) -> None:
    canvas = example.locator(CANVAS)
    box = canvas.bounding_box()
    assert box is not None
    at = Position(x=box["width"] - 30 * 5.5, y=box["height"] - 30 * 11.5)
    canvas.hover(position=at)
    assert example.text_content(".tip:visible") == "accounts \u00d7 billing: conflict on flask"
    canvas.click(position=at)
    expect(example.locator(".card:target .headline")).to_contain_text("accounts and billing")


def test_a_name_beside_it_filters_by_service(example: Page) -> None:
    canvas = example.locator(CANVAS)
    box = canvas.bounding_box()
    assert box is not None
    canvas.click(position=Position(x=20, y=box["height"] - 15))
    expect(example.locator("#tally")).to_have_text("1 of 16 shown")


def test_replicas_are_told_in_the_cell_and_in_the_table(visit: Visitor) -> None:
    page = visit(replicated_report(), "#matrix")
    page.check("#stance-relocked")
    page.focus(".under-relocked canvas")
    page.keyboard.press("End")
    assert readout(page).endswith("; accounts has 3 replicas, in containers 1, 3, 4")
    page.click(".under-relocked .twin > summary")
    row = page.locator(".under-relocked .twin tr", has=page.get_by_role("link", name="accounts", exact=True))
    assert row.locator("td").first.text_content() == "containers 1, 3 and 4"


def colours(canvas: Locator, places: list[tuple[float, float]]) -> list[str]:
    """What is drawn at places of a canvas, in pixels of the window; read from a copy, so that it stays as it is."""
    found: list[str] = canvas.evaluate(
        """(canvas, places) => {
            const blank = new OffscreenCanvas(canvas.width, canvas.height);
            const copy = blank.getContext("2d", { willReadFrequently: true });
            copy.drawImage(canvas, 0, 0);
            const ratio = canvas.width / canvas.offsetWidth;
            return places.map(([x, y]) => copy.getImageData(x * ratio, y * ratio, 1, 1).data.join());
        }""",
        places,
    )
    return found


def test_who_shares_a_container_by_a_replica_stands_on_its_colour(visit: Visitor) -> None:
    """``accounts`` comes first; only who shares its first container is inside that square."""
    names = view(replicated_report()).views[1].matrix.names
    page = visit(replicated_report(), "#matrix")
    page.check("#stance-relocked")
    canvas = page.locator(".under-relocked canvas")
    edge = canvas.evaluate("canvas => canvas.offsetWidth") - 1 - 30 * len(names)
    row = [(edge + 30 * (names.index(name) + 0.2), edge + 6) for name in ("assistant", "loadgen", "email")]
    beside, again, apart = colours(canvas, row)
    assert beside == again != apart


def test_zoom_keeps_the_cell_in_view(example: Page) -> None:
    edge = "document.querySelector('.under-locked .sheet').offsetWidth"
    before = example.evaluate(edge)
    press(example, "-", "-", "-")
    smaller = example.evaluate(edge)
    press(example, "+", "+", "+")
    assert smaller < before == example.evaluate(edge)


def test_what_is_drawn_follows_the_colour_scheme_and_the_pixel_ratio(visit: Visitor) -> None:
    page = visit(example_report(), device_scale_factor=2)
    canvas = page.locator(CANVAS)
    assert canvas.evaluate("canvas => canvas.width / canvas.offsetWidth") == 2
    assert int(colours(canvas, [(4, 4)])[0].split(",")[0]) > 200
    page.emulate_media(color_scheme="dark")
    page.focus(CANVAS)
    assert int(colours(canvas, [(4, 4)])[0].split(",")[0]) < 100


def test_the_table_tells_the_same_as_the_cells() -> None:
    for shown in view(example_report()).views:
        matrix = shown.matrix
        told = {
            (row.name, part.text, other)
            for row in matrix.rows
            for p in [row]
            for part in p.parts
            for other in part.others.split(", ")
            if other
        }
        drawn = {
            (matrix.names[a], reason.text, matrix.names[b])
            for reason in matrix.reasons
            for run in reason.runs
            for column in range(run.column, run.column + run.length)
            for a, b in ((run.row, column), (column, run.row))
            if a != b
        }
        assert told == drawn


def test_hostile_names_cannot_end_the_data() -> None:
    block = data_block(["</script><script>alert(1)</script>", "<!--", "\u2028"])
    assert not set("<>&\u2028") & set(block)
    assert json.loads(block)[0].startswith("</script>")
    for shown in view(hostile_report()).views:
        assert "<" not in shown.matrix.data


def many_locks(number: int) -> Report:
    """The example's first clash of locks, between each two of its services again and again."""
    report = example_report()
    conflict = next(c for c in report.conflicts if c.code is Code.LOCK)
    pairs = list(combinations([s.name for s in report.fleet.services], 2))
    made = [
        replace(
            conflict,
            id=f"pip004-{n:012}",
            services=pairs[n % len(pairs)],
            requirements=tuple(
                replace(d, service=name) for d, name in zip(conflict.requirements, pairs[n % len(pairs)], strict=True)
            ),
        )
        for n in range(number)
    ]
    return replace(report, conflicts=tuple(made))


def test_very_many_conflicts_are_drawn_on_demand(visit: Visitor) -> None:
    report = many_locks(LINES + 200)
    text = render_html(report)
    assert all(conflict.id in text for conflict in report.conflicts)
    assert "<code>pip004-" not in text
    page = visit(report)
    assert page.text_content("#tally") == f"{LINES + 200} of {LINES + 200} shown"
    page.evaluate("location.hash = '#conflict-1177'")
    page.locator(".pair:target", has_text=report.conflicts[1176].id).wait_for(state="visible")
    assert page.locator(".pair").count() == LINES + 200


def test_a_large_fleet_is_walked_and_its_table_folded(visit: Visitor) -> None:
    report = example_report()
    first = report.fleet.services[0]
    services = tuple(replace(first, name=f"s{n:03}") for n in range(400))
    pairs = [Undecided((a.name, b.name), s, "no index") for a, b in combinations(services, 2) for s in Stance]
    fleet = replace(report.fleet, services=services, present=())
    large = replace(
        report, fleet=fleet, conflicts=(), undecided=tuple(pairs), plans={}, compatible=(), price_list=PriceList()
    )
    shown = view(large).views[0].matrix
    assert len(services) > FOLDED
    assert shown.rows[0].parts[0].others.endswith(f" and {399 - NAMED} more")
    text = render_html(large)
    assert len(text) < 5_000_000
    assert len(re.findall('class="set"', text)) == SETS
    page = visit(large)
    assert press(page, "End", "PageDown", "ArrowUp") == "s398 \u00d7 s399: undecided"
    page.keyboard.press("Enter")
    page.locator("tr:target", has_text="no index").wait_for(state="visible")
