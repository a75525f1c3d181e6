"""Draws the pictures of the README and the tutorial anew from the storefront fleet: ``python docs/pictures/draw.py``.

Needs Debian's Chromium, what the tests need, and the default package index as of the fleet's day,
so that the pictures change only when the reports do.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from pathlib import Path

from rich.console import Console
from rich.text import Text

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
sys.path.insert(0, str(ROOT))

import cohabit  # noqa: E402
from analyzer.report import Report  # noqa: E402
from reports.html import render_html  # noqa: E402
from reports.terminal import to_terminal_text  # noqa: E402

LINES = 34
_SVG = """<svg class="rich-terminal" viewBox="0 0 {width} {height}" xmlns="http://www.w3.org/2000/svg">
<style>.{unique_id}-matrix {{ font-family: ui-monospace, Menlo, Consolas, monospace; font-size: {char_height}px;
line-height: {line_height}px; font-variant-east-asian: full-width; }} {styles}</style>
<defs><clipPath id="{unique_id}-clip-terminal"><rect x="0" y="0" width="{terminal_width}" height="{terminal_height}" />
</clipPath>{lines}</defs>{chrome}<g transform="translate({terminal_x}, {terminal_y})"
clip-path="url(#{unique_id}-clip-terminal)">{backgrounds}<g class="{unique_id}-matrix">{matrix}</g></g></svg>
"""


def main() -> None:
    """Write report.png, matrix.png and terminal.svg."""
    report = cohabit.audit(ROOT / "fixtures/fleets/storefront")
    draw_terminal(report)
    draw_page(report)


def draw_terminal(report: Report) -> None:
    """The first lines of the terminal report."""
    text = Text.from_ansi("\n".join(to_terminal_text(report, 100, color=True).splitlines()[:LINES]))
    console = Console(record=True, width=100, file=io.StringIO())
    console.print(text)
    svg = console.export_svg(title="cohabit audit fixtures/fleets/storefront", code_format=_SVG, unique_id="cohabit")
    (HERE / "terminal.svg").write_text(svg, encoding="utf-8")


def draw_page(report: Report) -> None:
    """The first screen of the HTML report, and its matrix."""
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        page_file = Path(folder, "report.html")
        page_file.write_text(render_html(report), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1180, "height": 1120})
        page.goto(page_file.as_uri())
        page.screenshot(path=HERE / "report.png")
        page.locator("#matrix canvas").first.wait_for()
        page.locator("#matrix").screenshot(path=HERE / "matrix.png")
        browser.close()


if __name__ == "__main__":
    main()
