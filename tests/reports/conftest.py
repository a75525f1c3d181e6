"""Headless Chromium, one for each module of tests, and pages in it that must stay quiet."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.reports.browser import Visitor, launched


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as running:
        browser = launched(running)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Browser, tmp_path: Path) -> Iterator[Visitor]:
    """Opens Reports as pages; afterwards none of them may have logged, failed, asked for anything or run data."""
    visitor = Visitor(chromium, tmp_path)
    yield visitor
    visitor.leave()
