"""Partitions: the fewest groups of Services in which nobody meets those who exclude them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain, count

from analyzer.planner.budget import Budget
from analyzer.planner.clique import largest_clique
from analyzer.planner.colouring import drafted, settle
from analyzer.planner.greedy import classes
from analyzer.planner.hypergraph import Colouring, Edge, Hypergraph, hypergraph
from analyzer.planner.reduction import kernel, restore


@dataclass(frozen=True, slots=True)
class Exclusions:
    """Services, and the sets of them that no group may contain whole.

    ``conflicts`` exclude one another for a known reason; ``apart`` is kept apart because nobody
    knows. Every set has two Services or more (else ValueError). A set that names a Service which
    is not in ``services`` never binds.
    """

    services: tuple[str, ...]
    conflicts: frozenset[frozenset[str]] = frozenset()
    apart: frozenset[frozenset[str]] = frozenset()

    def __post_init__(self) -> None:
        if any(len(edge) < 2 for edge in self.conflicts | self.apart):
            raise ValueError("an exclusion needs two services or more")


@dataclass(frozen=True, slots=True)
class Partition:
    """Groups of Services, largest first, each sorted; every Service is in one.

    ``lower_bound`` is proven: no Partition has fewer groups; ``proven`` says that this one has no
    more. ``certificate`` names ``lower_bound`` Services of which any two are excluded as a pair,
    by ``conflicts`` alone where such Services were found; it is empty where none were.
    """

    groups: tuple[tuple[str, ...], ...]
    lower_bound: int
    proven: bool
    certificate: tuple[str, ...] = ()


def partition(exclusions: Exclusions, *, seconds: float = 60.0) -> Partition:
    """The smallest Partition that ``seconds`` of solving find: a weak colouring of a hypergraph.

    The limit counts deterministic seconds (see ``Budget``), so the answer does not depend on the
    machine's load, nor on the order of anything in ``exclusions``. Components don't exclude one
    another, so their groups are joined, largest with largest; Services that can live with anyone
    go to the largest group.
    """
    return repartition(exclusions, None, Budget(seconds))


def repartition(exclusions: Exclusions, before: Partition | None, budget: Budget) -> Partition:
    """A Partition near ``before``, which was made for a part of these Exclusions, if that is as good as any.

    What was a lower bound for a part of the Exclusions is one for all of them, as long as no
    Service has left.
    """
    names = sorted(set(exclusions.services))
    number = {name: i for i, name in enumerate(names)}
    graph = hypergraph(len(names), _edges(chain(exclusions.conflicts, exclusions.apart), number))
    clique = largest_clique(graph.neighbours)
    if exclusions.apart:
        known = hypergraph(len(names), _edges(exclusions.conflicts, number))
        clique = max(largest_clique(known.neighbours), clique, key=len)
    kept = before and all(name in number for group in before.groups for name in group)
    bound = max(_least(graph), len(clique), before.lower_bound if before and kept else 0)
    colours = _repaired(graph, before, number) if before else None
    if colours is None or len(set(colours.values())) > bound:
        colours, bound = _solved(graph, clique, bound, budget)
    groups = tuple(tuple(names[v] for v in group) for group in classes(colours))
    certificate = tuple(names[v] for v in clique) if len(clique) == bound else ()
    return Partition(groups, bound, len(groups) == bound, certificate)


def _edges(sets: Iterable[frozenset[str]], number: dict[str, int]) -> Iterable[Edge]:
    known = number.keys()
    return (frozenset(map(number.__getitem__, found)) for found in sets if found <= known)


def _least(graph: Hypergraph) -> int:
    """The bound that takes no search: nobody needs no group, and any exclusion needs two."""
    return 2 if any(graph.degree(v) for v in graph.neighbours) else min(1, len(graph.neighbours))


def _repaired(graph: Hypergraph, before: Partition, number: dict[str, int]) -> Colouring:
    """The groups from before, with those moved that can't stay: of any that clash, the least excluded."""
    stays = {number[name]: i for i, group in enumerate(before.groups) for name in group if name in number}
    colours: Colouring = {}
    for v in sorted(stays, key=lambda v: (-graph.degree(v), v)):
        if stays[v] not in graph.blocked(v, colours):
            colours[v] = stays[v]
    for v in sorted(graph.neighbours.keys() - colours.keys()):
        blocked = graph.blocked(v, colours)
        colours[v] = next(colour for colour in count() if colour not in blocked)
    return colours


def _solved(graph: Hypergraph, clique: Sequence[int], bound: int, budget: Budget) -> tuple[Colouring, int]:
    """The kernel's components coloured one by one, joined, with the easy vertices put back.

    The ``clique`` is a largest one of the graph, which spares looking for it in the component that holds it.
    """
    core, removed = kernel(graph, bound)
    drafts = sorted((drafted(part, clique, bound) for part in core.components()), key=lambda draft: -len(draft.classes))
    joined: Colouring = {}
    for draft in drafts:
        draft.bound = max(draft.bound, bound)
        settle(draft, budget)
        bound = max(bound, draft.bound)
        joined |= draft.colours
    return restore(graph, reversed(removed), joined, max([bound, *(c + 1 for c in joined.values())])), bound
