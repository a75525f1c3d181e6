"""Housing: a settled nested partition as a Plan, with machines around containers around Python environments."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from analyzer.boundary import Boundary
from analyzer.plan import Amount, Container, Machine, Plan, Tier, Venv
from analyzer.planner.lazy import Settled
from analyzer.planner.nested import Level
from analyzer.planner.rules import service_of
from analyzer.planner.site import Edges, Load, Offer, Site
from analyzer.planner.site import Tier as SiteTier
from analyzer.verdict import Compatible, Stance, Undecided, Witness

Group = tuple[str, ...]


def house(stance: Stance, settled: Settled, *, unplaced: Iterable[str] = ()) -> Plan:
    """The Plan of a settled housing. ``unplaced`` are Services known to be unsatisfiable alone.

    A boundary that is not in use parts nothing: without machines there is one, and a machine without
    containers, a container without Python environments, is the only one inside itself.
    """
    rooms = _Rooms(settled)
    tiers = tuple(_tiers(settled))
    machines = tuple(
        Machine(tuple(rooms.containers(group)), offer.name, _amount(settled.site.load(group)), _capacity(offer))
        for group, offer in rooms.machines()
    )
    return Plan(
        stance,
        machines,
        environments=tiers[-1].environments,
        lower_bound=tiers[-1].lower_bound,
        proven=all(tier.proven for tier in tiers),
        certificate=tiers[-1].certificate,
        drift=sum(c.drift + sum(v.drift for v in c.venvs) for machine in machines for c in machine.containers),
        unplaced=tuple(sorted({*unplaced, *map(service_of, settled.unplaced)})),
        held_apart=held_apart(settled.site),
        tiers=tiers,
        moves=settled.refined.moves if settled.refined else 0,
        least_drift=settled.refined.drift_bound if settled.refined else 0,
        least_moves=settled.refined.moves_bound if settled.refined else 0,
        unmeasured=tuple(sorted(set(_unmeasured(settled.site)))),
    )


def container_groups(settled: Settled) -> tuple[Group, ...]:
    """The names in the Site, replicas apart, that share a container, in the order of the Plan's containers."""
    rooms = _Rooms(settled)
    machines = (group for group, _ in rooms.machines())
    return tuple(inside for group in machines for inside in rooms.inside(Boundary.CONTAINER, group))


def held_apart(site: Site) -> int:
    """How many sets, mostly pairs, are separated only because they are undecided."""
    services = set(site.services)
    conflicts: Edges = frozenset().union(*(tier.conflicts for tier in site.tiers))
    apart: Edges = frozenset().union(*(tier.apart for tier in site.tiers))
    left = (edge for edge in apart if edge <= services and not any(conflict <= edge for conflict in conflicts))
    return len({frozenset(map(service_of, edge)) for edge in left})


def _unmeasured(site: Site) -> Iterator[str]:
    limits = [offer for tier in site.tiers for offer in tier.offers]
    for trait in ("memory", "cpu"):
        if any(getattr(offer, trait) is not None for offer in limits):
            yield from (service_of(s) for s in site.services if not getattr(site.loads.get(s, Load()), trait))


def _amount(load: Load) -> Amount:
    return Amount(load.memory, load.cpu)


def _capacity(offer: Offer) -> Amount | None:
    limited = offer.memory is not None or offer.cpu is not None
    return Amount(offer.memory, offer.cpu) if limited else None


def _largest(tier: SiteTier) -> Amount | None:
    """What one Environment of a Tier holds at most, by each trait."""
    memory, cpu = ([getattr(offer, trait) for offer in tier.offers] for trait in ("memory", "cpu"))
    found = Amount(None if None in memory else max(memory), None if None in cpu else max(cpu))
    return found if found != Amount(None, None) else None


def _tiers(settled: Settled) -> Iterator[Tier]:
    for tier, level in zip(settled.site.tiers, settled.nested.levels, strict=True):
        certificate = tuple(sorted(map(service_of, level.certificate)))
        number = len(level.groups)
        yield Tier(
            tier.boundary,
            number,
            level.cost,
            level.lower_bound,
            certificate,
            tier.priced,
            _largest(tier),
            settled.site.weights is not None,
        )


class _Rooms:
    """The groups of each boundary, and the answers to what they were asked about."""

    def __init__(self, settled: Settled) -> None:
        boundaries = [tier.boundary for tier in settled.site.tiers]
        self.services = tuple(sorted(settled.site.services))
        self.offers = {tier.boundary: {offer.name: offer for offer in tier.offers} for tier in settled.site.tiers}
        self.levels = dict(zip(boundaries, settled.nested.levels, strict=True))
        self.answers = {
            boundary: dict(zip(self.levels[boundary].groups, answers, strict=True))
            for boundary, answers in settled.answers.items()
        }

    def machines(self) -> Iterator[tuple[Group, Offer]]:
        level = self.levels.get(Boundary.VM)
        if level is None:
            level = Level((self.services,), ("",), 1) if self.services else Level((), (), 0)
        offers = self.offers.get(Boundary.VM, {})
        for group, name in zip(level.groups, level.offers, strict=True):
            yield group, offers.get(name, Offer())

    def containers(self, around: Group) -> Iterator[Container]:
        for group in self.inside(Boundary.CONTAINER, around):
            own = self._answer(group, Boundary.CONTAINER, Boundary.VM)
            venvs = [*self.inside(Boundary.VENV, group)]
            if Boundary.VENV not in self.levels:
                yield Container((_venv(group, own),))
            elif isinstance(own, Compatible):
                yield Container(tuple(map(self._of_python, venvs)), own.witness, own.drift)
            else:
                reason = own.reason if own else ""
                yield Container(tuple(Venv(_services(venv), undecided=reason) for venv in venvs))

    def _of_python(self, group: Group) -> Venv:
        return _venv(group, self._answer(group, Boundary.VENV))

    def inside(self, boundary: Boundary, around: Group) -> Iterator[Group]:
        """The groups of a boundary inside another group; that itself where the boundary is not in use."""
        level = self.levels.get(boundary)
        groups = level.groups if level else (around,)
        members = set(around)
        return (group for group in groups if members.issuperset(group))

    def _answer(self, group: Group, *boundaries: Boundary) -> Compatible | Undecided | None:
        found = (self.answers.get(boundary, {}).get(group) for boundary in boundaries)
        return next((answer for answer in found if answer is not None), None)


def _services(group: Group) -> Group:
    return tuple(sorted(map(service_of, group)))


def _venv(group: Group, answer: Compatible | Undecided | None) -> Venv:
    services = _services(group)
    if isinstance(answer, Undecided):
        return Venv(services, undecided=answer.reason)
    if answer is None or answer.witness == Witness(()):
        return Venv(services)
    return Venv(services, answer.witness, drift=answer.drift)
