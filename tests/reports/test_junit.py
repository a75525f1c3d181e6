"""JUnit XML: valid by Jenkins' schema, a case for each conflict and each service, and not to be forged."""

from __future__ import annotations

import re
from dataclasses import replace
from io import BytesIO
from xml.etree.ElementTree import Element, fromstring

import pytest
import xmlschema
from hypothesis import given, settings

from analyzer.gate.judgement import Judgement
from analyzer.gate.severity import Severity
from reports.junit import to_junit
from tests.hostile import EXAMPLES
from tests.reports.example import example_report
from tests.reports.hostile_text import INVISIBLE, judgement_with, texts
from tests.reports.judgements import example_judgement, judgements, plain_judgement

SCHEMA = xmlschema.XMLSchema("fixtures/schemas/junit-10.xsd")
JUDGEMENTS = dict(judgements())


def document(judgement: Judgement) -> Element:
    content = to_junit(judgement)
    SCHEMA.validate(BytesIO(content))
    return fromstring(content)


def outcome(case: Element) -> str:
    return next((child.tag for child in case if child.tag != "system-out"), "passed")


def outcomes(root: Element, suite: str) -> dict[str, str]:
    cases = root.findall(f"./testsuite[@name='{suite}']/testcase")
    return {case.get("name", ""): outcome(case) for case in cases}


@pytest.mark.parametrize("name", JUDGEMENTS)
def test_documents_meet_the_schema_and_count_right(name: str) -> None:
    root = document(JUDGEMENTS[name])
    for suite in root:
        found = [outcome(case) for case in suite]
        counted = {"failures": "failure", "errors": "error", "skipped": "skipped"}
        assert suite.get("tests") == str(len(found))
        assert {a: suite.get(a) for a in counted} == {a: str(found.count(tag)) for a, tag in counted.items()}
    for total in ("tests", "failures", "errors"):
        assert root.get(total) == str(sum(int(suite.get(total, "x")) for suite in root))


def test_names_of_cases_are_unique() -> None:
    for judgement in JUDGEMENTS.values():
        names = [(case.get("classname"), case.get("name")) for case in document(judgement).iter("testcase")]
        assert len(set(names)) == len(names)


def test_conflicts_fail_as_the_gate_does() -> None:
    judgement = example_judgement()
    root = document(judgement)
    cases = {case.get("name", "").rpartition("[")[2].rstrip("]"): case for case in root.iter("testcase")}
    told = [outcome(cases[finding.conflict.id]) for finding in judgement.findings[:6]]
    assert told == ["failure", "skipped", "skipped", "passed", "skipped", "failure"]
    messages = [cases[f.conflict.id][0].get("message", "").partition(":")[0] for f in judgement.findings[1:5]]
    assert messages == [
        "known since 2026-01-02",
        "waived until 2027-01-31 by money",
        "",
        "a warning, which does not fail the gate",
    ]


def test_a_failure_tells_lines_reasons_and_ways_out() -> None:
    root = document(plain_judgement(example_report()))
    case = root.find(".//testcase[@name='assistant and billing: flask [pip001-9acf02d391cc]']")
    assert case is not None
    failure = case[0]
    assert failure.get("message") == "assistant and billing disagree on flask: >=3.1 against <3"
    assert failure.get("type") == "error"
    text = failure.text or ""
    assert "services/assistant/requirements.in:2" in text and "services/billing/requirements.in:2" in text
    assert "\nhelp   Give them separate containers" in text and text.endswith("id     pip001-9acf02d391cc")


def test_services_are_in_error_where_something_stayed_open() -> None:
    found = outcomes(document(example_judgement()), "services")
    open_ones = {name for name, told in found.items() if told == "error"}
    assert open_ones == {"examines the fleet", "examines basket", "examines ledger"}
    assert {told for name, told in found.items() if name not in open_ones} == {"passed"}
    assert len(found) == 13


def test_the_gate_s_own_remarks_are_cases() -> None:
    found = outcomes(document(example_judgement()), "gate")
    assert list(found.values()) == ["failure", "skipped"]


def test_what_fails_depends_on_the_gate() -> None:
    judgement = plain_judgement(example_report())
    lenient = tuple(replace(finding, severity=Severity.WARNING) for finding in judgement.findings)
    assert document(replace(judgement, findings=lenient)).get("failures") == "0"
    strict = replace(judgement, findings=lenient, fail_on=Severity.NOTE)
    assert document(strict).get("failures") == str(len(lenient))


@given(texts, texts, texts, texts)
@settings(max_examples=EXAMPLES // 2, deadline=None)
def test_nothing_in_the_inputs_forges_a_case(name: str, other: str, file: str, text: str) -> None:
    content = to_junit(judgement_with(name, other, file, text))
    root = fromstring(content)
    assert [outcome(case) for case in root.iter("testcase") if case.get("classname") == "cohabit.PIP001"] == ["failure"]
    assert {suite.get("name", "").partition(":")[0] for suite in root} == {"PIP001", "services", "gate"}
    assert not set(INVISIBLE) & set(content.decode())
    assert b"]]>" not in content
    assert not re.search(r"^\s*::[a-zA-Z]", content.decode(), re.MULTILINE)
    assert [line for line in content.decode().splitlines() if line.startswith("id ")] == [
        "id     pip001-00000000beef</failure>"
    ]
