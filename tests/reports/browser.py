"""Reports as pages in headless Chromium, and what the tests ask of them."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page, Playwright, ViewportSize

from analyzer.report import Report
from reports.html import render_html

WIDE, PHONE = ViewportSize(width=1280, height=1000), ViewportSize(width=375, height=800)

_ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


def launched(running: Playwright) -> Browser:
    """The system's Chromium."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found, "no Chromium on PATH: install it (Debian: apt-get install chromium), as .ci/run does"
    return running.chromium.launch(executable_path=found, args=list(_ARGUMENTS))


@dataclass
class Visitor:
    """Opens pages and notes what they do that they should not: console lines, errors, requests, data that runs."""

    browser: Browser
    folder: Path
    faults: list[str] = field(default_factory=list)
    pages: list[Page] = field(default_factory=list)

    def __call__(self, report: Report, address: str = "", viewport: ViewportSize = WIDE, **context: Any) -> Page:
        """The page of a Report at an address in it, such as ``#conflicts?code=PIP001``."""
        file = self.folder / f"page-{len(self.pages)}.html"
        file.write_text(render_html(report), encoding="utf-8")
        page = self.browser.new_context(viewport=viewport, **{"reduced_motion": "reduce", **context}).new_page()
        page.on("console", lambda message: self.faults.append(f"console: {message.text}"))
        page.on("pageerror", lambda error: self.faults.append(f"error: {error}"))
        page.on("request", lambda asked: self._note(asked.url, file.as_uri()))
        self.pages.append(page)
        page.goto(file.as_uri() + address)
        return page

    def leave(self) -> None:
        """Closes all pages; AssertionError where one was not quiet."""
        for page in self.pages:
            if page.evaluate("window.forged !== undefined"):
                self.faults.append("data was run")
            page.context.close()
        assert self.faults == []

    def _note(self, asked: str, file: str) -> None:
        if asked.partition("#")[0] != file:
            self.faults.append(f"request: {asked}")


def settled(page: Page) -> None:
    """Waits until the page has arrived where its address leads."""
    page.evaluate("new Promise(done => { let n = 20; const next = () => n-- ? requestAnimationFrame(next) : done();"
                  " next(); })")  # fmt: skip


_CY = "document.getElementById('drawing')._cyreg.cy"


@dataclass(frozen=True)
class Drawing:
    """The graph of a page, scrolled into view."""

    page: Page

    def __post_init__(self) -> None:
        self.page.locator("#drawing").evaluate("box => box.scrollIntoView()")
        self.page.locator("#drawing canvas").first.wait_for()
        settled(self.page)

    def names(self, kind: str) -> list[str]:
        """Of the nodes of a kind, ``service``, ``package``, ``room`` or ``open``, what is written on them."""
        found: list[str] = self.page.evaluate(
            f"kind => {_CY}.nodes('[kind = \"' + kind + '\"]').map(n => n.data('name'))", kind
        )
        return sorted(found)

    def lines(self) -> list[dict[str, Any]]:
        """The data of what is drawn between nodes."""
        found: list[dict[str, Any]] = self.page.evaluate(f"{_CY}.edges().map(edge => edge.data())")
        return found

    def faint(self) -> int:
        """How many elements step back behind what the pointer is at."""
        found: int = self.page.evaluate(f"{_CY}.elements('.faint').length")
        return found

    def zoom(self) -> float:
        level: float = self.page.evaluate(f"{_CY}.zoom()")
        return level

    def place(self, name: str) -> tuple[float, float]:
        """Where in the window the first node with such a text is; of an open container its upper edge."""
        x, y = self.page.evaluate(
            f"""name => {{
                const node = {_CY}.nodes().filter(n => n.data('name') === name)[0];
                const box = document.getElementById('drawing').getBoundingClientRect();
                const bounds = node.renderedBoundingBox({{ includeLabels: false }});
                const y = node.isParent() ? bounds.y1 + 4 : (bounds.y1 + bounds.y2) / 2;
                return [box.left + (bounds.x1 + bounds.x2) / 2, box.top + y];
            }}""",
            name,
        )
        return x, y

    def hover(self, name: str) -> str:
        """What the tip says of a node."""
        self.page.mouse.move(*self.place(name))
        return self.page.text_content(".tip:visible") or ""

    def click(self, name: str) -> None:
        self.page.mouse.click(*self.place(name))

    def double_click(self, name: str) -> None:
        self.page.mouse.dblclick(*self.place(name))
