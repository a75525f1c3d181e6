"""axe-core finds no serious fault in the page, in light and in dark."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import sync_playwright

from reports.html import render_html
from tests.reports.example import example_report, hostile_report
from tests.reports.installed import installed_report

GRAVE = {"serious", "critical"}


REPORTS = {"example": example_report, "installed": installed_report, "hostile": hostile_report}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("name", "width"), [("example", 1280), ("example", 375), ("installed", 1280), ("hostile", 375)]
)
def test_nothing_bars_a_reader(tmp_path: Path, name: str, width: int, scheme: str) -> None:
    file = tmp_path / "page.html"
    file.write_text(render_html(REPORTS[name]()), encoding="utf-8")
    with sync_playwright() as running:
        browser = running.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        # The page's own policy would refuse the judge's script.
        context = browser.new_context(color_scheme=scheme, bypass_csp=True, viewport={"width": width, "height": 900})
        page = context.new_page()
        page.goto(f"{file.as_uri()}#graph?at=p0")
        page.locator("#drawing canvas").first.wait_for()
        page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
        found = Axe().run(page).response["violations"]
        browser.close()
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found if fault["impact"] in GRAVE] == []
    assert [fault["id"] for fault in found if fault["id"] == "empty-table-header"] == []
