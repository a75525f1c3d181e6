"""Conflicts as cards, grouped by the Package that causes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from analyzer.boundary import Boundary
from analyzer.explanation import Explanation
from analyzer.package import PYTHON
from analyzer.report import Report
from analyzer.verdict import Conflict, Demand, Depth
from reports import package_argument, prose
from reports.html.systems import OF_SYSTEMS, Systems, common_anchor, systems, told_together

DEPTH = 8
"""Levels of nesting in an explanation's list; what lies deeper is listed at the last level."""

WHOLE = 40
"""Cards of one group that are shown whole; of the others only the headline and the lines."""

_OPENED = 3


@dataclass(frozen=True, slots=True)
class Quote:
    """A requirement where it stands: ``place`` is file:line, ``text`` the line.

    ``meanings`` is what it was read as, where that is not plain from the line.
    """

    place: str
    text: str
    meanings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """What one Service brings into a Conflict."""

    service: str
    quotes: tuple[Quote, ...]


@dataclass(frozen=True, slots=True)
class Cause:
    """A node of an explanation's nested list."""

    text: str
    causes: tuple[Cause, ...] = ()


@dataclass(frozen=True, slots=True)
class Detail:
    """The part of a card that a large group leaves out. ``replays`` is a command by lines, or nothing."""

    sentences: tuple[str, ...]
    causes: tuple[Cause, ...]
    ways: tuple[str, ...]
    replays: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Card:
    """One Conflict. ``keys`` are the generated keys of its services, for the filter."""

    anchor: str
    id: str
    code: str
    label: str
    lock_only: bool
    kind: str
    depth: str
    keys: str
    headline: str
    boundary: str
    sides: tuple[Side, ...]
    details: tuple[Detail, ...]
    open: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The Conflicts that one Package causes: a card for each, or one table of ``systems`` for all."""

    key: str
    package: str
    count: str
    lock_only: bool
    cards: tuple[Card, ...]
    systems: tuple[Systems, ...] = ()


def anchor(position: int) -> str:
    """The generated id of the card of ``report.conflicts[position]``: never made from data."""
    return f"conflict-{position + 1}"


def anchors(report: Report) -> tuple[str, ...]:
    """Where each of the Report's Conflicts is told: its card, its line, or the table that stands for many."""
    together = told_together(report.conflicts)
    return tuple(
        common_anchor(conflict.code) if conflict.code in together else anchor(position)
        for position, conflict in enumerate(report.conflicts)
    )


def label(conflict: Conflict) -> str:
    """The code's own name, in words."""
    return conflict.code.name.lower().replace("_", " ")


def cause(conflict: Conflict) -> str:
    """The Packages that a Conflict is about."""
    names = prose.names([package.name for package in conflict.packages], 4)
    return OF_SYSTEMS.get(conflict.code) or names or "no single package"


_DEPTHS = {Depth.DECLARED: "declared", Depth.LOCKED: "only the locks clash"}


def kind(conflict: Conflict) -> str:
    """The symbol that stands for a Conflict: ``alone``, ``platform``, ``declared`` or ``locked``."""
    if len(conflict.services) == 1:
        return "alone"
    # Of several systems nearly all pairs clash: set apart, so that they do not hide the other conflicts.
    return "platform" if conflict.code in OF_SYSTEMS else conflict.stance.value


def groups(report: Report, keys: Mapping[str, str]) -> tuple[Group, ...]:
    """All Conflicts: what is declared before what only locks say, the largest groups first, systems last."""
    members: defaultdict[str, list[int]] = defaultdict(list)
    for position, conflict in enumerate(report.conflicts):
        members[cause(conflict)].append(position)
    built = [_group(report, package, members[package]) for package in members]
    ordered = sorted(built, key=lambda item: (item.lock_only, item.of_systems, -len(item.conflicts), item.package))
    return tuple(_shown(report, item, number, keys) for number, item in enumerate(ordered))


@dataclass(frozen=True, slots=True)
class _Members:
    package: str
    conflicts: tuple[tuple[int, Conflict], ...]

    @property
    def lock_only(self) -> bool:
        return all(c.stance is Depth.LOCKED for _, c in self.conflicts)

    @property
    def of_systems(self) -> bool:
        return self.conflicts[0][1].code in OF_SYSTEMS


