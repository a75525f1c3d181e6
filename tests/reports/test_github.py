"""GitHub annotations: commands that the runner reads as meant, ten of a kind, and none of the inputs' own."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, replace

import pytest
from hypothesis import given, settings

from analyzer.gate.judgement import Judgement
from analyzer.origin import Origin
from reports.github_annotations import SHOWN, Annotation, command, to_annotations
from tests.hostile import EXAMPLES
from tests.reports.hostile_text import INVISIBLE, judgement_with, texts
from tests.reports.judgements import example_judgement, judgements
from tests.reports.read_back import ID, in_github

JUDGEMENTS = dict(judgements())
END = re.compile(rf"\nid: ({ID.pattern})$")


@dataclass(frozen=True)
class Command:
    """What the runner makes of a line (``ActionCommand.TryParseV2`` of actions/runner)."""

    name: str
    properties: dict[str, str]
    data: str


def obeyed(line: str) -> Command | None:
    """The line as the runner reads it: a command wherever one can begin, after blanks, or the older ``##[``."""
    assert "##[" not in line
    line = line.lstrip()
    if not line.startswith("::") or "::" not in line[2:]:
        return None
    head, _, data = line[2:].partition("::")
    name, _, told = head.partition(" ")
    properties = dict(part.partition("=")[::2] for part in told.split(",") if part)
    values = {key: _unescaped(value, "%3A", "%2C") for key, value in properties.items()}
    return Command(name, values, _unescaped(data))


def _unescaped(text: str, *more: str) -> str:
    for escape in ("%0D", "%0A", *more, "%25"):
        text = text.replace(escape, chr(int(escape[1:], 16)))
    return text


def commands(judgement: Judgement) -> list[Command]:
    found = map(obeyed, to_annotations(judgement).decode().split("\n"))
    return [command for command in found if command is not None]


def test_an_annotation_is_at_the_first_side() -> None:
    found = next(c for c in commands(example_judgement()) if "pip001-9acf02d391cc" in c.data)
    assert found.name == "error"
    assert found.properties == {
        "file": "services/assistant/requirements.in",
        "line": "2",
        "title": "PIP001 direct requirements exclude one another",
    }
    assert found.data.split("\n")[0] == "assistant and billing disagree on flask: >=3.1 against <3 (new)"


def test_kinds_follow_the_gate() -> None:
    judgement = example_judgement()
    kinds = {END.search(c.data)[1]: c.name for c in commands(judgement) if END.search(c.data)}  # type: ignore[index]
    told = [kinds[finding.conflict.id] for finding in judgement.findings[:6]]
    assert told == ["error", "notice", "notice", "notice", "warning", "error"]


@pytest.mark.parametrize("name", JUDGEMENTS)
def test_ten_of_a_kind_and_the_rest_in_the_log(name: str) -> None:
    judgement = JUDGEMENTS[name]
    assert max(Counter(c.name for c in commands(judgement)).values()) <= SHOWN
    assert sorted(in_github(to_annotations(judgement))) == sorted(finding.conflict.id for finding in judgement.findings)


def test_the_tenth_says_how_many_more_there_are() -> None:
    judgement = JUDGEMENTS["hostile"]
    errors = [c for c in commands(judgement) if c.name == "error"]
    total = len(judgement.failing) + len(judgement.failing_remarks)
    assert (len(errors), errors[-1].properties["title"]) == (SHOWN, f"And {total - SHOWN + 1} more")


def test_exactly_ten_are_all_shown() -> None:
    judgement = JUDGEMENTS["hostile"]
    judgement = replace(judgement, findings=judgement.failing[:SHOWN], remarks=())
    assert [END.search(c.data) is not None for c in commands(judgement)] == [True] * SHOWN


def test_the_last_line_is_the_gate_s_answer() -> None:
    last = to_annotations(example_judgement()).decode().splitlines()[-1]
    assert last == "cohabit: 5 findings fail the gate, 1 known, 1 waived, 1 cleared, not everything could be decided"


@given(texts, texts, texts)
@settings(max_examples=EXAMPLES)
def test_a_command_says_what_was_meant(file: str, title: str, text: str) -> None:
    line = command(Annotation("error", title, (text, "second"), Origin(file, 3)))
    assert "\n" not in line and "\r" not in line
    found = obeyed(line)
    assert found is not None and found.name == "error"
    assert set(found.properties) == {"file", "line", "title"} and found.properties["line"] == "3"
    assert found.data.endswith("\nsecond") and found.data.count("\n") == 1


@given(texts, texts, texts, texts)
@settings(max_examples=EXAMPLES, deadline=None)
def test_nothing_in_the_inputs_forges_a_command(name: str, other: str, file: str, text: str) -> None:
    judgement = judgement_with(name, other, file, text)
    assert [(c.name, c.properties["title"].split()[0]) for c in commands(judgement)] == [
        ("error", "PIP001"),
        ("warning", "GATE003"),
    ]
    assert in_github(to_annotations(judgement)) == ["pip001-00000000beef"]
    assert not set(INVISIBLE) & set(to_annotations(judgement).decode())
