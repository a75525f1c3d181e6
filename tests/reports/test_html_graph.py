"""The drawing of who touches what, as a value and in the browser."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from analyzer.verdict import Code
from reports.html import render_html
from reports.html.filters import ECOSYSTEMS, letters
from reports.html.view import view
from tests.reports.example import example_report, hostile_report


def test_every_code_is_of_an_ecosystem() -> None:
    assert {letters(code) for code in Code} == set(ECOSYSTEMS)


def test_every_service_stands_in_one_room() -> None:
    report = example_report()
    drawn = view(report).drawing
    for arrangement in drawn.stances.values():
        placed = sorted(place for room in arrangement.rooms for place in room.services)
        assert placed == list(range(len(report.fleet.services)))
        assert sorted(arrangement.packages) == list(range(len(drawn.packages)))


def test_hostile_names_cannot_end_the_data() -> None:
    data = view(hostile_report()).drawing.data
    assert data.isascii() and not set("<>&") & set(data)
    assert len(json.loads(data)["services"]) == len(hostile_report().fleet.services)


@pytest.fixture(params=[example_report, hostile_report], ids=["example", "hostile"])
def page(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Page]:
    file = tmp_path / "page.html"
    file.write_text(render_html(request.param()), encoding="utf-8")
    faults: list[str] = []
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page()
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda asked: asked.url.startswith(file.as_uri()) or faults.append(asked.url))
        page.goto(file.as_uri())
        yield page
        assert page.evaluate("window.forged") is None
        browser.close()
    assert faults == []


def test_the_drawing_follows_what_is_chosen(page: Page) -> None:
    page.locator("#graph").scroll_into_view_if_needed()
    page.locator("#drawing canvas").first.wait_for()
    whole = page.evaluate("document.getElementById('drawing')._cyreg.cy.nodes().length")
    page.select_option("#graph-at", "p0")
    chosen = page.evaluate("document.getElementById('drawing')._cyreg.cy.nodes().length")
    assert 1 < chosen < whole
    assert page.url.endswith("#graph?at=p0")
    page.locator("#neighbours li button").first.click()
    assert page.input_value("#graph-at").startswith("s")
    page.select_option("#graph-at", "")
    page.click("#graph-fold")
    assert page.text_content("#graph-fold") == "Expand all"


def test_the_filters_stand_in_the_address(page: Page) -> None:
    page.fill("#search", "nothing has this")
    assert page.is_visible("#nothing")
    assert page.url.endswith("#conflicts?search=nothing+has+this")
    page.reload()
    assert page.input_value("#search") == "nothing has this"
    page.click("#clear")
    page.wait_for_function("document.getElementById('nothing').hidden")


def test_the_drawing_is_zoomed_and_folded(page: Page) -> None:
    page.locator("#graph").scroll_into_view_if_needed()
    page.locator("#drawing canvas").first.wait_for()
    level = "document.getElementById('drawing')._cyreg.cy.zoom()"
    nodes = "document.getElementById('drawing')._cyreg.cy.nodes().length"
    before = page.evaluate(level)
    page.click("#graph-nearer")
    assert page.evaluate(level) > before
    page.click("#graph-farther")
    page.click("#graph-farther")
    assert page.evaluate(level) < before
    whole = page.evaluate(nodes)
    page.click("#graph-fold")
    assert page.evaluate(nodes) <= whole
    page.click("#graph-fold")
    assert page.text_content("#graph-fold") == "Collapse all"
    assert page.evaluate(nodes) == whole


def test_kinds_of_lines_come_and_go(page: Page) -> None:
    page.locator("#graph").scroll_into_view_if_needed()
    page.locator("#drawing canvas").first.wait_for()
    edges = "document.getElementById('drawing')._cyreg.cy.edges().length"
    whole = page.evaluate(edges)
    page.uncheck("#line-declared")
    without = page.evaluate(edges)
    page.uncheck("#line-locks")
    assert page.evaluate(edges) == 0 and without <= whole
    page.check("#line-declared")
    page.check("#line-locks")
    assert page.evaluate(edges) == whole
