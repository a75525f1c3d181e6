"""Sentences from the domain's values: the one place that words an Explanation, a Conflict, a Report.

The text holds names and constraints as the inputs wrote them. Each renderer passes it through the
sanitiser of its own output kind before it shows it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from datetime import date, timedelta
from itertools import combinations

from analyzer.boundary import Boundary, separating
from analyzer.demands import is_system
from analyzer.plan import Plan
from analyzer.ports import is_port
from analyzer.report import Report
from analyzer.requirement import Force, Requirement
from analyzer.service import Fleet, Skipped
from analyzer.verdict import Code, Conflict, Demand, Depth, Stance
from reports.argument import consequences, enumeration, package_of, place, sentences, tidy, whole_name

__all__ = [
    "SEPARATIONS",
    "bound",
    "consequences",
    "constraint",
    "count",
    "demand",
    "exclusion",
    "headline",
    "housing",
    "names",
    "sentences",
    "shipped",
    "side",
    "skipped",
    "summary",
    "sure",
    "way_out",
    "whole_name",
]

_FORCES = {Force.REQUIRES: "requires", Force.LIMITS: "allows only", Force.OVERRIDES: "overrides with"}

SEPARATIONS = {
    Boundary.PROCESS: "processes",
    Boundary.VENV: "Python environments",
    Boundary.CONTAINER: "containers",
    Boundary.VM: "virtual machines",
}
"""What each Boundary gives the services that it keeps apart."""


def demand(demand: Demand) -> str:
    """One Demand as a clause with its place: ``billing requires flask<2.3 (billing/requirements.txt:4)``."""
    requirement = demand.requirement
    marker = f"; {requirement.marker}" if requirement.marker else ""
    asked = f"{whole_name(tidy(str(requirement)))}{marker}{place(requirement.origin)}"
    verb = "listens on" if is_port(requirement.package) else _FORCES[requirement.force]
    return f"{demand.service} {'has' if requirement.shipped_by else verb} {asked}"


def shipped(demand: Demand) -> tuple[str, ...]:
    """What the line of a Demand brings, where that is not a wish but what a system's package has in it."""
    requirement = demand.requirement
    return (f"brings {requirement}, of {requirement.shipped_by}",) if requirement.shipped_by else ()


def headline(conflict: Conflict) -> str:
    """A Conflict in a line: who disagrees, on what, and the sides. The first package stands for all."""
    who = names(conflict.services)
    if conflict.code in _EXCLUDING:
        return _excluding(conflict, who)
    if conflict.code is Code.PORT:
        return f"{who} {_DISAGREEMENTS[Code.PORT].format(names([package.name for package in conflict.packages], 4))}"
    what = whole_name(conflict.packages[0].name) if conflict.packages else "a common environment"
    sides = _sides(conflict)
    against = f": {' against '.join(sides)}" if all(sides) else ""
    more = f" (and {count(len(conflict.packages) - 1, 'more package')})" if len(conflict.packages) > 1 else ""
    if len(conflict.services) == 1:
        return f"{who} cannot be satisfied even alone, because of {what}{against}{more}"
    meet = "" if len(conflict.services) == 2 else f" as soon as all {_number(len(conflict.services))} meet"
    return f"{who} {_DISAGREEMENTS[conflict.code].format(what)}{meet}{against}{more}"


_EXCLUDING = (Code.DEB_RESOLUTION, Code.RPM_RESOLUTION)


def _excluding(conflict: Conflict, who: str) -> str:
    """The headline where installed packages clash: those that exclude each other, or the one that lacks something."""
    packages = [package.name for package in conflict.packages]
    if len(conflict.services) == 1:
        about = f", because of {names(packages, 3)}" if packages else ""
        return f"{who} cannot be installed even alone{about}"
    meet = "" if len(conflict.services) == 2 else f" as soon as all {_number(len(conflict.services))} meet"
    against = f": {names(packages, 4)}" if len(packages) > 1 else f" about {''.join(packages)}" if packages else ""
    return f"{who} {_DISAGREEMENTS[conflict.code]}{meet}{against}"


