from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.planner.certificate import Ground
from analyzer.planner.freight import Bin, Freight
from analyzer.planner.packing import Packed, Unpacked, pack

NAMES = tuple("abcdefgh")


def groupings(items: list[str]) -> Iterator[list[list[str]]]:
    if not items:
        yield []
        return
    first, *rest = items
    for groups in groupings(rest):
        yield [[first], *groups]
        for i, group in enumerate(groups):
            yield [*groups[:i], [first, *group], *groups[i + 1 :]]


def least(freight: Freight) -> int | None:
    """The least cost of any packing, by trying all of them."""
    fitting = {
        frozenset(items): [i for i, kind in enumerate(freight.bins) if freight.holds(kind, frozenset(items))]
        for size in range(1, len(freight.items) + 1)
        for items in combinations(freight.items, size)
    }
    costs = []
    for groups in groupings(list(freight.items)):
        sets = [frozenset(group) for group in groups]
        whole = all(any(found <= group or not found & group for group in sets) for found in freight.together)
        if whole and all(_unbroken(found & freight.items.keys(), sets) for found in freight.together):
            costs += _priced(freight.bins, [fitting[group] for group in sets], [kind.count for kind in freight.bins])
    return min(costs, default=None)


def _unbroken(found: frozenset[str], sets: list[frozenset[str]]) -> bool:
    return not found or any(found <= group for group in sets)


def _priced(bins: tuple[Bin, ...], open_to: list[list[int]], left: list[int | None]) -> list[int]:
    """The least cost of types for groups, in a list that is empty where the counts don't allow any."""
    if not open_to:
        return [0]
    costs = []
    for i in open_to[0]:
        count = left[i]
        if count != 0:
            rest = [*left[:i], None if count is None else count - 1, *left[i + 1 :]]
            costs += [bins[i].price + cost for cost in _priced(bins, open_to[1:], rest)]
    return [min(costs)] if costs else []


def is_right(found: Packed, freight: Freight) -> None:
    """Whatever the freight, this holds of every packing, and of its certificate by brute force."""
    bins = {kind.name: kind for kind in freight.bins}
    assert sorted(item for _, items in found.bins for item in items) == sorted(freight.items)
    assert all(freight.holds(bins[name], frozenset(items)) for name, items in found.bins)
    assert found.cost == sum(bins[name].price for name, _ in found.bins)
    for name, kind in bins.items():
        assert kind.count is None or sum(name == used for used, _ in found.bins) <= kind.count
    for joined in freight.together:
        assert _unbroken(joined & freight.items.keys(), [frozenset(items) for _, items in found.bins])
    assert found.lower_bound <= found.cost
    assert found.proven == (found.lower_bound == found.cost)
    if found.certificate:
        assert found.certificate.bound(freight.bins) == found.lower_bound
        assert found.certificate.checked(freight)


sizes = st.fixed_dictionaries({}, optional={"memory": st.integers(0, 9), "cpu": st.integers(0, 5)})
rooms = st.fixed_dictionaries({}, optional={"memory": st.integers(0, 20), "cpu": st.integers(0, 9)})


@st.composite
def bins(draw: st.DrawFn) -> tuple[Bin, ...]:
    count = draw(st.integers(1, 3))
    unlimited = st.none()
    return tuple(
        Bin(
            f"type{i}",
            draw(rooms),
            draw(st.integers(1, 5)),
            draw(st.one_of(unlimited, st.integers(1, 4))),
            draw(st.one_of(unlimited, st.integers(0, 3))),
        )
        for i in range(count)
    )


@st.composite
def freights(draw: st.DrawFn, most: int = 7) -> Freight:
    items = NAMES[: draw(st.integers(0, most))]
    types = draw(bins())
    if len(items) < 2:
        return Freight({item: draw(sizes) for item in items}, types)
    pair = st.sets(st.sampled_from(items), min_size=2, max_size=2).map(frozenset)
    edge = st.sets(st.sampled_from(items), min_size=2, max_size=min(4, len(items))).map(frozenset)
    some = st.sets(st.sampled_from([kind.name for kind in types])).map(frozenset)
    return Freight(
        {item: draw(sizes) for item in items},
        types,
        draw(st.frozensets(pair, max_size=8)) | draw(st.frozensets(edge, max_size=4)),
        draw(st.frozensets(pair, max_size=2)),
        draw(st.dictionaries(st.sampled_from(items), some, max_size=2)),
    )


@given(freights())
@settings(max_examples=300, deadline=None)
def test_as_cheap_as_brute_force(freight: Freight) -> None:
    found = pack(freight)
    cheapest = least(freight)
    if isinstance(found, Unpacked):
        assert (found.proven, cheapest) == (True, None)
        return
    is_right(found, freight)
    assert (found.cost, found.proven) == (cheapest, True)


