"""Markdown for people: a comment on a pull request, or the summary of a job.

What comes from the inputs stands in code, in HTML or between fences, where a renderer makes no links, mentions or
markup of it. What does not fit is told in one line each, and then by number, the gravest first.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from html import escape
from textwrap import wrap

from analyzer.gate.judgement import Finding, Judgement, Standing
from reports.argument import enumeration
from reports.finding_prose import full_text, graver_first, past, verdict
from reports.layout_prose import judged_layout, left_alone
from reports.plain_text import plain
from reports.price_prose import change, saving, sentence
from reports.prose import count, headline, names, skipped, summary

COMMENT = 65_536
"""Characters of a comment on GitHub."""

JOB_SUMMARY = 1_048_576
"""Bytes of a step's part of a job summary (GitHub Docs, "Workflow commands": 1 MiB)."""

_FOR_ENDING = 600
_MOST_OPEN = 50
_MOST_SAVINGS = 3
_MOST_NAMES = 6
_WIDTH = 110
_FENCE = re.compile(r"`{3,}")


def to_comment(judgement: Judgement) -> bytes:
    """Markdown of at most ``COMMENT`` characters in UTF-8."""
    return _rendered(judgement, COMMENT, len).encode()


def to_job_summary(judgement: Judgement) -> bytes:
    """Markdown of at most ``JOB_SUMMARY`` bytes of UTF-8."""
    return _rendered(judgement, JOB_SUMMARY, _bytes).encode()


def _bytes(text: str) -> int:
    return len(text.encode())


class _Page:
    """Parts of a text that together stay below a limit."""

    def __init__(self, room: int, size: Callable[[str], int]) -> None:
        self.parts: list[str] = []
        self._room, self._size = room, size

    def add(self, forms: Iterable[str], spare: int = 0) -> bool:
        """Add the first of ``forms`` that leaves ``spare`` room; whether there was one."""
        told = next((form for form in forms if self._size(form) <= self._room - spare), None)
        if told is not None:
            self.parts.append(told)
            self._room -= self._size(told)
        return told is not None


