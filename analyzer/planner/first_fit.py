"""First fit: housing of one Tier that obeys every rule, found without search."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from analyzer.planner.nested import Level
from analyzer.planner.site import Edges, Offer, Site, Tier

Atom = frozenset[str]
"""Services that are housed together whatever happens."""
_Excluded = dict[str, list[frozenset[str]]]


def atoms(services: Iterable[str], together: Iterable[frozenset[str]]) -> list[Atom]:
    """Services, joined where a set says that they belong together; sorted."""
    found = {frozenset((service,)) for service in services}
    for one in together:
        touched = {atom for atom in found if atom & one}
        found = (found - touched) | ({frozenset().union(*touched)} if touched else set())
    return sorted(found, key=sorted)


def first_fit(site: Site, tiers: Sequence[Tier], parts: Iterable[Atom], edges: Edges) -> Level | None:
    """Atoms into the first Environment that may hold them, the most excluded and largest first.

    Environments of the last of the ``tiers``, small enough for those around. None where no offer holds an
    atom, or too few of a limited one are there: nothing is proven by that.
    """
    at: _Excluded = {}
    for edge in edges:
        for service in edge:
            at.setdefault(service, []).append(edge)
    groups: list[set[str]] = []
    for atom in sorted(parts, key=lambda part: _urgency(site, part, at)):
        home = next((group for group in groups if _may_join(site, tiers, group, atom, at)), None)
        if home is not None:
            home |= atom
        elif _may_join(site, tiers, set(), atom, at):
            groups.append(set(atom))
        else:
            return None
    return housed(site, tiers[-1], [tuple(sorted(group)) for group in groups])


def housed(site: Site, tier: Tier, groups: Sequence[tuple[str, ...]]) -> Level | None:
    """Groups in the cheapest offers that may house them; None where there are too few of those."""
    taken: Counter[str] = Counter()
    names = [""] * len(groups)
    for number in sorted(range(len(groups)), key=lambda n: len(tier.fitting(groups[n], site.load(groups[n])))):
        group = groups[number]
        free = (o for o in tier.fitting(group, site.load(group)) if o.count is None or taken[o.name] < o.count)
        offer = next(free, None)
        if offer is None:
            return None
        taken[offer.name] += 1
        names[number] = offer.name
    return Level(tuple(groups), tuple(names), _cost(tier.offers, names))


def _cost(offers: Iterable[Offer], names: Iterable[str]) -> int:
    price = {offer.name: offer.price for offer in offers}
    return sum(price[name] for name in names)


def _urgency(site: Site, atom: Atom, at: _Excluded) -> tuple[int, int, int, list[str]]:
    load = site.load(atom)
    return -sum(len(at.get(s, ())) for s in atom), -load.memory, -load.cpu, sorted(atom)


def _may_join(site: Site, tiers: Sequence[Tier], group: set[str], atom: Atom, at: _Excluded) -> bool:
    joined = group | atom
    if any(tier.most is not None and len(joined) > tier.most for tier in tiers):
        return False
    if any(edge <= joined for service in atom for edge in at.get(service, ())):
        return False
    load = site.load(joined)
    return all(tier.fitting(joined, load) for tier in tiers)
