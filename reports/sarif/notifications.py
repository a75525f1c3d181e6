"""What a run says of itself (2.1.0, 3.58): what stayed undecided, was skipped, was cut, and the gate's remarks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analyzer.gate.judgement import Judgement, Note
from analyzer.gate.severity import Severity
from analyzer.origin import Origin
from reports.code_help import help_of
from reports.finding_prose import past
from reports.prose import names, skipped
from reports.sarif import limits
from reports.sarif.rules import friendly
from reports.sarif.text import Json, location, message

UNDECIDED, SKIPPED, CUT, CLEARED = "undecided", "skipped", "cut", "cleared"

DESCRIPTORS = (
    *((str(note), friendly(note.name), help_of(note).summary) for note in Note),
    (CLEARED, "ConflictsCleared", "Conflicts that were known are gone."),
    (CUT, "ResultsLeftOut", "Something is left out, as the file would be refused otherwise."),
    (SKIPPED, "NotExamined", "Something could not be examined, so that a result may be wrong or missing."),
    (UNDECIDED, "StayedUndecided", "Nothing is known of whether services fit together."),
)
"""Id, name and meaning of each kind of notification."""


def execution(judgement: Judgement) -> list[Json]:
    """What may make the results wrong or incomplete."""
    open_sets = [u for u in judgement.report.undecided if u.stance is judgement.stance]
    undecided = [(f"{names(u.services)} stayed undecided: {u.reason}", None) for u in open_sets]
    left_out = [
        (f"{of}: {item.what} was skipped: {item.reason}" if of else f"{item.what} was skipped: {item.reason}", item)
        for of, item in skipped(judgement.report.fleet)
        if item.incomplete
    ]
    places = [(text, item.origin) for text, item in left_out]
    return [*_notifications(UNDECIDED, undecided), *_notifications(SKIPPED, places)]


def _notifications(kind: str, told: Sequence[tuple[str, Origin | None]]) -> Iterator[Json]:
    for text, origin in told[: limits.NOTIFICATIONS]:
        yield _notification(kind, Severity.WARNING, text, origin)
    if len(told) > limits.NOTIFICATIONS:
        yield _notification(kind, Severity.WARNING, f"And {len(told) - limits.NOTIFICATIONS} more.", None)


def configuration(judgement: Judgement) -> list[Json]:
    """What the gate says of its own settings, and which known conflicts are gone."""
    remarks = [_notification(r.code, r.severity, r.text, r.origin) for r in judgement.remarks]
    lines = list(map(past, judgement.gone)) or list(judgement.cleared)
    gone = [f"{line} is gone since {judgement.compared_with}." for line in lines[: limits.NOTIFICATIONS]]
    return [*remarks, *(_notification(CLEARED, Severity.NOTE, text, None) for text in gone)]


def cut(left: int, total: int) -> Json:
    """That only the gravest results are in the file."""
    text = f"{total - left} of {total} conflicts are left out; the JSON report has them all."
    return _notification(CUT, Severity.WARNING, text, None)


def _notification(kind: str, severity: Severity, text: str, origin: Origin | None) -> Json:
    index = [known for known, _, _ in DESCRIPTORS].index(kind)
    told: Json = {
        "descriptor": {"id": str(kind), "index": index},
        "level": "none" if severity is Severity.OFF else str(severity),
        "message": message(text),
    }
    return told | ({"locations": [location(origin)]} if origin is not None and origin.file else {})
