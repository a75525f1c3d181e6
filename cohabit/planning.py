"""The use case of planning: an examined Fleet under one stance in, its Plan out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from analyzer.boundary import Boundary
from analyzer.joint_examination import JointExamination
from analyzer.plan import Move, Plan
from analyzer.service import Fleet, Service
from analyzer.verdict import Compatible, Undecided
from cohabit.layout import rules_for
from cohabit.settings import Settings

if TYPE_CHECKING:
    from analyzer.planner.judging import Judging
    from analyzer.planner.lazy import Settled


@dataclass(frozen=True, slots=True)
class Housed:
    """A Plan, and the groups that stayed undecided while it was made."""

    plan: Plan
    undecided: tuple[Undecided, ...]


def housed(examination: JointExamination, settings: Settings, images: Iterable[Service] = ()) -> Housed:
    """The cheapest housing under the rules of the settings, of what was examined and of ready-made images, which
    nobody examines. Raises UnhousableError where nothing obeys them."""
    from analyzer.planner.housing import house
    from analyzer.planner.judging import Judging
    from analyzer.planner.lazy import settle
    from analyzer.planner.offering import check_offers
    from analyzer.planner.rules import site_of

    judging = Judging(examination, settings.optimistic)
    alone = judging.alone()
    fleet = _with_images(examination.fleet, images)
    names = [s.name for s in fleet.services if s.name not in alone]
    site = site_of(fleet, names, judging.clashes(), rules_for(settings, fleet))
    check_offers(fleet, site)
    settled = settle(site, judging.judges(), seconds=settings.plan_seconds)
    unclear = tuple(
        judging.undecided[group] for group in sorted(settled.apart, key=sorted) if group in judging.undecided
    )
    plan = house(examination.stance, settled, unplaced=alone)
    return Housed(replace(plan, migration=tuple(_migration(settled, judging))), unclear)


def forbidding(fleet: Fleet, settings: Settings) -> Callable[[frozenset[str]], str]:
    """Why the rules of the settings forbid that some services of a Fleet share an Environment; empty if they do not."""
    from analyzer.planner.objection import objection
    from analyzer.planner.rules import site_of

    site = site_of(fleet, [service.name for service in fleet.services], (), rules_for(settings, fleet))
    return lambda services: objection(site, services)


def _with_images(fleet: Fleet, images: Iterable[Service]) -> Fleet:
    return replace(fleet, services=tuple(sorted((*fleet.services, *images), key=lambda s: s.name)))


def _migration(settled: Settled, judging: Judging) -> Iterator[Move]:
    """The way to a Plan from the containers that services share today; nothing where that is not known."""
    from analyzer.planner.housing import container_groups
    from analyzer.planner.migration import migration
    from analyzer.planner.rules import service_of

    tier = next((tier for tier in settled.site.tiers if tier.boundary is Boundary.CONTAINER), None)
    judge = judging.judges().get(Boundary.CONTAINER)
    if tier is None or judge is None or not tier.present:
        return
    groups = container_groups(settled)
    for step in migration(tier.present, groups, lambda group: isinstance(judge(group), Compatible)):
        number = step.group + 1 if step.group is not None else None
        yield Move(service_of(step.service), number, tuple(map(service_of, step.beside)))
