"""A refutation by package names: chains of packages, each at whichever of its versions, up to a clash.

As a person argues: "every mysql excludes every mariadb". A *holding* is a name with the versions of it
that are still possible. What all versions of a holding need is needed; alternatives that every possible
version of some package excludes are out; a name left alone must be there. Sound, and short, but not
complete: where versions must be weighed against each other it finds nothing.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from analyzer.explanation import Explanation, Fact
from analyzer.universe import Exclusion, Need, Universe

_VERSIONS = 64
"""Units of one name beyond which nothing is derived from what all of them have in common."""


@dataclass(frozen=True, slots=True)
class Holding:
    """Some version among ``units`` of one name is there, for the reason in ``why``."""

    name: str
    units: frozenset[int]
    why: Explanation


@dataclass(frozen=True, slots=True)
class Obligation:
    """One of ``any_of`` must be there, by the statement ``by``, since the holding of ``reason`` is."""

    any_of: frozenset[int]
    reason: Explanation
    by: str = ""


class ClashError(Exception):
    """Ends the propagation: what follows is a contradiction."""

    def __init__(self, found: Explanation) -> None:
        super().__init__()
        self.found = found


@dataclass
class Propagation:
    """What is there, by name, and the choices that are open (``pending``). ``impossible`` has units that a
    supposition ruled out, with the reason."""

    universe: Universe
    withheld: frozenset[int]
    holdings: dict[str, Holding] = field(default_factory=dict)
    pending: list[Obligation] = field(default_factory=list)
    queue: deque[Obligation] = field(default_factory=deque)
    impossible: dict[int, Explanation] = field(default_factory=dict)
    _barred: dict[int, dict[int, Exclusion]] = field(default_factory=dict)
    _against: dict[int, tuple[Holding, ...]] = field(default_factory=dict)

    def run(self, obligations: Iterable[Obligation]) -> None:
        """Follow obligations, the nearest first, and those with several ways again as more is known.
        Raises ClashError at the first contradiction."""
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

    def fork(self) -> Propagation:
        """A copy, to see where a supposition leads."""
        return replace(
            self,
            holdings=dict(self.holdings),
            pending=list(self.pending),
            queue=deque(),
            impossible=dict(self.impossible),
            _against=dict(self._against),
        )

    def ways(self, obligation: Obligation) -> tuple[dict[str, list[int]], dict[str, list[Explanation]]]:
        """The units that would do, by name, and why others would not. No ways where one is there already."""
        ways: dict[str, list[int]] = {}
        out: dict[str, list[Explanation]] = {}
        for unit in sorted(obligation.any_of - self.withheld):
            why_not = self._why_not(unit, obligation)
            if why_not is None:
                ways.setdefault(self._name(unit), []).append(unit)
            else:
                out.setdefault(self._name(unit), []).append(why_not)
        return ways, out

    def _meet(self, obligation: Obligation) -> None:
        if self._is_met(obligation):
            return
        ways, out = self.ways(obligation)
        if not ways:
            raise ClashError(self._dead_end(obligation, out))
        if len(ways) > 1:
            self.pending.append(obligation)
            return
        ((name, units),) = ways.items()
        self.hold(name, frozenset(units), obligation, tuple(reasons[0] for reasons in out.values()))

    def _is_met(self, obligation: Obligation) -> bool:
        names = {self._name(unit) for unit in obligation.any_of}
        return any(n in self.holdings and self.holdings[n].units <= obligation.any_of for n in names)

    def hold(
        self,
        name: str,
        units: frozenset[int],
        obligation: Obligation,
        others: Sequence[Explanation] = (),
        fact: Fact = Fact.BRINGS,
    ) -> None:
        """Some of the units of a name is there, by an obligation. Raises ClashError where it cannot be."""
        known = self.holdings.get(name)
        possible = units & known.units if known else units
        if known and possible == known.units:
            return
        narrowed = (known.why,) if known and possible != units else ()
        causes = (obligation.reason, *others, *narrowed)
        why = Explanation(fact, self.label(possible), causes=causes, by=obligation.by)
        holding = self.holdings[name] = Holding(name, possible, why)
        for unit in self._barred_by_all(possible):
            self._against[unit] = (*self._against.get(unit, ()), holding)
        self._check(holding)
        if len(possible) <= _VERSIONS:
            self.queue.extend(self._obligations(holding))

    def _check(self, holding: Holding) -> None:
        """Raise ClashError where a holding and another one exclude each other in all versions."""
        suspects = self._suspects(min(holding.units)) - {holding.name}
        for other in self.holdings.values() if suspects else ():
            if other.name in suspects and (found := self._between(other, holding.units)):
                raise ClashError(self._excludes(found, other, holding.units, (other.why, holding.why)))

    def _suspects(self, unit: int) -> frozenset[str]:
        """The names of holdings that may exclude a unit: in all their versions, or by its own statement."""
        named = {self._name(other) for other in self._exclusions(unit)}
        named.update(holding.name for holding in self._against.get(unit, ()))
        return frozenset(named & self.holdings.keys())

    def _dead_end(self, obligation: Obligation, out: dict[str, list[Explanation]]) -> Explanation:
        """The contradiction where no way is left: the last way is taken all the same, to show both sides."""
        if not out:
            withheld = self.label(obligation.any_of) if obligation.any_of else ""
            return Explanation(
                Fact.LACKS, obligation.reason.subject, withheld, causes=(obligation.reason,), by=obligation.by
            )
        *others, (name, reasons) = out.items()
        label = self.label(u for u in obligation.any_of - self.withheld if self._name(u) == name)
        # A reason that excludes tells more than one that something is lacking.
        last = next((why for why in reasons if why.fact is Fact.EXCLUDES), reasons[0])
        beside = [why for why in reasons if why.fact is not last.fact][:1]
        causes = (obligation.reason, *(reasons[0] for _, reasons in others), *beside)
        taken = Explanation(Fact.BRINGS, label, causes=causes, by=obligation.by)
        if last.fact is Fact.LACKS:
            return Explanation(Fact.LACKS, label, last.object, causes=(taken,), by=last.by)
        return Explanation(Fact.EXCLUDES, last.subject, last.object, causes=(*last.causes, taken), by=last.by)

    def _why_not(self, unit: int, obligation: Obligation) -> Explanation | None:
        """Why a unit cannot be there, if what is known rules it out."""
        if unit in self.impossible:
            return self.impossible[unit]
        known = self.holdings.get(self.universe.units[unit].name)
        if known is not None and unit not in known.units:
            sides = self.label(known.units), self.label(self._same(unit, obligation))
            return Explanation(Fact.EXCLUDES, *sides, causes=(known.why,))
        plain = (need for need in self.universe.needs(unit) if not need.given)
        lacking = next((need for need in plain if self.withheld.issuperset(need.any_of)), None)
        if lacking is not None:
            withheld = self.label(lacking.any_of) if lacking.any_of else ""
            by = f"{lacking.field}: {lacking.text}"
            return Explanation(Fact.LACKS, str(self.universe.units[unit]), withheld, by=by)
        barred = {self._name(other): None for other in self._exclusions(unit)}
        own = (self.holdings[name] for name in barred if name in self.holdings)
        for holding in (*self._against.get(unit, ()), *own):
            if found := self._between(holding, frozenset((unit,))):
                return self._excludes(found, holding, self._same(unit, obligation), (holding.why,))
        return None

    def _same(self, unit: int, obligation: Obligation) -> frozenset[int]:
        """The versions of a unit's package that an obligation admits."""
        admitted = obligation.any_of - self.withheld
        return frozenset(other for other in admitted if self._name(other) == self._name(unit))

    def _barred_by_all(self, units: frozenset[int]) -> Iterator[int]:
        first, *rest = units
        return (other for other in self._exclusions(first) if all(other in self._exclusions(unit) for unit in rest))

    def _between(self, holding: Holding, units: frozenset[int]) -> tuple[bool, Exclusion] | None:
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
        self, found: tuple[bool, Exclusion], holding: Holding, units: frozenset[int], causes: Sequence[Explanation]
    ) -> Explanation:
        own, exclusion = found
        sides = (self.label(holding.units), self.label(units))
        by = f"{exclusion.field}: {exclusion.text}" if exclusion.field else ""
        return Explanation(Fact.EXCLUDES, *(sides if own else sides[::-1]), causes=tuple(causes), by=by)

    def _obligations(self, holding: Holding) -> Iterator[Obligation]:
        """What all possible versions of a holding need: for each Need of one, the like of it in the others."""
        first, *rest = sorted(holding.units, key=lambda unit: (self.universe.units[unit].rank, unit))
        for need in self.universe.needs(first):
            alike = [_like(need, self.universe.needs(unit), self._name) for unit in rest]
            if not need.given and None not in alike:
                together = frozenset(need.any_of).union(*(n.any_of for n in alike if n is not None))
                yield Obligation(together, holding.why, f"{need.field}: {need.text}")

    def _exclusions(self, unit: int) -> dict[int, Exclusion]:
        if unit not in self._barred:
            declared = self.universe.exclusions(unit)
            self._barred[unit] = {other: exclusion for exclusion in declared for other in exclusion.others}
        return self._barred[unit]

    def _name(self, unit: int) -> str:
        return self.universe.units[unit].name

    def label(self, units: Iterable[int]) -> str:
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
