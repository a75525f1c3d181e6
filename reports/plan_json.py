"""Plans as JSON, and back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Annotated

from msgspec import Meta

from analyzer.boundary import Boundary
from analyzer.plan import Amount, Container, Machine, Move, Plan, Tier, Venv
from analyzer.substrate.option import Orchestrator, Substrate
from analyzer.verdict import Stance
from reports.fleet_json import Shape
from reports.recommendation_json import ReasonsShape, reasons_shape, recommendation_value
from reports.witness_json import WitnessShape, optional_shape, optional_value

Count = Annotated[int, Meta(ge=0)]


class AmountShape(Shape):
    """Memory in bytes, cpu in thousandths of a core; null for what has no limit."""

    memory: Count | None
    cpu: Count | None


class VenvShape(Shape):
    """A Python environment."""

    services: tuple[str, ...]
    substrate: str
    drift: Count
    undecided: str
    witness: WitnessShape | None


class ContainerShape(Shape):
    """A root filesystem. ``witness`` and ``drift`` are of what is installed in it, where its Python environments
    have their own. ``substrate`` is recommended for it, null where nothing fits or rules were not asked."""

    venvs: tuple[VenvShape, ...]
    witness: WitnessShape | None
    drift: Count
    substrate: Substrate | None = None
    reasons: ReasonsShape[Substrate] | None = None


class MachineShape(Shape):
    """A kernel; ``offer`` is its type, empty where there is one only, ``capacity`` null where it has no limits."""

    offer: str
    load: AmountShape
    capacity: AmountShape | None
    containers: tuple[ContainerShape, ...]


class TierShape(Shape):
    """What the environments of one boundary cost: their number, or with ``priced`` their prices in
    ten-thousandths. ``certificate`` names services that all exclude one another; ``largest`` is what one
    environment holds at most; ``weighed``: the bound is that of the least weighted sum of all boundaries' costs."""

    boundary: Boundary
    environments: Count
    cost: Count
    lower_bound: Count
    proven: bool
    priced: bool
    certificate: tuple[str, ...]
    largest: AmountShape | None
    weighed: bool = False


class MoveShape(Shape):
    """A service moves into the container of a number, counted from 1, where ``beside`` are by then; null for one
    of its own in which it waits."""

    service: str
    container: Annotated[int, Meta(ge=1)] | None
    beside: tuple[str, ...]


class PlanShape(Shape):
    """Housing for the fleet; ``proven`` says that nothing cheaper is possible. ``tiers`` are the boundaries in use,
    the outermost first; ``migration`` leads there from the present layout."""

    cost: Count
    lower_bound: Count
    proven: bool
    certificate: tuple[str, ...]
    environments: Count
    drift: Count
    least_drift: Count
    moves: Count
    least_moves: Count
    unplaced: tuple[str, ...]
    unmeasured: tuple[str, ...]
    held_apart: Count
    tiers: tuple[TierShape, ...]
    machines: tuple[MachineShape, ...]
    migration: tuple[MoveShape, ...]
    orchestrator: Orchestrator | None = None
    orchestrator_reasons: ReasonsShape[Orchestrator] | None = None


def plan_shape(plan: Plan) -> PlanShape:
    """A Plan as JSON."""
    return PlanShape(
        cost=plan.cost,
        lower_bound=plan.lower_bound,
        proven=plan.proven,
        certificate=plan.certificate,
        environments=plan.environments,
        drift=plan.drift,
        least_drift=plan.least_drift,
        moves=plan.moves,
        least_moves=plan.least_moves,
        unplaced=plan.unplaced,
        unmeasured=plan.unmeasured,
        held_apart=plan.held_apart,
        tiers=tuple(map(_tier_shape, plan.tiers)),
        machines=tuple(map(_machine_shape, plan.machines)),
        migration=tuple(MoveShape(move.service, move.container, move.beside) for move in plan.migration),
        orchestrator=plan.orchestrator.choice if plan.orchestrator is not None else None,
        orchestrator_reasons=reasons_shape(plan.orchestrator),
    )


def plan_value(stance: Stance, shape: PlanShape) -> Plan:
    """The Plan that JSON holds."""
    return Plan(
        stance,
        tuple(map(_machine_value, shape.machines)),
        shape.environments,
        shape.lower_bound,
        shape.proven,
        shape.certificate,
        shape.drift,
        shape.unplaced,
        shape.held_apart,
        orchestrator=recommendation_value(shape.orchestrator, shape.orchestrator_reasons, Orchestrator),
        tiers=tuple(map(_tier_value, shape.tiers)),
        moves=shape.moves,
        least_drift=shape.least_drift,
        least_moves=shape.least_moves,
        migration=tuple(Move(move.service, move.container, move.beside) for move in shape.migration),
        unmeasured=shape.unmeasured,
    )


def named(plan: PlanShape) -> Iterator[tuple[str, Iterable[str]]]:
    """The services that a Plan names, by the path inside its JSON."""
    yield "certificate", plan.certificate
    yield "unplaced", plan.unplaced
    yield "unmeasured", plan.unmeasured
    venvs = (venv for machine in plan.machines for container in machine.containers for venv in container.venvs)
    yield "machines", (service for venv in venvs for service in venv.services)
    for number, tier in enumerate(plan.tiers):
        yield f"tiers[{number}].certificate", tier.certificate
    for number, move in enumerate(plan.migration):
        yield f"migration[{number}]", (move.service, *move.beside)


def _amount_shape(amount: Amount | None) -> AmountShape | None:
    return AmountShape(amount.memory, amount.cpu) if amount is not None else None


def _amount_value(shape: AmountShape | None) -> Amount | None:
    return Amount(shape.memory, shape.cpu) if shape is not None else None


def _tier_shape(tier: Tier) -> TierShape:
    largest = _amount_shape(tier.largest)
    cost, bound, number = tier.cost, tier.lower_bound, tier.environments
    return TierShape(
        tier.boundary, number, cost, bound, tier.proven, tier.priced, tier.certificate, largest, tier.weighed
    )


def _tier_value(shape: TierShape) -> Tier:
    largest = _amount_value(shape.largest)
    cost, bound, number = shape.cost, shape.lower_bound, shape.environments
    return Tier(shape.boundary, number, cost, bound, shape.certificate, shape.priced, largest, shape.weighed)


def _machine_shape(machine: Machine) -> MachineShape:
    load = AmountShape(machine.load.memory, machine.load.cpu)
    containers = tuple(map(_container_shape, machine.containers))
    return MachineShape(machine.offer, load, _amount_shape(machine.capacity), containers)


def _machine_value(shape: MachineShape) -> Machine:
    load = Amount(shape.load.memory, shape.load.cpu)
    return Machine(tuple(map(_container_value, shape.containers)), shape.offer, load, _amount_value(shape.capacity))


def _venv_shape(venv: Venv) -> VenvShape:
    return VenvShape(venv.services, venv.substrate, venv.drift, venv.undecided, optional_shape(venv.witness))


def _venv_value(shape: VenvShape) -> Venv:
    return Venv(shape.services, optional_value(shape.witness), shape.substrate, shape.drift, shape.undecided)


def _container_shape(container: Container) -> ContainerShape:
    found = container.recommendation
    return ContainerShape(
        tuple(map(_venv_shape, container.venvs)),
        optional_shape(container.witness),
        container.drift,
        found.choice if found is not None else None,
        reasons_shape(found),
    )


def _container_value(shape: ContainerShape) -> Container:
    found = recommendation_value(shape.substrate, shape.reasons, Substrate)
    return Container(tuple(map(_venv_value, shape.venvs)), optional_value(shape.witness), shape.drift, found)