def names(texts: Sequence[str], most: int = 8) -> str:
    """An enumeration; beyond ``most`` names only how many more there are."""
    if len(texts) <= most:
        return enumeration(texts)
    return enumeration([*texts[: most - 1], f"{len(texts) - most + 1} more"])


def _number(number: int) -> str:
    return {3: "three", 4: "four", 5: "five"}.get(number, str(number))


_DISAGREEMENTS = {
    Code.VERSION: "disagree on {}",
    Code.RESOLUTION: "disagree on {}",
    Code.SOURCE: "take {} from different places",
    Code.LOCK: "lock different versions of {}",
    Code.DEB_VERSION: "disagree on {}",
    Code.DEB_RESOLUTION: "need packages that exclude one another",
    Code.DEB_LOCK: "have different versions of {} installed",
    Code.RPM_VERSION: "disagree on {}",
    Code.RPM_RESOLUTION: "need packages that exclude one another",
    Code.RPM_LOCK: "have different versions of {} installed",
    Code.EVICTION: "were built with incompatible versions of {}",
    Code.STRICT: "disagree on {}",
    Code.SHARED_JAR: "have incompatible versions of {}",
    Code.CHECKOUT: "have {} at different commits",
    Code.PORT: "both listen on {}",
    Code.SYSTEM_PYTHON: "disagree on {}",
    Code.INTERPRETER: "have no version of {} in common",
    Code.JDK: "have no version of {} in common",
    Code.OPERATING_SYSTEM: "need different operating systems",
    Code.ARCHITECTURE: "need different processor architectures",
    Code.KERNEL: "have no {} in common",
}


def _sides(conflict: Conflict) -> tuple[str, ...]:
    """What stands against what: per Service, or per Requirement where there is only one Service."""
    # Where packages clash, the system that they are for is understood.
    demands = [d for d in conflict.requirements if not is_system(d)] or list(conflict.requirements)
    if len(conflict.services) == 1:
        groups = [[d] for d in demands]
    else:
        groups = [[d for d in demands if d.service == s] for s in conflict.services]
    contested = [_contested(conflict, group[0]) if len(group) == 1 else "" for group in groups]
    if all(contested):
        return tuple(contested)
    return tuple(names([whole_name(tidy(str(d.requirement))) for d in group], 3) for group in groups)


def _contested(conflict: Conflict, demand: Demand) -> str:
    """What one Demand means for the package of the Conflict; empty where that is not told."""
    if not conflict.packages:
        return ""
    if demand.requirement.package == conflict.packages[0]:
        return constraint(demand.requirement)
    steps, name = consequences(conflict.explanation, demand), conflict.packages[0].name
    if not steps or not steps[-1].startswith(name) or package_of(steps[-1]) != name:
        return ""
    return steps[-1].removeprefix(name).removeprefix("==")


def constraint(requirement: Requirement) -> str:
    """What a Requirement admits, without the package's name; a bare version where it admits one."""
    if requirement.source is not None:
        return str(requirement.source)
    if requirement.constraint.startswith("==="):
        return requirement.constraint
    return tidy(requirement.constraint).removeprefix("=").removeprefix("=") or "any version"


def side(demand: Demand) -> str:
    """What a Demand holds to where each of many excludes each: a version, a release, a port."""
    package = demand.requirement.package
    return package.name if is_port(package) else constraint(demand.requirement)


