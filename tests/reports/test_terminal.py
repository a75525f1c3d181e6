"""The terminal report: read at two widths, and safe whatever the inputs are called."""

from __future__ import annotations

import dataclasses
import io
import re
import shlex
import subprocess
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from analyzer.prices.change import Change, Place
from analyzer.prices.price import Saving
from analyzer.report import Report
from analyzer.verdict import Code, Conflict, Stance, Undecided
from reports.plain_text import ascii_only, brief, plain, whole
from reports.remedies import remedies
from reports.terminal import render_terminal, to_explanation_text, to_fleet_text, to_plan_text, to_terminal_text
from reports.terminal.replay import broken
from tests.reports.example import HOSTILE, example_report, hostile_report
from tests.reports.installed import installed_report

GOLDEN = Path(__file__).parent / "golden"
Golden = Callable[[Path, bytes], None]


@pytest.mark.parametrize("width", [80, 140])
def test_golden(width: int, golden: Golden) -> None:
    golden(GOLDEN / f"terminal-{width}.txt", to_terminal_text(example_report(), width, color=False).encode())


def test_golden_of_installed_packages(golden: Golden) -> None:
    golden(GOLDEN / "terminal-installed.txt", to_terminal_text(installed_report(), 100, color=False).encode())


@pytest.mark.parametrize("width", [60, 80, 109, 110, 140, 300])
def test_lines_fit_and_end_without_blanks(width: int) -> None:
    text = to_terminal_text(example_report(), width, color=False)
    assert "  replay " not in text
    for line in text.split("\n"):
        assert line == line.rstrip()
        assert len(line) <= width


def test_plans_stand_side_by_side_where_there_is_room() -> None:
    def together(width: int) -> bool:
        lines = to_terminal_text(example_report(), width, color=False).split("\n")
        return any("As locked: 5 containers" in line and "After re-locking: 3 containers" in line for line in lines)

    assert (together(109), together(110)) == (False, True)


def test_commands_can_be_copied() -> None:
    text = re.sub(r" \\\n +", " ", to_terminal_text(example_report(), 60, color=False, verbose=True))
    replayed = [c.replay for c in example_report().conflicts if c.replay and c.stance == "declared"]
    assert replayed
    assert all(f"  replay    {line}\n" in text for command in replayed for line in command.split("\n")[:1])


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=12), max_size=9))
@settings(max_examples=60, deadline=None)
def test_a_broken_command_is_the_same_command(words: list[str]) -> None:
    command = shlex.join(["printf", "%s\\0", "", *words])
    lines = broken(command, 20)
    told = [subprocess.run(["/bin/sh", "-c", text], capture_output=True).stdout for text in (command, "\n".join(lines))]
    assert told[0] == told[1]
    assert b"".join(word.encode() + b"\0" for word in words) in told[0]


def test_a_command_breaks_before_what_joins_it() -> None:
    assert broken("printf 'a && b' > x && printf c | uv pip compile -", 40) == [
        "printf 'a && b' > x \\",
        "  && printf c \\",
        "  | uv pip compile -",
    ]
    assert broken("cat <<EOF\na b c\nEOF", 5) == ["cat <<EOF", "a b c", "EOF"]


def test_commits_are_told_briefly_and_quoted_whole() -> None:
    commit, digest = "0123456789abcdef" * 2 + "01234567", "f" * 64
    assert brief(f"v1 (commit {commit}) sha256:{digest}") == f"v1 (commit 0123456789ab…) sha256:{'f' * 12}…"
    assert brief(commit + "0") == commit + "0"


def flask_conflict() -> Conflict:
    conflicts = example_report().conflicts
    return next(c for c in conflicts if c.services == ("accounts", "billing") and c.code is Code.VERSION)


def saved_by(change: Change) -> Report:
    """The example where one Change saves an environment."""
    prices = dataclasses.replace(example_report().price_list, savings=(Saving(change, 3, 2, proven=True),))
    return dataclasses.replace(example_report(), price_list=prices)