def _rendered(judgement: Judgement, limit: int, size: Callable[[str], int]) -> str:
    page = _Page(limit - _FOR_ENDING, size)
    page.add([_head(judgement)])
    # What the page is for are the conflicts: half of it is theirs.
    remarks = sum(not page.add([remark], spare=limit // 2) for remark in _remarks(judgement))
    page.add([_numbers(judgement)], spare=limit // 2)
    page.add(_open(judgement), spare=limit // 2)
    conflicts = sum(_left_out(page, title, findings, judgement) for title, findings in _sections(judgement))
    page.add(_cleared(judgement))
    return "".join((*page.parts, *_ending({"conflict": conflicts, "remark": remarks})))


def _left_out(page: _Page, title: str, findings: Sequence[Finding], judgement: Judgement) -> int:
    """Add a section to the page; how many of its Findings did not fit."""
    shown = page.add([title])
    for position, finding in enumerate(findings):
        if not (shown and page.add(_forms(finding, judgement))):
            return len(findings) - position
    return 0


def _head(judgement: Judgement) -> str:
    so_far = "passes as far as anything is known" if judgement.incomplete else "passes"
    mark = so_far if judgement.passed else "does not pass"
    against = f" Compared with {_code(judgement.compared_with)}." if judgement.compared_with else ""
    layout, alone = judged_layout(judgement.report.fleet), left_alone(judgement.report.fleet)
    told = f"{verdict(judgement)[0].upper()}{verdict(judgement)[1:]}.{against} {layout}."
    told += f" {_code(alone)}" if alone else ""
    return f"## cohabit: the gate {mark}\n\n{told}\n\n"


def _remarks(judgement: Judgement) -> Iterator[str]:
    for remark in judgement.remarks:
        place = f" {_code(str(remark.origin))}" if remark.origin else ""
        yield f"- **{remark.code}** ({remark.severity}) {_code(remark.text)}{place}\n\n"


def _numbers(judgement: Judgement) -> str:
    report = judgement.report
    savings = [f"- {sentence(change(report, s.change))}: {saving(report, s)}" for s in report.price_list.savings]
    helpful = ["", "What would save most:", *savings[:_MOST_SAVINGS]] if savings else []
    return f"{_fenced([*summary(report), *helpful])}\n"


def _open(judgement: Judgement) -> Iterator[str]:
    lines = [*_undecided(judgement), *_skipped(judgement)]
    if lines:
        more = [f"and {len(lines) - _MOST_OPEN} more"] if len(lines) > _MOST_OPEN else []
        block = _fenced([*lines[:_MOST_OPEN], *more])
        yield f"<details><summary>Undecided or not examined</summary>\n\n{block}\n</details>\n\n"


def _undecided(judgement: Judgement) -> Iterator[str]:
    """What stayed undecided, by reason: one that concerns a Service often concerns all its pairs."""
    sets: dict[str, list[str]] = defaultdict(list)
    for item in judgement.report.undecided:
        if item.stance is judgement.stance:
            sets[item.reason].append(" with ".join(item.services))
    for reason, found in sets.items():
        yield f"{names(found, _MOST_NAMES)} stayed undecided: {reason}"


def _skipped(judgement: Judgement) -> Iterator[str]:
    for of, item in skipped(judgement.report.fleet):
        if item.incomplete:
            yield f"{f'{of}: ' if of else ''}{item.what} ({item.origin}) was skipped: {item.reason}"


def _sections(judgement: Judgement) -> Iterator[tuple[str, Sequence[Finding]]]:
    for title, standing in _SECTIONS.items():
        findings = [f for f in graver_first(judgement) if f.standing is standing]
        if findings:
            yield f"### {title} ({len(findings)})\n\n", findings


def _cleared(judgement: Judgement) -> Iterator[str]:
    if judgement.cleared:
        title = f"### Cleared ({len(judgement.cleared)})\n\n"
        more = len(judgement.cleared) - _MOST_OPEN
        lines = list(map(past, judgement.gone)) or list(judgement.cleared)
        shown = _fenced([*lines[:_MOST_OPEN], *([f"and {more} more"] if more > 0 else [])])
        yield f"{title}{shown}\n"
        yield title


_SECTIONS: Mapping[str, Standing] = {
    "New": Standing.NEW,
    "Known": Standing.KNOWN,
    "Waived": Standing.WAIVED,
    "Kept apart by the present layout": Standing.APART,
}


def _forms(finding: Finding, judgement: Judgement) -> Iterator[str]:
    """A Finding in full, then in a line."""
    conflict = finding.conflict
    line = f"<code>{conflict.code}</code> {_in_html(headline(conflict))}"
    full = _fenced(full_text(finding, judgement))
    yield f"<details><summary>{line}</summary>\n\n{full}\n</details>\n\n"
    yield f"<p>{line} <code>{conflict.id}</code></p>\n\n"


def _ending(left_out: Mapping[str, int]) -> Iterator[str]:
    told = [count(number, noun) for noun, number in left_out.items() if number]
    if told:
        yield f"{enumeration(told)} did not fit in here; the other reports of `cohabit` have them all.\n"


def _in_html(text: str) -> str:
    # Inside of <code> nobody looks for mentions and references.
    return f"<code>{escape(plain(text))}</code>"


def _code(text: str) -> str:
    """A code span (CommonMark 6.1) of one line, longer than any run of backticks in it."""
    shown = plain(text)
    fence = "`" * (max(map(len, re.findall("`+", shown)), default=0) + 1)
    gap = "" if shown.strip("` ") == shown != "" else " "
    return f"{fence}{gap}{shown}{gap}{fence}"


def _fenced(lines: Iterable[str]) -> str:
    """A fenced code block (CommonMark 4.5), its lines short enough to be read without scrolling."""
    shown = [part for line in lines for part in _wrapped(plain(line)) or [""]]
    fence = "`" * max((len(run) + 1 for line in shown for run in _FENCE.findall(line)), default=3)
    return "\n".join((f"{fence}text", *shown, fence, ""))


def _wrapped(line: str) -> list[str]:
    return wrap(line, _WIDTH, subsequent_indent=" " * 7, break_long_words=False, break_on_hyphens=False)