def way_out(conflict: Conflict, in_use: Collection[Boundary] = tuple(Boundary)) -> tuple[str, ...]:
    """What can be done about a Conflict, each way a sentence. ``in_use`` are the team's boundaries."""
    alone, locked = len(conflict.services) == 1, conflict.stance is Depth.LOCKED
    if alone and locked:
        own = "Lock it again: only the lock clashes, what it declares does not."
        return (own, *conflict.fixes)
    if alone:
        own = f"No boundary helps: change one of the requirements of {conflict.services[0]}."
        return (own, *conflict.fixes)
    moved = ("Let one of them listen on another port.",) if conflict.code is Code.PORT else ()
    relock = ("Re-lock them together: only their locks clash, what they declare does not.",) if locked else ()
    return (*relock, *moved, *conflict.fixes, _separate(conflict, in_use))


def _separate(conflict: Conflict, in_use: Collection[Boundary]) -> str:
    boundary = separating(conflict.boundary, in_use)
    would = f" ({SEPARATIONS[conflict.boundary]} would do)" if boundary is not conflict.boundary else ""
    return f"Give them separate {SEPARATIONS[boundary]}{would}."


def summary(report: Report) -> tuple[str, ...]:
    """What an architect can quote: services and pairs, housing under both stances, what is open."""
    return (_examined(report), *_pairs(report), *_larger(report), *_housing(report), *_open(report))


def _examined(report: Report) -> str:
    alone = sorted(report.alone(Stance.RELOCKED))
    cannot = f"; {names(alone)} cannot be satisfied even alone" if alone else ""
    return f"{count(len(report.fleet.services), 'service')} examined{cannot}."


def _pairs(report: Report) -> Iterator[str]:
    counts = report.verdicts[Stance.RELOCKED]
    total = counts.compatible + counts.conflict + counts.undecided
    if not total:
        return
    by_locks, declared = (
        {c.services for c in report.conflicts if c.stance is depth and len(c.services) == 2}
        for depth in (Depth.LOCKED, Depth.DECLARED)
    )
    locked = len(by_locks - declared)
    undecided = len({u.services for u in report.undecided if len(u.services) == 2})
    verb = "conflicts" if counts.conflict == 1 else "conflict"
    told = [f"{counts.conflict or 'none'} {verb} in what they declare"]
    told += [f"{locked} more only in their locks"] if locked else []
    told += [f"{undecided} {'is' if undecided == 1 else 'are'} undecided"] if undecided else []
    yield f"Of {count(total, 'pair')}, {enumeration(told)}."


def _larger(report: Report) -> Iterator[str]:
    larger = sum(len(c.services) > 2 for c in report.conflicts)
    if larger:
        yield f"{count(larger, 'conflict')} {'shows' if larger == 1 else 'show'} only when three or more services meet."


def _housing(report: Report) -> Iterator[str]:
    for stance in (s for s in Stance if s in report.plans):
        plan = report.plans[stance]
        how = "As locked" if stance is Stance.LOCKED else "After re-locking"
        drift = f", moving {count(plan.drift, 'locked version')}" if plan.drift else ""
        yield f"{how}, {housing(report, plan.environments)} will do{drift} ({bound(plan, report)})."


def housing(report: Report, number: int) -> str:
    """A number of the innermost Environments of the boundaries in use ("4 containers")."""
    innermost = min(report.fleet.boundaries, key=lambda b: b.strength, default=Boundary.VM)
    return count(number, _ENVIRONMENTS[innermost])


_ENVIRONMENTS = {
    Boundary.PROCESS: "process",
    Boundary.VENV: "Python environment",
    Boundary.CONTAINER: "container",
    Boundary.VM: "virtual machine",
}


def bound(plan: Plan, report: Report | None = None) -> str:
    """How good a Plan is known to be: the proof or the gap, and the certificate a person can check.

    With the Report it is told where the certificate rests not on conflicts alone but on pairs that
    are only kept apart because they are undecided.
    """
    clique = plan.certificate if len(plan.certificate) > 1 else ()
    known = report is None or sure(plan, report)
    exclude = exclusion(clique, plan, report)
    if not plan.proven:
        return f"not proven optimal{_gap(plan, exclude)}"
    stay = "stays" if plan.held_apart == 1 else "stay"
    apart = f"the fewest while {count(plan.held_apart, 'undecided pair')} {stay} apart"
    proven = "proven optimal" if known else apart
    return f"{proven}: {exclude}" if clique and len(clique) >= plan.lower_bound else proven


