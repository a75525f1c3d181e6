"""The Report as JSON (``cohabit.report/1``), the contract for machines; its schema is in ``docs/``."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from analyzer.boundary import Boundary
from analyzer.errors import ManifestError
from analyzer.explanation import Explanation, Fact
from analyzer.origin import Origin
from analyzer.report import Counts, Questions, Report
from analyzer.verdict import Code, Compatible, Conflict, Demand, Depth, Grade, Stance, Undecided
from reports import plan_json, price_json
from reports.canonical_json import decode, encode
from reports.fleet_json import (
    FleetShape,
    Line,
    PackageName,
    RequirementShape,
    Shape,
    fleet_shape,
    fleet_value,
    package_name,
    package_value,
    requirement_shape,
    requirement_value,
)
from reports.plan_json import PlanShape, plan_shape, plan_value
from reports.price_json import PriceShape, SavingShape, price_list_value, prices_shape, savings_shape
from reports.witness_json import WitnessShape, witness_shape, witness_value

SCHEMA: Literal["cohabit.report/1"] = "cohabit.report/1"

DEEPEST = 200
"""Levels of an Explanation that are read; a resolver's own derivations have a few dozen at most."""

Count = Annotated[int, Meta(ge=0)]
Services = Annotated[tuple[str, ...], Meta(min_length=1, description="Names of services, sorted.")]


class CountsShape(Shape):
    """How many pairs of services got which verdict."""

    compatible: Count
    conflict: Count
    undecided: Count


class VerdictsShape(Shape):
    """The verdicts under one stance."""

    pairs: CountsShape


class DemandShape(RequirementShape):
    """A requirement as made by one service. ``shipped_by`` is the system's package that has it already."""

    service: str
    shipped_by: str | msgspec.UnsetType = msgspec.UNSET


class PlaceShape(Shape):
    """A file, a line, and the text there."""

    file: str
    line: Line
    text: str


class ExplanationShape(Shape):
    """A fact and what it follows from; ``subject``, ``object``, ``service`` and ``by`` depend on the fact."""

    fact: Fact
    subject: str
    object: str
    service: str
    by: str
    origin: PlaceShape | None
    causes: tuple[ExplanationShape, ...]


class ConflictShape(Shape):
    """A minimal set of services that no environment satisfies together. ``replay`` is a shell command."""

    id: str
    code: Code
    stance: Depth
    services: Services
    boundary: Boundary
    packages: tuple[PackageName, ...]
    requirements: tuple[DemandShape, ...]
    explanation: ExplanationShape
    replay: str
    fixes: tuple[str, ...]


class CompatibleShape(Shape):
    """Services that fit in one environment; ``drift`` counts locked versions that move."""

    services: Services
    stance: Stance
    grade: Grade
    drift: Count
    witness: WitnessShape


class UndecidedShape(Shape):
    """Services of which nothing is known, and why."""

    services: Services
    stance: Stance
    reason: str


class OracleShape(Shape):
    """What the verdicts cost: questions per ecosystem, and answers that came from a cache."""

    questions: dict[str, Count]
    cached: Count
    runs: Count


class ReportDocument(Shape):
    """Everything an audit found."""

    schema: Literal["cohabit.report/1"]
    asked_as_of: str
    tools: dict[str, str]
    fleet: FleetShape
    verdicts: dict[Stance, VerdictsShape]
    conflicts: tuple[ConflictShape, ...]
    compatible: tuple[CompatibleShape, ...]
    undecided: tuple[UndecidedShape, ...]
    plans: dict[Stance, PlanShape]
    prices: tuple[PriceShape, ...]
    savings: tuple[SavingShape, ...]
    prices_left_out: Count
    oracle: OracleShape


def to_json(report: Report) -> bytes:
    """A Report as canonical JSON: the same Report gives the same bytes."""
    return encode(
        ReportDocument(
            SCHEMA,
            report.asked_as_of,
            dict(report.tools),
            fleet_shape(report.fleet),
            {stance: VerdictsShape(_counts_shape(report.verdicts[stance])) for stance in Stance},
            tuple(conflict_shape(conflict) for conflict in report.conflicts),
            tuple(_compatible_shape(group) for group in report.compatible),
            tuple(UndecidedShape(u.services, u.stance, u.reason) for u in report.undecided),
            {stance: plan_shape(plan) for stance, plan in report.plans.items()},
            prices_shape(report.price_list),
            savings_shape(report.price_list),
            report.price_list.left_out,
            OracleShape(dict(report.oracle.questions), report.oracle.cached, report.oracle.runs),
        )
    )


