"""The gate's answer in the terminal and as JSON: what it says, and that nothing in a name can forge it."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from datetime import date

import pytest
from jsonschema import Draft202012Validator
from rich.console import Console

from analyzer.gate.judgement import Age, Judgement, Standing
from analyzer.gate.past import Known
from analyzer.gate.severity import Severity
from reports.finding_prose import verdict
from reports.judgement_json import judgement_schema, judgement_to_json
from reports.terminal import render_judgement, to_judgement_text
from tests.reports.judgements import example_judgement, judgements

ALL = dict(judgements())
TODAY = date(2026, 11, 22)


def _full() -> Judgement:
    gone = Known("pip001-0123456789ab", "PIP001", ("billing", "search"), ("pypi/flask", "pypi/six"), "2026-01-02")
    return replace(example_judgement(), gone=(gone,), today=TODAY)


def _printed(judged: Judgement, width: int, encoding: str = "utf-8") -> str:
    file = io.TextIOWrapper(io.BytesIO(), encoding=encoding)
    render_judgement(judged, Console(file=file, width=width, legacy_windows=False, _environ={}))
    file.flush()
    return file.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined]


def test_what_fails_comes_first_and_the_verdict_last():
    text = to_judgement_text(_full())
    titles = [
        "New conflicts",
        "New conflicts below --fail-on error",
        "Waived",
        "Known",
        "Cleared",
        "On the gate itself",
        "fails  ",
    ]
    places = [text.index(f"\n{title}") for title in titles]
    assert places == sorted(places)
    assert "Compared with main." in text and "known for 324 days, since 2026-01-02" in text
    assert "waived until 2027-01-31 (70 days left) by money: moves in Q1" in text
    assert "billing and search disagreed over flask and six" in text
    assert "GATE001 The plan needs 3 containers, 2 are allowed." in text and "cohabit.toml:12" in text
    last = text.rpartition("fails  ")[2]
    assert "brought in" in last and "1 waived" in last and "1 known" in last and "1 cleared" in last


def test_each_is_told_once():
    judged = _full()
    text = to_judgement_text(judged)
    for finding in judged.findings:
        assert text.count(finding.conflict.id) == finding.breaks


def test_every_format_counts_alike():
    judged = _full()
    apart = replace(judged.findings[3], age=Age.KNOWN, waiver=judged.findings[2].waiver)
    judged = replace(judged, findings=(*judged.findings[:3], apart, *judged.findings[4:]))
    last, line = to_judgement_text(judged).rpartition("fails  ")[2], verdict(judged)
    for told in ("1 known", "1 waived", "1 cleared"):
        assert told in last and told in line
    assert "1 kept apart" in last and judged.standing(Standing.APART) == (apart,)


def test_it_passes_where_nothing_fails():
    for fail_on in (Severity.OFF, Severity.ERROR):
        judged = replace(ALL["example"], findings=(), remarks=(), fail_on=fail_on)
        assert "\nincomplete  " in to_judgement_text(judged)
        closed = replace(judged, incomplete=False, report=replace(judged.report, undecided=()))
        assert "\npasses  no conflict" in to_judgement_text(closed)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("width", [80, 140])
def test_lines_fit_and_steer_nothing(name, width):
    text = _printed(replace(ALL[name], today=TODAY), width)
    assert all(len(line) <= width for line in text.split("\n"))
    assert not any(c in text for c in "\x1b\x07\u202e\u200b\r") and "\n::" not in text


def test_a_terminal_without_unicode():
    assert _printed(_full(), 100, "ascii").isascii()


@pytest.mark.parametrize("name", ALL)
def test_json_is_what_the_schema_says_and_tells_everything(name):
    judged = ALL[name]
    document = json.loads(judgement_to_json(judged))
    Draft202012Validator(judgement_schema()).validate(document)
    assert document["passed"] is judged.passed
    assert [f["id"] for f in document["findings"]] == [f.conflict.id for f in judged.findings]
    assert {f["id"] for f in document["findings"] if f["fails"]} == {f.conflict.id for f in judged.failing}
    assert [(r["code"], r["severity"]) for r in document["remarks"]] == [(r.code, r.severity) for r in judged.remarks]
