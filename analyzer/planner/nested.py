"""A nested partition: machines hold containers hold Python environments hold Services."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from analyzer.planner.site import Site, Tier

Group = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Level:
    """The Environments of one Tier: ``groups``, each sorted, and the name of the offer that houses each.

    ``lower_bound`` is proven: no housing costs less on this Tier, those outside being as cheap as they can be.
    ``certificate`` names Services that all exclude one another, where they alone prove the bound.
    """

    groups: tuple[Group, ...]
    offers: tuple[str, ...]
    cost: int
    lower_bound: int = 0
    certificate: tuple[str, ...] = ()

    @property
    def proven(self) -> bool:
        """Whether it costs as little as can be."""
        return self.cost <= self.lower_bound


@dataclass(frozen=True, slots=True)
class Nested:
    """A Level for each Tier of a Site, the outermost first; each group lies inside one of the Level before."""

    levels: tuple[Level, ...]

    @property
    def costs(self) -> tuple[int, ...]:
        """The costs of the Levels."""
        return tuple(level.cost for level in self.levels)


def objective(site: Site, costs: tuple[int, ...]) -> tuple[int, ...]:
    """What is to be as small as possible, compared from the front."""
    if site.weights is None:
        return costs
    return (sum(weight * cost for weight, cost in zip(site.weights, costs, strict=True)), *costs)


def faults(site: Site, nested: Nested) -> Iterator[str]:
    """What is wrong with a housing; nothing where it obeys the Site."""
    for tier, level in zip(site.tiers, nested.levels, strict=True):
        yield from _of_level(site, tier, level)
    for outer, inner in pairwise(nested.levels):
        for group in inner.groups:
            if not any(set(group) <= set(around) for around in outer.groups):
                yield f"{group} is torn apart"


def _of_level(site: Site, tier: Tier, level: Level) -> Iterator[str]:
    if sorted(service for group in level.groups for service in group) != sorted(site.services):
        yield f"{tier.boundary}: somebody is missing, or twice there"
    offers = {offer.name: offer for offer in tier.offers}
    for group, name in zip(level.groups, level.offers, strict=True):
        members = frozenset(group)
        if offers.get(name) not in tier.fitting(group, site.load(group)):
            yield f"{group} does not fit into {name or 'any'}"
        if any(edge <= members for edge in tier.edges):
            yield f"{group} holds a conflict"
        if any(0 < len(one & members) < len(one & set(site.services)) for one in tier.together):
            yield f"{group} tears apart what belongs together"
        if tier.most is not None and len(group) > tier.most:
            yield f"{group} is more than {tier.most}"
    for offer in tier.offers:
        if offer.count is not None and level.offers.count(offer.name) > offer.count:
            yield f"there are only {offer.count} of {offer.name}"
    if level.cost != sum(offers[name].price for name in level.offers):
        yield f"{tier.boundary}: costs are not {level.cost}"
