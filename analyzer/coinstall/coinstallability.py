"""Judges sets of Requirements in one universe: one solve under assumptions for each question."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace
from itertools import chain

from analyzer.coinstall.encoding import Encoding
from analyzer.coinstall.installation import installation
from analyzer.origin import Origin
from analyzer.requirement import Requirement
from analyzer.universe import Need, Universe

_NOWHERE = Origin("")


class Coinstallability:
    """Says which Requirements can be met together. The solver and what it learnt serve all questions.

    Requirements are told apart by what they ask for, wherever they stand. Whatever asks the solver
    raises HardError where it gives up.
    """

    def __init__(self, universe: Universe) -> None:
        self.universe = universe
        self.encoding = Encoding(universe)
        self._selectors: dict[Requirement, int | None] = {}
        self._base = self.encoding.selector(universe.base)

    def unknown(self, requirements: Iterable[Requirement]) -> tuple[Requirement, ...]:
        """Those of which the universe knows nothing; the others can be judged."""
        return tuple(r for r in requirements if self._selector(r) is None)

    def fit(self, requirements: Collection[Requirement]) -> bool:
        """Whether all can be met at once, beside what every root filesystem has. None may be unknown."""
        return self.encoding.solve(self._assumptions(requirements))

    def literal(self, requirements: Iterable[Requirement]) -> int:
        """A literal that stands for all of some Requirements: a Service as one assumption."""
        return self.encoding.conjunction(s for r in requirements if (s := self._selector(r)) is not None)

    def refuting(self, literals: Sequence[int]) -> frozenset[int] | None:
        """Those of some literals that a proof rests on where they cannot be met at once, with no version that
        the installer takes only if it is asked for; None where they can."""
        if self.encoding.solve([*self._assumptions(()), *literals]):
            return None
        return frozenset(self.encoding.solver.get_core() or ()).intersection(literals)

    def core(self, requirements: Sequence[Requirement]) -> tuple[Requirement, ...]:
        """Of Requirements that cannot be met at once a minimal part of which that is true as well; empty
        where the base system itself cannot be."""
        if self.fit(requirements):
            raise ValueError("these requirements can be met")
        kept = self._blamed(requirements)
        for requirement in kept:
            rest = tuple(r for r in kept if r != requirement)
            if requirement in kept and not self.fit(rest):
                kept = self._blamed(rest)
        return kept

    def installation(self, requirements: Collection[Requirement]) -> frozenset[int]:
        """The units of an installation that meets Requirements, of which it is known that they fit."""
        if not self.fit(requirements):
            raise ValueError("these requirements cannot be met")
        model = self.encoding.true_units(self.encoding.solver.get_model() or ())
        return installation(self.universe, self.needs(requirements), model)

    def needs(self, requirements: Iterable[Requirement]) -> tuple[Need, ...]:
        """What Requirements ask for, and what every root filesystem has."""
        asked = chain.from_iterable(self.universe.demanded(r) or () for r in requirements)
        return (*self.universe.base, *asked)

    def _blamed(self, requirements: Sequence[Requirement]) -> tuple[Requirement, ...]:
        """Of Requirements just refuted those that the solver's proof rests on."""
        blamed = frozenset(self.encoding.solver.get_core() or ())
        return tuple(r for r in requirements if self._selector(r) in blamed)

    def _assumptions(self, requirements: Iterable[Requirement]) -> list[int]:
        asked = tuple(requirements)
        literals = [self._base, *(literal for r in asked if (literal := self._selector(r)) is not None)]
        if not self.encoding.reserved:
            return literals
        permitted = frozenset(chain.from_iterable(map(self.universe.permitted, asked)))
        withheld = (self.encoding.known(unit) for unit in self.encoding.reserved if unit not in permitted)
        return [*literals, *(-variable for variable in withheld if variable is not None)]

    def _selector(self, requirement: Requirement) -> int | None:
        asked = replace(requirement, origin=_NOWHERE)
        if asked not in self._selectors:
            needs = self.universe.demanded(asked)
            self._selectors[asked] = None if needs is None else self.encoding.selector(needs)
        return self._selectors[asked]
