"""What a Plan spends on each boundary, and why not less, in words."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from itertools import pairwise

from analyzer.plan import Amount, Machine, Plan, Tier
from analyzer.planner.capacity import NOUNS, cores, size, used
from analyzer.planner.site import PRICE_UNIT
from analyzer.report import Report
from reports import prose


def spending(plan: Plan, report: Report) -> Iterator[str]:
    """A sentence for each boundary on which more is spent than one Environment, or which has prices; none for the
    innermost one where its number and its certificate, which are told anyway, say it all."""
    for tier in plan.tiers:
        inner = tier is plan.tiers[-1] and not capacity(plan, tier) and not _surrounded(plan, tier)
        if tier.priced or (tier.environments > 1 and not inner):
            yield _sentence(plan, tier, report)


def environment_numbers(plan: Plan) -> Iterator[int]:
    """The numbers of Python environments, from 1, as prices name them; none where each has a container of its own,
    whose number is the same."""
    yield from range(1, 1 + sum(len(c.venvs) for c in plan.containers()) if _shared(plan) else 1)


def _shared(plan: Plan) -> bool:
    return any(len(container.venvs) > 1 for container in plan.containers())


def _sentence(plan: Plan, tier: Tier, report: Report) -> str:
    number = prose.count(tier.environments, NOUNS[tier.boundary])
    verb = "costs" if tier.environments == 1 else "cost"
    what = f"{number} {verb} {price(tier.cost)}" if tier.priced else number
    reason = capacity(plan, tier) or _excluded(tier, plan, report) or _surrounded(plan, tier)
    because = f": {reason}" if reason else ""
    if tier.proven:
        best = "cheapest" if tier.priced else "fewest"
        proven = "part of the least weighted sum, as is proven" if tier.weighed else f"proven the {best}"
        return f"{what}, {proven}{because}."
    least = price(tier.lower_bound) if tier.priced else str(tier.lower_bound)
    gap = price(tier.cost - tier.lower_bound) if tier.priced else str(tier.cost - tier.lower_bound)
    return f"{what}, at least {least} (a gap of {gap}){because}."


def _excluded(tier: Tier, plan: Plan, report: Report) -> str:
    return prose.exclusion(tier.certificate, plan, report) if len(tier.certificate) > 1 else ""


def _surrounded(plan: Plan, tier: Tier) -> str:
    """That each Environment around holds one at least, where that is why fewer will not do."""
    around = next((outer for outer, inner in pairwise(plan.tiers) if inner is tier), None)
    if around is None or tier.certificate or not around.proven or around.priced:
        return ""
    if around.environments < 2 or around.environments != tier.lower_bound:
        return ""
    return f"each {NOUNS[around.boundary]} has one at least"


def price(amount: int) -> str:
    """A price in PRICE_UNIT as it was stated: ``0.192``."""
    return f"{(Decimal(amount) / PRICE_UNIT).normalize():f}"


def capacity(plan: Plan, tier: Tier) -> str:
    """The sum that proves how many Environments are needed, where it does: ``9.5 GiB in machines of at most 8 GiB
    need 2``."""
    enough = tier.environments if tier.priced else tier.lower_bound
    for trait, text in (("memory", size), ("cpu", cores)):
        most = getattr(tier.largest, trait) if tier.largest else None
        total = sum(getattr(machine.load, trait) for machine in plan.machines)
        if most and enough > 1 and -(-total // most) == enough:
            return f"{text(total)} in {NOUNS[tier.boundary]}s of at most {text(most)} need {enough}"
    return ""


def load(machine: Machine) -> str:
    """A machine's type and how full it is: ``m5.large: 6.5 of 8 GiB, 1.5 of 2 cores``; empty where there is one
    type without limits."""
    shares = ", ".join(_shares(machine.load, machine.capacity)) if machine.capacity else ""
    return ": ".join(part for part in (machine.offer, shares) if part)


def _shares(load: Amount, capacity: Amount) -> Iterator[str]:
    if capacity.memory is not None:
        yield used(load.memory or 0, capacity.memory)
    if capacity.cpu is not None:
        yield f"{(load.cpu or 0) / 1000:g} of {cores(capacity.cpu)}"


def unmeasured(plan: Plan) -> str:
    """Who counts as taking up nothing though capacity is limited; empty if nobody does."""
    if not plan.unmeasured:
        return ""
    verb = "counts" if len(plan.unmeasured) == 1 else "count"
    return f"{prose.names(plan.unmeasured)} {verb} as nothing where memory or cpu are not known."