def _gap(plan: Plan, exclude: str) -> str:
    """What is proven of the innermost Environments where more is not; that of others is told with them."""
    if any(tier.priced for tier in plan.tiers[-1:]) or plan.environments <= plan.lower_bound:
        return ""
    needed = "is needed" if plan.lower_bound == 1 else "are needed"
    return f": at least {plan.lower_bound} {needed}{f', since {exclude}' if exclude else ''}"


def exclusion(clique: Sequence[str], plan: Plan, report: Report | None) -> str:
    """Why Services are apart, each from each: they clash, are replicas of one, or keep to themselves as
    ready-made images do."""
    alone = _images(report)
    images = sorted(set(clique) & alone)
    replicas = Counter(service for service in clique if service not in alone)
    others = [f"{name} ({number} replicas)" if number > 1 else name for name, number in sorted(replicas.items())]
    doubt = "" if report is None or sure(plan, report) else " or are undecided"
    reasons = [f"{names(others)} exclude one another{doubt}"] if replicas.total() > 1 else []
    reasons += [f"{names(images)} {'keeps to itself' if len(images) == 1 else 'keep to themselves'}"] if images else []
    return ", and ".join(reasons)


def _images(report: Report | None) -> frozenset[str]:
    services = report.fleet.services if report is not None else ()
    return frozenset(service.name for service in services if service.is_ready_made)


def sure(plan: Plan, report: Report) -> bool:
    """Whether a Plan's bound rests on Conflicts alone, not on pairs that are kept apart for being undecided."""
    return not plan.held_apart or _conflicting(plan.certificate, plan.stance, report)


def _conflicting(services: Sequence[str], stance: Stance, report: Report) -> bool:
    """Whether there are Services and every pair of them is in conflict, or in no question as images are."""
    known = {conflict.services for conflict in report.conflicts_under(stance)}
    clashing = sorted(set(services) - _images(report))
    return len(services) > 1 and known.issuperset(combinations(clashing, 2))


def _open(report: Report) -> Iterator[str]:
    undecided = {u.services for u in report.undecided}
    alone = sorted(services[0] for services in undecided if len(services) == 1)
    larger = sum(len(services) > 2 for services in undecided)
    incomplete = sum(item.incomplete for _, item in skipped(report.fleet))
    if alone:
        yield f"{names(alone)} {'is' if len(alone) == 1 else 'are'} undecided even alone."
    if larger:
        yield f"{count(larger, 'larger group')} {'is' if larger == 1 else 'are'} undecided."
    if incomplete:
        yield f"{count(incomplete, 'item')} could not be examined, so a verdict may be wrong or missing."


def skipped(fleet: Fleet) -> tuple[tuple[str, Skipped], ...]:
    """Every Skipped item with the name of its Service ("" where it belongs to the fleet)."""
    own = [("", item) for item in fleet.skipped]
    return (*own, *((service.name, item) for service in fleet.services for item in service.skipped))


def count(number: int, noun: str) -> str:
    """A number and its noun: ``1 pair``, ``3 pairs``."""
    plural = f"{noun}{'es' if noun.endswith('s') else 's'}"
    return f"{number} {noun if number == 1 else plural}"


def cutoff(moment: str) -> str:
    """What an index holds (RFC 3339), as a day: that midnight is the end of the day before it goes without saying."""
    if not moment.endswith("T00:00:00Z"):
        return f"as of {moment}"
    try:
        return f"to the end of {date.fromisoformat(moment[:10]) - timedelta(days=1)}"
    except (ValueError, OverflowError):
        return f"as of {moment}"