def test_a_verified_change_that_ends_a_conflict_is_its_first_way_out() -> None:
    flask = flask_conflict().packages[0]
    first, *_ = remedies(saved_by(Change(Place("billing", flask), "<3,>=2", ">=3.1")), flask_conflict())
    assert first == "Change flask in billing (money) from >=2,<3 to >=3.1: 3 containers become 2."


@pytest.mark.parametrize(
    ("service", "after", "package"),
    [("billing", "<2.3", "flask"), ("ads", ">=3.1", "flask"), ("billing", ">=3.1", "jinja2")],
    ids=["would clash all the same", "of another service", "of another package"],
)
def test_other_changes_are_no_way_out(service: str, after: str, package: str) -> None:
    place = Place(service, dataclasses.replace(flask_conflict().packages[0], name=package))
    ways = list(remedies(saved_by(Change(place, "<3", after)), flask_conflict()))
    assert not any("become" in way for way in ways)


def test_a_change_ends_no_conflict_about_more_packages() -> None:
    flask = flask_conflict().packages[0]
    wider = dataclasses.replace(flask_conflict(), packages=(flask, dataclasses.replace(flask, name="jinja2")))
    ways = list(remedies(saved_by(Change(Place("billing", flask), "<3", ">=3.1")), wider))
    assert not any("become" in way for way in ways)


@pytest.mark.parametrize(
    ("moment", "told"),
    [
        ("2026-08-24T00:00:00Z", "index to the end of 2026-08-23"),
        ("2026-03-01T00:00:00Z", "index to the end of 2026-02-28"),
        ("2026-08-24T12:30:00Z", "index as of 2026-08-24T12:30:00Z"),
        ("a day", "index as of a day"),
    ],
)
def test_the_day_of_the_index(moment: str, told: str) -> None:
    assert told in to_terminal_text(dataclasses.replace(example_report(), asked_as_of=moment), 100, color=False)


def test_colour_changes_nothing_but_colour() -> None:
    from rich.text import Text

    plain = to_terminal_text(example_report(), 100, color=False)
    coloured = to_terminal_text(example_report(), 100, color=True)
    assert "\x1b[" in coloured
    assert Text.from_ansi(coloured).plain.rstrip("\n") == plain.rstrip("\n")


def printed(encoding: str, environment: dict[str, str], terminal: bool) -> str:
    class Stream(io.TextIOWrapper):
        def isatty(self) -> bool:
            return terminal

    stream = Stream(io.BytesIO(), encoding=encoding)
    console = Console(file=stream, _environ=environment, legacy_windows=False)
    render_terminal(example_report(), console)
    stream.flush()
    return stream.buffer.getvalue().decode(encoding)  # type: ignore[attr-defined,no-any-return]


@pytest.mark.parametrize(
    ("environment", "terminal"),
    [
        ({"TERM": "xterm-256color", "COLUMNS": "90"}, False),
        ({"TERM": "dumb"}, True),
        ({"TERM": "unknown", "COLUMNS": "90"}, True),
        ({"TERM": "xterm-256color", "NO_COLOR": "1", "FORCE_COLOR": "1", "COLUMNS": "90"}, False),
        ({"TERM": "xterm-256color", "NO_COLOR": "1", "COLUMNS": "90"}, True),
    ],
    ids=["pipe", "dumb", "unknown", "NO_COLOR before FORCE_COLOR", "NO_COLOR"],
)
def test_no_colours(environment: dict[str, str], terminal: bool) -> None:
    text = printed("utf-8", environment, terminal)
    assert "\x1b[3" not in text
    assert "╭─ services" in text.replace("\x1b[0m", "")


def test_a_terminal_gets_colours() -> None:
    assert "\x1b[1;31m" in printed("utf-8", {"TERM": "xterm-256color", "COLUMNS": "90"}, True)


def test_a_pipe_gets_colours_where_they_are_forced() -> None:
    assert "\x1b[1;31m" in printed("utf-8", {"TERM": "xterm", "FORCE_COLOR": "1", "COLUMNS": "90"}, False)


