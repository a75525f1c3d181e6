"""Colouring a graph that heuristics left open: bounds and searches in turn, until colours and bound meet."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from random import Random

from analyzer.planner.bits import mask, members
from analyzer.planner.budget import Budget
from analyzer.planner.classwise import quick
from analyzer.planner.clique import largest_clique
from analyzer.planner.core import core_bound
from analyzer.planner.covering import cover
from analyzer.planner.diving import dive
from analyzer.planner.dual import Dual, Kind
from analyzer.planner.exact import coloured
from analyzer.planner.failure import Failure
from analyzer.planner.fractional import Column, Fractional, Pricer, exchanged, level, relax
from analyzer.planner.greedy import classes, dsatur, tightened
from analyzer.planner.heaviest import heavier
from analyzer.planner.hypergraph import Colouring, Hypergraph
from analyzer.planner.independence import Independence, stable
from analyzer.planner.mycielski import Step, climbed
from analyzer.planner.recolouring import leapt, recoloured

LISTED = 30_000
"""The most stable sets that are listed for an exact cover."""
LARGEST = 600
"""The most vertices for which fractional covers are worth their time; of a graph without larger edges:"""
LARGEST_GRAPH = 1200
SMALL = 200
"""The most vertices of which the heaviest stable set is searched for in the whole graph, whatever it takes."""
PROBE = 1.0
"""Seconds in which the largest one is to be found in a graph beyond that, for the heaviest to be searched for."""


@dataclass(slots=True)
class Search:
    """The best colouring of a graph so far, the best bound, and what proves it.

    ``order`` says which vertex each bit of a class stands for: those of most exclusions first.
    """

    graph: Hypergraph
    order: list[int]
    clique: int
    system: Independence
    classes: list[int]
    bound: int
    columns: dict[int, None] = field(default_factory=dict)
    climb: list[Step] = field(default_factory=list)
    dual: Dual | None = None
    met: Fractional | None = None
    vast: bool = False
    """Whether heaviest stable sets are found by chance, and bounds in parts of the graph."""

    @property
    def settled(self) -> bool:
        """Whether fewer colours are known to be impossible."""
        return len(self.classes) <= self.bound

    @property
    def pairs_only(self) -> bool:
        """Whether the hypergraph is a graph, to which more searches apply."""
        return not any(self.graph.larger.values())

    @property
    def fractional(self) -> bool:
        """Whether fractional covers are worth their time."""
        return len(self.order) <= (LARGEST_GRAPH if self.pairs_only else LARGEST)

    @property
    def pricers(self) -> tuple[Pricer, ...]:
        """How columns are found: by tabu search alone where a proof of the heaviest would take too long."""
        return (exchanged(self.system),) if self.vast else ()

    @property
    def colours(self) -> Colouring:
        """The best colouring, by the hypergraph's own vertices."""
        return {self.order[v]: colour for colour, found in enumerate(self.classes) for v in members(found)}

    def learn(self, found: Dual | None) -> None:
        """Keep a Dual whose bound is the best so far."""
        if found and (self.dual is None or found.bound([Kind(self.system)]) > self.bound):
            self.dual = found
            self.bound = max(self.bound, found.bound([Kind(self.system)]))

    def improve(self, found: list[int]) -> None:
        """Keep a colouring that is no worse, and its classes, for covers to be made of."""
        self.columns |= dict.fromkeys(found)
        if len(found) <= len(self.classes):
            self.classes = sorted(found, key=lambda group: (-group.bit_count(), group))

    def adopt(self, colours: Colouring) -> None:
        """Keep a colouring of the hypergraph's own vertices that is no worse."""
        self.improve([_places(self.order, group) for group in classes(colours)])


def drafted(graph: Hypergraph, clique: Sequence[int], bound: int) -> Search:
    """A first colouring, in little time; the ``clique`` is a largest one where it lies in the graph."""
    order = sorted(graph.neighbours, key=lambda v: (-graph.degree(v), v))
    system = stable(graph, order)
    known = _places(order, clique) if graph.neighbours.keys() >= set(clique) else 0
    search = Search(graph, order, known, system, [1 << v for v in range(len(order))], bound)
    if search.pairs_only:
        search.improve(quick(system.adjacent, bound))
    else:
        search.adopt(tightened(graph, dsatur(graph), bound))
    return search


def settle(search: Search, budget: Budget) -> None:
    """Bring colours and bound together, as far as the budget goes."""
    search.clique = search.clique or _places(search.order, largest_clique(search.graph.neighbours))
    search.bound = max(search.bound, search.clique.bit_count())
    search.vast = not search.settled and _is_vast(search, budget)
    for attempt in VAST if search.vast else ATTEMPTS:
        if search.settled or budget.seconds < 0.01:
            return
        attempt(search, budget)


def _places(order: Sequence[int], vertices: Iterable[int]) -> int:
    place = {v: i for i, v in enumerate(order)}
    return mask(place[v] for v in vertices)


def _is_vast(search: Search, budget: Budget) -> bool:
    if not search.pairs_only or len(search.order) <= SMALL:
        return False
    if len(search.order) > LARGEST:
        return True
    with budget.work(PROBE) as work:
        return level([Kind(search.system)], work).dual is None


