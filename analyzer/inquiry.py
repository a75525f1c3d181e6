"""Questions and what is known from earlier answers, so that none is asked for nothing.

Subsets of what is satisfiable are satisfiable, with the same overrides; supersets of what is not, are
not, under the same setting. Knowledge is kept about *atoms*, Requirements without their Origins: services that ask for
the same share it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field

from analyzer.demands import is_platform
from analyzer.oracle import Answer, Oracle, Refuted, Satisfied, Unknown
from analyzer.package import Package
from analyzer.requirement import Force, Requirement
from analyzer.transfer import atom, transferred
from analyzer.verdict import Demand

_PATIENCE = 5
"""Unexplained failures in a row after which the oracle counts as down: each may have cost a time-out."""


@dataclass(frozen=True, slots=True)
class _Question:
    """Demands, as bits of their atoms: of all, of those that override, and of all but the platform's,
    which the ``setting`` stands for."""

    demands: tuple[Demand, ...]
    setting: str
    everything: int
    overrides: int
    atoms: int

    @property
    def key(self) -> tuple[int, str]:
        """What tells this question from others."""
        return self.atoms, self.setting

    def holds(self, part: _Question) -> bool:
        """Whether what meets this meets a part of it. Without an override, what it replaced comes back."""
        return part.everything & ~self.everything == 0 and part.overrides == self.overrides

    def lies_in(self, larger: _Question) -> bool:
        """Whether a refutation of this refutes a larger question."""
        return self.setting == larger.setting and self.atoms & ~larger.atoms == 0


@dataclass
class Inquiry:
    """One oracle and what it has answered. ``asked`` counts the questions put to it, of which
    ``heard`` is told."""

    oracle: Oracle
    asked: int = 0
    heard: Callable[[int], None] = lambda _: None
    _bits: dict[Demand, int] = field(default_factory=dict)
    _numbers: dict[Requirement, int] = field(default_factory=dict)
    _satisfied: list[tuple[_Question, Satisfied]] = field(default_factory=list)
    _refuted: list[tuple[_Question, Refuted]] = field(default_factory=list)
    _answers: dict[tuple[int, str], tuple[_Question, Answer]] = field(default_factory=dict)
    _preferred: dict[tuple[int, str], Mapping[Package, str]] = field(default_factory=dict)
    _down: Unknown | None = None
    _failures: int = 0

    @property
    def is_down(self) -> bool:
        """Whether the oracle is taken to answer nothing any more."""
        return self._down is not None

    def ask(
        self, demands: Collection[Demand], prefer: Mapping[Package, str] | None = None, *, exactly: bool = False
    ) -> Answer:
        """The oracle's answer, or one that earlier answers already imply.

        ``exactly``: a Witness of a larger set will not do, save where the oracle has none. Nor will one of the same
        set, exactly or not, that was chosen without the versions to ``prefer``.
        """
        question = self._question(demands)
        kept = self._kept(question)
        # Versions that were chosen when others, or none, were wanted would count as moved without need.
        moved = isinstance(kept, Satisfied) and bool(prefer) and self._preferred[question.key] != prefer
        kept = None if moved else kept
        settled = self._implied_refutation(question) if kept is None or isinstance(kept, Unknown) else kept
        if settled is not None:
            return settled
        implied = next((answer for larger, answer in self._satisfied if larger.holds(question)), None)
        if implied is not None and not exactly and not moved:
            return implied
        answer = kept or self._down or self._put(question, prefer or {})
        return implied if implied is not None and not isinstance(answer, Satisfied) else answer

    def _kept(self, question: _Question) -> Answer | None:
        """The answer to this very question."""
        first, answer = self._answers.get(question.key, (None, None))
        return transferred(answer, first.demands, question.demands) if first and answer else None

    def _implied_refutation(self, question: _Question) -> Answer | None:
        refuted = ((part, answer) for part, answer in self._refuted if part.lies_in(question))
        told = (transferred(answer, part.demands, question.demands) for part, answer in refuted)
        return next((answer for answer in told if answer is not None), None)

    def _put(self, question: _Question, prefer: Mapping[Package, str]) -> Answer:
        self.asked += 1
        self.heard(self.asked)
        answer = self.oracle.ask(question.demands, prefer)
        self._answers[question.key] = question, answer
        self._preferred[question.key] = prefer
        if isinstance(answer, Satisfied):
            self._satisfied.append((question, answer))
        elif isinstance(answer, Refuted) and question.atoms:
            self._refuted.append((question, answer))
        self._failures = self._failures + 1 if isinstance(answer, Unknown) and not answer.named else 0
        if isinstance(answer, Unknown) and (answer.everywhere or self._failures >= _PATIENCE):
            self._down = answer
        return answer

    def _question(self, demands: Collection[Demand]) -> _Question:
        everything = overrides = atoms = 0
        for demand in demands:
            bit = self._bit(demand)
            everything |= bit
            overrides |= bit if demand.requirement.force is Force.OVERRIDES else 0
            atoms |= 0 if is_platform(demand) else bit
        return _Question(tuple(demands), self.oracle.setting(demands), everything, overrides, atoms)

    def _bit(self, demand: Demand) -> int:
        if demand not in self._bits:
            self._bits[demand] = 1 << self._numbers.setdefault(atom(demand), len(self._numbers))
        return self._bits[demand]
