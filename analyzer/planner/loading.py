"""The cheapest cover by groups of several kinds: greedy, then bounds and covers in turn, until they meet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import gcd
from random import Random

from analyzer.planner.bits import members
from analyzer.planner.budget import Budget
from analyzer.planner.covering import Cover, cover, divided, price
from analyzer.planner.diving import dive
from analyzer.planner.dual import Dual, Kind, dual
from analyzer.planner.failure import Failure
from analyzer.planner.fractional import Column, level, relax
from analyzer.planner.heaviest import heavier

ORDERS = 60
"""Orders in which items are packed greedily."""
DIVES = 40
"""Attempts to round a fractional cover."""
FEW, MANY = 1_000, 20_000
"""The most groups that are listed for an exact cover, before column generation and after it."""


@dataclass(slots=True)
class Loading:
    """The best cover of items 0 … n-1 so far (None where none is known), the best bound, and what proves it.

    ``ceiling`` is the cost of the cover, or one step more than any sensible one costs.
    """

    kinds: Sequence[Kind]
    bound: int = 0
    ceiling: int = 0
    best: Cover | None = None
    impossible: bool = False
    dual: Dual | None = None
    columns: dict[Column, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        dearest = max(kind.price for kind in self.kinds)
        self.ceiling = dearest * len(self.items) + self.step

    @property
    def step(self) -> int:
        """What all costs are multiples of."""
        return gcd(*(kind.price for kind in self.kinds))

    @property
    def items(self) -> range:
        """Every item."""
        return range(len(self.kinds[0].system.adjacent))

    @property
    def settled(self) -> bool:
        """Whether nothing is left to be found."""
        return self.impossible or (self.best is not None and self.ceiling <= self.bound)

    def improve(self, found: Cover) -> None:
        """Keep a cover that costs less."""
        cost = price(self.kinds, found)
        if cost < self.ceiling:
            self.best, self.ceiling = found, cost

    def raise_to(self, bound: int) -> None:
        """Keep a bound; one that reaches the ceiling without a cover says that there is none."""
        self.bound = max(self.bound, bound)
        self.impossible = self.best is None and self.bound >= self.ceiling

    def learn(self, found: Dual | None) -> None:
        """Keep a Dual that bounds better."""
        if found and (self.dual is None or found.bound(self.kinds) > self.dual.bound(self.kinds)):
            self.dual = found
            self.raise_to(found.bound(self.kinds))


def load(kinds: Sequence[Kind], claims: Iterable[tuple[Sequence[int], Sequence[int]]], budget: Budget) -> Loading:
    """The Loading that the budget allows; ``claims`` are weights with what no group of each kind outweighs."""
    loading = Loading(kinds)
    for weights, heaviest in claims:
        loading.learn(dual(weights, heaviest, kinds))
    for attempt in ATTEMPTS:
        if loading.settled or (attempt is not _pack and budget.seconds < 0.01):
            break
        attempt(loading, budget)
    return loading


def _pack(loading: Loading, budget: Budget) -> None:
    """Greedy covers in several orders: by bulk, and by bulk that chance has changed a little."""
    chance = Random(0).uniform  # noqa: S311 - a fixed sequence, so that the same input gives the same plan
    bulk = _bulk(loading.kinds)
    for turn in range(ORDERS):
        blur = 0.5 * turn / ORDERS
        weight = [heavy * chance(1 - blur, 1 + blur) for heavy in bulk]
        full = list(_greedy(loading.kinds, sorted(loading.items, key=lambda v: (-weight[v], v)), bulk))
        loading.columns |= dict.fromkeys(full)
        parts = divided(full)
        if sum(column.items for column in parts) == (1 << len(bulk)) - 1:
            loading.improve(cheapened(loading.kinds, parts))
        if loading.settled:
            return


def _bulk(kinds: Sequence[Kind]) -> list[float]:
    """How hard each item is to place: its share of the room there is, and of those that it excludes."""
    count = len(kinds[0].system.adjacent)
    bulk = [kinds[0].system.adjacent[v].bit_count() / (count or 1) + 0.01 for v in range(count)]
    for kind in kinds:
        for sizes, room in zip(kind.system.sizes, kind.system.capacity, strict=True):
            for v, size in enumerate(sizes):
                bulk[v] += size / max(room, 1) / len(kinds)
    return bulk


def _greedy(kinds: Sequence[Kind], order: Sequence[int], bulk: Sequence[float]) -> Iterator[Column]:
    """Groups filled one by one, each around the first item left, of the kind that carries most for its price."""
    left = (1 << len(order)) - 1
    room = [len(order) if kind.limit is None else kind.limit for kind in kinds]
    while left:
        rest = [v for v in order if left >> v & 1]
        filled = [Column(n, kind.system.filled(rest)) for n, kind in enumerate(kinds) if room[n]]
        open_to = [column for column in filled if column.items >> rest[0] & 1]
        if not open_to:
            left ^= 1 << rest[0]
            continue
        column = max(open_to, key=lambda c: sum(bulk[v] for v in members(c.items)) / kinds[c.kind].price)
        room[column.kind] -= 1
        left &= ~column.items
        yield column


def cheapened(kinds: Sequence[Kind], parts: Cover) -> Cover:
    """The same groups, each of the cheapest kind that may hold it and is not used up."""
    room = [len(parts) if kind.limit is None else kind.limit for kind in kinds]
    for column in parts:
        room[column.kind] -= 1
    changed = []
    for column in parts:
        room[column.kind] += 1
        fitting = [n for n, kind in enumerate(kinds) if room[n] and kind.system.holds(column.items)]
        chosen = min(fitting, key=lambda n: (kinds[n].price, n))
        room[chosen] -= 1
        changed.append(Column(chosen, column.items))
    return changed


def _level(loading: Loading, budget: Budget) -> None:
    with budget.work(1) as work:
        loading.learn(level(loading.kinds, work).dual)


def _relax(loading: Loading, budget: Budget) -> None:
    """Column generation: a bound, and groups worth having."""
    kinds = loading.kinds
    alone = [Column(n, kind.system.filled([v])) for n, kind in enumerate(kinds) for v in loading.items]
    columns = dict.fromkeys([*loading.columns, *(column for column in alone if column.items)])
    with budget.work(budget.seconds / 3) as work:
        found = relax(kinds, columns, loading.ceiling, work)
    loading.learn(found.dual)
    loading.raise_to(found.bound)
    loading.columns |= found.columns


def _dive(loading: Loading, budget: Budget) -> None:
    """Dives until one reaches the bound or a part of the budget is spent."""
    chance = Random(0)  # noqa: S311 - a fixed sequence, so that the same input gives the same plan
    with budget.work(budget.seconds / 2) as work:
        for _ in range(DIVES):
            if loading.settled or work.left <= 0:
                return
            found = dive(loading.kinds, loading.columns, loading.ceiling, chance, work)
            if found:
                loading.improve(cheapened(loading.kinds, found))
                loading.columns |= dict.fromkeys(found)


def _cover(loading: Loading, budget: Budget) -> None:
    """Cheaper covers by the groups met so far."""
    while not loading.settled:
        columns = list(loading.columns)
        parts = cover(loading.kinds, columns, loading.ceiling - loading.step, budget, budget.seconds / 20)
        if isinstance(parts, Failure):
            return
        loading.improve(cheapened(loading.kinds, parts))


def _list(seconds: float, limit: int) -> Callable[[Loading, Budget], None]:
    """All groups that can be in a cheaper cover, and a cover by them; else in one as cheap as the bound."""

    def listed(loading: Loading, budget: Budget) -> None:
        while not loading.settled:
            costs = dict.fromkeys((loading.ceiling - loading.step, loading.bound))
            if not any(_decided(loading, cost, seconds, limit, budget) for cost in costs):
                return

    return listed


def _decided(loading: Loading, cost: int, seconds: float, limit: int, budget: Budget) -> bool:
    """Whether it is settled that a cover of this cost exists: then cover or bound are better than before."""
    columns = _groups(loading, cost, 1, limit, seconds, budget)
    if columns is None:
        return False
    parts = cover(loading.kinds, columns, cost, budget, seconds, _once(loading, cost))
    if parts is Failure.IMPOSSIBLE:
        loading.raise_to(cost + loading.step)
    elif not isinstance(parts, Failure):
        loading.improve(cheapened(loading.kinds, parts))
    return parts is not Failure.UNKNOWN


def _guess(loading: Loading, budget: Budget) -> None:
    """As ``_list``, with only those groups that fall short of the most by a part of what they may."""
    for part in (Fraction(1, 2), Fraction(1, 4), Fraction(1, 8), Fraction(1, 16), Fraction(1, 32)):
        cost = loading.ceiling - loading.step
        columns = _groups(loading, cost, part, FEW * 5, 2, budget)
        if columns is not None and not loading.settled:
            known = dict.fromkeys([*columns, *loading.columns])
            parts = cover(loading.kinds, list(known), cost, budget, budget.seconds / 4)
            if not isinstance(parts, Failure):
                loading.improve(cheapened(loading.kinds, parts))


def _once(loading: Loading, cost: int) -> int:
    return loading.dual.once(loading.kinds, cost) if loading.dual else 0


def _groups(
    loading: Loading, cost: int, part: Fraction | int, limit: int, seconds: float, budget: Budget
) -> list[Column] | None:
    """Every maximal group that a cover of this cost may be made of; None where there are more than the limit."""
    weights = loading.dual.weights if loading.dual else [0] * len(loading.items)
    least = loading.dual.least(loading.kinds, cost, part) if loading.dual else [0] * len(loading.kinds)
    columns: list[Column] = []
    for number, kind in enumerate(loading.kinds):
        with budget.work(seconds) as work:
            found = heavier(kind.system, weights, least[number] - 1, limit - len(columns), work)
        if found is None:
            return None
        columns += [Column(number, items) for items in found]
    return columns


ATTEMPTS: tuple[Callable[[Loading, Budget], None], ...] = (
    _pack,
    _level,
    _list(1, FEW),
    _relax,
    _dive,
    _cover,
    _list(15, MANY),
    _guess,
)
"""From what takes milliseconds to what takes what is left."""
