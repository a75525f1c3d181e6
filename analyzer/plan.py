"""Plans: machines hold containers hold Python environments hold Services."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.boundary import Boundary
from analyzer.substrate.option import Orchestrator, Substrate
from analyzer.substrate.recommendation import Recommendation
from analyzer.verdict import Stance, Witness


@dataclass(frozen=True, slots=True)
class Venv:
    """A Python environment and the Services in it.

    ``witness`` is None where nothing had to be resolved (services without index dependencies) or
    the environment holds one service that is undecided. ``drift`` counts moved locked versions.
    """

    services: tuple[str, ...]
    witness: Witness | None = None
    substrate: str = ""
    drift: int = 0
    undecided: str = ""


@dataclass(frozen=True, slots=True)
class Container:
    """A root filesystem. ``witness`` is what is installed in it, where its Python environments have their own;
    ``drift`` counts the locked versions that move by that. ``recommendation`` says what it should run on;
    None until rules were asked."""

    venvs: tuple[Venv, ...]
    witness: Witness | None = None
    drift: int = 0
    recommendation: Recommendation[Substrate] | None = None

    @property
    def services(self) -> tuple[str, ...]:
        """All Services inside, sorted."""
        return tuple(sorted(s for venv in self.venvs for s in venv.services))


@dataclass(frozen=True, slots=True)
class Amount:
    """Memory in bytes, cpu in thousandths of a core; None for what is not limited."""

    memory: int | None = 0
    cpu: int | None = 0


@dataclass(frozen=True, slots=True)
class Machine:
    """A kernel; ``offer`` names the type of machine, empty where there is one type only. ``load`` is what its
    Services take up, and ``capacity`` how much it has."""

    containers: tuple[Container, ...]
    offer: str = ""
    load: Amount = Amount()
    capacity: Amount | None = None


@dataclass(frozen=True, slots=True)
class Tier:
    """What a Plan spends on Environments of one Boundary: their number, or with ``priced`` their prices, in
    ten-thousandths.

    ``lower_bound`` is proven: no Plan spends less, the Tiers outside being as cheap as they can be; where Tiers are
    ``weighed`` against one another, no Plan of so small a weighted sum, once that sum is proven.
    ``certificate`` names Services that all exclude one another there, where they alone prove the bound; a
    Service as often as there are replicas of it that do. ``largest`` is what one of these Environments holds at
    most, None where there is no limit.
    """

    boundary: Boundary
    environments: int
    cost: int
    lower_bound: int
    certificate: tuple[str, ...] = ()
    priced: bool = False
    largest: Amount | None = None
    weighed: bool = False

    @property
    def proven(self) -> bool:
        """Whether nothing cheaper is possible."""
        return self.cost <= self.lower_bound


@dataclass(frozen=True, slots=True)
class Move:
    """A Service leaves the Environment that it shares today for the container of number ``container``, counted
    from 1 in the Plan's order, where ``beside`` are by then. None for the number is a container of its own, in
    which it waits until those who keep it out have left."""

    service: str
    container: int | None
    beside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plan:
    """Housing for a Fleet under one stance.

    ``environments`` counts the innermost Environments of the boundaries in use; ``lower_bound`` is
    proven: no Plan has fewer; ``proven`` says that both meet. ``certificate`` names Services that
    all exclude one another, where such a set as large as the bound exists; a Service as often as there are
    replicas of it that do. A Service with replicas stands in several containers. ``unplaced`` holds
    Services that cannot be satisfied even alone. ``held_apart`` counts pairs that are separated
    only because they are undecided. ``orchestrator`` is what should start its containers; None until
    rules were asked. ``tiers`` are the boundaries in use, the outermost first. ``moves`` counts the Services that
    leave an Environment that they share today; of all Plans that cost as much none drifts less than
    ``least_drift``, and of those that drift so little none moves fewer than ``least_moves``, both proven. Drift is that
    of the versions which a resolver chose when it was asked to keep the locks; it doesn't promise that no others drift
    less.
    ``unmeasured`` are Services that count as taking up nothing, though machines or containers are limited, as
    nobody says what memory or cpu they need. ``migration`` leads there from the present layout; after each step
    nothing that shares a container clashes.
    """

    stance: Stance
    machines: tuple[Machine, ...]
    environments: int
    lower_bound: int
    proven: bool
    certificate: tuple[str, ...] = ()
    drift: int = 0
    unplaced: tuple[str, ...] = ()
    held_apart: int = 0
    orchestrator: Recommendation[Orchestrator] | None = None
    tiers: tuple[Tier, ...] = ()
    moves: int = 0
    least_drift: int = 0
    least_moves: int = 0
    migration: tuple[Move, ...] = ()
    unmeasured: tuple[str, ...] = ()

    @property
    def cost(self) -> int:
        """What the innermost Environments cost: their number, where they have no prices."""
        return self.tiers[-1].cost if self.tiers else self.environments

    def containers(self) -> Iterator[Container]:
        """Every container of every machine, in order."""
        for machine in self.machines:
            yield from machine.containers

    def innermost(self) -> Iterator[tuple[Venv, ...]]:
        """Every Environment of the innermost boundary in use, in order: reports number them from 1."""
        by_venv = any(tier.boundary is Boundary.VENV for tier in self.tiers)
        for container in self.containers():
            yield from ((venv,) for venv in container.venvs) if by_venv else (tuple(container.venvs),)
