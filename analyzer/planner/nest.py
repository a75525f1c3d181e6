"""Nested housing: every Tier as cheap as it can be, the outermost first.

Two ways lead to a draft: from the outermost Tier inwards, and from the innermost one outwards. Where one
of them costs no more than each Tier must by itself, it is proven; else CP-SAT looks at the Tiers together.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from analyzer.errors import CohabitError
from analyzer.planner.budget import Budget
from analyzer.planner.capacity import NOUNS
from analyzer.planner.certificate import Ground
from analyzer.planner.failure import Failure
from analyzer.planner.first_fit import Atom, atoms, first_fit, housed
from analyzer.planner.freight import Bin, Freight
from analyzer.planner.joint_model import Limits, solve
from analyzer.planner.nested import Level, Nested, objective
from analyzer.planner.packing import Packed, Unpacked, pack_within
from analyzer.planner.partition import Exclusions, Partition, partition, repartition
from analyzer.planner.site import Edges, Offer, Site, Tier


class UnhousableError(CohabitError):
    """No housing obeys the rules, conflicts or none; ``boundary`` says at which one that was seen."""


@dataclass(slots=True)
class Nester:
    """Houses a Site again and again while exclusions are added to it, which leaves bounds valid."""

    budget: Budget
    _freights: dict[int, tuple[Freight, Packed | Unpacked]] = field(default_factory=dict)
    _known: dict[tuple[int, frozenset[str]], tuple[Exclusions, Partition]] = field(default_factory=dict)

    def nest(self, site: Site) -> Nested:
        """The cheapest housing that is found in time, with what is proven of each Tier.

        Raises UnhousableError where there is none.
        """
        site = _tightened(site)
        floors = [self._floor(site, number) for number in range(len(site.tiers))]
        _raise_inwards(site, floors)
        drafts = [draft for draft in (self._outwards(site), self._inwards(site, ())) if draft is not None]
        best = min(drafts, key=lambda draft: objective(site, draft.costs)) if drafts else None
        if site.weights is not None:
            return self._weighed(site, best, floors)
        for number in range(len(site.tiers)):
            best = self._improved(site, number, best, floors)
            _raise_inwards(site, floors)
        if best is None:
            raise UnhousableError("no housing was found that obeys the configuration; --plan-seconds may be too few")
        return _with_bounds(best, floors)

    def _floor(self, site: Site, number: int) -> Level:
        """A bound on the cost of a Tier by itself, in the place of a Level."""
        tier = site.tiers[number]
        packed = None if tier.plain else self._packed(site, number)
        if isinstance(packed, Packed):
            return Level((), (), 0, packed.lower_bound, _clique(packed, site, number))
        found = self._partition(site, number, frozenset(site.services))
        price = min((offer.price for offer in tier.offers), default=1)
        bound = found.lower_bound * price
        heavier = _by_capacity(site, tier)
        certificate = found.certificate if bound >= heavier else ()
        return Level((), (), 0, max(bound, heavier), certificate)

    def _packed(self, site: Site, number: int) -> Packed | Unpacked | None:
        """The Services packed into the offers of a Tier, whatever the others take; None where one is free of charge."""
        tiers = site.tiers[: number + 1]
        edges = frozenset().union(*(tier.edges for tier in tiers))
        if any(offer.price < 1 for offer in tiers[-1].offers):
            return None
        freight = freight_of(site, tiers[-1], edges)
        if self._freights.get(number, (None, None))[0] != freight:
            own = Budget(self.budget.share)
            self.budget.seconds -= own.seconds
            self._freights[number] = freight, pack_within(freight, own)
            self.budget.seconds += own.seconds
        return self._freights[number][1]

    def _partition(self, site: Site, number: int, services: frozenset[str]) -> Partition:
        """Services parted by what must not meet inside a Tier, nor inside one around it."""
        tiers = site.tiers[: number + 1]
        conflicts = frozenset().union(*(_inside(tier.conflicts, services) for tier in tiers))
        apart = frozenset().union(*(_inside(tier.apart, services) for tier in tiers))
        if not conflicts and not apart:
            return Partition((tuple(sorted(services)),), 1, proven=True) if services else Partition((), 0, proven=True)
        exclusions = Exclusions(tuple(sorted(services)), conflicts, apart)
        known, before = self._known.get((number, services), (None, None))
        if before is None or known != exclusions:
            before = repartition(exclusions, before, self.budget)
            self._known[number, services] = exclusions, before
        return before

    def _inwards(self, site: Site, levels: tuple[Level, ...]) -> Nested | None:
        """The Levels continued: each Tier inside each group of the one around it."""
        while len(levels) < len(site.tiers):
            tier = site.tiers[len(levels)]
            around = levels[-1].groups if levels else (site.services,)
            parts = [self._divided(site, tier, group) for group in around if group]
            level = housed(site, tier, [group for part in parts for group in part]) if all(parts) else None
            if level is None:
                return None
            levels = (*levels, _sorted(level))
        return Nested(levels)

    def _divided(self, site: Site, tier: Tier, group: tuple[str, ...]) -> Sequence[tuple[str, ...]]:
        inside = frozenset(group)
        number = site.tiers.index(tier)
        if tier.plain:
            return self._partition(site, number, inside).groups
        packed = self._packed(site, number) if len(group) == len(site.services) else None
        if isinstance(packed, Packed):
            return tuple(items for _, items in packed.bins)
        own = replace(site, services=group)
        found = first_fit(own, [tier], atoms(group, tier.together), _inside(tier.edges, inside))
        return found.groups if found is not None else ()

    def _outwards(self, site: Site) -> Nested | None:
        """The innermost Tier first, under the exclusions of all; its groups are what the next one houses."""
        levels: list[Level] = []
        number = len(site.tiers) - 1
        everyone = frozenset(site.services)
        parts: list[Atom] = atoms(site.services, (one for tier in site.tiers for one in tier.together))
        while number >= 0:
            tiers = site.tiers[: number + 1]
            tier = tiers[-1]
            if not levels and all(t.plain for t in site.tiers):
                level = housed(site, tier, self._partition(site, number, everyone).groups)
            else:
                edges = frozenset().union(*(_inside(t.edges, everyone) for t in tiers))
                plain = all(outer.plain for outer in tiers)
                level = _lifted(site, tier, parts, edges) if plain else first_fit(site, tiers, parts, edges)
            if level is None:
                return None
            levels.insert(0, _sorted(level))
            parts = [frozenset(group) for group in level.groups]
            number -= 1
        return Nested(tuple(levels))

    def _improved(self, site: Site, number: int, best: Nested | None, floors: list[Level]) -> Nested | None:
        """The draft with a Tier made as cheap as those around it allow; its floor raised to what is proven."""
        floor = floors[number]
        if best is not None and (best.costs[number] <= floor.lower_bound or _is_colouring(site, number, best)):
            return best
        limited = any(offer.count is not None for tier in site.tiers[number + 1 :] for offer in tier.offers)
        depth = len(site.tiers) if best is None or limited else number + 1
        limits = [self._limits(site, other, best if other <= number else None) for other in range(depth)]
        goal = [int(other == number) for other in range(depth)]
        found = solve(site, limits, goal, self.budget, best)
        if found is Failure.IMPOSSIBLE and best is None:
            noun = NOUNS[site.tiers[number].boundary]
            raise UnhousableError(f"the {noun}s that can be had do not hold all services as the configuration wants it")
        if isinstance(found, Failure):
            return best
        prefix, bound = found
        floors[number] = replace(floor, lower_bound=bound, certificate=()) if bound > floor.lower_bound else floor
        draft = self._inwards(site, prefix.levels)
        kept = (d for d in (draft, best) if d is not None)
        return min(kept, key=lambda draft: objective(site, draft.costs), default=None)

    def _limits(self, site: Site, number: int, best: Nested | None) -> Limits:
        if best is None:
            return Limits(len(site.services))
        price = min(offer.price for offer in site.tiers[number].offers)
        enough = best.costs[number] // price if price else len(site.services)
        return Limits(min(enough, len(site.services)), best.costs[number])

    def _weighed(self, site: Site, best: Nested | None, floors: list[Level]) -> Nested:
        """The cheapest housing by the weighted sum of the Tiers' costs."""
        weights = site.weights or ()
        floor = sum(weight * level.lower_bound for weight, level in zip(weights, floors, strict=True))
        if best is None or objective(site, best.costs)[0] > floor:
            limits = [Limits(len(site.services)) for _ in site.tiers]
            found = solve(site, limits, weights, self.budget, best)
            if found is Failure.IMPOSSIBLE and best is None:
                raise UnhousableError("no housing obeys the configuration")
            if not isinstance(found, Failure):
                best, floor = found[0], max(floor, found[1])
        if best is None:
            raise UnhousableError("no housing was found that obeys the configuration; --plan-seconds may be too few")
        met = objective(site, best.costs)[0] <= floor
        bounded = [_met(f, cost) if met else f for f, cost in zip(floors, best.costs, strict=True)]
        return _with_bounds(best, bounded)