def from_json(data: bytes, name: str = "report.json") -> Report:
    """The Report that ``to_json`` wrote; ``name`` names the input in errors.

    Raises ManifestError with the path inside the JSON, or the line of a syntax error. What follows
    from the rest (``verdicts``) is computed anew.
    """
    document = decode(data, ReportDocument, name)
    fleet = fleet_value(document.fleet, name)
    _check_names(document, name)
    return Report(
        fleet=fleet,
        conflicts=tuple(_conflict_value(c, Origin(name), i) for i, c in enumerate(document.conflicts)),
        compatible=tuple(_compatible_value(group) for group in document.compatible),
        undecided=tuple(Undecided(u.services, u.stance, u.reason) for u in document.undecided),
        plans={stance: plan_value(stance, plan) for stance, plan in document.plans.items()},
        oracle=Questions(document.oracle.questions, document.oracle.cached, document.oracle.runs),
        tools=document.tools,
        asked_as_of=document.asked_as_of,
        price_list=price_list_value(document.prices, document.savings, document.prices_left_out),
    )


def json_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of what ``to_json`` writes."""
    (reference,), shapes = msgspec.json.schema_components([ReportDocument], ref_template="#/$defs/{name}")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": SCHEMA,
        **reference,
        "$defs": dict(sorted(shapes.items())),
    }


def _named(document: ReportDocument) -> Iterable[tuple[str, Iterable[str]]]:
    for field in ("conflicts", "compatible", "undecided"):
        for number, item in enumerate(getattr(document, field)):
            yield f"$.{field}[{number}].services", item.services
    for stance, plan in document.plans.items():
        yield from ((f"$.plans.{stance}.{path}", services) for path, services in plan_json.named(plan))
    yield from ((f"$.{path}", services) for path, services in price_json.named(document.prices, document.savings))


def _check_names(document: ReportDocument, file: str) -> None:
    known = {service.name for service in document.fleet.services}
    for path, services in _named(document):
        for service in services:
            if service not in known:
                raise ManifestError(Origin(file), f"No service of the fleet is called {service!r} - at `{path}`")


def _counts_shape(counts: Counts) -> CountsShape:
    return CountsShape(counts.compatible, counts.conflict, counts.undecided)


def _demand_shape(demand: Demand) -> DemandShape:
    own = {"service": demand.service, "shipped_by": demand.requirement.shipped_by or msgspec.UNSET}
    return DemandShape(**msgspec.structs.asdict(requirement_shape(demand.requirement)) | own)


def _demand_value(shape: DemandShape) -> Demand:
    found = replace(requirement_value(shape), shipped_by=shape.shipped_by or "")
    return Demand(shape.service, found)


def _explanation_shape(explanation: Explanation) -> ExplanationShape:
    origin = explanation.origin
    return ExplanationShape(
        explanation.fact,
        explanation.subject,
        explanation.object,
        explanation.service,
        explanation.by,
        PlaceShape(origin.file, origin.line, origin.text) if origin is not None else None,
        tuple(_explanation_shape(cause) for cause in explanation.causes),
    )


def _explanation_value(shape: ExplanationShape, room: int = DEEPEST) -> Explanation:
    if not room:
        raise RecursionError
    place = shape.origin
    return Explanation(
        shape.fact,
        shape.subject,
        shape.object,
        shape.service,
        Origin(place.file, place.line, place.text) if place is not None else None,
        tuple(_explanation_value(cause, room - 1) for cause in shape.causes),
        shape.by,
    )


def conflict_shape(conflict: Conflict) -> ConflictShape:
    """A Conflict as JSON has it."""
    return ConflictShape(
        conflict.id,
        conflict.code,
        conflict.stance,
        conflict.services,
        conflict.boundary,
        tuple(package_name(package) for package in conflict.packages),
        tuple(_demand_shape(demand) for demand in conflict.requirements),
        _explanation_shape(conflict.explanation),
        conflict.replay,
        conflict.fixes,
    )


def _conflict_value(shape: ConflictShape, file: Origin, number: int) -> Conflict:
    try:
        explanation = _explanation_value(shape.explanation)
    except RecursionError as error:
        reason = f"More than {DEEPEST} levels - at `$.conflicts[{number}].explanation`"
        raise ManifestError(file, reason) from error
    return Conflict(
        shape.code,
        shape.stance,
        shape.services,
        shape.boundary,
        tuple(package_value(package) for package in shape.packages),
        tuple(map(_demand_value, shape.requirements)),
        explanation,
        shape.replay,
        shape.fixes,
        shape.id,
    )


def _compatible_shape(group: Compatible) -> CompatibleShape:
    return CompatibleShape(group.services, group.stance, group.grade, group.drift, witness_shape(group.witness))


def _compatible_value(shape: CompatibleShape) -> Compatible:
    return Compatible(shape.services, shape.stance, shape.grade, witness_value(shape.witness), shape.drift)
