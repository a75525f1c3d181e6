"""Bin packing with conflicts: the cheapest bins for all items, and the proof that nothing cheaper will do."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from analyzer.planner.bits import mask, members
from analyzer.planner.budget import Budget
from analyzer.planner.certificate import Certificate, Ground
from analyzer.planner.clique import largest_clique
from analyzer.planner.dual import Kind
from analyzer.planner.freight import Bin, Freight
from analyzer.planner.hypergraph import Edge, Hypergraph, hypergraph
from analyzer.planner.independence import Independence, stable
from analyzer.planner.loading import Loading, load


@dataclass(frozen=True, slots=True)
class Packed:
    """Bins, each by the name of its type with what it holds; sorted, the fullest first.

    ``lower_bound`` is proven: no packing costs less; ``proven`` says that this one costs no more.
    The certificate proves the bound too, where there is one (a search that found nothing leaves none).
    """

    bins: tuple[tuple[str, tuple[str, ...]], ...]
    cost: int
    lower_bound: int
    proven: bool
    certificate: Certificate | None = None


@dataclass(frozen=True, slots=True)
class Unpacked:
    """No packing was found; ``proven`` says that there is none. ``items`` fit nowhere, if that is why."""

    proven: bool
    items: tuple[str, ...] = ()


def pack(freight: Freight, *, seconds: float = 60.0) -> Packed | Unpacked:
    """The cheapest packing that ``seconds`` of solving find.

    The limit counts deterministic seconds (see ``Budget``), so the answer does not depend on the
    machine's load, nor on the order of anything in the freight.
    """
    return pack_within(freight, Budget(seconds))


def pack_within(freight: Freight, budget: Budget) -> Packed | Unpacked:
    """As ``pack``, with what is left of a budget."""
    atoms = _atoms(freight)
    homeless = [atom for atom in atoms if not any(freight.holds(kind, frozenset(atom)) for kind in freight.bins)]
    if homeless:
        return Unpacked(True, tuple(item for atom in homeless for item in atom))
    if not atoms:
        return Packed((), 0, 0, True)
    graph = _graph(freight, atoms)
    clique = largest_clique(graph.neighbours)
    bins = tuple(sorted(freight.bins, key=lambda kind: (kind.price, kind.name)))
    kinds = [_kind(freight, kind, atoms, graph) for kind in bins]
    claims = _claims(freight, bins, atoms, clique)
    loading = load(kinds, [(weights, heavy) for _, _, weights, heavy in claims], budget)
    if loading.best is None:
        return Unpacked(loading.impossible)
    return Packed(
        _named(loading, bins, atoms),
        loading.ceiling,
        loading.bound,
        loading.ceiling == loading.bound,
        _certificate(loading, claims, bins, atoms),
    )


def _atoms(freight: Freight) -> list[tuple[str, ...]]:
    """The items in those sets that one bin has to hold whole, sorted."""
    home = {item: frozenset((item,)) for item in freight.items}
    for found in sorted(freight.together, key=sorted):
        joined = frozenset().union(*(home[item] for item in found if item in home))
        home |= dict.fromkeys(joined, joined)
    return sorted(tuple(sorted(atom)) for atom in set(home.values()))


def _graph(freight: Freight, atoms: Sequence[tuple[str, ...]]) -> Hypergraph:
    """The exclusions between atoms; none lies within one, or that atom fitted nowhere."""
    place = {item: i for i, atom in enumerate(atoms) for item in atom}
    edges: Iterable[Edge] = (
        frozenset(place[item] for item in edge) for edge in freight.exclusions if edge <= place.keys()
    )
    return hypergraph(len(atoms), edges)


def _kind(freight: Freight, kind: Bin, atoms: Sequence[tuple[str, ...]], graph: Hypergraph) -> Kind:
    """What a bin of a type may hold of the atoms."""
    between = stable(graph, range(len(atoms)))
    sizes = [_sizes(freight, atoms, dimension) for dimension in sorted(kind.room)]
    capacity = [kind.room[dimension] for dimension in sorted(kind.room)]
    if kind.most is not None:
        sizes.append(tuple(map(len, atoms)))
        capacity.append(kind.most)
    allowed = mask(i for i, atom in enumerate(atoms) if freight.holds(kind, frozenset(atom)))
    system = Independence(between.adjacent, between.larger, allowed, tuple(sizes), tuple(capacity))
    return Kind(system, kind.price, kind.count)


def _sizes(freight: Freight, atoms: Iterable[tuple[str, ...]], dimension: str) -> tuple[int, ...]:
    return tuple(sum(freight.items[item].get(dimension, 0) for item in atom) for atom in atoms)


Claim = tuple[Ground, str, tuple[int, ...], tuple[int, ...]]
"""The ground and dimension of weights, the weights of the atoms, and what no bin of each type outweighs."""


def _claims(
    freight: Freight, bins: Sequence[Bin], atoms: Sequence[tuple[str, ...]], clique: Iterable[int]
) -> list[Claim]:
    """What needs no search: a clique, and in each dimension the room."""
    members_of = set(clique)
    ones = tuple(int(i in members_of) for i in range(len(atoms)))
    claims: list[Claim] = [(Ground.CLIQUE, "", ones, (1,) * len(bins))]
    for dimension in sorted(set.intersection(*(set(kind.room) for kind in bins))):
        room = tuple(kind.room[dimension] for kind in bins)
        claims.append((Ground.ROOM, dimension, _sizes(freight, atoms, dimension), room))
    return claims


def _named(
    loading: Loading, bins: Sequence[Bin], atoms: Sequence[tuple[str, ...]]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found = [
        (bins[column.kind].name, tuple(sorted(item for i in members(column.items) for item in atoms[i])))
        for column in loading.best or ()
    ]
    return tuple(sorted(found, key=lambda bin_: (-len(bin_[1]), bin_[1])))


def _certificate(
    loading: Loading, claims: Iterable[Claim], bins: tuple[Bin, ...], atoms: Sequence[tuple[str, ...]]
) -> Certificate | None:
    """The first that proves the bound: what a person sees at once comes before weights from a linear program."""
    return next((found for found in _shown(loading, claims, bins, atoms) if found.bound(bins) == loading.bound), None)


def _shown(
    loading: Loading, claims: Iterable[Claim], bins: Sequence[Bin], atoms: Sequence[tuple[str, ...]]
) -> Iterator[Certificate]:
    known = list(claims)
    if loading.dual:
        known.append((Ground.WEIGHTS, "", loading.dual.weights, loading.dual.heaviest))
    for ground, dimension, weights, heaviest in known:
        # An atom's weight rests on its first item: a bin holds the whole atom or nothing of it.
        named = {atom[0]: weight for atom, weight in zip(atoms, weights, strict=True) if weight}
        most = {kind.name: heavy for kind, heavy in zip(bins, heaviest, strict=True)}
        yield Certificate(ground, named, most, dimension)
