"""What housing must obey: who may not meet inside which boundary, how much fits where, and at what price."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from analyzer.boundary import Boundary

Edges = frozenset[frozenset[str]]

PRICE_UNIT = 10_000
"""What a price of one is, in the unit of all prices that a team states."""


@dataclass(frozen=True, slots=True)
class Load:
    """What a Service takes up: memory in bytes, cpu in thousandths of a core."""

    memory: int = 0
    cpu: int = 0

    def __add__(self, other: Load) -> Load:
        return Load(self.memory + other.memory, self.cpu + other.cpu)


@dataclass(frozen=True, slots=True)
class Offer:
    """A type of Environment that can be had. None for memory, cpu or count is as much as one likes.

    ``price`` is in whatever unit all prices share; with ``priced`` a team stated it, in PRICE_UNIT. ``devices``
    are what its hardware has besides, ``arch`` is its processor's, empty for any.
    """

    name: str = ""
    memory: int | None = None
    cpu: int | None = None
    price: int = 1
    count: int | None = None
    devices: frozenset[str] = frozenset()
    arch: str = ""
    priced: bool = False

    def holds(self, load: Load) -> bool:
        """Whether a load fits into one such Environment."""
        return (self.memory is None or load.memory <= self.memory) and (self.cpu is None or load.cpu <= self.cpu)


@dataclass(frozen=True, slots=True)
class Tier:
    """The Environments of one Boundary.

    ``conflicts`` and ``apart`` (undecided) are sets of Services that none may hold whole; ``together`` sets
    that one must; ``most`` is how many Services one may hold (blast radius). ``admitted`` names the offers
    that may house a Service, any where nothing is said. ``present`` is how Services share such Environments
    today.
    """

    boundary: Boundary
    conflicts: Edges = frozenset()
    apart: Edges = frozenset()
    together: Edges = frozenset()
    offers: tuple[Offer, ...] = (Offer(),)
    most: int | None = None
    admitted: Mapping[str, frozenset[str]] = field(default_factory=dict)
    present: tuple[frozenset[str], ...] = ()

    @property
    def plain(self) -> bool:
        """Whether only exclusions bind, so that housing is a colouring."""
        return self.offers in ((Offer(),), ()) and self.most is None and not self.admitted and not self.together

    @property
    def priced(self) -> bool:
        """Whether costs are prices, in PRICE_UNIT, and not numbers of Environments."""
        return any(offer.priced for offer in self.offers)

    @property
    def edges(self) -> Edges:
        """All sets that no Environment may hold whole."""
        return self.conflicts | self.apart

    def fitting(self, services: Iterable[str], load: Load) -> tuple[Offer, ...]:
        """The offers that may house these Services together, cheapest first."""
        known = tuple(services)
        open_to = (o for o in self.offers if all(o.name in self.admitted.get(s, (o.name,)) for s in known))
        return tuple(sorted((o for o in open_to if o.holds(load)), key=lambda o: (o.price, o.name)))


@dataclass(frozen=True, slots=True)
class Site:
    """Services to be housed in nested Tiers, the outermost first.

    ``weights`` make one objective of the Tiers' costs; None orders them, the outermost first.
    """

    services: tuple[str, ...]
    tiers: tuple[Tier, ...]
    loads: Mapping[str, Load] = field(default_factory=dict)
    weights: tuple[int, ...] | None = None

    def load(self, services: Iterable[str]) -> Load:
        """What Services take up together."""
        return sum((self.loads.get(service, Load()) for service in services), Load())
