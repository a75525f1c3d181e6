"""Questions and what is known from earlier answers, so that none is asked for nothing.

Subsets of what is satisfiable are satisfiable; supersets of what is not, are not. Knowledge is kept
about *atoms*, Requirements without their Origins: two services that ask for the same share it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, replace

from analyzer.oracle import Answer, Oracle, Refuted, Satisfied, Unknown
from analyzer.origin import Origin
from analyzer.package import Package
from analyzer.requirement import Requirement
from analyzer.verdict import Demand, Witness

_NOWHERE = Origin("")
_PATIENCE = 5
"""Unexplained failures in a row after which the oracle counts as down: each may have cost a time-out."""


@dataclass
class Inquiry:
    """One oracle and what it has answered. ``asked`` counts the questions put to it, of which
    ``heard`` is told."""

    oracle: Oracle
    asked: int = 0
    heard: Callable[[int], None] = lambda _: None
    _bits: dict[Requirement, int] = field(default_factory=dict)
    _satisfied: list[tuple[int, Witness]] = field(default_factory=list)
    _refuted: list[tuple[int, str]] = field(default_factory=list)
    _answers: dict[tuple[int, str], Answer] = field(default_factory=dict)
    _down: Unknown | None = None
    _failures: int = 0

    def ask(
        self, demands: Collection[Demand], prefer: Mapping[Package, str] | None = None, *, exactly: bool = False
    ) -> Answer:
        """The oracle's answer, or one that earlier answers already imply.

        ``exactly``: a Witness of a larger set will not do, save where the oracle has none.
        """
        mask, setting = self._mask(demands), self.oracle.setting(demands)
        kept = self._answers.get((mask, setting))
        implied = next((Satisfied(w) for known, w in self._satisfied if mask & ~known == 0), None)
        if kept is not None and not isinstance(kept, Unknown):
            return kept
        if implied is not None and not exactly:
            return implied
        answer = kept or self._down or self._put(demands, prefer or {}, mask, setting)
        return implied if implied is not None and not isinstance(answer, Satisfied) else answer

    def clashes(self, demands: Collection[Demand]) -> bool:
        """Whether the Demands are known, or found, to be unsatisfiable. An unknown is no clash."""
        mask, setting = self._mask(demands), self.oracle.setting(demands)
        if any(core & ~mask == 0 and setting == under for core, under in self._refuted):
            return True
        return isinstance(self.ask(demands), Refuted)

    def learn(self, demands: Collection[Demand], witness: Witness) -> None:
        """Take over a Witness found by other means than the oracle."""
        self._satisfied.append((self._mask(demands), witness))

    def _put(self, demands: Collection[Demand], prefer: Mapping[Package, str], mask: int, setting: str) -> Answer:
        self.asked += 1
        self.heard(self.asked)
        answer = self.oracle.ask(demands, prefer)
        self._answers[mask, setting] = answer
        if isinstance(answer, Satisfied):
            self._satisfied.append((mask, answer.witness))
        elif isinstance(answer, Refuted):
            self._refuted.append((mask, setting))
        self._failures = self._failures + 1 if isinstance(answer, Unknown) and not answer.named else 0
        if isinstance(answer, Unknown) and (answer.everywhere or self._failures >= _PATIENCE):
            self._down = answer
        return answer

    def _mask(self, demands: Collection[Demand]) -> int:
        mask = 0
        for demand in demands:
            atom = replace(demand.requirement, origin=_NOWHERE)
            mask |= 1 << self._bits.setdefault(atom, len(self._bits))
        return mask
