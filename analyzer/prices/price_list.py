"""The price list of a Plan: which merges are within reach, and what would save most."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import combinations

from analyzer.joint_examination import JointExamination
from analyzer.plan import Plan
from analyzer.prices.merging import Complete, price
from analyzer.prices.price import Price, PriceList, Saving
from analyzer.prices.saving import Replan, ranked, savings
from analyzer.search import Group

PRICED = 8
"""Pairs of Environments that are priced, those first between which least is known to clash."""


Forbids = Callable[[Group], str]
"""Why a team's own rules forbid that Services share an Environment; empty if they do not."""


def price_list(
    examination: JointExamination,
    plan: Plan,
    replan: Replan,
    priced: int = PRICED,
    forbids: Forbids = lambda _: "",
    complete: Complete = lambda fleet: fleet,
) -> PriceList:
    """Prices of a Plan's merges and the Changes that save most, each verified by resolving again."""
    if plan.environments < 2:
        return PriceList()
    environments = _environments(plan, frozenset(s.name for s in examination.fleet.services))
    pairs = _nearest(examination, environments)
    groups = [(pair, environments[pair[0]] | environments[pair[1]]) for pair in pairs[:priced]]
    found = [price(examination, pair, group, complete, forbids(group)) for pair, group in groups]
    found.sort(key=lambda known: (bool(known.obstacle), len(known.changes), known.merge))
    saved = savings(examination, plan, replan)
    single = (_saving(plan, one) for one in found if len(one.changes) == 1 and not one.obstacle)
    return PriceList(tuple(found), ranked((*saved, *single)), max(0, len(pairs) - priced))


def _saving(plan: Plan, merge: Price) -> Saving:
    """A merge that one Change allows. That more would come of it was not looked at."""
    return Saving(merge.changes[0], plan.environments, plan.environments - merge.saves, proven=False)


def _environments(plan: Plan, examined: Group) -> dict[int, Group]:
    """The innermost Environments by their numbers, counted from 1, of Services of which all is known."""
    found: dict[int, Group] = {}
    for number, venvs in enumerate(plan.innermost(), start=1):
        services = frozenset(service for venv in venvs for service in venv.services)
        if services <= examined and not any(venv.undecided for venv in venvs):
            found[number] = services
    return found


def _nearest(examination: JointExamination, environments: dict[int, Group]) -> list[tuple[int, int]]:
    """Pairs of Environments, those first between which the fewest conflicts are known."""
    home = {service: number for number, services in environments.items() for service in services}
    between: Counter[tuple[int, int]] = Counter()
    for core in examination.cores:
        numbers = sorted({home[service] for service in core.services if service in home})
        for pair in combinations(numbers, 2):
            between[pair] += 1
    # Replicas of one Service stay on different machines whatever it requires.
    pairs = (p for p in combinations(sorted(environments), 2) if environments[p[0]].isdisjoint(environments[p[1]]))
    return sorted(pairs, key=lambda pair: (between[pair], pair))
