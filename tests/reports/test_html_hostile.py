"""Names that try to be more than text, one by one, wherever the page and its scripts write them."""

from __future__ import annotations

from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

from analyzer.plan import Container, Machine, Venv
from analyzer.report import Report
from analyzer.verdict import Stance
from reports.html.address import addressed
from reports.html.text import shown
from tests.reports.browser import Drawing, Visitor, settled
from tests.reports.hostile_text import ATTACKS, judgement_with

OTHER = "quiet"
NAMES = pytest.mark.parametrize("name", ATTACKS, ids=[f"{n}-{name[:12]!a}" for n, name in enumerate(ATTACKS)])


def report_with(name: str) -> Report:
    """Two services that clash over a package, the first as hostile as the package; each in a container of its own."""
    report = judgement_with(name, OTHER, name, name).report
    owned, other = report.fleet.services
    fleet = replace(report.fleet, services=(replace(owned, owner=name), other))
    machine = Machine((Container((Venv((name,)),)), Container((Venv((OTHER,)),))))
    plan = replace(report.plans[Stance.LOCKED], machines=(machine,), environments=2, lower_bound=2)
    return replace(report, fleet=fleet, plans={stance: replace(plan, stance=stance) for stance in Stance})


def press(page: Page) -> str:
    page.focus(".under-locked canvas")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    return page.text_content(".readout") or ""


@NAMES
def test_matrix_cards_and_filters_write_text(visit: Visitor, name: str) -> None:
    page = visit(report_with(name))
    assert press(page) == f"{addressed(name)} \u00d7 {OTHER}: conflict on {shown(name)}"
    canvas = page.locator(".under-locked canvas")
    box = canvas.bounding_box()
    assert box is not None
    canvas.hover(position={"x": box["width"] - 15, "y": box["height"] - 45})
    assert page.text_content(".tip:visible") == page.text_content(".readout")
    canvas.click(position={"x": 20, "y": box["height"] - 45})
    expect(page.locator("#by-service option:checked")).to_have_text(addressed(name), use_inner_text=False)
    page.select_option("#by-owner", index=1)
    page.reload()
    expect(page.locator("#tally")).to_have_text("1 of 1 shown")
    assert page.locator("#by-service option:checked, #by-owner option:checked").all_text_contents() == [
        addressed(name),
        addressed(name),
    ]
    assert page.locator(".card .side h4").first.text_content() == str(shown(name))
    assert page.locator("h1, img, iframe, base, object, embed, link").count() == 1
    assert page.evaluate("document.documentElement.scrollWidth") == page.evaluate("innerWidth")


@NAMES
def test_the_graph_writes_text_and_finds_it_again(visit: Visitor, name: str) -> None:
    page = visit(report_with(name))
    drawing = Drawing(page)
    seen = addressed(name)
    assert page.locator("#graph-at option").evaluate_all("all => all.map(option => option.textContent)") == [
        "everything",
        seen,
        seen,
        OTHER,
        "Container 1",
        "Container 2",
    ]
    assert sorted([seen, OTHER]) == drawing.names("service")
    assert drawing.hover(seen).startswith(seen)
    page.select_option("#graph-at", "p0")
    assert page.text_content("#neighbours h3") == f"What touches {seen}"
    assert page.locator("#neighbours li button").first.text_content() == seen
    page.select_option("#graph-at", "s0")
    kept = page.url
    page.reload()
    settled(page)
    assert page.input_value("#graph-at") == "s0"
    assert page.url == kept
    page.locator("#neighbours li a").click()
    expect(page.locator("#tally")).to_have_text("1 of 1 shown")


def test_a_name_as_an_addresses_search_finds_nothing_and_runs_nothing(visit: Visitor) -> None:
    page = visit(report_with(OTHER + "er"), "#conflicts?search=%3Cimg%20src%3Dx%20onerror%3Dwindow.forged%3D1%3E")
    expect(page.locator("#tally")).to_have_text("0 of 1 shown")
    assert page.locator("img").count() == 0
