"""A refutation by package names: chains of packages, each at whichever of its versions, up to a clash.

As a person argues: "every mysql excludes every mariadb". A *holding* is a name with the versions of it
that are still possible. What all versions of a holding need is needed; alternatives that every possible
version of some package excludes are out; a name left alone must be there. Sound, and short, but not
complete: where versions must be weighed against each other it finds nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from analyzer.coinstall.case_analysis import BASE
from analyzer.explanation import Explanation, Fact
from analyzer.universe import Exclusion, Need, Universe

_VERSIONS = 64
"""Units of one name beyond which nothing is derived from what all of them have in common."""


@dataclass(frozen=True, slots=True)
class _Holding:
    """Some version among ``units`` of one name is there, for the reason in ``why``."""

    name: str
    units: frozenset[int]
    why: Explanation


@dataclass(frozen=True, slots=True)
class _Obligation:
    """One of ``any_of`` must be there, by the statement ``by``, since the holding of ``reason`` is."""

    any_of: frozenset[int]
    reason: Explanation
    by: str = ""


class _ClashError(Exception):
    """Ends the propagation: what follows is a contradiction."""

    def __init__(self, found: Explanation) -> None:
        super().__init__()
        self.found = found


def by_propagation(
    universe: Universe, asked: Sequence[Sequence[Need]], roots: Sequence[Explanation], permitted: frozenset[int]
) -> Explanation | None:
    """The contradiction in what Requirements ask for, whose own Explanations are ``roots``; None where
    propagation by names meets none."""
    state = _Propagation(universe, universe.reserved - permitted)
    first = [_Obligation(frozenset(n.any_of), why, "") for needs, why in zip(asked, roots, strict=True) for n in needs]
    try:
        state.run(first)
        state.run(_Obligation(frozenset(need.any_of), BASE) for need in universe.base)
    except _ClashError as clash:
        return clash.found
    return None


@dataclass
class _Propagation:
    universe: Universe
    withheld: frozenset[int]
    holdings: dict[str, _Holding] = field(default_factory=dict)
    pending: list[_Obligation] = field(default_factory=list)
    queue: deque[_Obligation] = field(default_factory=deque)
    _barred: dict[int, dict[int, Exclusion]] = field(default_factory=dict)
    _against: dict[int, list[_Holding]] = field(default_factory=dict)

    def run(self, obligations: Iterable[_Obligation]) -> None:
        """Follow obligations, the nearest first, and those with several ways again as more is known.
        Raises _ClashError at the first contradiction."""
        self.queue.extend(obligations)
        while self.queue:
            self._meet(self.queue.popleft())
            if not self.queue:
                waiting, self.pending = self.pending, []
                before = len(self.holdings)
                for obligation in waiting:
                    self._meet(obligation)
                if len(self.holdings) == before and not self.queue:
                    return

    def _meet(self, obligation: _Obligation) -> None:
        ways: dict[str, list[int]] = {}
        out: dict[str, list[Explanation]] = {}
        for unit in sorted(obligation.any_of - self.withheld):
            why_not = self._why_not(unit, obligation)
            if why_not is None:
                ways.setdefault(self._name(unit), []).append(unit)
            else:
                out.setdefault(self._name(unit), []).append(why_not)
        if not ways:
            raise _ClashError(self._dead_end(obligation, out))
        if len(ways) > 1:
            self.pending.append(obligation)
            return
        ((name, units),) = ways.items()
        self._hold(name, frozenset(units), obligation, tuple(reasons[0] for reasons in out.values()))

    def _hold(self, name: str, units: frozenset[int], obligation: _Obligation, others: Sequence[Explanation]) -> None:
        known = self.holdings.get(name)
        possible = units & known.units if known else units
        if known and possible == known.units:
            return
        narrowed = (known.why,) if known and possible != units else ()
        why = self._brings(self._label(possible), obligation, (*others, *narrowed))
        holding = self.holdings[name] = _Holding(name, possible, why)
        for unit in self._barred_by_all(possible):
            self._against.setdefault(unit, []).append(holding)
        self._check(holding)
        if len(possible) <= _VERSIONS:
            self.queue.extend(self._obligations(holding))

    def _brings(self, label: str, obligation: _Obligation, others: Sequence[Explanation]) -> Explanation:
        return Explanation(Fact.BRINGS, label, causes=(obligation.reason, *others), by=obligation.by)

    def _check(self, holding: _Holding) -> None:
        """Raise _ClashError where a holding and another one exclude each other in all versions."""
        for other in self.holdings.values():
            if other.name != holding.name and (found := self._between(other, holding.units)):
                raise _ClashError(self._excludes(found, other, holding.units, (other.why, holding.why)))

    def _dead_end(self, obligation: _Obligation, out: dict[str, list[Explanation]]) -> Explanation:
        """The contradiction where no way is left: the last way is taken all the same, to show both sides."""
        if not out:
            withheld = self._label(obligation.any_of) if obligation.any_of else ""
            return Explanation(
                Fact.LACKS, obligation.reason.subject, withheld, causes=(obligation.reason,), by=obligation.by
            )
        *others, (name, reasons) = out.items()
        label = self._label(u for u in obligation.any_of - self.withheld if self._name(u) == name)
        # A reason that excludes tells more than one that something is lacking.
        last = next((why for why in reasons if why.fact is Fact.EXCLUDES), reasons[0])
        beside = [why for why in reasons if why.fact is not last.fact][:1]
        taken = self._brings(label, obligation, [*(reasons[0] for _, reasons in others), *beside])
        if last.fact is Fact.LACKS:
            return Explanation(Fact.LACKS, label, last.object, causes=(taken,), by=last.by)
        return Explanation(Fact.EXCLUDES, last.subject, last.object, causes=(*last.causes, taken), by=last.by)

    def _why_not(self, unit: int, obligation: _Obligation) -> Explanation | None:
        """Why a unit cannot be there, if what is known rules it out."""
        known = self.holdings.get(self.universe.units[unit].name)
        if known is not None and unit not in known.units:
            sides = self._label(known.units), self._label(self._same(unit, obligation))
            return Explanation(Fact.EXCLUDES, *sides, causes=(known.why,))
        plain = (need for need in self.universe.needs(unit) if not need.given)
        lacking = next((need for need in plain if self.withheld.issuperset(need.any_of)), None)
        if lacking is not None:
            withheld = self._label(lacking.any_of) if lacking.any_of else ""
            by = f"{lacking.field}: {lacking.text}"
            return Explanation(Fact.LACKS, str(self.universe.units[unit]), withheld, by=by)
        barred = {self._name(other): None for other in self._exclusions(unit)}
        own = (self.holdings[name] for name in barred if name in self.holdings)
        for holding in (*self._against.get(unit, ()), *own):
            if found := self._between(holding, frozenset((unit,))):
                return self._excludes(found, holding, self._same(unit, obligation), (holding.why,))
        return None

    def _same(self, unit: int, obligation: _Obligation) -> frozenset[int]:
        """The versions of a unit's package that an obligation admits."""
        return frozenset(other for other in obligation.any_of if self._name(other) == self._name(unit))

    def _barred_by_all(self, units: frozenset[int]) -> Iterator[int]:
        first, *rest = units
        return (other for other in self._exclusions(first) if all(other in self._exclusions(unit) for unit in rest))

    def _between(self, holding: _Holding, units: frozenset[int]) -> tuple[bool, Exclusion] | None:
        """How a holding and some units exclude each other, in every version: by a statement of the holding's
        own (true) or of theirs."""
        if any(self.universe.units[unit].name == holding.name for unit in units):
            return None
        found: tuple[bool, Exclusion] | None = None
        for own in sorted(holding.units):
            for other in sorted(units):
                if other in self._exclusions(own):
                    found = found or (True, self._exclusions(own)[other])
                elif own in self._exclusions(other):
                    found = found or (False, self._exclusions(other)[own])
                else:
                    return None
        return found

    def _excludes(
        self, found: tuple[bool, Exclusion], holding: _Holding, units: frozenset[int], causes: Sequence[Explanation]
    ) -> Explanation:
        own, exclusion = found
        sides = (self._label(holding.units), self._label(units))
        by = f"{exclusion.field}: {exclusion.text}" if exclusion.field else ""
        return Explanation(Fact.EXCLUDES, *(sides if own else sides[::-1]), causes=tuple(causes), by=by)

    def _obligations(self, holding: _Holding) -> Iterator[_Obligation]:
        """What all possible versions of a holding need: for each Need of one, the like of it in the others."""
        first, *rest = sorted(holding.units, key=lambda unit: (self.universe.units[unit].rank, unit))
        for need in self.universe.needs(first):
            alike = [_like(need, self.universe.needs(unit), self._name) for unit in rest]
            if not need.given and None not in alike:
                together = frozenset(need.any_of).union(*(n.any_of for n in alike if n is not None))
                yield _Obligation(together, holding.why, f"{need.field}: {need.text}")

    def _exclusions(self, unit: int) -> dict[int, Exclusion]:
        if unit not in self._barred:
            declared = self.universe.exclusions(unit)
            self._barred[unit] = {other: exclusion for exclusion in declared for other in exclusion.others}
        return self._barred[unit]

    def _name(self, unit: int) -> str:
        return self.universe.units[unit].name

    def _label(self, units: Iterable[int]) -> str:
        """``mysql 8.0.36-1.el9``, of several versions ``mysql in any of 5 versions``."""
        there = [self.universe.units[unit] for unit in units]
        versions = {unit.version for unit in there}
        if len(versions) == 1:
            return str(there[0])
        return f"{there[0].name} in {'either' if len(versions) == 2 else 'any'} of {len(versions)} versions"


def _like(need: Need, others: Sequence[Need], name: Callable[[int], str]) -> Need | None:
    """The Need of another version that says the same, or asks for one of the same packages."""
    plain = [other for other in others if not other.given]
    same = (other for other in plain if other.field == need.field and other.text == need.text)
    names = frozenset(map(name, need.any_of))
    akin = (other for other in plain if names and not names.isdisjoint(map(name, other.any_of)))
    return next(same, None) or next(akin, None)
