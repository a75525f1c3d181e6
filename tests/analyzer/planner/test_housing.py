from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import pytest

from analyzer.boundary import Boundary
from analyzer.plan import Container, Machine, Venv
from analyzer.planner.housing import held_apart, house
from analyzer.planner.lazy import Settled, settle
from analyzer.planner.site import Edges, Site, Tier
from analyzer.verdict import Compatible, Grade, Stance, Undecided, Witness


def judge(group: frozenset[str]) -> Compatible | frozenset[str] | Undecided:
    """Moves one locked version for each service; ``odd`` cannot be judged, ``broken`` fits nowhere."""
    if "broken" in group:
        return frozenset(["broken"])
    if "odd" in group:
        return Undecided(("odd",), Stance.RELOCKED, "no wheel")
    return Compatible(tuple(sorted(group)), Stance.RELOCKED, Grade.RELOCKED, Witness((), "3.11"), len(group))


def settled(
    services: Sequence[str],
    *,
    kernels: Edges = frozenset(),
    containers: Edges = frozenset(),
    venvs: Edges | None = None,
) -> Settled:
    tiers = [Tier(Boundary.VM, kernels), Tier(Boundary.CONTAINER, containers)]
    tiers += [Tier(Boundary.VENV, venvs)] if venvs is not None else []
    judged = tiers[1:]
    return settle(Site(tuple(services), tuple(tiers)), {tier.boundary: judge for tier in judged})


def edges(*texts: str) -> frozenset[frozenset[str]]:
    return frozenset(frozenset(text.split()) for text in texts)


def test_one_machine_with_a_container_and_a_venv_for_each_group() -> None:
    result = settled(["a", "b", "c"], containers=edges("a b"))
    found = house(Stance.RELOCKED, result, unplaced=["z"])
    assert found.machines == (
        Machine(
            (
                Container((Venv(("a", "c"), Witness((), "3.11"), drift=2),)),
                Container((Venv(("b",), Witness((), "3.11"), drift=1),)),
            )
        ),
    )
    assert (found.environments, found.cost, found.lower_bound, found.proven) == (2, 2, 2, True)
    assert (found.certificate, found.drift, found.unplaced, found.held_apart) == (("a", "b"), 3, ("z",), 0)
    assert found.stance is Stance.RELOCKED


def test_the_undecided_live_alone_and_the_unsatisfiable_nowhere() -> None:
    result = settled(["a", "b", "broken", "odd"])
    found = house(Stance.RELOCKED, result)
    assert [c.services for c in found.containers()] == [("a", "b"), ("odd",)]
    assert found.machines[0].containers[1].venvs[0] == Venv(("odd",), undecided="no wheel")
    assert found.unplaced == ("broken",)
    assert found.held_apart == 2


def test_nobody_needs_nothing() -> None:
    found = house(Stance.LOCKED, settled([]))
    assert (found.machines, found.environments, found.lower_bound, found.proven) == ((), 0, 0, True)


def test_what_only_a_machine_separates_gets_machines() -> None:
    arm = edges("arm1 x1", "arm1 x2", "arm2 x1", "arm2 x2")
    clashing = edges("arm1 arm2", "x1 x2")
    found = house(Stance.LOCKED, settled(["arm1", "arm2", "x1", "x2"], kernels=arm, containers=clashing))
    machines = [{s for c in machine.containers for s in c.services} for machine in found.machines]
    assert machines == [{"arm1", "arm2"}, {"x1", "x2"}]
    assert all(not arm_pair <= machine for machine in machines for arm_pair in arm)
    assert found.environments == 4


def test_python_environments_inside_containers() -> None:
    clashing = edges("a b", "b c", "a c", "b d", "c d")
    found = house(Stance.RELOCKED, settled("abcd", containers=edges("a d"), venvs=clashing))
    assert all(
        venv.services == (name,) for c in found.containers() for venv, name in zip(c.venvs, c.services, strict=True)
    )
    costs = [(tier.boundary, tier.environments, tier.lower_bound) for tier in found.tiers]
    assert costs == [("vm", 1, 1), ("container", 2, 2), ("venv", 4, 4)]
    assert (found.environments, found.certificate, found.drift) == (4, ("a", "b", "c", "d"), 8)


@pytest.mark.parametrize(
    ("conflicts", "apart", "count"),
    [
        (edges(), edges("a b", "b c"), 2),
        (edges("a b"), edges("a b", "b c"), 1),
        (edges("a b"), edges("a b c"), 0),
        (edges(), edges("a gone"), 0),
        (edges(*(f"{x} {y}" for x, y in combinations("abc", 2))), edges("a b"), 0),
    ],
)
def test_held_apart_counts_what_no_conflict_explains(
    conflicts: frozenset[frozenset[str]], apart: frozenset[frozenset[str]], count: int
) -> None:
    assert held_apart(Site(tuple("abc"), (Tier(Boundary.CONTAINER, conflicts, apart),))) == count
