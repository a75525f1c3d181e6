"""A universe as clauses for an incremental SAT solver (Mancinelli et al. 2006, EDOS).

Each unit is a variable: a Need is the clause "not the unit, or one of those", an Exclusion the clause
"not both". Only the *cone* is encoded, what the Requirements can reach by dependencies; it grows when
others are asked about, and nothing is ever taken back. Variables are numbered densely, which makes the
solver much faster than numbers with gaps.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from pysat.solvers import Solver

from analyzer.universe import Exclusion, Need, Universe

_TRIES = 50_000
"""Conflicts of a search before it is given up, after a second or so. Questions of whole distributions
take some hundreds; only what somebody made to be hard takes so many."""


class HardError(Exception):
    """A question that the solver gave up."""


class Encoding:
    """The cone of a universe in a solver. ``units`` maps a variable (from 1) to its unit; variables that
    are no units (selectors) map to -1."""

    def __init__(self, universe: Universe, engine: str = "minisat22") -> None:
        self.universe = universe
        self.solver = Solver(name=engine)
        self.units: list[int] = [-1]
        self.reserved: list[int] = []
        self._variables: dict[int, int] = {}
        self._waiting: list[int] = []
        self._excluding: dict[int, list[int]] = defaultdict(list)

    def selector(self, needs: Iterable[Need]) -> int:
        """A literal that, where it is assumed, asks for all of ``needs``; their cone is encoded."""
        literal = self._fresh(-1)
        for need in needs:
            self._add_need(literal, need)
        self._grow()
        return literal

    def conjunction(self, literals: Iterable[int]) -> int:
        """A literal that, where it is assumed, asks for all of some others."""
        whole = self._fresh(-1)
        for literal in literals:
            self.solver.add_clause((-whole, literal))
        return whole

    def solve(self, assumptions: Sequence[int]) -> bool:
        """Whether all assumptions can hold at once. Raises HardError where that takes too long to tell."""
        self.solver.conf_budget(_TRIES)
        found = self.solver.solve_limited(assumptions=list(assumptions))
        if found is None:
            raise HardError
        return bool(found)

    def variable(self, unit: int) -> int:
        """The variable of a unit, whose cone is encoded."""
        variable = self._variable(unit)
        self._grow()
        return variable

    def known(self, unit: int) -> int | None:
        """The variable of a unit if it is in the cone."""
        return self._variables.get(unit)

    def true_units(self, model: Sequence[int]) -> frozenset[int]:
        """The units that a model installs."""
        return frozenset(self.units[literal] for literal in model if literal > 0) - {-1}

    def _fresh(self, unit: int) -> int:
        self.units.append(unit)
        return len(self.units) - 1

    def _variable(self, unit: int) -> int:
        variable = self._variables.get(unit)
        if variable is None:
            variable = self._variables[unit] = self._fresh(unit)
            self._waiting.append(unit)
            if unit in self.universe.reserved:
                self.reserved.append(unit)
            for other in self._excluding.pop(unit, ()):
                self.solver.add_clause((-variable, -other))
        return variable

    def _grow(self) -> None:
        while self._waiting:
            unit = self._waiting.pop()
            variable = self._variables[unit]
            for need in self.universe.needs(unit):
                self._add_need(variable, need)
            for exclusion in self.universe.exclusions(unit):
                self._add_exclusion(variable, exclusion)

    def _add_need(self, variable: int, need: Need) -> None:
        given = [-self._variable(unit) for unit in need.given]
        self.solver.add_clause([-variable, *given, *map(self._variable, need.any_of)])

    def _add_exclusion(self, variable: int, exclusion: Exclusion) -> None:
        """Those that are not in the cone cannot be installed; the clause waits until they join it."""
        for other in exclusion.others:
            joined = self._variables.get(other)
            if joined is None:
                self._excluding[other].append(variable)
            else:
                self.solver.add_clause((-variable, -joined))
