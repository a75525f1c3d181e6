"""The single Changes that save most: each candidate is planned anew, with every verdict asked anew."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import islice

from analyzer.joint_examination import JointExamination
from analyzer.plan import Plan
from analyzer.planner.partition import Exclusions, partition
from analyzer.prices.change import Change, Place, changed, place_of, relaxable, suggestion
from analyzer.prices.price import Saving
from analyzer.search import Core
from analyzer.service import Fleet

CONSIDERED = 100
"""Candidates whose saving is estimated."""
TRIED = 6
"""Candidates that are planned anew, those first that promise most."""
KEPT = 3
SECONDS = 2.0
"""What one estimate may cost."""
Replan = Callable[[Fleet], Plan | None]
"""The Plan of a Fleet; None where its Services cannot be housed."""


def savings(examination: JointExamination, plan: Plan, replan: Replan) -> tuple[Saving, ...]:
    """The Changes after which the Fleet needs fewer Environments, those that save most first."""
    found = (_saving(examination, plan, place, replan) for place in islice(_promising(examination, plan), TRIED))
    return ranked(s for s in found if s.after < s.before)


def ranked(found: Iterable[Saving]) -> tuple[Saving, ...]:
    """The best few of some Savings, one for each Place, those that are proven first among equals."""
    ordered = sorted(found, key=lambda saving: (saving.after, not saving.proven, saving.change))
    best: dict[Place, Saving] = {}
    for saving in ordered:
        best.setdefault(saving.change.place, saving)
    return tuple([*best.values()][:KEPT])


def _promising(examination: JointExamination, plan: Plan) -> Iterator[Place]:
    """Places that fewer Environments might do without, by what is known to clash because of them."""
    cores = [core for core in examination.cores if len(core.services) > 1]
    # What does not loosen the certificate leaves as many Environments as before.
    tight = frozenset(plan.certificate) if plan.proven and len(plan.certificate) == plan.environments else frozenset()
    binding = [core for core in cores if not tight or core.services <= tight]
    places = sorted({place_of(d) for core in binding for d in core.demands if relaxable(d)})[:CONSIDERED]
    names = tuple(s for machine in plan.machines for c in machine.containers for s in c.services)
    promised = []
    for place in places:
        rest = frozenset(core.services for core in cores if not _is_about(core, place))
        fewest = len(partition(Exclusions(tuple(sorted(set(names))), rest), seconds=SECONDS).groups)
        if fewest < plan.environments:
            promised.append((fewest, place))
    yield from (place for _, place in sorted(promised))


def _is_about(core: Core, place: Place) -> bool:
    return any(place_of(demand) == place for demand in core.demands)


def _saving(examination: JointExamination, plan: Plan, place: Place, replan: Replan) -> Saving:
    demands = [d for core in examination.cores for d in core.demands if place_of(d) == place]
    free = Change(place, suggestion(place, demands, "").before, "")
    loosened = replan(changed(examination.fleet, [free])) or plan
    if loosened.environments >= plan.environments:
        return Saving(free, plan.environments, loosened.environments, loosened.proven)
    named = suggestion(place, demands, _version(loosened, place))
    again = replan(changed(examination.fleet, [named])) if named.after else None
    best, made = (again, named) if again and again.environments <= loosened.environments else (loosened, free)
    return Saving(made, plan.environments, best.environments, best.proven)


def _version(plan: Plan, place: Place) -> str:
    """The version that the Environment of a Place's Service has of its Package."""
    homes = (v for c in plan.containers() for v in c.venvs if place.service in v.services)
    known = (candidate for venv in homes if venv.witness for candidate in venv.witness.versions)
    return next((candidate.version for candidate in known if candidate.package == place.package), "")
