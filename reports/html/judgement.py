"""What the gate makes of the Report: told at the top of the page, and by a mark at each conflict."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analyzer.gate.judgement import Finding, Judgement, Standing
from analyzer.gate.severity import Severity
from analyzer.verdict import Stance
from reports.finding_prose import graver_first, past, standing, verdict
from reports.html.cards import anchors
from reports.layout_prose import judged_layout, left_alone
from reports.prose import headline

LISTED = 500
"""Conflicts of a section that are named; the JSON report has all."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What stands at a conflict. ``tone`` is a class of the style sheet."""

    text: str
    tone: str


@dataclass(frozen=True, slots=True)
class Entry:
    """A conflict in a line: ``note`` says since when it is known, or who waived it."""

    code: str
    href: str
    text: str
    id: str
    note: str


@dataclass(frozen=True, slots=True)
class Section:
    """Conflicts that stand in one place with the gate; ``more`` says how many are not named."""

    title: str
    tone: str
    entries: tuple[Entry, ...]
    more: str


@dataclass(frozen=True, slots=True)
class Gate:
    """The gate's answer. ``remarks`` are code, sentence and place; ``marks`` are by a conflict's id."""

    title: str
    tone: str
    verdict: str
    terms: tuple[str, ...]
    sections: tuple[Section, ...]
    cleared: tuple[str, ...]
    remarks: tuple[tuple[str, str, str], ...]
    marks: Mapping[str, Mark]


def gate(judged: Judgement) -> Gate:
    """What the page says of a Judgement."""
    failing = {finding.conflict.id for finding in judged.failing}
    return Gate(
        *_answer(judged),
        verdict=f"{verdict(judged)[0].upper()}{verdict(judged)[1:]}.",
        terms=tuple(_terms(judged)),
        sections=tuple(_sections(judged, failing)),
        cleared=tuple(_cut(list(map(past, judged.gone)) or list(judged.cleared))),
        remarks=tuple((str(r.code), r.text, str(r.origin) if r.origin else "") for r in judged.remarks),
        marks={f.conflict.id: _mark(f, f.conflict.id in failing, judged) for f in judged.findings},
    )


def _answer(judged: Judgement) -> tuple[str, str]:
    if not judged.passed:
        return "The gate fails", "bad"
    return ("The gate passes as far as anything is known", "open") if judged.incomplete else ("The gate passes", "good")


def _terms(judged: Judgement) -> Iterator[str]:
    fleet = judged.report.fleet
    yield f"{judged_layout(fleet)}."
    if alone := left_alone(fleet):
        yield alone
    yield "Every lock is kept." if judged.stance is Stance.LOCKED else "Locks may move inside what is declared."
    if judged.compared_with:
        yield f"Compared with {judged.compared_with}."
    least = judged.fail_on
    yield "Nothing fails, whatever its severity." if least is Severity.OFF else f"What fails is at least: {least}."


_TITLES = {Standing.KNOWN: "Known", Standing.WAIVED: "Waived", Standing.APART: "Kept apart by the present layout"}


def _sections(judged: Judgement, failing: set[str]) -> Iterator[Section]:
    """What fails first, then what is new and below the threshold, then the rest."""
    where = dict(zip((c.id for c in judged.report.conflicts), anchors(judged.report), strict=True))
    ordered = graver_first(judged)
    fresh = [f for f in ordered if f.standing is Standing.NEW]
    new = "New" if judged.compared_with else "Found"
    yield from _section(f"{new}, and fails", "bad", [f for f in fresh if f.conflict.id in failing], where)
    yield from _section(f"{new}, below what fails", "open", [f for f in fresh if f.conflict.id not in failing], where)
    for place, title in _TITLES.items():
        yield from _section(title, "soft", [f for f in ordered if f.standing is place], where)


def _section(title: str, tone: str, findings: Sequence[Finding], where: Mapping[str, str]) -> Iterator[Section]:
    if findings:
        entries = tuple(_entry(finding, where) for finding in findings[:LISTED])
        more = f"and {len(findings) - LISTED} more, all in the JSON report" if len(findings) > LISTED else ""
        yield Section(f"{title} ({len(findings)})", tone, entries, more)


def _entry(finding: Finding, where: Mapping[str, str]) -> Entry:
    conflict = finding.conflict
    says_more = finding.standing is Standing.WAIVED or (finding.standing is Standing.KNOWN and finding.since)
    note = standing(finding, "") if says_more else ""
    return Entry(str(conflict.code), where[conflict.id], headline(conflict), conflict.id, note)


def _mark(finding: Finding, fails: bool, judged: Judgement) -> Mark:
    if fails:
        return Mark("new, fails the gate" if judged.compared_with else "fails the gate", "bad")
    if finding.counts:
        return Mark(f"{finding.severity}, does not fail the gate", "open")
    return Mark(standing(finding, judged.compared_with), "soft")


def _cut(lines: Sequence[str]) -> Iterator[str]:
    yield from lines[:LISTED]
    if len(lines) > LISTED:
        yield f"and {len(lines) - LISTED} more, all in the JSON report"
