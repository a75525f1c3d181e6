"""Recommendations: what the rules leave, ranked, with every rule that had a part in it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Generic, TypeVar

from analyzer.substrate.fact import Fact, Facts
from analyzer.substrate.option import Orchestrator, Substrate
from analyzer.substrate.rule import Rule

Choice = TypeVar("Choice", Substrate, Orchestrator)


@dataclass(frozen=True, slots=True, order=True)
class Reason:
    """A rule that fired, with its reason in words. ``weight`` is None where it rules out."""

    rule: str
    text: str
    source: str
    date: str = ""
    weight: int | None = None


@dataclass(frozen=True, slots=True, order=True)
class Open(Generic[Choice]):
    """A rule of which nobody can say whether it fires, for want of ``facts``."""

    rule: str
    facts: tuple[Fact, ...]
    options: tuple[Choice, ...]
    rules_out: bool


@dataclass(frozen=True, slots=True)
class Judged(Generic[Choice]):
    """One option, what speaks for or against it, and what rules it out."""

    option: Choice
    fired: tuple[Reason, ...] = ()
    ruled_out: tuple[Reason, ...] = ()

    @property
    def score(self) -> int:
        """The weights of what fired, added up."""
        return sum(reason.weight or 0 for reason in self.fired)


@dataclass(frozen=True, slots=True)
class Recommendation(Generic[Choice]):
    """``choice`` is the option with the highest score of those that nothing rules out, of equal ones the
    simplest; None where everything is ruled out.

    ``judged`` holds every option in their order, ``open`` the rules of which it is not known whether
    they fire, by name. ``size`` is the smallest of the choice's sizes that holds the environment, empty
    where it has none or that is not known.
    """

    choice: Choice | None
    judged: tuple[Judged[Choice], ...]
    open: tuple[Open[Choice], ...] = ()
    size: str = ""

    @property
    def label(self) -> str:
        """The choice as a report writes it."""
        return self.choice.label if self.choice is not None else "nothing fits"

    @property
    def fired(self) -> tuple[Reason, ...]:
        """What speaks for and against the choice."""
        return next((judged.fired for judged in self.judged if judged.option is self.choice), ())

    @property
    def others(self) -> tuple[Judged[Choice], ...]:
        """The options that were not chosen."""
        return tuple(judged for judged in self.judged if judged.option is not self.choice)

    @property
    def doubts(self) -> tuple[Fact, ...]:
        """What is not known and could rule the choice out, each once."""
        against = (unclear for unclear in self.open if unclear.rules_out and self.choice in unclear.options)
        return tuple(sorted({fact for unclear in against for fact in unclear.facts}))

    @property
    def unknown(self) -> tuple[Fact, ...]:
        """What is not known and could change the choice: the facts that open rules ask about an option which
        nothing rules out, each once."""
        left = {judged.option for judged in self.judged if not judged.ruled_out}
        asking = (unclear for unclear in self.open if left.intersection(unclear.options))
        return tuple(sorted({fact for unclear in asking for fact in unclear.facts}))


def recommend(facts: Facts, rules: Iterable[Rule], options: type[Choice]) -> Recommendation[Choice]:
    """What the rules make of the facts. The order of the rules makes no difference.

    A rule whose condition depends on what is not known does nothing but be listed in ``open``.
    """
    asked = sorted((rule for rule in rules if rule.about is options), key=lambda rule: rule.name)
    answers = [(rule, rule.fires(facts)) for rule in asked]
    fired = [(rule, _reason(rule, facts)) for rule, fires in answers if fires]
    judged = tuple(_judged(option, fired) for option in options)
    left = [item for item in judged if not item.ruled_out]
    best = max(left, key=lambda item: item.score, default=None)
    unclear = tuple(
        Open(rule.name, rule.unknown(facts), tuple(map(options, rule.options)), rule.rules_out)
        for rule, fires in answers
        if fires is None
    )
    return Recommendation(best.option if best is not None else None, judged, unclear)


def _reason(rule: Rule, facts: Facts) -> Reason:
    return Reason(rule.name, rule.worded(facts), rule.source, rule.date, rule.weight)


def _judged(option: Choice, fired: Iterable[tuple[Rule, Reason]]) -> Judged[Choice]:
    said = [reason for rule, reason in fired if option in rule.options]
    return Judged(
        option,
        tuple(reason for reason in said if reason.weight is not None),
        tuple(reason for reason in said if reason.weight is None),
    )
