"""Every minimal clash among services, up to a size, in one universe.

Whoever fits together settles all the smaller groups inside, so the solver is asked about as many services
at once as are open. Of those that a proof names one is left out, until the rest fits; a proof that names
no more than the group in hand is a clash. That takes a few hundred questions for the 48,000 pairs of 300
services.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import combinations

from analyzer.coinstall.coinstallability import Coinstallability
from analyzer.requirement import Requirement

Group = frozenset[str]


class Survey:
    """Which of some services clash, alone, by pairs and in larger groups. ``asked`` says what each of
    them requires, nothing of which may be unknown to the universe."""

    def __init__(self, judge: Coinstallability, asked: Mapping[str, Collection[Requirement]]) -> None:
        self._judge = judge
        self._asked = asked

    def clashes(self, size: int = 2) -> Iterator[Group]:
        """The minimal groups of at most ``size`` services that cannot be met together, the smaller first."""
        alone = [name for name in sorted(self._asked) if not self._judge.fit(self._asked[name])]
        yield from map(frozenset, zip(alone))
        # Who names a version that the installer takes only then, changes what others may have beside them.
        pinning = [name for name in sorted(self._asked) if name not in alone and self._pins(name)]
        plain = [name for name in sorted(self._asked) if name not in alone and name not in pinning]
        levels = _Levels(self._judge, {name: tuple(self._asked[name]) for name in plain})
        found: list[Group] = []
        for number in range(2, size + 1):
            clashing = [*levels.clashes(number), *self._one_by_one(pinning, plain, number, found)]
            found += clashing
            yield from sorted(clashing, key=sorted)

    def _pins(self, name: str) -> bool:
        return any(self._judge.universe.permitted(requirement) for requirement in self._asked[name])

    def _one_by_one(
        self, pinning: Sequence[str], plain: Sequence[str], number: int, found: Collection[Group]
    ) -> Iterator[Group]:
        """The clashes of a size in which somebody pins."""
        for count in range(1, number + 1):
            for some in combinations(pinning, count):
                for rest in combinations(plain, number - count):
                    group = frozenset((*some, *rest))
                    known = any(smaller < group for smaller in found)
                    if not known and not self._judge.fit([r for name in group for r in self._asked[name]]):
                        yield group


class _Levels:
    """The services as bits, and what is settled: ``_groups`` fit, ``_completing`` has for some services
    those with whom they are a known clash."""

    def __init__(self, judge: Coinstallability, asked: Mapping[str, Sequence[Requirement]]) -> None:
        self._judge = judge
        self._names = sorted(asked)
        self._literals = [judge.literal(asked[name]) for name in self._names]
        self._positions = {literal: i for i, literal in enumerate(self._literals)}
        self._groups: list[int] = []
        self._completing: dict[frozenset[int], int] = defaultdict(int)

    def clashes(self, number: int) -> Iterator[Group]:
        """The minimal clashes of a size; all smaller ones were asked for before."""
        for first in combinations(range(len(self._names)), number - 1):
            if not self._is_known(first) and (open_ := self._open(first)):
                for last in self._clashing(first, open_):
                    yield frozenset(self._names[i] for i in (*first, last))

    def _clashing(self, first: Sequence[int], open_: int) -> Iterator[int]:
        """Those of the open services that clash with the first ones."""
        waiting = open_
        while waiting:
            wanted = list(_bits(waiting))
            while wanted:
                blamed = self._blamed((*first, *wanted))
                if blamed is None:
                    waiting &= ~self._settle((*first, *wanted))
                    break
                others = [i for i in wanted if i in blamed]
                if len(others) == 1:
                    waiting &= ~(1 << others[0])
                    if blamed.issuperset(first):
                        self._note((*first, others[0]))
                        yield others[0]
                wanted.remove(others[-1])

    def _blamed(self, members: Sequence[int]) -> frozenset[int] | None:
        """Those that a proof names; None where all fit together."""
        core = self._judge.refuting([self._literals[i] for i in members])
        return None if core is None else frozenset(self._positions[literal] for literal in core)

    def _settle(self, members: Sequence[int]) -> int:
        """A group that fits, with whoever else fits into it: the larger, the more it settles."""
        others = list(self._hopeful(members))
        while (blamed := self._blamed((*members, *others))) is not None:
            others.remove(next(i for i in reversed(others) if i in blamed))
        group = sum(1 << i for i in (*members, *others))
        self._groups.append(group)
        return group

    def _hopeful(self, members: Sequence[int]) -> Iterator[int]:
        """Others of whom no pair is known to clash, among them or with the members."""
        open_ = (1 << len(self._names)) - 1 & ~sum(1 << i for i in members)
        for i in members:
            open_ &= ~self._completing.get(frozenset((i,)), 0)
        while open_:
            i = (open_ & -open_).bit_length() - 1
            open_ &= ~(1 << i | self._completing.get(frozenset((i,)), 0))
            yield i

    def _open(self, first: Sequence[int]) -> int:
        """Those after the first ones about whom it is not settled whether they fit with them."""
        mask = sum(1 << i for i in first)
        open_ = -1 << (first[-1] + 1) & (1 << len(self._names)) - 1
        for part in (frozenset(part) for size in range(1, len(first) + 1) for part in combinations(first, size)):
            open_ &= ~self._completing.get(part, 0)
        for group in self._groups:
            if not open_:
                break
            if group & mask == mask:
                open_ &= ~group
        return open_

    def _is_known(self, members: Sequence[int]) -> bool:
        """Whether a known clash lies inside."""
        whole = sum(1 << i for i in members)
        parts = (frozenset(part) for size in range(1, len(members)) for part in combinations(members, size))
        return any(self._completing.get(part, 0) & whole for part in parts)

    def _note(self, members: Sequence[int]) -> None:
        for member in members:
            self._completing[frozenset(members) - {member}] |= 1 << member


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
