"""A refutation unit by unit, with cases: what is left where no chain of packages leads to the clash.

Unit propagation over a minimal set of clauses; where that does not suffice, each way of some dependency
is tried. Complete, and as long as it takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from analyzer.coinstall.relevant_clauses import Barred, Wanted, relevant_clauses
from analyzer.explanation import Explanation, Fact
from analyzer.universe import Need, Universe

BASE = Explanation(Fact.AVAILABLE, "every root filesystem has the essential packages")
"""Who wants what the distribution calls essential."""


def by_cases(
    universe: Universe, asked: Sequence[Sequence[Need]], roots: Sequence[Explanation], permitted: frozenset[int]
) -> Explanation:
    """The contradiction in what Requirements ask for, whose own Explanations are ``roots``.

    Raises ValueError where there is none.
    """
    clauses = relevant_clauses(universe, asked, permitted)
    wanted = tuple(clause for clause in clauses if isinstance(clause, Wanted))
    barred = tuple(clause for clause in clauses if isinstance(clause, Barred))
    return _Argument(universe, wanted, barred, roots).conclusion({})


_Installed = Mapping[int, Explanation]
"""Why each unit is there."""


@dataclass(frozen=True)
class _Argument:
    universe: Universe
    wanted: Sequence[Wanted]
    barred: Sequence[Barred]
    roots: Sequence[Explanation]

    def conclusion(self, known: _Installed) -> Explanation:
        """The contradiction that follows from what is there."""
        installed = dict(known)
        while True:
            if clash := self._clash(installed):
                return clash
            forced = self._forced(installed)
            if forced is None:
                return self._by_cases(installed)
            unit, why = forced
            installed[unit] = why

    def _clash(self, installed: _Installed) -> Explanation | None:
        for bar in self.barred:
            if bar.unit in installed and bar.other in installed:
                return self._excludes(bar, installed[bar.unit], installed[bar.other])
        for item in self._active(installed):
            if not item.need.any_of:
                return self._lacks(item, installed)
        return None

    def _lacks(self, item: Wanted, installed: _Installed) -> Explanation:
        who = str(self.universe.units[item.unit]) if item.unit is not None else item.need.text
        return Explanation(Fact.LACKS, who, causes=self._reasons(item, installed), by=_statement(item))

    def _excludes(self, bar: Barred, *causes: Explanation) -> Explanation:
        one, other = self.universe.units[bar.unit], self.universe.units[bar.other]
        by = f"{bar.exclusion.field}: {bar.exclusion.text}" if bar.exclusion.field else ""
        return Explanation(Fact.EXCLUDES, str(one), str(other), causes=causes, by=by)

    def _forced(self, installed: _Installed) -> tuple[int, Explanation] | None:
        """A unit that must be there for want of another way, the one with the fewest ruled out first."""
        found: list[tuple[int, int, Explanation]] = []
        for item in self._active(installed):
            ruled_out = {unit: why for unit in item.need.any_of if (why := self._ruled_out(unit, installed))}
            ways = [unit for unit in item.need.any_of if unit not in ruled_out]
            # With no way left the last one is taken all the same: the clash then shows both its sides.
            unit = (ways or list(item.need.any_of)[-1:])[0]
            if len(ways) > 1 or unit in installed:
                continue
            others = tuple(why for other, why in ruled_out.items() if other != unit)
            causes = (*self._reasons(item, installed), *others)
            told = Explanation(Fact.BRINGS, str(self.universe.units[unit]), causes=causes, by=_statement(item))
            found.append((len(others), unit, told))
        fewest = min(found, key=lambda item: item[0], default=None)
        return fewest and fewest[1:]

    def _ruled_out(self, unit: int, installed: _Installed) -> Explanation | None:
        for bar in self.barred:
            if unit in (bar.unit, bar.other):
                against = bar.other if unit == bar.unit else bar.unit
                if against in installed:
                    return self._excludes(bar, installed[against])
        return None

    def _by_cases(self, installed: _Installed) -> Explanation:
        item = min(self._active(installed), key=lambda item: len(self._ways(item, installed)))
        reasons = self._reasons(item, installed)
        cases = []
        for unit in item.need.any_of:
            supposed = Explanation(Fact.SUPPOSED, str(self.universe.units[unit]), causes=reasons, by=_statement(item))
            cases.append(self._ruled_out(unit, installed) or self.conclusion({**installed, unit: supposed}))
        choices = " | ".join(str(self.universe.units[unit]) for unit in item.need.any_of)
        return Explanation(Fact.EXHAUSTED, choices, causes=(*reasons, *cases), by=_statement(item))

    def _ways(self, item: Wanted, installed: _Installed) -> list[int]:
        return [unit for unit in item.need.any_of if not self._ruled_out(unit, installed)]

    def _active(self, installed: _Installed) -> Iterator[Wanted]:
        """Needs that bind and are not met."""
        for item in self.wanted:
            binds = item.unit is None or item.unit in installed
            if binds and installed.keys() >= set(item.need.given) and installed.keys().isdisjoint(item.need.any_of):
                yield item

    def _reasons(self, item: Wanted, installed: _Installed) -> tuple[Explanation, ...]:
        given = tuple(installed[unit] for unit in item.need.given)
        if item.unit is not None:
            return (installed[item.unit], *given)
        return (self.roots[item.asked] if item.asked >= 0 else BASE, *given)


def _statement(item: Wanted) -> str:
    return f"{item.need.field}: {item.need.text}" if item.need.field and item.unit is not None else ""