@pytest.mark.parametrize("width", [80, 100, 140, 200])
def test_the_width_is_the_one_of_the_terminal(width: int) -> None:
    lines = printed("utf-8", {"COLUMNS": str(width)}, False).splitlines()
    assert 0.8 * min(width, 120) < max(map(len, lines)) <= width


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252", "cp437", "cp850"])
def test_ascii_where_the_encoding_is_no_unicode_one(encoding: str) -> None:
    text = printed(encoding, {"COLUMNS": "90"}, False)
    assert text.isascii()
    assert ",- services/accounts/requirements.in:2" in text


@pytest.mark.parametrize("color", [False, True])
@pytest.mark.parametrize("width", [30, 80, 140])
def test_hostile_names_cannot_steer_the_terminal(width: int, color: bool) -> None:
    text = to_terminal_text(hostile_report(), width, color, verbose=True)
    for start in ("\x1b[0m", "\x1b[1m", "\x1b[2m"):
        text = text.replace(start, "")
    categories = {unicodedata.category(c) for c in text if c not in "\n\x1b"}
    assert not categories & {"Cc", "Cf", "Cs", "Zl", "Zp"}
    assert "\x1b[31mred" not in text
    assert "::error" not in text


def test_markup_in_names_is_text() -> None:
    assert "[/red][bold]" in to_terminal_text(hostile_report(), 200, color=False)


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_visible_text_is_printable_and_on_one_line(text: str) -> None:
    shown = plain(text)
    assert all(unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"} for c in shown)
    assert ascii_only(shown).isascii()
    assert plain(shown) == shown


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain-name_1.0", "plain-name_1.0"),
        ("naïve 名前", "naïve 名前"),
        ("a\x1b[31mb\r\n", "a\\x1b[31mb\\r\\n"),
        ("pay\u202egnillib", "pay\\u202egnillib"),
        ("\ud800", "\\ud800"),
        ("\u3164", "\\u3164"),
        ("::error ::warning a::1", "\\x3a:error \\x3a:warning a::1"),
        ("##[error] ##vso[x] ##teamcity[y] ## z", "\\x23#[error] \\x23#vso[x] \\x23#teamcity[y] ## z"),
        ("x" * 300, "x" * 80 + "[…140 characters…]" + "x" * 80),
    ],
)
def test_visible(text: str, expected: str) -> None:
    assert plain(text) == expected


def test_whole_keeps_lines_and_length() -> None:
    assert whole("cat <<EOF\n" + "x" * 300 + "\x1b\nEOF") == "cat <<EOF\n" + "x" * 300 + "\\x1b\nEOF"


def test_hostile_names_are_as_nasty_as_this_test_believes() -> None:
    assert any("\x1b" in name for name in HOSTILE)
    assert any("\u202e" in name for name in HOSTILE)


def many(conflict: Conflict, number: int) -> tuple[Conflict, ...]:
    return tuple(dataclasses.replace(conflict, id=f"copy-{n}") for n in range(number))


def test_repetition_is_named_and_explained_only_on_demand() -> None:
    report = example_report()
    version = next(c for c in report.conflicts if c.code is Code.VERSION)
    crowded = dataclasses.replace(report, conflicts=many(version, 30))
    short = to_terminal_text(crowded, 100, color=False)
    assert (short.count("  why "), short.count("copy-")) == (3, 15)
    assert "and 15 more, all in the JSON report" in short
    assert to_terminal_text(crowded, 100, color=False, verbose=True).count("  why ") == 30


def test_lock_only_conflicts_that_are_not_plain_versions_are_named() -> None:
    report = example_report()
    lock = next(c for c in report.conflicts if c.code is Code.LOCK)
    odd = dataclasses.replace(lock, requirements=lock.requirements[:1])
    text = to_terminal_text(dataclasses.replace(report, conflicts=(odd,)), 100, color=False)
    assert f"PIP004 accounts and ads lock different versions of certifi  {odd.id}" in text


def test_undecided_sets_are_counted_beyond_ten() -> None:
    report = example_report()
    item = report.undecided[0]
    open_sets = tuple(Undecided(("a", f"s{n}"), item.stance, item.reason) for n in range(14))
    crowded = dataclasses.replace(report, undecided=open_sets)
    assert "\n    and 4 more\n" in to_terminal_text(crowded, 100, color=False)
    assert "a and s13 (as locked)" in to_terminal_text(crowded, 100, color=False, verbose=True)


