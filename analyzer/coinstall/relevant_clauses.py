"""The clauses that a refutation needs: a minimal unsatisfiable part of them, as close to the
Requirements as can be.

Clauses are taken in layers: first those of the packages that are asked for, then those of what these
depend on, and so on, until they contradict one another. So the chains that lead to the clash are as
short as possible. Of these clauses none is kept without which the rest still contradict.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pysat.solvers import Solver

from analyzer.universe import Exclusion, Need, Universe


@dataclass(frozen=True, slots=True)
class Wanted:
    """A Need and who has it: a unit, or a Requirement by its position among those asked (-1 for the base)."""

    need: Need
    unit: int | None = None
    asked: int = -1


@dataclass(frozen=True, slots=True)
class Barred:
    """Two units that exclude each other, and how the first declares it."""

    unit: int
    other: int
    exclusion: Exclusion


Clause = Wanted | Barred


def relevant_clauses(
    universe: Universe, asked: Sequence[Sequence[Need]], permitted: frozenset[int]
) -> tuple[Clause, ...]:
    """A minimal set of clauses that cannot hold together. ``asked`` are the Needs of each Requirement.

    Raises ValueError where there is none.
    """
    layers = _Layers(universe, permitted)
    layers.add([Wanted(need, asked=number) for number, needs in enumerate(asked) for need in needs])
    while not (core := layers.contradiction()):
        if not layers.deepen() and not layers.add_base():
            raise ValueError("there is nothing to refute")
    return layers.minimal(core)


class _Layers:
    """The clauses taken so far, each behind a selector."""

    def __init__(self, universe: Universe, permitted: frozenset[int]) -> None:
        self._universe = universe
        self._withheld = universe.reserved - permitted
        self._solver = Solver(name="minisat22")
        self._clauses: dict[int, Clause] = {}
        self._variables: dict[int, int] = {}
        self._edge: list[int] = []
        self._barring: dict[int, list[Barred]] = {}
        self._last = 0
        self._has_base = False

    def add(self, wanted: Iterable[Wanted]) -> None:
        """Take some Needs, and what the units in them exclude. Units that the installer would not choose
        are no answer to a Need."""
        for item in wanted:
            need = item.need
            open_ = tuple(unit for unit in need.any_of if unit not in self._withheld)
            shown = Wanted(Need(need.field, need.text, open_, need.given), item.unit, item.asked)
            whose = [] if item.unit is None else [-self._variable(item.unit)]
            literals = [*whose, *(-self._variable(u) for u in need.given), *map(self._variable, open_)]
            self._behind_selector(literals, shown)

    def deepen(self) -> bool:
        """Take the Needs of the units met last; whether there were any."""
        edge, self._edge = self._edge, []
        for unit in edge:
            self.add(Wanted(need, unit) for need in self._universe.needs(unit))
        return bool(edge)

    def add_base(self) -> bool:
        """Take what every root filesystem needs, once nothing else is left."""
        added = not self._has_base and bool(self._universe.base)
        self._has_base = True
        self.add(Wanted(need) for need in self._universe.base)
        return added

    def contradiction(self) -> list[int]:
        """Selectors of clauses that cannot hold together; empty where all can."""
        return [] if self._solver.solve(assumptions=list(self._clauses)) else list(self._solver.get_core() or ())

    def minimal(self, core: Sequence[int]) -> tuple[Clause, ...]:
        """A minimal part of a contradiction; what was taken last is dropped first."""
        kept = sorted(core, reverse=True)
        for selector in tuple(kept):
            if selector in kept and not self._solver.solve(assumptions=[s for s in kept if s != selector]):
                kept = sorted(self._solver.get_core() or (), reverse=True)
        return tuple(self._clauses[selector] for selector in reversed(kept))

    def _behind_selector(self, literals: Iterable[int], clause: Clause) -> None:
        self._last += 1
        self._clauses[self._last] = clause
        self._solver.add_clause([-self._last, *literals])

    def _variable(self, unit: int) -> int:
        if unit not in self._variables:
            self._last += 1
            self._variables[unit] = self._last
            self._edge.append(unit)
            for barred in self._bars(unit):
                self._behind_selector([-self._variables[barred.unit], -self._variables[barred.other]], barred)
        return self._variables[unit]

    def _bars(self, unit: int) -> Iterator[Barred]:
        """The exclusions between a unit that was just met and those met before, from either side; those
        with units not met yet wait."""
        yield from self._barring.pop(unit, ())
        for exclusion in self._universe.exclusions(unit):
            for other in exclusion.others:
                barred = Barred(unit, other, exclusion)
                if other in self._variables:
                    yield barred
                else:
                    self._barring.setdefault(other, []).append(barred)
