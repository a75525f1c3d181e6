"""Recommendations of substrates and orchestrators as JSON, and back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Generic, TypeVar

from analyzer.substrate.fact import Fact
from analyzer.substrate.option import Orchestrator, Substrate
from analyzer.substrate.recommendation import Judged, Open, Reason, Recommendation
from reports.fleet_json import Shape

Choice = TypeVar("Choice", Substrate, Orchestrator)


class ReasonShape(Shape):
    """A rule that fired. ``weight`` is what it adds for (or, below 0, against); null where it rules out."""

    rule: str
    text: str
    source: str
    date: str
    weight: int | None


class OpenShape(Shape, Generic[Choice]):
    """A rule of which it is not known whether it fires: nobody knows ``facts``."""

    rule: str
    facts: tuple[Fact, ...]
    options: tuple[Choice, ...]
    rules_out: bool


class ReasonsShape(Shape, Generic[Choice]):
    """Why one option is recommended: the rules that fired for and against it, those that ruled others out,
    those that speak for and against others, and those of which it is not known whether they fire.

    ``size`` is the smallest in which the option is sold that is large enough, empty where that is not known.
    """

    size: str
    fired: tuple[ReasonShape, ...]
    ruled_out: dict[Choice, tuple[ReasonShape, ...]]
    others: dict[Choice, tuple[ReasonShape, ...]]
    open: tuple[OpenShape[Choice], ...]


def reasons_shape(found: Recommendation[Choice] | None) -> ReasonsShape[Choice] | None:
    """The reasons of a recommendation."""
    if found is None:
        return None
    return ReasonsShape(
        found.size,
        _shapes(found.fired),
        {judged.option: _shapes(judged.ruled_out) for judged in found.judged if judged.ruled_out},
        {judged.option: _shapes(judged.fired) for judged in found.others if judged.fired},
        tuple(OpenShape(unclear.rule, unclear.facts, unclear.options, unclear.rules_out) for unclear in found.open),
    )


def recommendation_value(
    choice: Choice | None, shape: ReasonsShape[Choice] | None, options: type[Choice]
) -> Recommendation[Choice] | None:
    """The recommendation of ``choice`` for these reasons."""
    if shape is None:
        return None
    judged = tuple(
        Judged(
            option,
            _values(shape.fired if option is choice else shape.others.get(option, ())),
            _values(shape.ruled_out.get(option, ())),
        )
        for option in options
    )
    unclear = tuple(Open(o.rule, o.facts, o.options, o.rules_out) for o in shape.open)
    return Recommendation(choice, judged, unclear, shape.size)


def _shapes(reasons: Iterable[Reason]) -> tuple[ReasonShape, ...]:
    return tuple(ReasonShape(r.rule, r.text, r.source, r.date, r.weight) for r in reasons)


def _values(shapes: Iterable[ReasonShape]) -> tuple[Reason, ...]:
    return tuple(Reason(s.rule, s.text, s.source, s.date, s.weight) for s in shapes)
