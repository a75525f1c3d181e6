"""axe-core finds no serious fault in the page, in light and in dark."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ViewportSize

from tests.reports.browser import PHONE, WIDE, Drawing, Visitor
from tests.reports.example import example_report, hostile_report
from tests.reports.installed import installed_report
from tests.reports.variants import replicated_report

GRAVE = {"serious", "critical"}

REPORTS = {
    "example": example_report,
    "installed": installed_report,
    "hostile": hostile_report,
    "replicated": replicated_report,
}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("name", "viewport", "address"),
    [
        ("example", WIDE, "#graph?package=pypi%2Fflask"),
        ("example", PHONE, "#graph?service=billing"),
        ("installed", WIDE, "#graph?service=edge"),
        ("hostile", PHONE, "#graph?service=%3A%3Aerror+file%3Da%2Cline%3D1%3A%3Aforged+%250A"),
        ("replicated", WIDE, "#graph?container-of=accounts&replica=3&stance=relocked"),
    ],
)
def test_nothing_bars_a_reader(visit: Visitor, name: str, viewport: ViewportSize, address: str, scheme: str) -> None:
    # The page's own policy would refuse the judge's script.
    page = visit(REPORTS[name](), address, viewport, color_scheme=scheme, bypass_csp=True)
    Drawing(page)
    assert page.is_visible("#neighbours")
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    found = Axe().run(page).response["violations"]
    assert [(fault["id"], fault["nodes"][0]["html"]) for fault in found if fault["impact"] in GRAVE] == []
    assert [fault["id"] for fault in found if fault["id"] == "empty-table-header"] == []