def _group(report: Report, package: str, positions: Sequence[int]) -> _Members:
    conflicts = [(position, report.conflicts[position]) for position in positions]
    return _Members(package, tuple(sorted(conflicts, key=lambda item: (item[1].stance, item[1].services))))


def _shown(report: Report, members: _Members, number: int, keys: Mapping[str, str]) -> Group:
    key, tally = f"package-{number + 1}", _tally(members)
    named = [(anchor(position), conflict) for position, conflict in members.conflicts]
    if told := systems(named, keys, report.fleet.boundaries):
        return Group(key, members.package, tally, members.lock_only, (), (told,))
    cards = tuple(
        _card(report, conflict, name, keys, whole=index < WHOLE, opened=number < _OPENED and not index)
        for index, (name, conflict) in enumerate(named)
    )
    return Group(key, members.package, tally, members.lock_only, cards)


def _tally(members: _Members) -> str:
    conflicts = [conflict for _, conflict in members.conflicts]
    locks = sum(c.stance is Depth.LOCKED for c in conflicts)
    services = len({service for c in conflicts for service in c.services})
    kinds = {0: "declared", len(conflicts): "in locks only"}.get(locks, f"{locks} in locks only")
    return f"{prose.count(len(conflicts), 'conflict')}, {kinds} · {prose.count(services, 'service')}"


def _card(report: Report, conflict: Conflict, name: str, keys: Mapping[str, str], *, whole: bool, opened: bool) -> Card:
    return Card(
        anchor=name,
        id=conflict.id,
        code=conflict.code.value,
        label=label(conflict),
        lock_only=conflict.stance is Depth.LOCKED,
        kind=kind(conflict),
        depth=_DEPTHS[conflict.stance],
        keys=" ".join(keys[service] for service in conflict.services if service in keys),
        headline=prose.headline(conflict),
        boundary=conflict.boundary.value,
        sides=tuple(_sides(conflict)),
        details=(_detail(conflict, report.fleet.boundaries),) if whole else (),
        open=opened,
    )


def _sides(conflict: Conflict) -> Iterator[Side]:
    # The platform, where it only sets the stage, comes behind what the conflict is about.
    demands = sorted(conflict.requirements, key=lambda demand: _sets_the_stage(conflict, demand))
    for service in dict.fromkeys(demand.service for demand in conflict.requirements):
        yield Side(service, tuple(_quote(d) for d in demands if d.service == service))


def _sets_the_stage(conflict: Conflict, demand: Demand) -> bool:
    package = demand.requirement.package
    return package.type == PYTHON.type and package not in conflict.packages


def _quote(demand: Demand) -> Quote:
    origin, requirement = demand.requirement.origin, prose.whole_name(str(demand.requirement))
    text = origin.text.strip() or requirement
    plain = requirement.replace(" ", "") in text.replace(" ", "")
    return Quote(str(origin), text, () if plain else (requirement,))


def _detail(conflict: Conflict, in_use: Collection[Boundary]) -> Detail:
    return Detail(
        prose.sentences(conflict.explanation),
        _causes(_rooted(conflict.explanation), DEPTH, set()),
        prose.way_out(conflict, in_use),
        (tuple(conflict.replay.splitlines()),) if conflict.replay else (),
    )


def _rooted(explanation: Explanation) -> Explanation:
    """An Explanation whose causes are all to be listed: a clash of versions is told by the headline, a clash of
    installed packages is not."""
    if explanation.fact in package_argument.FACTS:
        return replace(explanation, causes=(explanation,))
    return explanation


def _causes(node: Explanation, depth: int, told: set[int]) -> tuple[Cause, ...]:
    if depth == 1:
        return tuple(Cause(_statement(deep)) for deep in _flat(node, told))
    return tuple(
        Cause(_statement(child), _causes(child, depth - 1, told) if _first_time(child, told) else ())
        for child in node.causes
    )


def _flat(node: Explanation, told: set[int]) -> Iterator[Explanation]:
    # Iterative: a resolver's derivation may be deeper than Python's stack.
    stack = [*reversed(node.causes)]
    while stack:
        deep = stack.pop()
        yield deep
        if _first_time(deep, told):
            stack.extend(reversed(deep.causes))


def _first_time(node: Explanation, told: set[int]) -> bool:
    # By identity: a derivation shares its parts, whose own causes are told once.
    new = id(node) not in told
    told.add(id(node))
    return new


def _statement(node: Explanation) -> str:
    return prose.sentences(replace(node, causes=()))[0]
