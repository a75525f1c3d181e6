"""GitLab Code Quality: the documented fields, stable fingerprints, nothing forged."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from jsonschema import Draft202012Validator

from analyzer.gate.judgement import Judgement
from reports.gitlab_code_quality import to_code_quality
from tests.hostile import EXAMPLES
from tests.reports.hostile_text import INVISIBLE, judgement_with, texts
from tests.reports.judgements import example_judgement, judgements

SCHEMA = Draft202012Validator(json.loads(Path("fixtures/schemas/gitlab-code-quality.json").read_text()))
JUDGEMENTS = dict(judgements())


def violations(judgement: Judgement) -> list[dict[str, Any]]:
    found = json.loads(to_code_quality(judgement))
    SCHEMA.validate(found)
    return found  # type: ignore[no-any-return]


@pytest.mark.parametrize("name", JUDGEMENTS)
def test_violations_have_the_fields_that_gitlab_reads(name: str) -> None:
    found = violations(JUDGEMENTS[name])
    fingerprints = [violation["fingerprint"] for violation in found]
    assert len(set(fingerprints)) == len(fingerprints) > 0


def test_a_violation_is_at_the_first_side() -> None:
    found = {violation["fingerprint"]: violation for violation in violations(example_judgement())}
    assert found["pip001-9acf02d391cc"] == {
        "description": "assistant and billing disagree on flask: >=3.1 against <3 (new)",
        "check_name": "PIP001",
        "fingerprint": "pip001-9acf02d391cc",
        "severity": "critical",
        "location": {"path": "services/assistant/requirements.in", "lines": {"begin": 2}},
    }


def test_severity_follows_the_gate() -> None:
    judgement = example_judgement()
    found = {violation["fingerprint"]: violation["severity"] for violation in violations(judgement)}
    told = [found[finding.conflict.id] for finding in judgement.findings[:6]]
    assert told == ["critical", "info", "info", "info", "major", "critical"]


def test_remarks_on_a_line_are_violations() -> None:
    (remark,) = [v for v in violations(example_judgement()) if v["check_name"].startswith("GATE")]
    assert (remark["check_name"], remark["location"]["path"], remark["location"]["lines"]["begin"]) == (
        "GATE004",
        "cohabit.toml",
        12,
    )


@given(texts, texts, texts, texts)
@settings(max_examples=EXAMPLES, deadline=None)
def test_nothing_in_the_inputs_forges_a_violation(name: str, other: str, file: str, text: str) -> None:
    judgement = judgement_with(name, other, file, text)
    found = violations(judgement)
    assert [v["fingerprint"] for v in found if v["check_name"] == "PIP001"] == ["pip001-00000000beef"]
    assert len(found) == 2
    assert not set(INVISIBLE) & set(json.dumps(found, ensure_ascii=False))
    content = to_code_quality(judgement)
    assert not any(line.lstrip().startswith(b"::") for line in content.splitlines())
