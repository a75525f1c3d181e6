"""Comparisons of a fact with a value: the conditions of rules, as data."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from analyzer.substrate.fact import Fact, Facts, Value


class Operator(StrEnum):
    """How a fact stands to a value, or to several."""

    EQUAL = "="
    UNEQUAL = "!="
    BELOW = "<"
    AT_MOST = "<="
    ABOVE = ">"
    AT_LEAST = ">="
    AMONG = "in"
    NOT_AMONG = "not in"

    @property
    def orders(self) -> bool:
        """Whether it asks which of two values is the larger."""
        return self in (Operator.BELOW, Operator.AT_MOST, Operator.ABOVE, Operator.AT_LEAST)

    @property
    def takes_several(self) -> bool:
        """Whether it compares with a list of values."""
        return self in (Operator.AMONG, Operator.NOT_AMONG)


_MEANINGS: Mapping[Operator, Callable[[Any, Any], bool]] = {
    Operator.EQUAL: operator.eq,
    Operator.UNEQUAL: operator.ne,
    Operator.BELOW: operator.lt,
    Operator.AT_MOST: operator.le,
    Operator.ABOVE: operator.gt,
    Operator.AT_LEAST: operator.ge,
    Operator.AMONG: lambda value, several: value in several,
    Operator.NOT_AMONG: lambda value, several: value not in several,
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """A fact, an operator and a value of the fact's kind; a tuple of values for ``in`` and ``not in``.

    Flags and words are not ordered: only ``=``, ``!=``, ``in`` and ``not in`` fit them.
    """

    fact: Fact
    operator: Operator
    value: Value | tuple[Value, ...]

    def holds(self, facts: Facts) -> bool | None:
        """Whether it is true; None where the fact is not known."""
        if self.fact not in facts:
            return None
        return _MEANINGS[self.operator](facts[self.fact], self.value)


def all_hold(comparisons: Iterable[Comparison], facts: Facts) -> bool | None:
    """Their conjunction (Kleene): false where one is false, whatever is not known of the others."""
    answers = {comparison.holds(facts) for comparison in comparisons}
    if False in answers:
        return False
    return None if None in answers else True
