"""Questions and what is known from earlier answers, so that none is asked for nothing.

Subsets of what is satisfiable are satisfiable, with the same overrides; supersets of what is not, are
not, under the same setting. Knowledge is kept about *atoms*, Requirements without their Origins: services that ask for
the same share it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import reduce
from operator import or_

from analyzer.demands import is_platform
from analyzer.oracle import Answer, Oracle, Refuted, Satisfied, Unknown
from analyzer.package import Package
from analyzer.requirement import Force, Requirement
from analyzer.transfer import atom, transferred
from analyzer.verdict import Demand, Witness

_PATIENCE = 5
"""Unexplained failures in a row after which the oracle counts as down: each may have cost a time-out."""


@dataclass(frozen=True, slots=True)
class _Known:
    """An answer, the Demands it was given about, and their atoms as bits."""

    atoms: int
    setting: str
    demands: tuple[Demand, ...]
    answer: Answer


@dataclass(frozen=True, slots=True)
class _Met:
    """All Demands that a Witness meets, and the overrides among them, as bits of their atoms."""

    atoms: int
    overrides: int
    witness: Witness

    def implies(self, atoms: int) -> bool:
        """Whether Demands are met for the sake of these. Without an override, what it replaced comes back."""
        return atoms & ~self.atoms == 0 and self.overrides & ~atoms == 0


@dataclass
class Inquiry:
    """One oracle and what it has answered. ``asked`` counts the questions put to it, of which
    ``heard`` is told."""

    oracle: Oracle
    asked: int = 0
    heard: Callable[[int], None] = lambda _: None
    _bits: dict[Requirement, int] = field(default_factory=dict)
    _bit: dict[Demand, int] = field(default_factory=dict)
    _satisfied: list[_Met] = field(default_factory=list)
    _refuted: list[_Known] = field(default_factory=list)
    _answers: dict[tuple[int, str], _Known] = field(default_factory=dict)
    _down: Unknown | None = None
    _failures: int = 0

    def ask(
        self, demands: Collection[Demand], prefer: Mapping[Package, str] | None = None, *, exactly: bool = False
    ) -> Answer:
        """The oracle's answer, or one that earlier answers already imply.

        ``exactly``: a Witness of a larger set will not do, save where the oracle has none.
        """
        setting = self.oracle.setting(demands)
        settled = self._settled(demands, setting)
        if settled is not None:
            return settled
        everything = self._mask(demands)
        implied = next((Satisfied(k.witness) for k in self._satisfied if k.implies(everything)), None)
        if implied is not None and not exactly:
            return implied
        answer = self._kept(demands, setting) or self._down or self._put(demands, prefer or {}, setting)
        return implied if implied is not None and not isinstance(answer, Satisfied) else answer

    def clashes(self, demands: Collection[Demand]) -> bool:
        """Whether the Demands are known, or found, to be unsatisfiable. An unknown is no clash."""
        return isinstance(self.ask(demands), Refuted)

    def _settled(self, demands: Collection[Demand], setting: str) -> Answer | None:
        """An answer to this very question, or the refutation of a part of it."""
        kept = self._kept(demands, setting)
        if kept is not None and not isinstance(kept, Unknown):
            return kept
        atoms = self._atoms(demands)
        implying = (k for k in self._refuted if k.setting == setting and k.atoms & ~atoms == 0)
        told = (transferred(known.answer, known.demands, demands) for known in implying)
        return next((answer for answer in told if answer is not None), None)

    def _kept(self, demands: Collection[Demand], setting: str) -> Answer | None:
        known = self._answers.get((self._atoms(demands), setting))
        return transferred(known.answer, known.demands, demands) if known is not None else None

    def _put(self, demands: Collection[Demand], prefer: Mapping[Package, str], setting: str) -> Answer:
        self.asked += 1
        self.heard(self.asked)
        answer = self.oracle.ask(demands, prefer)
        known = _Known(self._atoms(demands), setting, tuple(demands), answer)
        self._answers[known.atoms, setting] = known
        if isinstance(answer, Satisfied):
            overrides = [d for d in demands if d.requirement.force is Force.OVERRIDES]
            self._satisfied.append(_Met(self._mask(demands), self._mask(overrides), answer.witness))
        elif isinstance(answer, Refuted) and known.atoms:
            self._refuted.append(known)
        self._failures = self._failures + 1 if isinstance(answer, Unknown) and not answer.named else 0
        if isinstance(answer, Unknown) and (answer.everywhere or self._failures >= _PATIENCE):
            self._down = answer
        return answer

    def _atoms(self, demands: Collection[Demand]) -> int:
        """The bits of all but the platform's Demands, which the setting stands for."""
        return self._mask([d for d in demands if not is_platform(d)])

    def _mask(self, demands: Collection[Demand]) -> int:
        return reduce(or_, map(self._bit_of, demands), 0)

    def _bit_of(self, demand: Demand) -> int:
        bit = self._bit.get(demand)
        if bit is None:
            bit = self._bit[demand] = 1 << self._bits.setdefault(atom(demand), len(self._bits))
        return bit
