"""Of the cheapest housings the one that moves the fewest locked versions, and then the fewest Services.

What a group makes locks drift only the judge knows. A group that holds one with a known drift drifts at
least as much; so the least sum of what is known is a bound, and asking about the groups that reach it
either confirms them or teaches more.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from analyzer.boundary import Boundary
from analyzer.planner.budget import Budget
from analyzer.planner.failure import Failure
from analyzer.planner.joint_model import JointModel, Limits, joint_model
from analyzer.planner.learner import Learner
from analyzer.planner.nested import Nested
from analyzer.planner.site import Site
from analyzer.planner.staying import moved_in, moves
from analyzer.verdict import Compatible

ROUNDS = 25
"""How often the judges are asked about a better housing."""
KNOWN = 400
"""Groups with a known drift that a model takes into account, those that drift most."""


@dataclass(frozen=True, slots=True)
class Refined:
    """A housing, how many locked versions and Services it moves, and proven bounds on both."""

    nested: Nested
    drift: int
    drift_bound: int
    moves: int
    moves_bound: int

    @property
    def proven(self) -> bool:
        """Whether no housing of the same costs moves less."""
        return (self.drift, self.moves) == (self.drift_bound, self.moves_bound)


def measured(site: Site, nested: Nested, learners: Mapping[Boundary, Learner]) -> Refined:
    """What a housing moves. Nothing is proven by that, unless it is nothing."""
    answers = (
        learners[tier.boundary].exact(frozenset(group))
        for tier, level in zip(site.tiers, nested.levels, strict=True)
        if tier.boundary in learners
        for group in level.groups
    )
    drift = sum(answer.drift for answer in answers if isinstance(answer, Compatible))
    return Refined(nested, drift, 0, moves(site, nested), 0)


def better(
    site: Site, best: Refined, learners: Mapping[Boundary, Learner], budget: Budget
) -> tuple[Nested | None, Refined]:
    """A housing that costs the same and may move less, None where there is none or none is found; and the
    best one with what is proven of it."""
    limits = [
        Limits(len(level.groups) if level.cost == len(level.groups) else len(site.services), level.cost)
        for level in best.nested.levels
    ]
    joint = joint_model(site, limits)
    if joint is None:
        return None, best
    step = len(site.services) * len(site.tiers) + 1
    objective = sum(_drifts(joint, learners)) * step + moved_in(joint)
    found = joint.minimise(objective, budget, best.nested)
    if isinstance(found, Failure):
        return None, best
    candidate, bound = found
    drift, moved = divmod(max(bound, 0), step)
    if drift >= best.drift:
        drift, moved = best.drift, min(moved if drift == best.drift else best.moves, best.moves)
    known = Refined(best.nested, best.drift, drift, best.moves, moved if drift == best.drift else 0)
    return (None if known.proven else candidate), known


def _drifts(joint: JointModel, learners: Mapping[Boundary, Learner]) -> Iterator[Any]:
    """For each group of a judged Tier at least what known groups inside it drift."""
    for number, tier in enumerate(joint.site.tiers[: len(joint.grids)]):
        known = _known(joint.site, learners[tier.boundary]) if tier.boundary in learners else []
        if not known:
            continue
        most = max(drift for _, drift in known)
        drifts = [joint.model.new_int_var(0, most, "") for _ in joint.grids[number].used]
        for services, drift in known:
            for inside, var in zip(joint.holds(number, services), drifts, strict=True):
                joint.model.add(var >= drift * (inside - (len(services) - 1)))
        yield from drifts


def _known(site: Site, learner: Learner) -> list[tuple[list[str], int]]:
    housed = set(site.services)
    drifting = [(sorted(group), a.drift) for group, a in learner.compatible.items() if a.drift and group <= housed]
    return sorted(drifting, key=lambda pair: (-pair[1], pair[0]))[:KNOWN]
