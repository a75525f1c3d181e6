"""The price of a merge: a smallest correction in every ecosystem, and the constraints that it comes to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice, product

from analyzer.demands import demands_of, is_system, untold
from analyzer.examine import Examination
from analyzer.joint_examination import JointExamination
from analyzer.oracle import Answer, Satisfied, Unknown
from analyzer.package import PYTHON
from analyzer.ports import is_port
from analyzer.prices.alignment import ALIGNED, alignments
from analyzer.prices.change import Change, Loosening, Place, Way, changed, freely, relaxed, suggestion, upwards
from analyzer.prices.correction import MOST, Correction, Uncorrectable, corrections
from analyzer.prices.price import Price
from analyzer.search import Fits, Group
from analyzer.service import Fleet
from analyzer.verdict import Demand

ALTERNATIVES = 3
"""Corrections of one ecosystem that are looked for."""
PORT = "another port"
Complete = Callable[[Fleet], Fleet]
"""The Fleet with what sets lead to, where an ecosystem's resolver has to tell before anything is compared."""


def price(
    examination: JointExamination, merge: tuple[int, int], group: Group, complete: Complete, forbidden: str = ""
) -> Price:
    """What it takes for a group to fit into one Environment; ``forbidden`` is why rules keep it from that."""
    obstacle = forbidden or _obstacle(examination, group)
    if obstacle:
        return Price(merge, obstacle=obstacle)
    options: list[list[tuple[Change, ...]]] = [[_ports(examination, group)]]
    for part in examination.parts:
        inside = group & part.members
        found = _aligned(part, inside, complete) if part.ecosystem in ALIGNED else _of_part(part, inside)
        if isinstance(found, Uncorrectable):
            return Price(merge, obstacle=f"{part.ecosystem}: {found.reason}", upstream=found.upstream)
        options.append(found)
    ways = sorted((tuple(sorted(chain.from_iterable(way))) for way in product(*options)), key=_rank)
    fewest = [way for way in ways if len(way) == len(ways[0])]
    return Price(merge, fewest[0], tuple(fewest[1:ALTERNATIVES]), saves=1)


def _rank(way: tuple[Change, ...]) -> tuple[int, int, tuple[Change, ...]]:
    """The fewest changes first, then those that go back least."""
    return len(way), sum(change.way is Way.DOWNGRADE for change in way), way


def _obstacle(examination: JointExamination, group: Group) -> str:
    """Why no requirement's change can help: a system that clashes, a service of which not all is known."""
    reason = next((examination.reasons[name] for name in sorted(group) if name in examination.reasons), "")
    apart = next((core for core in examination.apart if core.services <= group), None)
    if apart is None:
        return reason
    one, other = (d.requirement.constraint for d in sorted(apart.demands)[:2])
    return f"{' and '.join(sorted(apart.services))} stand on {one} and {other}"


def _ports(examination: JointExamination, group: Group) -> tuple[Change, ...]:
    """For each port that several listen on, the moves of all but the first."""
    cores = [core for core in examination.ports if core.services <= group]
    taken = {d.service: d.requirement.package for core in cores for d in core.demands if is_port(d.requirement.package)}
    kept = {package: min(name for name, other in taken.items() if other == package) for package in taken.values()}
    return tuple(
        Change(Place(name, package), package.name, PORT) for name, package in taken.items() if kept[package] != name
    )


def _of_part(part: Examination, group: Group) -> list[tuple[Change, ...]] | Uncorrectable:
    """Sets of Changes, each of which lets a group fit in one ecosystem: the smallest ones."""
    demands = [d for name in sorted(group) for d in part.search.subject.demands[name]]
    if not demands:
        return [()]
    # Later versions first: earlier ones often lack wheels, and nobody likes to go back without need. Where going
    # back takes fewer changes, it is the price.
    found = _corrections(part, demands, upwards, MOST)
    if not isinstance(found[0], Correction):
        found = _corrections(part, demands, freely, MOST)
    elif len(found[0].places) > 1:
        back = _corrections(part, demands, freely, len(found[0].places) - 1)
        found = back if isinstance(back[0], Correction) else found
    first = found[0]
    if isinstance(first, Uncorrectable):
        return first
    smallest = [c for c in found if isinstance(c, Correction) and len(c.places) == len(first.places)]
    return [*_suggested(part, demands, smallest)]


def _corrections(
    part: Examination, demands: Sequence[Demand], loosen: Loosening, most: int
) -> list[Correction | Uncorrectable]:
    return [*islice(corrections(demands, part.search.inquiry.ask, loosen, most), ALTERNATIVES)]


def _aligned(part: Examination, group: Group, complete: Complete) -> list[tuple[Change, ...]] | Uncorrectable:
    """The same where one service takes another's version."""
    if not group or isinstance(part.search.judge(group), Fits):
        return [()]
    fleet = replace(part.fleet, services=tuple(s for s in part.fleet.services if s.name in group))
    return alignments(fleet, lambda changes: _outcome(part, complete(changed(fleet, changes))))


def _outcome(part: Examination, fleet: Fleet) -> Answer:
    sets = (s for service in fleet.services for s in service.sets if s.ecosystem == part.ecosystem and not s.bundled)
    if reason := next(filter(None, (untold(group, part.stance) for group in sets)), ""):
        return Unknown(reason)
    demands = [d for service in fleet.services for d in demands_of(service, part.ecosystem, part.stance)]
    return part.search.inquiry.ask([d for d in demands if not is_system(d)])


def _suggested(
    part: Examination, demands: Sequence[Demand], found: Sequence[Correction]
) -> Iterator[tuple[Change, ...]]:
    for correction in found:
        versions = {c.package: c.version for c in correction.witness.versions} | {PYTHON: correction.witness.python}
        changes = (suggestion(place, demands, versions.get(place.package, "")) for place in sorted(correction.places))
        yield tuple(_verified(part, demands, correction, change) for change in changes)


def _verified(part: Examination, demands: Sequence[Demand], correction: Correction, change: Change) -> Change:
    """The Change, with any version admitted where the suggested ones are refused once all is asked anew."""
    rest = correction.places - {change.place}
    tried = [*relaxed(relaxed(demands, rest), [change.place], lambda _: change.after)]
    if isinstance(part.search.inquiry.ask(tried), Satisfied):
        return change
    return Change(change.place, change.before, "", Way.RELAX)
