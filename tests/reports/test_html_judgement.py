"""The page of ``cohabit check``: what the gate says at its top, and a mark at each conflict."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from html import unescape
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from analyzer.gate.judgement import Judgement
from analyzer.gate.past import Known
from analyzer.gate.severity import Severity
from reports.html import render_html, render_judgement_html
from reports.html.judgement import LISTED, gate
from tests.reports.browser import PHONE, WIDE, launched
from tests.reports.hostile_text import ATTACKS, judgement_with
from tests.reports.judgements import example_judgement, hostile_judgement

GONE = Known("pip001-0123456789ab", "PIP001", ("billing", "search"), ("pypi/flask",), "2026-01-02")


def _full() -> Judgement:
    return replace(example_judgement(), gone=(GONE,), today=date(2026, 11, 22))


def test_the_answer_comes_first_and_everything_stands_in_one_place() -> None:
    found = gate(_full())
    assert (found.title, found.tone) == ("The gate fails", "bad")
    titles = [section.title.rpartition(" (")[0] for section in found.sections]
    assert titles == ["New, and fails", "New, below what fails", "Known", "Waived", "Kept apart by the present layout"]
    told = [entry.id for section in found.sections for entry in section.entries]
    assert sorted(told) == sorted(finding.conflict.id for finding in _full().findings)
    assert "waived until 2027-01-31 by money: moves in Q1" in {e.note for s in found.sections for e in s.entries}
    assert found.cleared == ("PIP001 billing and search about pypi/flask (pip001-0123456789ab)",)
    assert [code for code, _, _ in found.remarks] == ["GATE001", "GATE004"]


def test_it_passes_where_nothing_fails() -> None:
    calm = replace(_full(), findings=(), remarks=(), fail_on=Severity.OFF)
    assert gate(calm).title == "The gate passes as far as anything is known"
    assert gate(replace(calm, incomplete=False)).title == "The gate passes"
    assert "Nothing fails, whatever its severity." in gate(calm).terms


def test_every_card_of_a_judged_conflict_has_its_mark() -> None:
    page = render_judgement_html(_full())
    marks = dict(re.findall(r'<span class="gate-mark \w+">([^<]*)</span><code>([^<]*)</code>', page))
    assert {id: unescape(text) for text, id in marks.items()}.keys() <= gate(_full()).marks.keys()
    assert page.count('<span class="gate-mark ') == len(_full().findings)
    assert "new, fails the gate" in page and "kept apart by the present layout" in page


def test_an_audit_has_no_gate() -> None:
    page = render_html(_full().report)
    assert 'id="gate"' not in page and '<span class="gate-mark' not in page


def test_what_is_many_is_cut() -> None:
    many = replace(_full(), gone=(GONE,) * (LISTED + 3), findings=_full().findings[:1] * (LISTED + 2))
    found = gate(many)
    assert found.sections[0].more == "and 2 more, all in the JSON report" and len(found.sections[0].entries) == LISTED
    assert found.cleared[-1] == "and 3 more, all in the JSON report" and len(found.cleared) == LISTED + 1


@pytest.mark.parametrize("attack", ATTACKS)
def test_data_stays_text(attack: str) -> None:
    plain, hostile = (render_judgement_html(judgement_with(t, "other", t, t)) for t in ("name", attack))
    tags = re.compile(r"<(?!script|style)[a-z][a-z0-9]*")
    section = re.compile(r'<section class="gate.*?</section>', re.DOTALL)
    assert [tags.findall(section.findall(page)[0]) for page in (hostile,)] == [tags.findall(section.findall(plain)[0])]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as running:
        chromium = launched(running)
        yield chromium
        chromium.close()


def _page(browser: Browser, judged: Judgement, file: Path, **context: object) -> Page:
    file.write_text(render_judgement_html(judged), encoding="utf-8")
    page = browser.new_context(**context).new_page()  # type: ignore[arg-type]
    page.on("console", lambda message: pytest.fail(message.text))
    page.goto(file.as_uri())
    return page


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("judged", [_full(), hostile_judgement()], ids=["example", "hostile"])
def test_nothing_bars_a_reader(browser: Browser, tmp_path: Path, judged: Judgement, scheme: str) -> None:
    # The page's own policy would refuse the judge's script.
    page = _page(browser, judged, tmp_path / "page.html", color_scheme=scheme, bypass_csp=True, viewport=PHONE)
    found = Axe().run(page).response["violations"]
    assert [fault["id"] for fault in found if fault["impact"] in ("serious", "critical")] == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_a_line_leads_to_its_card(browser: Browser, tmp_path: Path) -> None:
    page = _page(browser, _full(), tmp_path / "page.html", viewport=WIDE)
    line = page.locator(".gate .judged a").first
    card = page.locator(line.get_attribute("href") or "")
    line.click()
    card.locator(".gate-mark").wait_for()
    assert "fails the gate" in (card.locator(".gate-mark").text_content() or "")
