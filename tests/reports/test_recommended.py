"""Recommendations in every report: whole in JSON, in a word on the terminal, with their reasons in HTML."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from jsonschema import Draft202012Validator

from analyzer.report import Report
from analyzer.substrate.comparison import Comparison, Operator
from analyzer.substrate.fact import Fact
from analyzer.substrate.furnish import Table, furnished
from analyzer.substrate.option import Orchestrator, Substrate
from analyzer.substrate.recommendation import recommend
from analyzer.substrate.rule import Rule
from reports import recommended
from reports.html import render_html
from reports.json_report import from_json, json_schema, to_json
from reports.terminal import to_terminal_text
from tests.reports.example import HOSTILE, example_report, hostile_report

FROM = "https://docs.example/a"

RULES = (
    Rule("alone", (), (Substrate.SHARED_HOST, Substrate.VIRTUALENV), "they clash", FROM, "2026-01-02"),
    Rule("boxes", (), (Substrate.CONTAINER,), "a box", "us", weight=3),
    Rule("heavy", (), (Substrate.VM,), "a kernel more", "us", weight=-1),
    Rule("kvm", (Comparison(Fact.KVM, Operator.EQUAL, False),), (Substrate.CONTAINER,), "no KVM", "us"),
    Rule("together", (), (Orchestrator.COMPOSE,), "one file", "us", weight=1),
)


def _furnished(report: Report, rules: tuple[Rule, ...] = RULES) -> Report:
    plans = {stance: furnished(plan, report.fleet, Table(rules)) for stance, plan in report.plans.items()}
    return replace(report, plans=plans)


def test_json_keeps_everything() -> None:
    report = _furnished(example_report())
    data = to_json(report)
    assert from_json(data) == report
    Draft202012Validator(json_schema()).validate(json.loads(data))
    plan = json.loads(data)["plans"]["locked"]
    box = plan["machines"][0]["containers"][0]
    assert (box["substrate"], box["venvs"][0]["substrate"]) == ("container", "container")
    assert [reason["rule"] for reason in box["reasons"]["fired"]] == ["boxes"]
    assert {option: [r["rule"] for r in reasons] for option, reasons in box["reasons"]["ruled_out"].items()} == {
        "shared-host": ["alone"],
        "virtualenv": ["alone"],
    }
    assert [(o["rule"], o["facts"], o["options"], o["rules_out"]) for o in box["reasons"]["open"]] == [
        ("kvm", ["kvm"], ["container"], True)
    ]
    assert plan["orchestrator"] == "compose"
    assert [reason["text"] for reason in plan["orchestrator_reasons"]["fired"]] == ["one file"]


def test_words() -> None:
    plan = next(iter(_furnished(example_report()).plans.values()))
    assert recommended.summary(plan) == "container (5); orchestrator: Compose"
    assert recommended.doubts(plan) == "whether the machines offer KVM"
    assert recommended.summary(next(iter(example_report().plans.values()))) == ""


def test_reasons_begin_with_the_choice() -> None:
    found = recommend({}, RULES, Substrate)
    titles = [title for title, _ in recommended.reasons(found)]
    assert titles[0] == "container"
    assert titles[-2:] == ["shared host: ruled out", "virtualenv on a host: ruled out"]
    assert titles[-3] == "VM: less fit"
    assert recommended.unknown(found) == "Not known: whether the machines offer KVM"


def test_terminal() -> None:
    text = to_terminal_text(_furnished(example_report()), 80, False)
    assert "Recommended: container (5); orchestrator: Compose." in text
    assert "Check first, since nothing says so: whether the machines offer KVM." in text


def test_html_gives_reasons_once() -> None:
    page = render_html(_furnished(example_report()))
    assert page.count("a kernel more") == len(example_report().plans)
    assert "Substrate: container, for the same reasons as Container 1" in page


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_reasons(name: str) -> None:
    rules = (*RULES[1:], Rule(name, (), (Substrate.SHARED_HOST,), name, name, name))
    report = _furnished(hostile_report(), rules)
    once = to_json(report)
    assert to_json(from_json(once)) == once
    page = render_html(report)
    assert "<script>window.forged" not in page
    assert "<img src=x" not in page
    assert "\x1b" not in page
