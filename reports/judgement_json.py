"""The gate's answer as JSON (``cohabit.judgement/1``); its schema is in ``docs/``."""

from __future__ import annotations

from datetime import date
from typing import Any, Literal

import msgspec

from analyzer.gate.judgement import Age, Finding, Judgement, Note, Remark
from analyzer.gate.past import Known
from analyzer.gate.severity import Severity
from analyzer.gate.waiver import Waiver
from analyzer.origin import Origin
from analyzer.service import PresentEnvironment
from analyzer.verdict import Stance
from reports.canonical_json import encode
from reports.fleet_json import PresentShape, Shape
from reports.json_report import ConflictShape, Count, PlaceShape, Services, UndecidedShape, conflict_shape

SCHEMA: Literal["cohabit.judgement/1"] = "cohabit.judgement/1"


class WaiverShape(Shape):
    """What is waived until the end of a day; what it names must all match."""

    reason: str
    owner: str
    expires: date
    origin: PlaceShape
    id: str
    code: str
    services: tuple[str, ...]
    packages: tuple[str, ...]


class FindingShape(ConflictShape):
    """A conflict under the stance that is judged. ``fails`` says whether the gate fails for it; ``breaks`` whether
    the present layout lets its services meet; ``since`` is the day on which a baseline first held it."""

    severity: Severity
    fails: bool
    breaks: bool
    age: Age
    since: date | None
    waiver: WaiverShape | None


class ClearedShape(Shape):
    """A conflict that was known and is gone."""

    id: str
    code: str
    services: Services
    packages: tuple[str, ...]
    since: date | None


class RemarkShape(Shape):
    """A finding about the gate itself, in a sentence."""

    code: Note
    severity: Severity
    text: str
    origin: PlaceShape | None


class JudgementDocument(Shape):
    """What the gate makes of a fleet. Without ``present`` one shared host is assumed. ``fail_on`` ``off`` is
    ``--fail-on never``. ``incomplete`` says that something stayed undecided or could not be examined."""

    schema: Literal["cohabit.judgement/1"]
    passed: bool
    incomplete: bool
    fleet: str
    stance: Stance
    present: tuple[PresentShape, ...]
    fail_on: Severity
    compared_with: str
    today: date | None
    environments: Count
    max_environments: Count | None
    findings: tuple[FindingShape, ...]
    remarks: tuple[RemarkShape, ...]
    cleared: tuple[ClearedShape, ...]
    undecided: tuple[UndecidedShape, ...]


def judgement_to_json(judgement: Judgement) -> bytes:
    """A Judgement as canonical JSON: the same Judgement gives the same bytes."""
    report = judgement.report
    failing = {finding.conflict.id for finding in judgement.failing}
    open_sets = (u for u in report.undecided if u.stance is judgement.stance)
    return encode(
        JudgementDocument(
            SCHEMA,
            judgement.passed,
            judgement.incomplete,
            report.fleet.name,
            judgement.stance,
            tuple(map(_present, report.fleet.present)),
            judgement.fail_on,
            judgement.compared_with,
            judgement.today,
            report.plans[judgement.stance].environments,
            judgement.max_environments,
            tuple(_finding(f, f.conflict.id in failing) for f in judgement.findings),
            tuple(map(_remark, judgement.remarks)),
            tuple(map(_cleared, judgement.gone)),
            tuple(UndecidedShape(u.services, u.stance, u.reason) for u in open_sets),
        )
    )


def judgement_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of what ``judgement_to_json`` writes."""
    (reference,), shapes = msgspec.json.schema_components([JudgementDocument], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        **reference,
        "$defs": dict(sorted(shapes.items())),
    }


def _present(environment: PresentEnvironment) -> PresentShape:
    return PresentShape(environment.boundary, environment.services)


def _finding(finding: Finding, fails: bool) -> FindingShape:
    told = msgspec.structs.asdict(conflict_shape(finding.conflict))
    return FindingShape(
        **told,
        severity=finding.severity,
        fails=fails,
        breaks=finding.breaks,
        age=finding.age,
        since=_day(finding.since),
        waiver=_waiver(finding.waiver) if finding.waiver is not None else None,
    )


def _waiver(waiver: Waiver) -> WaiverShape:
    named = (waiver.id, waiver.code, waiver.services, waiver.packages)
    return WaiverShape(waiver.reason, waiver.owner, waiver.expires, _place(waiver.origin), *named)


def _remark(remark: Remark) -> RemarkShape:
    origin = _place(remark.origin) if remark.origin is not None else None
    return RemarkShape(remark.code, remark.severity, remark.text, origin)


def _cleared(known: Known) -> ClearedShape:
    return ClearedShape(known.id, known.code, known.services, known.packages, _day(known.since))


def _place(origin: Origin) -> PlaceShape:
    return PlaceShape(origin.file, origin.line, origin.text)


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
