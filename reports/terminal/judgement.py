"""The gate's answer for people: what fails first and in full, then what is known or waived, then the verdict."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import date

from rich.console import RenderableType
from rich.text import Text

from analyzer.gate.judgement import Finding, Judgement, Remark, Standing
from analyzer.gate.past import Known
from analyzer.gate.severity import Severity
from analyzer.report import Report
from analyzer.verdict import Stance
from reports.finding_prose import graver_first
from reports.layout_prose import judged_layout, left_alone
from reports.prose import count, headline, housing, names
from reports.terminal.clashes import heading
from reports.terminal.diagnostic import diagnostic
from reports.terminal.gaps import gaps
from reports.terminal.pen import Hanging, Pen, paragraph

IN_FULL = 20
"""Findings of a section that are explained; the others are named."""
IN_LINE = 50
"""Findings of a section that are named in a line each."""

_HOW = {
    Stance.LOCKED: "every lock is kept (--stance locked)",
    Stance.RELOCKED: "locks may move inside what is declared",
}
_STYLES = {Severity.ERROR: "code", Severity.WARNING: "warning", Severity.NOTE: "place", Severity.OFF: "quiet"}


def judgement(pen: Pen, judged: Judgement) -> Iterator[RenderableType]:
    """Everything that the gate says."""
    yield from _opening(pen, judged)
    yield from _fresh(pen, judged)
    yield from _folded(pen, "Waived", judged.standing(Standing.WAIVED), lambda f: _of_waiver(f, judged.today))
    yield from _folded(pen, "Known", _known(judged), lambda f: _age(f, judged))
    yield from _gone(pen, judged)
    yield from _remarks(pen, judged.remarks)
    yield from gaps(pen, _incomplete(judged.report), verbose=False)
    yield from _closing(pen, judged)


def _incomplete(report: Report) -> Report:
    """The Report without what was left out by rule: that is the audit's to tell."""
    fleet = report.fleet
    services = (replace(s, skipped=tuple(i for i in s.skipped if i.incomplete)) for s in fleet.services)
    kept = tuple(item for item in fleet.skipped if item.incomplete)
    return replace(report, fleet=replace(fleet, services=tuple(services), skipped=kept))


def _opening(pen: Pen, judged: Judgement) -> Iterator[RenderableType]:
    fleet = judged.report.fleet
    yield pen.join(pen.write("cohabit check", "label"), "  ", pen.write(fleet.name, "heading"))
    yield paragraph(pen.write(f"{judged_layout(fleet)}; {_HOW[judged.stance]}."), 2)
    if alone := left_alone(fleet):
        yield paragraph(pen.write(alone), 2)
    if judged.compared_with:
        yield paragraph(pen.write(f"Compared with {judged.compared_with}."), 2)
    yield Text()


def _fresh(pen: Pen, judged: Judgement) -> Iterator[RenderableType]:
    """What is new, or simply there: what fails, then what is below the threshold."""
    failing = set(map(id, judged.failing))
    counting = [f for f in graver_first(judged) if f.counts]
    below = [f for f in counting if id(f) not in failing]
    stop = [f for f in counting if id(f) in failing]
    title = _title(judged)
    yield from _explained(pen, judged, title, stop)
    yield from _explained(pen, judged, f"{title} below --fail-on {_threshold(judged.fail_on)}", below)


def _title(judged: Judgement) -> str:
    if judged.compared_with:
        return "New conflicts"
    return "Conflicts that the present layout lets meet" if judged.report.fleet.present else "Conflicts"


def _explained(pen: Pen, judged: Judgement, title: str, findings: Sequence[Finding]) -> Iterator[RenderableType]:
    if not findings:
        return
    yield from heading(pen, title)
    for finding in findings[:IN_FULL]:
        if finding.severity is not Severity.ERROR:
            yield pen.write(str(finding.severity), _STYLES[finding.severity])
        yield from diagnostic(pen, judged.report, finding.conflict)
    yield from _lines(pen, findings[IN_FULL:], lambda _: "")


def _folded(
    pen: Pen, title: str, findings: Sequence[Finding], told: Callable[[Finding], str]
) -> Iterator[RenderableType]:
    if findings:
        yield from heading(pen, title)
        yield from _lines(pen, findings, told)