def _climb(search: Search, budget: Budget) -> None:
    """Mycielski's construction inside the graph."""
    with budget.work(1) as work:
        clique, steps = climbed(search.system.adjacent, work, search.clique)
    if clique.bit_count() + len(steps) > search.bound:
        search.clique, search.climb = clique, steps
        search.bound = clique.bit_count() + len(steps)


def _walk(part: float, seed: int = 0) -> Callable[[Search, Budget], None]:
    """Tabu searches, for a part of the budget."""

    def walk(search: Search, budget: Budget) -> None:
        if search.pairs_only:
            with budget.work(budget.seconds * part) as work:
                search.improve(list(recoloured(search.system.adjacent, search.classes, search.bound, work, seed)))

    return walk


def _leap(part: float) -> Callable[[Search, Budget], None]:
    """One walk straight to as few colours as the bound, for a part of the budget."""

    def leap(search: Search, budget: Budget) -> None:
        if search.pairs_only:
            with budget.work(budget.seconds * part) as work:
                search.improve(list(leapt(search.system.adjacent, search.classes, search.bound, work)))

    return leap


def _assign(part: float) -> Callable[[Search, Budget], None]:
    """The assignment model: first one colour less, for as long as that is found; then as few as the bound."""

    def assign(search: Search, budget: Budget) -> None:
        clique = tuple(search.order[v] for v in members(search.clique))
        most = budget.seconds * part
        while not search.settled:
            count = len(search.classes) - 1
            found = coloured(search.graph, clique, count, budget, most)
            if found is Failure.IMPOSSIBLE:
                search.bound = count + 1
            if isinstance(found, Failure):
                break
            search.adopt(found)
        while not search.settled:
            found = coloured(search.graph, clique, search.bound, budget, most)
            if found is Failure.UNKNOWN:
                return
            if isinstance(found, Failure):
                search.bound += 1
            else:
                search.adopt(found)

    return assign


def _level(search: Search, budget: Budget) -> None:
    """How many vertices the largest stable set leaves to the others."""
    with budget.work(6) as work:
        found = level([Kind(search.system)], work)
    search.dual = found.dual
    search.bound = max(search.bound, found.bound)


def _relax(search: Search, budget: Budget) -> None:
    """The fractional chromatic number, or some bound below it; then a cover by the stable sets it met."""
    if not search.fractional:
        return
    kinds = [Kind(search.system)]
    full = [search.system.filled(range(len(search.order)), group) for group in search.columns]
    with budget.work(budget.seconds / 3) as work:
        found = relax(kinds, [Column(0, g) for g in full], len(search.classes), work, pricers=search.pricers)
    search.columns |= dict.fromkeys(column.items for column in found.columns)
    search.learn(found.dual)
    search.met = found
    while not search.settled:
        parts = cover(kinds, list(found.columns), len(search.classes) - 1, budget, budget.seconds / 10)
        if isinstance(parts, Failure):
            return
        search.improve([part.items for part in parts])


def _core(search: Search, budget: Budget) -> None:
    """The fractional chromatic number of a heaviest part of the graph."""
    if search.met is None or not search.pairs_only or len(search.order) <= SMALL:
        return
    with budget.work(budget.seconds / 2) as work:
        search.learn(core_bound(search.system, search.met, len(search.classes), work))


def _dive(search: Search, budget: Budget) -> None:
    """One colouring with fewer colours, or a few, by rounding fractional ones."""
    chance = Random(0)  # noqa: S311 - a fixed sequence, so that the same input gives the same plan
    kinds = [Kind(search.system)]
    with budget.work(budget.seconds / 4) as work:
        while not search.settled and work.left > 0 and search.fractional:
            found = dive(kinds, [Column(0, group) for group in search.columns], len(search.classes), chance, work)
            if found is None:
                return
            search.improve([part.items for part in found])


def _list(seconds: float) -> Callable[[Search, Budget], None]:
    """As few colours as the bound, by a cover from all stable sets that can be in one; if none, one colour more."""

    def listed(search: Search, budget: Budget) -> None:
        kinds = [Kind(search.system)]
        while search.dual and not search.settled:
            least = search.dual.least(kinds, search.bound)[0]
            with budget.work(seconds) as work:
                groups = heavier(search.system, search.dual.weights, least - 1, LISTED, work)
            if groups is None:
                return
            once = search.dual.once(kinds, search.bound)
            parts = cover(kinds, [Column(0, group) for group in groups], search.bound, budget, once=once)
            if parts is Failure.UNKNOWN:
                return
            if isinstance(parts, Failure):
                search.bound += 1
            else:
                search.improve([part.items for part in parts])

    return listed


ATTEMPTS: tuple[Callable[[Search, Budget], None], ...] = (
    _climb,
    _walk(0.02),
    _assign(0.02),
    _level,
    _list(5),
    _relax,
    _dive,
    _list(10),
    _core,
    _walk(0.3),
    _assign(0.25),
    _walk(1.0, seed=1),
    _assign(1.0),
)
"""From what takes milliseconds to what takes what is left."""
VAST: tuple[Callable[[Search, Budget], None], ...] = (
    _climb,
    _leap(0.1),
    _walk(0.05),
    _assign(0.02),
    _relax,
    _core,
    _walk(0.5),
    _assign(0.3),
    _walk(1.0, seed=1),
)
"""The same for graphs in which heaviest stable sets take too long to find."""
