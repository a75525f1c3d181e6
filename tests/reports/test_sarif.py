"""SARIF: valid by the schema and by Microsoft's validator, within GitHub's limits, and not to be forged."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from analyzer.gate.judgement import Judgement
from analyzer.gate.severity import Severity
from analyzer.origin import Origin
from analyzer.verdict import Code
from reports.sarif import limits, to_sarif
from reports.sarif.rules import rule
from reports.sarif.text import location, message
from tests.hostile import EXAMPLES
from tests.reports.example import example_report
from tests.reports.hostile_text import ATTACKS, INVISIBLE, judgement_with, texts
from tests.reports.judgements import example_judgement, judgements, plain_judgement
from tests.reports.sarif_multitool import complaints

SCHEMA = Draft202012Validator(json.loads(Path("fixtures/schemas/sarif-2.1.0.json").read_text()))
JUDGEMENTS = dict(judgements())

ACCEPTED = {
    ("SARIF2002", "note"),  # messages as templates with arguments: each is worded for its conflict
    ("SARIF2003", "note"),  # version control provenance: nothing asks git
    ("SARIF2005", "warning"),  # the tool's home page: there is none yet
    ("SARIF2011", "note"),  # the lines around a region: one line is all that was kept
    ("SARIF2012", "note"),  # a rule's page: its help is in the log
}


def run_of(judgement: Judgement) -> dict[str, Any]:
    (run,) = json.loads(to_sarif(judgement))["runs"]
    return run  # type: ignore[no-any-return]


def ids(run: dict[str, Any]) -> list[str]:
    return [result["partialFingerprints"]["cohabit/v1"] for result in run["results"]]


@pytest.mark.parametrize("name", JUDGEMENTS)
def test_logs_meet_the_schema_and_the_validator(name: str, tmp_path: Path) -> None:
    content = to_sarif(JUDGEMENTS[name])
    SCHEMA.validate(json.loads(content))
    assert complaints(content, tmp_path) <= ACCEPTED


def test_the_validator_does_judge(tmp_path: Path) -> None:
    log = json.loads(to_sarif(example_judgement()))
    region = log["runs"][0]["results"][0]["locations"][0]["physicalLocation"]["region"]
    region["startLine"] = 0
    assert ("JSON1008", "error") in complaints(json.dumps(log).encode(), tmp_path)


def test_a_log_that_the_validator_cannot_read_does_not_pass(tmp_path: Path) -> None:
    log = json.loads(to_sarif(example_judgement()))
    log["runs"][0]["results"][0]["kind"] = "forged"
    with pytest.raises(AssertionError, match="could not read"):
        complaints(json.dumps(log).encode(), tmp_path)


def test_a_result_is_at_the_first_side_and_related_to_the_others() -> None:
    found = run_of(plain_judgement(example_report()))
    result = found["results"][ids(found).index("pip001-9acf02d391cc")]
    (place,) = result["locations"]
    assert place["physicalLocation"] == {
        "artifactLocation": {"uri": "services/assistant/requirements.in", "uriBaseId": "SRCROOT"},
        "region": {"startLine": 2, "snippet": {"text": "flask>=3.1"}},
    }
    (other,) = result["relatedLocations"]
    assert other["physicalLocation"]["artifactLocation"]["uri"] == "services/billing/requirements.in"
    assert other["message"]["text"] == "billing requires flask<3 (services/billing/requirements.in:2)"
    assert (result["level"], result["kind"]) == ("error", "fail")
    assert "baselineState" not in result and "suppressions" not in result


def test_the_chain_of_each_side_is_a_code_flow() -> None:
    found = run_of(example_judgement())
    result = found["results"][ids(found).index("pip002-8bc42d91eb8b")]
    flows = [
        [step["location"]["message"]["text"] for step in flow["threadFlows"][0]["locations"]]
        for flow in result["codeFlows"]
    ]
    assert [flow[1:-1] for flow in flows] == [
        ["opentelemetry-proto==1.30.0", "protobuf>=5.0,<6.0"],
        ["protobuf>=3.20.3,<5.0.0.dev0"],
    ]


def test_baseline_states_and_suppressions_tell_what_is_known_and_waived() -> None:
    judgement = example_judgement()
    results = dict(zip(ids(run_of(judgement)), run_of(judgement)["results"], strict=True))
    failing, known, waived, apart, warned = (results[finding.conflict.id] for finding in judgement.findings[:5])
    assert [r["baselineState"] for r in (failing, known, waived, apart)] == ["new", "unchanged", "new", "new"]
    assert [r["level"] for r in (failing, known, waived, apart, warned)] == ["error", *["note"] * 3, "warning"]
    (suppression,) = waived["suppressions"]
    assert (suppression["kind"], suppression["status"]) == ("external", "accepted")
    assert suppression["justification"] == "moves in Q1 (owner: money; until 2027-01-31)"
    assert "suppressions" not in known


def test_what_is_not_a_result_is_a_notification() -> None:
    run = run_of(example_judgement())
    (invocation,) = run["invocations"]
    descriptors = [d["id"] for d in run["tool"]["driver"]["notifications"]]
    told = {
        kind: [descriptors[n["descriptor"]["index"]] for n in invocation[kind]]
        for kind in ("toolExecutionNotifications", "toolConfigurationNotifications")
    }
    assert told["toolExecutionNotifications"] == ["undecided"] * 2 + ["skipped"] * 3
    assert told["toolConfigurationNotifications"] == ["GATE001", "GATE004", "cleared"]


@pytest.mark.parametrize("code", Code)
def test_rules_have_help_without_links_that_lead_nowhere(code: Code) -> None:
    told = rule(code)
    help = told["help"]
    assert isinstance(help, dict)
    assert "](" not in help["markdown"].replace("](http", "") and "](" not in help["text"]
    assert "Ways out:" in help["text"] and "**" not in help["text"]


def test_rule_indices_lead_to_the_rule() -> None:
    run = run_of(example_judgement())
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[result["ruleIndex"]]["id"] == result["ruleId"] for result in run["results"])


def test_same_judgement_same_bytes() -> None:
    judgement = example_judgement()
    assert to_sarif(judgement) == to_sarif(replace(judgement, findings=tuple(reversed(judgement.findings))))


def test_more_results_than_github_takes_are_cut_and_told(monkeypatch: pytest.MonkeyPatch) -> None:
    judgement = example_judgement()
    whole = ids(run_of(judgement))
    monkeypatch.setattr(limits, "RESULTS", 3)
    run = run_of(judgement)
    assert ids(run) == whole[:3]
    assert run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"] == (
        f"{len(whole) - 3} of {len(whole)} conflicts are left out; the JSON report has them all."
    )
    assert {result["level"] for result in run["results"]} == {"error"}


def test_files_fit_after_compression(monkeypatch: pytest.MonkeyPatch) -> None:
    judgement = JUDGEMENTS["hostile"]
    monkeypatch.setattr(limits, "COMPRESSED", 9_000)
    content = to_sarif(judgement)
    assert 0 < len(json.loads(content)["runs"][0]["results"]) < len(judgement.findings)
    assert len(gzip.compress(content, mtime=0)) <= 9_000


def test_locations_and_steps_of_a_result_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LOCATIONS", 2)
    monkeypatch.setattr(limits, "STEPS", 4)
    for result in run_of(example_judgement())["results"]:
        assert len(result["locations"]) + len(result.get("relatedLocations", ())) <= 2
        flows = [flow["threadFlows"][0]["locations"] for flow in result.get("codeFlows", ())]
        assert sum(map(len, flows)) <= 4 and all(flows)


@given(texts)
@settings(max_examples=EXAMPLES)
def test_references_lead_to_the_file_and_nowhere_else(file: str) -> None:
    place = location(Origin(file, 1))["physicalLocation"]
    assert isinstance(place, dict)
    reference = place["artifactLocation"]
    uri = reference["uri"]
    assert uri.isascii() and uri.isprintable() and " " not in uri
    parts = urlsplit(uri)
    assert (parts.scheme, parts.netloc, parts.query, parts.fragment) == (
        "file" if file.startswith("/") else "", "", "", ""
    )  # fmt: skip
    assert ("uriBaseId" in reference) is not file.startswith("/")
    kept = unquote(parts.path, errors="surrogatepass" if "\ud800" in file else "surrogateescape")
    if file.encode(errors="ignore").decode() == file:
        assert kept.lstrip("/") == file.lstrip("/")


@given(texts)
@settings(max_examples=EXAMPLES)
def test_messages_are_text_alone(text: str) -> None:
    told = message(text)["text"]
    assert isinstance(told, str)
    assert "](" not in told
    assert not any(mark in told.replace("{{", "").replace("}}", "") for mark in "{}")
    assert not set(INVISIBLE) & set(told)


@given(texts, texts, texts, texts)
@settings(max_examples=EXAMPLES // 4, deadline=None)
def test_nothing_in_the_inputs_forges_a_log(name: str, other: str, file: str, text: str) -> None:
    content = to_sarif(judgement_with(name, other, file, text))
    document = json.loads(content)
    SCHEMA.validate(document)
    assert ids(document["runs"][0]) == ["pip001-00000000beef"]
    assert not set(INVISIBLE) & set(json.dumps(document, ensure_ascii=False))
    assert not any(line.lstrip().startswith(b"::") for line in content.splitlines())


@pytest.mark.parametrize("attack", ["]]>", "../../../etc/passwd", "a b/ü/\udc80?x#y%z"])
def test_the_validator_takes_hostile_logs(attack: str, tmp_path: Path) -> None:
    assert attack in ATTACKS
    found = complaints(to_sarif(judgement_with(attack, attack, attack, attack)), tmp_path)
    assert {level for _, level in found - ACCEPTED} <= {"note"}


def test_severity_is_the_level() -> None:
    judgement = plain_judgement(example_report())
    for severity in (Severity.ERROR, Severity.WARNING, Severity.NOTE):
        findings = tuple(replace(finding, severity=severity) for finding in judgement.findings)
        levels = {result["level"] for result in run_of(replace(judgement, findings=findings))["results"]}
        assert levels == {str(severity)}