def test_groups_with_a_service_that_is_undecided_alone_are_counted() -> None:
    report = example_report()
    item = report.undecided[0]
    groups = [("a",), ("a", "b"), ("a", "c"), ("b", "c")]
    unclear = dataclasses.replace(
        report, undecided=tuple(Undecided(group, item.stance, item.reason) for group in groups)
    )
    text = to_terminal_text(unclear, 100, color=False)
    assert "a (as locked)\n    b and c (as locked)\n    2 groups with services that are undecided even alone" in text
    assert "a is undecided even alone." in text


def test_what_is_left_out_by_rule_is_counted_or_listed() -> None:
    reason = "a development group"
    assert reason not in to_terminal_text(example_report(), 100, color=False)
    assert "1 more item left out by rule" in to_terminal_text(example_report(), 100, color=False)
    assert reason in to_terminal_text(example_report(), 100, color=False, verbose=True)


def test_nothing_found_reads_well() -> None:
    report = example_report()
    fleet = dataclasses.replace(report.fleet, services=(), skipped=())
    empty = dataclasses.replace(report, fleet=fleet, conflicts=(), compatible=(), undecided=(), plans={})
    text = to_terminal_text(empty, 80, color=False)
    assert text.startswith("cohabit  webshop\n  0 services examined.\n")
    assert "0 declared conflicts · 0 lock-only conflicts · 0 undecided · 0 not examined" in text


def test_the_plan_alone() -> None:
    text = to_plan_text(example_report())
    assert "As locked: 5 containers" in text
    assert "why" not in text


def test_one_way_to_both_plans_is_told_once() -> None:
    report = example_report()
    steps = report.plans[Stance.RELOCKED].migration
    assert to_terminal_text(report, 100, color=False).count("Getting there") == 2
    alike = {stance: dataclasses.replace(plan, migration=steps) for stance, plan in report.plans.items()}
    text = to_terminal_text(dataclasses.replace(report, plans=alike), 100, color=False)
    assert text.count("Getting there") == 1
    assert "Getting there, as locked or after re-locking\n" in text


def test_an_explanation_answers_first_and_explains_every_conflict() -> None:
    text = to_explanation_text(example_report())
    assert "As locked: no, because of 16 conflicts.\n  After re-locking: no, because of 8 conflicts.\n" in text
    assert text.count("  why ") == len(example_report().conflicts)


def narrowed(*services: str) -> Report:
    report = example_report()
    fleet = dataclasses.replace(
        report.fleet, services=tuple(s for s in report.fleet.services if s.name in services), skipped=()
    )
    within = [group for group in report.compatible if set(group.services) <= set(services)]
    return dataclasses.replace(report, fleet=fleet, conflicts=(), compatible=tuple(within), undecided=(), plans={})


def test_an_explanation_of_services_that_fit() -> None:
    text = to_explanation_text(narrowed("accounts", "basket"))
    assert "cohabit  accounts and basket\n" in text
    assert (
        "As locked: yes, with every lock kept.\n  After re-locking: yes, re-locked, 1 locked version moved.\n" in text
    )


def test_an_explanation_without_an_answer() -> None:
    text = to_explanation_text(narrowed("basket", "loadgen"))
    assert "As locked: undecided.\n  After re-locking: undecided.\n" in text


def test_a_fleet_is_listed_with_its_evidence() -> None:
    text = to_fleet_text(example_report().fleet)
    assert "cohabit  webshop  12 services\n" in text
    assert "accounts  services/accounts\n  runs on  Python 3.12, debian:12, x86_64\n" in text
    assert "  pip      3 requirements, 3 versions locked\n" in text
    assert "  because  services/accounts holds requirements.in\n" in text
    assert "a development group" in text


def test_a_hostile_fleet_is_listed_safely() -> None:
    assert "\x1b" not in to_fleet_text(hostile_report().fleet)
