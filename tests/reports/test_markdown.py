"""Markdown for pull requests and job summaries: what is new first, within the limits, nothing forged."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt

from analyzer.gate.judgement import Judgement
from analyzer.gate.past import Known
from reports import markdown_summary
from reports.markdown_summary import COMMENT, JOB_SUMMARY, to_comment, to_job_summary
from tests.hostile import EXAMPLES
from tests.reports.example import example_report
from tests.reports.hostile_text import INVISIBLE, judgement_with, texts
from tests.reports.judgements import example_judgement, judgements, plain_judgement
from tests.reports.read_back import ID, in_markdown, left_out_of_markdown

JUDGEMENTS = dict(judgements())
MARKDOWN = MarkdownIt("commonmark")
_LINE = re.compile(rf"^<p><code>[A-Z]+\d+</code> <code>[^<>]*</code> <code>{ID.pattern}</code></p>$")
_SUMMARY = re.compile(
    r"<details><summary>(<code>[A-Z]+\d+</code> <code>[^<>]*</code>|Undecided or not examined)</summary>"
)


def told_ids(text: str) -> list[str]:
    return in_markdown(text.encode())


def headings(text: str) -> list[str]:
    tokens = MARKDOWN.parse(text)
    return [tokens[number + 1].content for number, token in enumerate(tokens) if token.type == "heading_open"]


def test_what_is_new_known_waived_kept_apart_and_cleared() -> None:
    text = to_comment(example_judgement()).decode()
    assert headings(text) == [
        "cohabit: the gate does not pass",
        "New (5)",
        "Known (1)",
        "Waived (1)",
        "Kept apart by the present layout (1)",
        "Cleared (1)",
    ]
    assert (
        "5 findings fail the gate, 1 known, 1 waived, 1 cleared, not everything could be decided. Compared with `main`."
        in text
    )
    assert "After re-locking, 3 containers will do" in text
    assert "- Move flask in billing (money) from <3 to >=3.1: 3 containers become 2" in text


def test_what_is_cleared_is_told_as_it_was() -> None:
    judgement = example_judgement()
    known = Known("pip001-0123456789ab", "PIP001", ("billing", "search"), ("pypi/flask",))
    text = to_comment(replace(judgement, gone=(known,))).decode()
    assert "PIP001 billing and search about pypi/flask (pip001-0123456789ab)\n" in text


def test_lines_need_no_scrolling() -> None:
    text = to_comment(JUDGEMENTS["installed"]).decode()
    fences = [token.content for token in MARKDOWN.parse(text) if token.type == "fence"]
    assert max(len(line) for fence in fences for line in fence.splitlines()) <= 110


def test_nothing_compared_nothing_said_of_it() -> None:
    text = to_comment(plain_judgement(example_report())).decode()
    assert headings(text) == ["cohabit: the gate does not pass", "New (8)"]
    assert "Compared with" not in text


def test_a_gate_that_passes_says_so() -> None:
    text = to_comment(replace(plain_judgement(example_report()), findings=())).decode()
    assert headings(text) == ["cohabit: the gate passes"]
    assert "Nothing fails." in text


def test_what_is_undecided_is_not_told_as_passed() -> None:
    judgement = replace(example_judgement(), findings=(), remarks=())
    text = to_comment(judgement).decode()
    assert headings(text)[0] == "cohabit: the gate passes as far as anything is known"
    assert "basket with loadgen stayed undecided: offline" in text
    assert "ledger: Pipfile (services/ledger/Pipfile:3) was skipped: is not UTF-8" in text


@pytest.mark.parametrize("name", JUDGEMENTS)
def test_limits_hold_and_summaries_tell_all(name: str) -> None:
    judgement = JUDGEMENTS[name]
    comment, summary = to_comment(judgement).decode(), to_job_summary(judgement)
    assert len(comment) <= COMMENT and len(summary) <= JOB_SUMMARY
    assert sorted(told_ids(summary.decode())) == sorted(finding.conflict.id for finding in judgement.findings)


@pytest.mark.parametrize("room", [800, 1_500, 3_000, 6_000, 20_000])
def test_what_does_not_fit_is_told_in_a_line_and_then_by_number(room: int, monkeypatch: pytest.MonkeyPatch) -> None:
    judgement = JUDGEMENTS["installed"]
    monkeypatch.setattr(markdown_summary, "COMMENT", room)
    text = to_comment(judgement).decode()
    assert len(text) <= room
    assert len(told_ids(text)) + left_out_of_markdown(text.encode()) == len(judgement.findings)


def test_long_texts_of_the_gate_leave_room_for_conflicts() -> None:
    judgement = example_judgement()
    remarks = tuple(replace(judgement.remarks[0], text=f"{number} {'x ' * 400}") for number in range(200))
    text = to_comment(replace(judgement, remarks=remarks)).decode()
    assert len(text) <= COMMENT
    assert told_ids(text)


@given(texts, texts, texts, texts)
@settings(max_examples=EXAMPLES, deadline=None)
def test_nothing_in_the_inputs_forges_anything(name: str, other: str, file: str, text: str) -> None:
    check_forgery(to_comment(judgement_with(name, other, file, text)).decode())


def test_hostile_reports_forge_nothing() -> None:
    content = to_job_summary(JUDGEMENTS["hostile"]).decode()
    assert not set(INVISIBLE) & set(content)
    for token in MARKDOWN.parse(content):
        check_token(token.type, token.content)


def check_forgery(content: str) -> None:
    assert not set(INVISIBLE) & set(content)
    assert headings(content) == ["cohabit: the gate does not pass", "New (1)"]
    assert told_ids(content) == ["pip001-00000000beef"]
    for token in MARKDOWN.parse(content):
        check_token(token.type, token.content)
        for child in token.children or ():
            assert child.type not in {"link_open", "image", "html_inline"}
            assert child.type == "code_inline" or not re.search(r"[@#<]|https?:", child.content)


def check_token(kind: str, content: str) -> None:
    """HTML that is ours to the letter, and no block that we do not write."""
    assert kind != "code_block"
    if kind == "html_block":
        line = content.strip()
        assert line == "</details>" or _SUMMARY.fullmatch(line) or _LINE.match(line), line


def test_judgements_of_one_report_are_deterministic() -> None:
    judgement: Judgement = example_judgement()
    shuffled = replace(judgement, findings=tuple(reversed(judgement.findings)))
    assert to_comment(judgement) == to_comment(shuffled)
