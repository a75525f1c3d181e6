"""The cheapest nested housing by trying every partition: the judge of the planner."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import product

from analyzer.planner.site import Site, Tier


def partitions(items: Sequence[str]) -> Iterator[list[tuple[str, ...]]]:
    """All ways to part items into groups."""
    if not items:
        yield []
        return
    first, rest = items[0], items[1:]
    for found in partitions(rest):
        yield [(first,), *found]
        for number, group in enumerate(found):
            yield [*found[:number], (first, *group), *found[number + 1 :]]


def cheapest(site: Site) -> tuple[int, ...] | None:
    """The costs of the Tiers in the best housing; None where there is none.

    Only the outermost Tier may have offers of limited count: what is inside one group is housed by itself.
    """

    @cache
    def within(number: int, services: tuple[str, ...]) -> tuple[int, ...] | None:
        if number == len(site.tiers):
            return ()
        best: tuple[tuple[int, ...], tuple[int, ...]] | None = None
        for groups in partitions(services):
            cost = _cost(site, site.tiers[number], groups)
            inner = [within(number + 1, tuple(sorted(group))) for group in groups]
            if cost is None or any(part is None for part in inner):
                continue
            below = [sum(column) for column in zip(*(part for part in inner if part is not None), strict=True)]
            costs = (cost, *(below or [0] * (len(site.tiers) - number - 1)))
            ranked = (_rank(site, number, costs), costs)
            best = ranked if best is None else min(best, ranked)
        return best[1] if best else None

    return within(0, tuple(sorted(site.services)))


def _rank(site: Site, number: int, costs: tuple[int, ...]) -> tuple[int, ...]:
    if site.weights is None:
        return costs
    return (sum(weight * cost for weight, cost in zip(site.weights[number:], costs, strict=True)),)


def _cost(site: Site, tier: Tier, groups: Sequence[tuple[str, ...]]) -> int | None:
    """What groups cost at least on a Tier; None where they break one of its rules."""
    for group in map(frozenset, groups):
        split = any(0 < len(one & group) < len(one & set(site.services)) for one in tier.together)
        crowded = tier.most is not None and len(group) > tier.most
        if split or crowded or any(edge <= group for edge in tier.edges):
            return None
    options = [tier.fitting(group, site.load(group)) for group in groups]
    limited = [offer for offer in tier.offers if offer.count is not None]
    if not limited:
        return sum(min(o.price for o in some) for some in options) if all(options) else None
    prices = [
        sum(offer.price for offer in chosen)
        for chosen in product(*options)
        if all(chosen.count(offer) <= (offer.count or 0) for offer in limited)
    ]
    return min(prices, default=None)