def freight_of(site: Site, tier: Tier, edges: Edges) -> Freight:
    """The Services of a Site as what is to be packed into the offers of a Tier."""
    items = {s: {"memory": (load := site.load([s])).memory, "cpu": load.cpu} for s in site.services}
    bins = tuple(
        Bin(
            o.name,
            {d: room for d in ("memory", "cpu") if (room := getattr(o, d)) is not None},
            o.price,
            tier.most,
            o.count,
        )
        for o in tier.offers
    )
    known = frozenset(site.services)
    return Freight(items, bins, _inside(edges, known), tier.together, tier.admitted)


def _room(offer: Offer) -> dict[str, int]:
    return {d: room for d, room in (("memory", offer.memory), ("cpu", offer.cpu)) if room is not None}


def _clique(packed: Packed, site: Site, number: int) -> tuple[str, ...]:
    """The Services that all exclude one another, where that is why nothing cheaper will do.

    Those that belong together stand for one another: of each such set one that excludes the others is named. Where
    different members exclude different ones, nobody could check the names, so there are none.
    """
    found = packed.certificate
    if found is None or found.ground is not Ground.CLIQUE:
        return ()
    tiers = site.tiers[: number + 1]
    edges = frozenset().union(*(tier.edges for tier in tiers))
    chosen: list[str] = []
    for part in sorted(atoms(site.services, tiers[-1].together), key=len):
        if part & found.weights.keys():
            fitting = (one for one in sorted(part) if all(frozenset((one, other)) in edges for other in chosen))
            chosen += [next(fitting, "")]
    return tuple(sorted(chosen)) if "" not in chosen else ()


