"""Judgements of the example Reports: with everything that a gate can say, and with hostile names."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from analyzer.gate.judgement import Age, Finding, Judgement, Note, Remark
from analyzer.gate.severity import Severity
from analyzer.gate.waiver import Waiver
from analyzer.origin import Origin
from analyzer.report import Report
from analyzer.verdict import Stance
from tests.reports.example import HOSTILE, example_report, hostile_report
from tests.reports.installed import installed_report

EXPIRING = Waiver("moves in Q1", "money", date(2027, 1, 31), Origin("cohabit.toml", 12, "[[waiver]]"))


def plain_judgement(report: Report, stance: Stance = Stance.RELOCKED) -> Judgement:
    """What nothing but the Report says: every conflict is new and an error."""
    return Judgement(report, stance, tuple(Finding(c, Severity.ERROR, True) for c in report.conflicts_under(stance)))


def rich_judgement(report: Report, waiver: Waiver = EXPIRING, compared_with: str = "main") -> Judgement:
    """A Finding of each kind, Remarks, a comparison, something cleared."""
    findings = list(plain_judgement(report).findings)
    conflicts = [finding.conflict for finding in findings]
    findings[1] = Finding(conflicts[1], Severity.ERROR, True, Age.KNOWN, "2026-01-02")
    findings[2] = Finding(conflicts[2], Severity.ERROR, True, waiver=waiver)
    findings[3] = Finding(conflicts[3], Severity.ERROR, False)
    findings[4] = Finding(conflicts[4], Severity.WARNING, True)
    remarks = (
        Remark(Note.TOO_MANY, Severity.ERROR, "The plan needs 3 containers, 2 are allowed."),
        Remark(Note.EXPIRING, Severity.WARNING, f"The waiver of {waiver.owner} expires in 3 days.", waiver.origin),
    )
    cleared = ("pip001-0123456789ab",)
    return Judgement(report, Stance.RELOCKED, tuple(findings), remarks, Severity.ERROR, compared_with, cleared, True)


def example_judgement() -> Judgement:
    return rich_judgement(example_report())


def hostile_judgement(text: str = "".join(HOSTILE)) -> Judgement:
    waiver = Waiver(text, text, date(2027, 1, 31), Origin(text, 3, text))
    return rich_judgement(hostile_report(), waiver, text)


def judgements() -> Iterator[tuple[str, Judgement]]:
    """All of them, by name."""
    yield "example", example_judgement()
    yield "installed", plain_judgement(installed_report())
    yield "as locked", plain_judgement(example_report(), Stance.LOCKED)
    yield "hostile", hostile_judgement()
