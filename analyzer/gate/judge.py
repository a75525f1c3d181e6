"""From a Report and a team's Policy to the gate's Judgement."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from analyzer.gate.breakage import breaks, is_incomplete
from analyzer.gate.judgement import Age, Finding, Judgement, Note, Remark
from analyzer.gate.past import Known, Past
from analyzer.gate.policy import SOON, Policy
from analyzer.gate.severity import Severity
from analyzer.gate.waiver import Waiver
from analyzer.report import Report
from analyzer.verdict import Conflict, Stance

_NAMED = 5
"""Paths that a remark names."""


def judge(
    report: Report,
    stance: Stance,
    policy: Policy = Policy(),
    *,
    today: date | None = None,
    past: Sequence[Past] = (),
) -> Judgement:
    """What the gate makes of a Report under a stance.

    ``today`` None means that no waiver ends. ``past`` is what is known already, of several sources of either.
    """
    found = tuple(_finding(c, report, policy, today, past) for c in report.conflicts_under(stance))
    alive = [conflict for conflict in report.conflicts if breaks(conflict, report.fleet)]
    gone = [source.gone(report, alive) for source in past]
    remarks = (
        *_too_many(report, stance, policy),
        *_waivers(report, policy, today),
        *(r for source, entries in zip(past, gone, strict=True) for r in _shrinkable(source, entries, policy)),
        *(r for source in past for r in _lacking(source, policy)),
    )
    cleared = {known.id: known for entries in gone for known in entries}
    return Judgement(
        report=report,
        stance=stance,
        findings=tuple(sorted((f for f in found if f.severity is not Severity.OFF), key=lambda f: f.conflict.id)),
        remarks=tuple(remark for remark in remarks if remark.severity is not Severity.OFF),
        fail_on=policy.fail_on,
        compared_with=" and ".join(source.name for source in past),
        cleared=tuple(sorted(cleared)),
        incomplete=is_incomplete(report, stance),
        gone=tuple(cleared[id] for id in sorted(cleared)),
        today=today,
        max_environments=policy.max_environments,
    )


def _finding(conflict: Conflict, report: Report, policy: Policy, today: date | None, past: Sequence[Past]) -> Finding:
    recalled = [known for source in past if (known := source.recall(conflict)) is not None]
    waiver = next((w for w in policy.waivers if w.covers(conflict) and not _ended(w, today)), None)
    return Finding(
        conflict,
        policy.of_code(conflict.code),
        breaks(conflict, report.fleet),
        Age.KNOWN if recalled else Age.NEW,
        min((known.since for known in recalled if known.since), default=""),
        waiver,
    )


def _ended(waiver: Waiver, today: date | None) -> bool:
    return today is not None and waiver.expires < today


def _too_many(report: Report, stance: Stance, policy: Policy) -> Iterator[Remark]:
    needed, most = report.plans[stance].environments, policy.max_environments
    if most is not None and needed > most:
        text = f"The plan needs {needed} environments ({stance}), {most} {'is' if most == 1 else 'are'} allowed."
        yield Remark(Note.TOO_MANY, policy.of_note(Note.TOO_MANY), text)


def _waivers(report: Report, policy: Policy, today: date | None) -> Iterator[Remark]:
    for waiver in policy.waivers:
        note = _standing(waiver, report.conflicts, today)
        if note is not None:
            yield Remark(note, policy.of_note(note), _sentence(waiver, note, today), waiver.origin)


def _standing(waiver: Waiver, conflicts: Sequence[Conflict], today: date | None) -> Note | None:
    """What is to be said of a waiver, the reason to delete it first."""
    if not any(map(waiver.covers, conflicts)):
        return Note.UNMATCHED
    if _ended(waiver, today):
        return Note.EXPIRED
    return Note.EXPIRING if today is not None and (waiver.expires - today).days <= SOON else None


def _sentence(waiver: Waiver, note: Note, today: date | None) -> str:
    whose = f"The waiver of {waiver.owner} ({waiver.reason})"
    if note is Note.UNMATCHED or today is None:
        return f"{whose} speaks of no conflict."
    last, days = waiver.expires.isoformat(), (waiver.expires - today).days
    if note is Note.EXPIRED:
        return f"{whose} expired on {last}, {_days(-days)} ago."
    return f"{whose} expires in {_days(days)}, on {last}." if days else f"{whose} holds for the last day."


def _days(number: int) -> str:
    return "1 day" if number == 1 else f"{number} days"


def _shrinkable(source: Past, gone: Sequence[Known], policy: Policy) -> Iterator[Remark]:
    """That a baseline could list less."""
    if source.origin is None or not gone:
        return
    what, them = ("a conflict that is", "it") if len(gone) == 1 else (f"{len(gone)} conflicts that are", "them")
    text = f"{source.name} lists {what} gone; --update-baseline takes {them} out."
    yield Remark(Note.CLEARED, policy.of_note(Note.CLEARED), text, source.origin)


def _lacking(source: Past, policy: Policy) -> Iterator[Remark]:
    """That what an earlier tree could not know of is taken for new."""
    if not source.lacking:
        return
    rest = len(source.lacking) - _NAMED
    more = f" and {rest} more" if rest > 0 else ""
    text = f"{source.name} holds only the names of {', '.join(source.lacking[:_NAMED])}{more}: what they bring is new."
    yield Remark(Note.LACKING, policy.of_note(Note.LACKING), text)