def _is_colouring(site: Site, number: int, best: Nested) -> bool:
    """Whether a Tier is only to be coloured, all in one room, at which no other model is better."""
    around = best.levels[:number]
    return all(tier.plain for tier in site.tiers[: number + 1]) and all(len(level.groups) == 1 for level in around)


def _tightened(site: Site) -> Site:
    """The Site in which who belongs together inside a Tier does so in those around it."""
    tiers: list[Tier] = []
    together: Edges = frozenset()
    for tier in reversed(site.tiers):
        together |= tier.together
        tiers.insert(0, replace(tier, together=together))
    return replace(site, tiers=tuple(tiers))


def _raise_inwards(site: Site, floors: list[Level]) -> None:
    """Let each bound be no lower than what those around it come to: there is no Environment without one inside."""
    for number in range(1, len(floors)):
        outer, inner = site.tiers[number - 1], site.tiers[number]
        dearest = max((offer.price for offer in outer.offers), default=1)
        rooms = -(-floors[number - 1].lower_bound // dearest) if dearest else 0
        bound = rooms * min((offer.price for offer in inner.offers), default=1)
        if bound > floors[number].lower_bound:
            floors[number] = replace(floors[number], lower_bound=bound, certificate=())


def _with_bounds(best: Nested, floors: Sequence[Level]) -> Nested:
    found = (
        replace(level, lower_bound=min(floor.lower_bound, level.cost), certificate=floor.certificate)
        for level, floor in zip(best.levels, floors, strict=True)
    )
    return Nested(tuple(found))


def _met(floor: Level, cost: int) -> Level:
    """The floor raised to a cost that is part of the least weighted sum; what proves less is no certificate of it."""
    return replace(floor, lower_bound=cost, certificate=floor.certificate if floor.lower_bound >= cost else ())


def _inside(edges: Edges, services: frozenset[str]) -> Edges:
    return frozenset(edge for edge in edges if edge <= services)


def _sorted(level: Level) -> Level:
    pairs = sorted(zip(level.groups, level.offers, strict=True), key=lambda pair: (-len(pair[0]), pair[0]))
    return replace(level, groups=tuple(g for g, _ in pairs), offers=tuple(o for _, o in pairs))


def _lifted(site: Site, tier: Tier, parts: Sequence[Atom], edges: Edges) -> Level | None:
    """A plain Tier around the groups of the one inside."""
    names = {f"{number:09}": part for number, part in enumerate(parts)}
    at = {service: name for name, part in names.items() for service in part}
    between = (frozenset(at[service] for service in edge) for edge in edges)
    found = partition(Exclusions(tuple(names), frozenset(edge for edge in between if len(edge) > 1)))
    return housed(site, tier, [tuple(sorted(s for name in group for s in names[name])) for group in found.groups])


def _by_capacity(site: Site, tier: Tier) -> int:
    """What Environments cost at least for all loads to fit in, were Services divisible."""
    everything = site.load(site.services)
    return max((0, *_cheapest(tier, everything.memory, "memory"), *_cheapest(tier, everything.cpu, "cpu")))


def _cheapest(tier: Tier, amount: int, trait: str) -> Iterator[int]:
    rooms = [(getattr(offer, trait), offer.price) for offer in tier.offers]
    if amount and rooms and all(room for room, _ in rooms):
        yield min(-(-amount * price // room) for room, price in rooms)
