"""Rows of the table of substrates, as ``cohabit.toml`` and ``substrates.toml`` write them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from analyzer.origin import Origin
from analyzer.substrate.comparison import Comparison, Operator
from analyzer.substrate.fact import Fact, Kind, Value
from analyzer.substrate.option import Option, Orchestrator, Substrate, option
from analyzer.substrate.rule import WEIGHT_LIMIT, Rule, faults
from analyzer.substrate.size import Size
from cohabit import configuration_rule as rules
from cohabit import configuration_value as value
from cohabit import quantity
from cohabit.configuration_rule import Spot, UnfitError, did_you_mean, kind, many, one, shown, table

STEPS = 1000
"""Amounts that one line of sizes may stand for."""


def _fact(content: Any) -> Fact:
    named = value.text(content)
    if named not in list(Fact):
        raise UnfitError(f"{shown(named)} is no fact that cohabit knows{did_you_mean(named, [*Fact])}")
    return Fact(named)


def _option(content: Any) -> Option:
    named = value.text(content)
    found = option(named)
    if found is None:
        known = [*Substrate, *Orchestrator]
        raise UnfitError(f"{shown(named)} is neither a substrate nor an orchestrator{did_you_mean(named, known)}")
    return found


def _weight(content: Any) -> int:
    if isinstance(content, bool) or not isinstance(content, int):
        raise UnfitError(f"is {kind(content)}, not a whole number")
    if not content or abs(content) > WEIGHT_LIMIT:
        raise UnfitError(f"{shown(content)} is not between -{WEIGHT_LIMIT} and {WEIGHT_LIMIT}, or is 0")
    return content


def _day(content: Any) -> str:
    if isinstance(content, datetime) or not isinstance(content, date):
        raise UnfitError(f"is {kind(content)}, not a day such as 2026-08-23, without quotes")
    return content.isoformat()


COMPARISON: Mapping[str, rules.Rule] = {
    "fact": one(_fact),
    "is": one(value.member_of(Operator)),
    "value": lambda spot: spot,
}

SUBSTRATE_RULE: Mapping[str, rules.Rule] = {
    "name": one(value.text),
    "when": lambda spot: many(_comparison)(spot),
    "rules-out": many(one(_option)),
    "prefers": many(one(_option)),
    "weight": one(_weight),
    "reason": one(value.text),
    "source": one(value.text),
    "date": one(_day),
}

_WANTED = ("name", "reason")

_VALUES: Mapping[Kind, Callable[[Any], Value]] = {
    Kind.BYTES: quantity.memory,
    Kind.CORES: quantity.cores,
    Kind.SECONDS: quantity.span,
    Kind.COUNT: quantity.whole("a count", range(1_000_001)),
    Kind.FLAG: value.flag,
    Kind.WORD: value.text,
}


def read_rules(spot: Spot) -> tuple[Rule, ...] | None:
    """The rows of a list of tables, and complaints about those that cannot be used."""
    first: dict[str, Origin] = {}

    def read(inner: Spot) -> Rule | None:
        row = _row(inner)
        if row is not None and row.name in first:
            inner.faults.append((inner.origin, f"name: {row.name!r} is the name of the row in {first[row.name]} too"))
            return None
        if row is not None:
            first[row.name] = inner.origin
        return row

    return many(read)(spot)


def _row(spot: Spot) -> Rule | None:
    before = len(spot.faults)
    given = table(SUBSTRATE_RULE, required=_WANTED)(spot)
    if given is None:
        return None
    if len(spot.faults) > before:
        return None
    ruled, preferred, weight = given.get("rules-out"), given.get("prefers"), given.get("weight")
    if bool(ruled) == bool(preferred):
        spot.complain("takes either 'rules-out' or 'prefers', with at least one name")
    elif (weight is None) == bool(preferred):
        spot.complain("takes a 'weight' with 'prefers', and none with 'rules-out'")
    if len(spot.faults) > before:
        return None
    row = Rule(
        given["name"],
        given.get("when", ()),
        tuple(ruled or preferred or ()),
        given["reason"],
        given.get("source", f"{spot.origin.file}:{spot.origin.line}"),
        given.get("date", ""),
        weight,
    )
    for fault in faults(row):
        spot.complain(fault)
    return row if len(spot.faults) == before else None


def _comparison(spot: Spot) -> Comparison | None:
    before = len(spot.faults)
    given = table(COMPARISON, required=tuple(COMPARISON))(spot) or {}
    if len(spot.faults) > before:
        return None
    fact, operator = given["fact"], given["is"]
    if operator.orders and not fact.kind.ordered:
        spot.complain(f"is: {operator.value!r} asks which is larger, and {fact.value!r} has no order")
        return None
    compared = _compared(given["value"], fact, operator)
    if compared == ():
        spot.complain("value: is an empty list")
    return Comparison(fact, operator, compared) if compared is not None and len(spot.faults) == before else None


def _compared(spot: Spot, fact: Fact, operator: Operator) -> Value | tuple[Value, ...] | None:
    member: Callable[[Spot], Value | None] = one(_VALUES[fact.kind])
    if not operator.takes_several:
        return member(spot)
    members: Callable[[Spot], tuple[Value, ...] | None] = many(member)
    return members(spot)


_BYTES = one(quantity.memory)

SIZE: Mapping[str, rules.Rule] = {
    "substrate": one(value.member_of(Substrate)),
    "cpu": one(quantity.cores),
    "memory": lambda spot: _stepped(spot) if isinstance(spot.value, dict) else many(_BYTES)(spot),
}


def read_size(spot: Spot) -> Size | None:
    """A line of sizes: cores, and the amounts of memory that go with them, listed or in steps."""
    given = table(SIZE, required=tuple(SIZE))(spot) or {}
    if given.keys() != SIZE.keys():
        return None
    return Size(given["substrate"], given["cpu"], tuple(sorted(given["memory"])))


def _stepped(spot: Spot) -> Sequence[int] | None:
    keys = ("from", "to", "step")
    given = table(dict.fromkeys(keys, _BYTES), required=keys)(spot) or {}
    if given.keys() != {*keys}:
        return None
    amounts = range(given["from"], given["to"] + 1, given["step"])
    if not 0 < len(amounts) <= STEPS or amounts[-1] != given["to"]:
        spot.complain("does not lead from 'from' to 'to' in whole steps")
        return None
    return tuple(amounts)
