"""Of the cheapest housings the one that moves least, against every housing that there is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import permutations, product

from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.boundary import Boundary
from analyzer.planner.lazy import settle
from analyzer.planner.nested import Level, Nested
from analyzer.planner.site import Site, Tier
from analyzer.planner.staying import moves
from analyzer.verdict import Compatible, Grade, Stance, Witness
from tests.analyzer.planner.exhaustive import partitions

NAMES = tuple("abcdef")
Sets = frozenset[frozenset[str]]
Drifts = Mapping[frozenset[str], int]


@dataclass(frozen=True)
class Truth:
    """A judge that knows which sets clash, and which sets together move how many locked versions."""

    conflicts: Sets
    drifts: Drifts

    def __call__(self, group: frozenset[str]) -> Compatible | frozenset[str]:
        core = next((core for core in sorted(self.conflicts, key=sorted) if core <= group), None)
        return core or Compatible(tuple(sorted(group)), Stance.RELOCKED, Grade.RELOCKED, Witness(()), self.drift(group))

    def drift(self, group: frozenset[str]) -> int:
        return sum(drift for services, drift in self.drifts.items() if services <= group)


def sets(smallest: int) -> st.SearchStrategy[Sets]:
    return st.frozensets(st.frozensets(st.sampled_from(NAMES), min_size=smallest, max_size=3), max_size=4)


def layouts() -> st.SearchStrategy[tuple[frozenset[str], ...]]:
    homes = st.lists(st.integers(0, 3), min_size=len(NAMES), max_size=len(NAMES))
    return homes.map(
        lambda found: tuple(frozenset(n for n, h in zip(NAMES, found, strict=True) if h == home) for home in range(3))
    )


def drifts() -> st.SearchStrategy[Drifts]:
    group = st.frozensets(st.sampled_from(NAMES), min_size=1, max_size=3)
    return st.dictionaries(group, st.integers(1, 4), max_size=5)


def housings(conflicts: Sets, machines: Sets) -> Iterator[tuple[Sequence[tuple[str, ...]], Sequence[tuple[str, ...]]]]:
    for outer in partitions(NAMES):
        if any(edge <= set(group) for edge in machines for group in outer):
            continue
        for inner in product(*(list(partitions(group)) for group in outer)):
            groups = [group for part in inner for group in part]
            if not any(edge <= set(group) for edge in conflicts for group in groups):
                yield outer, groups


def staying(groups: Sequence[tuple[str, ...]], present: Sequence[frozenset[str]]) -> int:
    """The most Services that can stay, by trying every way to continue the present Environments."""
    padded = [*map(set, groups), *[set[str]()] * len(present)]
    return max(
        sum(len(one & group) for one, group in zip(present, order, strict=False))
        for order in permutations(padded, len(present))
    )


@given(sets(2), sets(2), drifts(), layouts())
@settings(deadline=None, max_examples=40)
def test_no_cheapest_housing_moves_less(
    hidden: Sets, machines: Sets, moving: Drifts, present: tuple[frozenset[str], ...]
) -> None:
    truth = Truth(hidden, moving)
    site = Site(NAMES, (Tier(Boundary.VM, machines), Tier(Boundary.CONTAINER, present=present)))
    found = settle(site, {Boundary.CONTAINER: truth})
    everyone = sum(map(len, present))
    ranked = min(
        (len(outer), len(groups), sum(truth.drift(frozenset(g)) for g in groups), everyone - staying(groups, present))
        for outer, groups in housings(hidden, machines)
    )
    refined = found.refined
    assert refined is not None
    assert (*found.nested.costs, refined.drift, refined.moves) == ranked
    assert refined.proven


@given(st.lists(st.sampled_from(NAMES), unique=True).map(tuple), layouts())
def test_moves_are_counted_as_by_trying(first: tuple[str, ...], present: tuple[frozenset[str], ...]) -> None:
    groups = (first, tuple(name for name in NAMES if name not in first))
    site = Site(NAMES, (Tier(Boundary.CONTAINER, present=present),))
    counted = moves(site, Nested((Level(groups, ("", ""), 2),)))
    assert counted == sum(map(len, present)) - staying(groups, present)