def _lines(pen: Pen, findings: Sequence[Finding], told: Callable[[Finding], str]) -> Iterator[RenderableType]:
    for finding in findings[:IN_LINE]:
        code = pen.join(pen.write(finding.conflict.code, _STYLES[finding.severity]), " ")
        identity = pen.write(finding.conflict.id, "quiet")
        yield Hanging(code, pen.join(pen.tell(headline(finding.conflict)), "  ", identity))
        if said := told(finding):
            yield paragraph(pen.write(said, "place"), 7)
    if len(findings) > IN_LINE:
        yield paragraph(pen.write(f"and {len(findings) - IN_LINE} more, all in the JSON report", "quiet"), 2)
    if findings:
        yield Text()


def _known(judged: Judgement) -> list[Finding]:
    return sorted(judged.standing(Standing.KNOWN), key=lambda f: (f.since, f.conflict.id))


def _of_waiver(finding: Finding, today: date | None) -> str:
    waiver = finding.waiver
    if waiver is None:
        return ""
    left = f" ({count((waiver.expires - today).days, 'day')} left)" if today is not None else ""
    return f"waived until {waiver.expires.isoformat()}{left} by {waiver.owner}: {waiver.reason}"


def _age(finding: Finding, judged: Judgement) -> str:
    if not finding.since:
        return ""
    since = date.fromisoformat(finding.since)
    days = (judged.today - since).days if judged.today is not None else 0
    return f"known for {count(days, 'day')}, since {finding.since}" if days > 0 else f"known since {finding.since}"


def _gone(pen: Pen, judged: Judgement) -> Iterator[RenderableType]:
    if not judged.gone:
        return
    yield from heading(pen, "Cleared")
    for known in judged.gone[:IN_LINE]:
        code = pen.join(pen.write(known.code, "good"), " ")
        yield Hanging(code, pen.join(pen.tell(_remembered(known)), "  ", pen.write(known.id, "quiet")))
    if len(judged.gone) > IN_LINE:
        yield paragraph(pen.write(f"and {len(judged.gone) - IN_LINE} more, all in the JSON report", "quiet"), 2)
    yield Text()


def _remembered(known: Known) -> str:
    over = f" over {names([p.partition('/')[2] for p in known.packages], 4)}" if known.packages else ""
    verb = "disagreed" if len(known.services) > 1 else "could not be satisfied"
    return f"{names(known.services)} {verb}{over}"


def _remarks(pen: Pen, remarks: Sequence[Remark]) -> Iterator[RenderableType]:
    if not remarks:
        return
    yield from heading(pen, "On the gate itself")
    for remark in remarks:
        lead = pen.join(pen.write(remark.code, _STYLES[remark.severity]), " ")
        place = pen.join("  ", pen.write(str(remark.origin), "place")) if remark.origin is not None else Text()
        yield Hanging(lead, pen.join(pen.write(remark.text), place))
    yield Text()


def _closing(pen: Pen, judged: Judgement) -> Iterator[RenderableType]:
    dot = pen.draw("dot").plain
    verb = "brought in" if judged.compared_with else "to resolve"
    known, waived, apart = (len(judged.standing(s)) for s in (Standing.KNOWN, Standing.WAIVED, Standing.APART))
    below = sum(f.counts for f in judged.findings) - len(judged.failing)
    undecided = sum(u.stance is judged.stance for u in judged.report.undecided)
    parts = (
        (len(judged.failing), f"{count(len(judged.failing), 'conflict')} {verb}"),
        (len(judged.failing_remarks), f"{count(len(judged.failing_remarks), 'remark')} on the gate"),
        (below, f"{below} below --fail-on {_threshold(judged.fail_on)}"),
        (waived, f"{waived} waived"),
        (known, f"{known} known"),
        (apart, f"{apart} kept apart by the layout"),
        (len(judged.gone), f"{len(judged.gone)} cleared"),
        (undecided, f"{undecided} undecided"),
    )
    told = [text for number, text in parts if number] or ["no conflict"]
    needed = housing(judged.report, judged.report.plans[judged.stance].environments)
    yield Hanging(pen.join(*_verdict(pen, judged)), pen.write(dot.join((*told, f"{needed} needed"))))


def _threshold(severity: Severity) -> str:
    return "never" if severity is Severity.OFF else str(severity)


def _verdict(pen: Pen, judged: Judgement) -> tuple[Text, str]:
    if not judged.passed:
        return pen.write("fails", "code"), "  "
    if judged.incomplete:
        return pen.write("incomplete", "warning"), "  "
    return pen.write("passes", "good"), "  "