@given(freights(6), st.randoms(use_true_random=False))
@settings(max_examples=60, deadline=None)
def test_order_does_not_matter_and_names_do_not_cost(freight: Freight, order: random.Random) -> None:
    items = list(freight.items)
    order.shuffle(items)
    assert pack(replace(freight, items={item: freight.items[item] for item in items})) == pack(freight)
    renamed = dict(zip(freight.items, items, strict=True))
    other = Freight(
        {renamed[item]: found for item, found in freight.items.items()},
        freight.bins,
        frozenset(frozenset(renamed[item] for item in edge) for edge in freight.exclusions),
        frozenset(frozenset(renamed[item] for item in found) for found in freight.together),
        {renamed[item]: found for item, found in freight.admitted.items()},
    )
    assert cost(pack(other)) == cost(pack(freight))


def cost(found: Packed | Unpacked) -> float:
    return found.cost if isinstance(found, Packed) else float("inf")


@given(freights(6), st.sets(st.sampled_from(NAMES), min_size=2, max_size=2).map(frozenset))
@settings(max_examples=60, deadline=None)
def test_a_new_exclusion_never_makes_it_cheaper(freight: Freight, edge: frozenset[str]) -> None:
    tighter = replace(freight, exclusions=freight.exclusions | {edge})
    assert cost(pack(tighter)) >= cost(pack(freight))


@pytest.mark.parametrize(
    ("items", "exclusions", "kinds", "price", "ground"),
    [
        pytest.param({"a": 4, "b": 4, "c": 4}, [], [Bin("m", {"memory": 8})], 2, Ground.ROOM, id="room"),
        pytest.param(
            {"a": 1, "b": 1, "c": 1}, ["ab", "bc", "ac"], [Bin("m", {"memory": 8})], 3, Ground.CLIQUE, id="clique"
        ),
        pytest.param({"a": 5, "b": 5, "c": 5}, [], [Bin("m", {"memory": 8})], 3, Ground.WEIGHTS, id="no two fit"),
        pytest.param(
            {"a": 4, "b": 4, "c": 4},
            [],
            [Bin("small", {"memory": 4}, 3), Bin("large", {"memory": 8}, 4)],
            7,
            None,
            id="two types",
        ),
        pytest.param(
            {"a": 4, "b": 4}, [], [Bin("one", {"memory": 8}, 9, most=1)], 18, Ground.WEIGHTS, id="blast radius"
        ),
    ],
)
def test_what_proves_it(
    items: dict[str, int], exclusions: list[str], kinds: list[Bin], price: int, ground: Ground | None
) -> None:
    freight = Freight(
        {item: {"memory": size} for item, size in items.items()}, tuple(kinds), frozenset(map(frozenset, exclusions))
    )
    found = pack(freight)
    assert isinstance(found, Packed)
    is_right(found, freight)
    assert (found.cost, found.proven) == (price, True)
    assert (found.certificate.ground if found.certificate else None) is ground


def test_a_claim_that_a_bin_outweighs_is_refused() -> None:
    freight = Freight({item: {"memory": 4} for item in "abc"}, (Bin("m", {"memory": 8}),))
    found = pack(freight)
    assert isinstance(found, Packed)
    assert found.certificate
    assert not replace(found.certificate, heaviest={"m": 7}).checked(freight)


def test_what_fits_nowhere_is_named() -> None:
    freight = Freight({"a": {"memory": 9}, "b": {"memory": 1}}, (Bin("m", {"memory": 8}),))
    assert pack(freight) == Unpacked(True, ("a",))


def test_pinned_items_share_the_one_machine_there_is() -> None:
    machines = (Bin("m1", {"memory": 8}, count=1), Bin("any", {"memory": 8}))
    pinned = dict.fromkeys("ab", frozenset(("m1",)))
    items = {item: {"memory": 4} for item in "abcd"}
    found = pack(Freight(items, machines, admitted=pinned))
    assert isinstance(found, Packed)
    assert found.bins == (("m1", ("a", "b")), ("any", ("c", "d")))
    crowded = Freight(items, machines, frozenset((frozenset("ab"),)), admitted=pinned)
    assert pack(crowded) == Unpacked(True)


@pytest.mark.parametrize(
    "wrong",
    [
        pytest.param(lambda: Freight({}, ()), id="no bins"),
        pytest.param(lambda: Freight({"a": {"memory": -1}}, (Bin("m"),)), id="negative size"),
        pytest.param(lambda: Freight({"a": {}}, (Bin("m"),), frozenset((frozenset("a"),))), id="exclusion of one"),
        pytest.param(lambda: Bin("m", price=0), id="for nothing"),
    ],
)
def test_what_makes_no_sense_is_refused(wrong: object) -> None:
    with pytest.raises(ValueError, match=r"\w+"):
        wrong()  # type: ignore[operator]
