"""The drawing of who touches what, as a value and in the browser."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from analyzer.report import Report
from analyzer.verdict import Code, Stance
from benchmarks.reports import report as many_services
from reports.html.filters import ECOSYSTEMS, letters
from reports.html.view import view
from tests.reports.browser import Drawing, Visitor
from tests.reports.example import example_report, hostile_report
from tests.reports.variants import REPLICATED, replicated_report

BOTH = pytest.mark.parametrize("make", [example_report, hostile_report])


def test_every_code_is_of_an_ecosystem() -> None:
    assert {letters(code) for code in Code} == set(ECOSYSTEMS)


@BOTH
def test_every_service_stands_in_one_room(make: Callable[[], Report]) -> None:
    report = make()
    drawn = view(report).drawing
    for arrangement in drawn.stances.values():
        placed = sorted(place for room in arrangement.rooms for place in room.services)
        assert placed == list(range(len(report.fleet.services)))
        assert sorted(arrangement.packages) == list(range(len(drawn.packages)))


def test_replicas_stand_in_every_room_of_theirs() -> None:
    drawn = view(replicated_report()).drawing
    place = [name for _, name in drawn.services].index(REPLICATED)
    rooms = [room.title for room in drawn.stances[Stance.RELOCKED.value].rooms if place in room.services]
    assert rooms == ["Container 1", "Container 3", "Container 4"]


def test_hostile_names_cannot_end_the_data() -> None:
    data = view(hostile_report()).drawing.data
    assert data.isascii() and not set("<>&") & set(data)
    assert len(json.loads(data)["services"]) == len(hostile_report().fleet.services)


@BOTH
def test_the_drawing_follows_what_is_chosen(visit: Visitor, make: Callable[[], Report]) -> None:
    page = visit(make())
    drawing = Drawing(page)
    whole = len(drawing.names("package"))
    page.select_option("#graph-at", "p0")
    assert drawing.names("package") == [page.text_content("#graph-at option[value=p0]")]
    page.locator("#neighbours li button").first.click()
    assert page.input_value("#graph-at").startswith("s")
    page.select_option("#graph-at", "")
    assert len(drawing.names("package")) == whole > 1
    assert not page.is_visible("#neighbours")


@BOTH
def test_the_drawing_is_zoomed_and_folded(visit: Visitor, make: Callable[[], Report]) -> None:
    page = visit(make())
    drawing = Drawing(page)
    before, services = drawing.zoom(), drawing.names("service")
    page.click("#graph-nearer")
    assert drawing.zoom() > before
    page.click("#graph-farther")
    page.click("#graph-farther")
    assert drawing.zoom() < before
    page.click("#graph-whole")
    assert drawing.zoom() == before
    page.click("#graph-fold")
    assert page.text_content("#graph-fold") == "Expand all"
    assert drawing.names("service") == []
    page.click("#graph-fold")
    assert page.text_content("#graph-fold") == "Collapse all"
    assert drawing.names("service") == services


@BOTH
def test_kinds_of_lines_come_and_go(visit: Visitor, make: Callable[[], Report]) -> None:
    page = visit(make())
    drawing = Drawing(page)
    whole = len(drawing.lines())
    page.uncheck("#line-declared")
    assert {line["kind"] for line in drawing.lines()} <= {"locks"}
    page.uncheck("#line-locks")
    assert drawing.lines() == []
    page.check("#line-needs")
    assert {line["kind"] for line in drawing.lines()} <= {"needs"}
    page.uncheck("#line-needs")
    page.check("#line-declared")
    page.check("#line-locks")
    assert len(drawing.lines()) == whole


def test_replicas_are_told_wherever_they_stand(visit: Visitor) -> None:
    page = visit(replicated_report(), "#graph?service=accounts&stance=relocked")
    drawing = Drawing(page)
    assert drawing.names("service").count("accounts \u00d73") == 3
    assert page.text_content("#neighbours .hint") == (
        "It has 3 replicas, in Container 1 Container 3 Container 4 What is known of it"
    )
    assert drawing.hover("accounts \u00d73").startswith(
        "accounts \u00d73, in Container 1, Container 3, Container 4; clashes over"
    )
    page.click("#neighbours .hint button >> nth=2")
    assert page.url.endswith("#graph?container-of=accounts&replica=3&stance=relocked")
    page.reload()
    assert page.text_content("#neighbours h3") == "What touches Container 4"


@pytest.mark.parametrize("services", [300, 1000])
def test_of_too_many_lines_the_strongest_are_drawn_and_the_others_counted(visit: Visitor, services: int) -> None:
    page = visit(many_services(services))
    drawing = Drawing(page)
    lines = drawing.lines()
    assert len(lines) == 150
    assert max(line["thick"] for line in lines) < 5
    named = {line["target"] for line in lines} | {line["source"] for line in lines}
    assert len(named) == len(drawing.names("package")) + len(drawing.names("room"))
    tally = page.text_content("#graph-tally") or ""
    assert f"As locked: {services} services in " in tally
    assert " lines the 150 strongest are drawn" in tally
    page.select_option("#graph-at", "p0")
    own = [line for line in drawing.lines() if line["target"] == "p0"]
    assert len(own) == len(drawing.names("room"))
    assert all(line["label"] == str(len(line["who"])) for line in own if len(line["who"]) > 1)
