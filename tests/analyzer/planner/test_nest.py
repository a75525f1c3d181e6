"""Nested housing against every partition that there is."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.boundary import Boundary
from analyzer.planner.budget import Budget
from analyzer.planner.nest import Nester, UnhousableError
from analyzer.planner.nested import Nested, faults
from analyzer.planner.site import Edges, Load, Offer, Site, Tier
from tests.analyzer.planner.exhaustive import cheapest

NAMES = tuple("abcdefgh")
TIERS = (Boundary.VM, Boundary.CONTAINER, Boundary.VENV)


def nested(site: Site) -> Nested:
    return Nester(Budget(60)).nest(site)


def edges(services: tuple[str, ...], most: int) -> st.SearchStrategy[Edges]:
    edge = st.frozensets(st.sampled_from(services), min_size=2, max_size=3)
    return st.frozensets(edge, max_size=most) if len(services) > 1 else st.just(frozenset())


OFFERS = (
    (Offer(),),
    (Offer("small", 4, 4, 2), Offer("large", 9, 9, 3)),
    (Offer("host", 7, None, 1),),
    (Offer("own", 6, 8, 1, count=1), Offer("rented", 10, None, 2)),
    (Offer("gpu", None, None, 5), Offer("plain", None, 6, 1)),
)


@st.composite
def tiers(draw: st.DrawFn, boundary: Boundary, services: tuple[str, ...], outermost: bool) -> Tier:
    offers = draw(st.sampled_from(OFFERS if outermost else OFFERS[:3]))
    chosen = st.frozensets(st.sampled_from([o.name for o in offers]), min_size=1)
    return Tier(
        boundary,
        conflicts=draw(edges(services, 6)),
        apart=draw(edges(services, 2)),
        together=draw(edges(services, 1)) if draw(st.integers(0, 4)) == 0 else frozenset(),
        offers=offers,
        most=draw(st.sampled_from([None, None, 1, 2, 3])),
        admitted=draw(st.dictionaries(st.sampled_from(services), chosen, max_size=2)),
    )


@st.composite
def sites(draw: st.DrawFn) -> Site:
    services = NAMES[: draw(st.integers(1, 8))]
    used = draw(st.sampled_from([TIERS[:1], TIERS[:2], TIERS[1:], TIERS]))
    loads = st.builds(Load, st.integers(0, 5), st.integers(0, 5))
    weights = draw(st.none() | st.tuples(*[st.integers(1, 5)] * len(used)))
    return Site(
        services,
        tuple(draw(tiers(boundary, services, boundary is used[0])) for boundary in used),
        draw(st.dictionaries(st.sampled_from(services), loads)),
        weights,
    )


@given(sites())
@settings(deadline=None)
def test_no_housing_is_cheaper(site: Site) -> None:
    best = cheapest(site)
    if best is None:
        with pytest.raises(UnhousableError):
            nested(site)
        return
    found = nested(site)
    assert list(faults(site, found)) == []
    if site.weights is None:
        assert found.costs == best
        assert all(level.proven for level in found.levels)
    else:
        assert sum(map(int.__mul__, site.weights, found.costs)) == sum(map(int.__mul__, site.weights, best))


@given(sites(), st.permutations(NAMES))
@settings(deadline=None, max_examples=30)
def test_names_do_not_matter(site: Site, order: list[str]) -> None:
    new = dict(zip(NAMES, order, strict=True))

    def named(sets: Edges) -> Edges:
        return frozenset(frozenset(new[s] for s in edge) for edge in sets)

    renamed = Site(
        tuple(new[s] for s in site.services),
        tuple(
            Tier(
                t.boundary,
                named(t.conflicts),
                named(t.apart),
                named(t.together),
                t.offers,
                t.most,
                {new[s]: names for s, names in t.admitted.items()},
            )
            for t in site.tiers
        ),
        {new[s]: load for s, load in site.loads.items()},
    )
    try:
        found = nested(Site(site.services, site.tiers, site.loads))
    except UnhousableError:
        with pytest.raises(UnhousableError):
            nested(renamed)
        return
    assert nested(renamed).costs == found.costs


def test_a_certificate_names_who_excludes_the_others_of_those_who_belong_together() -> None:
    edge = frozenset(("c", "d"))
    tier = Tier(Boundary.VM, conflicts=frozenset([edge]), together=frozenset([frozenset("abc")]))
    level = nested(Site(tuple("abcd"), (tier,))).levels[0]
    assert (level.lower_bound, level.certificate) == (2, ("c", "d"))


def test_where_no_pair_excludes_one_another_there_is_no_certificate() -> None:
    tier = Tier(Boundary.VM, conflicts=frozenset([frozenset("abd")]), together=frozenset([frozenset("ab")]))
    level = nested(Site(tuple("abd"), (tier,))).levels[0]
    assert (level.lower_bound, level.certificate) == (2, ())


def test_a_certificate_that_proves_less_than_the_weighted_sum_is_none() -> None:
    offers = (Offer("small", price=2), Offer("large", price=3))
    container = Tier(Boundary.CONTAINER, offers=offers, most=1)
    venv = Tier(Boundary.VENV, conflicts=frozenset([frozenset("ab")]))
    found = nested(Site(tuple("abc"), (container, venv), weights=(1, 0))).levels[1]
    assert (found.lower_bound, found.certificate) == (3, ())
