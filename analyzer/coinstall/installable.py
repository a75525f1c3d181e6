"""Which units of a universe can be installed at all (the question of ``dose-debcheck``).

One solve settles many: whatever a model installs is installable. So as many units as go together are asked
for at once; of those that a proof names together all but one wait for another round. A refused question
costs little, since the solver meets the contradiction while it still assumes.
"""

from __future__ import annotations

from collections.abc import Iterable

from analyzer.coinstall.encoding import Encoding
from analyzer.universe import Universe


def uninstallable(universe: Universe, units: Iterable[int]) -> frozenset[int]:
    """Those of ``units`` that cannot be installed beside what every root filesystem has, not even alone."""
    search = _Search(universe, units)
    search.settle_with_preference()
    while search.open:
        search.settle_together()
    return frozenset(search.broken)


class _Search:
    def __init__(self, universe: Universe, units: Iterable[int]) -> None:
        self._encoding = Encoding(universe)
        self._base = self._encoding.selector(universe.base)
        self.open = {self._encoding.variable(unit): unit for unit in units}
        self.broken: set[int] = set()

    def settle_with_preference(self) -> None:
        """A first model, that installs whatever it has no reason not to."""
        solver = self._encoding.solver
        solver.set_phases(list(self.open))
        if solver.solve(assumptions=[self._base]):
            self._close()
        solver.set_phases([-variable for variable in range(1, len(self._encoding.units))])

    def settle_together(self) -> None:
        """Ask for all that is open, and for less until it goes together."""
        solver = self._encoding.solver
        wanted = dict.fromkeys(self.open)
        while wanted and not solver.solve(assumptions=[self._base, *wanted]):
            blamed = [literal for literal in solver.get_core() or () if literal != self._base]
            if not blamed:
                self.broken.update(self.open.values())
                self.open.clear()
                return
            if len(blamed) == 1:
                self.broken.add(self.open.pop(blamed[0]))
            for literal in blamed[1:] or blamed:
                del wanted[literal]
        if wanted:
            self._close()

    def _close(self) -> None:
        for literal in self._encoding.solver.get_model() or ():
            if literal > 0:
                self.open.pop(literal, None)
