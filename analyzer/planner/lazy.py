"""The lazy loop: plan with the Conflicts known, ask about each group, learn from every refusal, plan again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from analyzer.boundary import Boundary
from analyzer.planner.budget import Budget
from analyzer.planner.learner import Judge, Learner
from analyzer.planner.nest import Nester
from analyzer.planner.nested import Nested
from analyzer.planner.refinement import ROUNDS, Refined, better, measured
from analyzer.planner.site import Edges, Site
from analyzer.verdict import Compatible, Undecided

Answers = tuple[Compatible | Undecided, ...]


@dataclass(frozen=True, slots=True)
class Settled:
    """A nested housing in which every group was judged, and what was learnt on the way.

    ``site`` is all that the housing obeys. ``answers`` are those for the groups of each judged Tier, in the
    same order. A Compatible is of that very group or, where the judge could not repeat it, of a larger set,
    whose witness serves every part of it. An Undecided is always of a group of one. ``conflicts`` and
    ``apart`` are the cores and the undecided sets that were not known before. ``unplaced`` are Services
    whose core was one of themselves alone; they are in no group. ``refined`` says what the housing moves.
    """

    site: Site
    nested: Nested
    answers: Mapping[Boundary, Answers]
    conflicts: Edges = frozenset()
    apart: Edges = frozenset()
    unplaced: tuple[str, ...] = ()
    refined: Refined | None = None


def settle(
    site: Site,
    judges: Mapping[Boundary, Judge],
    *,
    compatible: Iterable[Compatible] = (),
    seconds: float = 60.0,
) -> Settled:
    """A housing of which the judges accept every group, as cheap as the true exclusions allow.

    There is a judge for each Tier that needs one. ``compatible`` are sets already known to fit wherever: a
    group inside one fits too, and is asked about once at the end, for a witness of its own. ``seconds``
    limits the solving, not the judges. Each round either ends the loop or adds a set that was not excluded,
    so the loop ends. Raises UnhousableError where no housing obeys the Site, ValueError where a judge blames
    Services that it was not asked about.
    """
    known = tuple(compatible)
    learners = {
        tier.boundary: Learner(site.services, tier.conflicts, tier.apart, judges[tier.boundary], known)
        for tier in site.tiers
        if tier.boundary in judges
    }
    nester = Nester(Budget(seconds))
    current, found = _accepted(site, nester, learners)
    current, refined = _refined(current, nester, learners, found)
    found = refined.nested
    return Settled(
        current,
        found,
        {
            tier.boundary: tuple(learners[tier.boundary].exact(frozenset(group)) for group in level.groups)
            for tier, level in zip(current.tiers, found.levels, strict=True)
            if tier.boundary in learners
        },
        frozenset().union(*(learner.conflicts - learner.given for learner in learners.values())),
        frozenset().union(*(learner.apart - learner.given - learner.conflicts for learner in learners.values())),
        tuple(sorted(set(site.services) - set(current.services))),
        refined,
    )


def _accepted(site: Site, nester: Nester, learners: Mapping[Boundary, Learner]) -> tuple[Site, Nested]:
    """A housing of which every group stands, and all that it obeys."""
    found = nester.nest(site)
    while not _stands(site, found, learners):
        site = _learnt(site, learners)
        found = nester.nest(site)
    return site, found


def _refined(site: Site, nester: Nester, learners: Mapping[Boundary, Learner], found: Nested) -> tuple[Site, Refined]:
    """The housing that moves least among those that cost as much, as far as some rounds tell."""
    best = measured(site, found, learners)
    for _ in range(ROUNDS):
        if best.proven:
            break
        candidate, best = better(site, best, learners, nester.budget)
        if candidate is None:
            break
        if not _stands(site, candidate, learners):
            site = _learnt(site, learners)
            continue
        levels = zip(candidate.levels, found.levels, strict=True)
        proven = Nested(tuple(replace(c, lower_bound=f.lower_bound, certificate=f.certificate) for c, f in levels))
        other = measured(site, proven, learners)
        if (other.drift, other.moves) < (best.drift, best.moves):
            bound = best.moves_bound if other.drift == best.drift_bound else 0
            best = replace(other, drift_bound=best.drift_bound, moves_bound=bound)
    return site, best


def _stands(site: Site, found: Nested, learners: Mapping[Boundary, Learner]) -> bool:
    """Whether every group of every judged Tier can stand; where one can't, what was learnt of it is kept."""
    judged = [
        learners[tier.boundary].settle(level.groups)
        for tier, level in zip(site.tiers, found.levels, strict=True)
        if tier.boundary in learners
    ]
    return all(judged)


def _learnt(site: Site, learners: Mapping[Boundary, Learner]) -> Site:
    """The Site with what the learners know by now, without those whom no Environment suits."""
    nowhere = frozenset().union(*(learner.unplaced for learner in learners.values()))
    for learner in learners.values():
        learner.drop(nowhere)
    tiers = tuple(
        replace(tier, conflicts=frozenset(learners[b].conflicts), apart=frozenset(learners[b].apart))
        if (b := tier.boundary) in learners
        else tier
        for tier in site.tiers
    )
    return replace(site, services=tuple(s for s in site.services if s not in nowhere), tiers=tiers)
