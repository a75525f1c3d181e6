"""Rules: a condition on facts, what it says about substrates or orchestrators, and who says so."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analyzer.substrate.amount import worded
from analyzer.substrate.comparison import Comparison, all_hold
from analyzer.substrate.fact import OF_ENVIRONMENT, OF_WHOLE, Fact, Facts
from analyzer.substrate.option import Option, Orchestrator, Substrate

WEIGHT_LIMIT = 100
"""Of what a rule adds for or against."""

_BLANK = re.compile(r"\{([a-z-]{1,40})\}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table.

    It fires where all of ``when`` holds, which is always where it is empty. It then rules ``options``
    out, or where ``weight`` is a number, speaks for them (above 0) or against them (below). ``options``
    are Substrates or Orchestrators, not both, and ``when`` asks what is asked of these. ``reason`` may
    name facts of ``when`` in braces (``{run-seconds}``). ``source`` is an address or a title, ``date``
    the day on which it said so (ISO).
    """

    name: str
    when: tuple[Comparison, ...]
    options: tuple[Option, ...]
    reason: str
    source: str
    date: str = ""
    weight: int | None = None

    @property
    def about(self) -> type[Option]:
        """What its options are."""
        return Substrate if isinstance(self.options[0], Substrate) else Orchestrator

    @property
    def rules_out(self) -> bool:
        """Whether its options cannot be chosen where it fires."""
        return self.weight is None

    def fires(self, facts: Facts) -> bool | None:
        """Whether its condition holds; None where that depends on what is not known."""
        return all_hold(self.when, facts)

    def unknown(self, facts: Facts) -> tuple[Fact, ...]:
        """The facts that it asks about and that are not known, each once."""
        return tuple(dict.fromkeys(c.fact for c in self.when if c.fact not in facts))

    def worded(self, facts: Facts) -> str:
        """The reason, with the facts in their places. Where it fires all of them are known."""
        asked = {comparison.fact for comparison in self.when if comparison.fact in facts}
        known = {fact.value: worded(fact, facts[fact]) for fact in asked}
        return _BLANK.sub(lambda blank: known.get(blank[1], blank[0]), self.reason)


def faults(rule: Rule) -> list[str]:
    """What is wrong with a rule whose parts are right, each by itself; nothing where it can be used."""
    found = []
    if len({type(option) for option in rule.options}) > 1:
        found.append("speaks of substrates and of orchestrators; make it two")
    else:
        asked = OF_ENVIRONMENT if rule.about is Substrate else OF_WHOLE
        wrong = sorted({c.fact.value for c in rule.when} - {fact.value for fact in asked})
        kind = "an environment" if rule.about is Substrate else "all environments together"
        found += [f"asks for {name!r}, which is not known of {kind}" for name in wrong]
    unasked = set(_BLANK.findall(rule.reason)) - {c.fact.value for c in rule.when}
    found += [f"names {{{name}}} in its reason, about which it does not ask" for name in sorted(unasked)]
    return found
