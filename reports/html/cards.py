"""Conflicts as cards, grouped by the Package that causes them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from analyzer.explanation import Explanation
from analyzer.package import PYTHON
from analyzer.report import Report
from analyzer.verdict import Conflict, Demand, Depth
from reports import package_argument, prose
from reports.html.lines import Lines, anchor, lines
from reports.html.systems import OF_SYSTEMS, WHOLE, Systems, are_alike, systems
from reports.remedies import remedies

DEPTH = 8
"""Levels of nesting in an explanation's list; what lies deeper is listed at the last level."""

CARDS = 600
"""Cards on the page, at most ``WHOLE`` in one group; all other Conflicts have a line each."""

LINES = 1000
"""Lines up to which they are written into the page; more are data that the script draws on demand."""

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
    """Why, and what to do about it. ``replays`` is a command by lines, or nothing."""

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
    detail: Detail
    open: bool


@dataclass(frozen=True, slots=True)
class Group:
    """The Conflicts that one Package causes: a card for each, lines where there are many, or one table of ``systems``
    for all."""

    key: str
    package: str
    count: str
    lock_only: bool
    cards: tuple[Card, ...]
    systems: tuple[Systems, ...] = ()
    rest: tuple[Lines, ...] = ()


def anchors(report: Report) -> tuple[str, ...]:
    """Where each of the Report's Conflicts is told in the page as it is written: its card, its line, or its group."""
    found = [anchor(position) for position in range(len(report.conflicts))]
    ordered = _ordered(report)
    if not _written(ordered):
        for number, members in enumerate(ordered):
            for position in members.positions[_cards_of(members, number, len(ordered)) :]:
                found[position] = _key(number)
    return tuple(found)


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
    ordered = _ordered(report)
    written = _written(ordered)
    return tuple(_shown(report, item, number, keys, len(ordered), written) for number, item in enumerate(ordered))


@dataclass(frozen=True, slots=True)
class _Members:
    package: str
    positions: tuple[int, ...]
    conflicts: tuple[Conflict, ...]
    alike: bool

    @property
    def lock_only(self) -> bool:
        return all(c.stance is Depth.LOCKED for c in self.conflicts)

    @property
    def of_systems(self) -> bool:
        return self.conflicts[0].code in OF_SYSTEMS


def _ordered(report: Report) -> list[_Members]:
    members: defaultdict[str, list[int]] = defaultdict(list)
    for position, conflict in enumerate(report.conflicts):
        members[cause(conflict)].append(position)
    built = [_members(report, package, members[package]) for package in members]
    return sorted(built, key=lambda item: (item.lock_only, item.of_systems, -len(item.conflicts), item.package))


def _members(report: Report, package: str, positions: Sequence[int]) -> _Members:
    known = report.conflicts
    ordered = tuple(sorted(positions, key=lambda position: (known[position].stance, known[position].services)))
    conflicts = tuple(known[position] for position in ordered)
    return _Members(package, ordered, conflicts, are_alike(conflicts))


def _cards_of(members: _Members, number: int, groups: int) -> int:
    """How many of a group's Conflicts get a card."""
    if members.alike or number >= CARDS:
        return 0
    return min(WHOLE, max(1, CARDS // groups))


def _written(ordered: Sequence[_Members]) -> bool:
    """Whether the lines are few enough to stand in the page."""
    cards = (_cards_of(members, number, len(ordered)) for number, members in enumerate(ordered))
    return sum(max(0, len(m.positions) - whole) for m, whole in zip(ordered, cards, strict=True)) <= LINES


def _key(number: int) -> str:
    return f"package-{number + 1}"


def _shown(
    report: Report, members: _Members, number: int, keys: Mapping[str, str], groups: int, written: bool
) -> Group:
    key, tally, in_use = _key(number), _tally(members), report.fleet.boundaries
    if members.alike:
        told = systems(number + 1, members.package, members.positions, report.conflicts, keys, in_use, written=written)
        return Group(key, members.package, tally, members.lock_only, (), (told,))
    whole = _cards_of(members, number, groups)
    cards = tuple(
        _card(report, conflict, anchor(position), keys, opened=number < _OPENED and not index)
        for index, (position, conflict) in enumerate(
            zip(members.positions[:whole], members.conflicts[:whole], strict=True)
        )
    )
    rest = tuple(
        lines(alike, report.conflicts, keys, written=written) for alike in _by_kind(report, members.positions[whole:])
    )
    return Group(key, members.package, tally, members.lock_only, cards, rest=rest)


def _by_kind(report: Report, positions: Sequence[int]) -> Collection[Sequence[int]]:
    found: defaultdict[tuple[str, str, str], list[int]] = defaultdict(list)
    for position in positions:
        conflict = report.conflicts[position]
        found[conflict.code, conflict.stance, conflict.boundary].append(position)
    return found.values()


def _tally(members: _Members) -> str:
    conflicts = members.conflicts
    locks = sum(c.stance is Depth.LOCKED for c in conflicts)
    services = len({service for c in conflicts for service in c.services})
    kinds = {0: "declared", len(conflicts): "in locks only"}.get(locks, f"{locks} in locks only")
    return f"{prose.count(len(conflicts), 'conflict')}, {kinds} · {prose.count(services, 'service')}"


def _card(report: Report, conflict: Conflict, name: str, keys: Mapping[str, str], *, opened: bool) -> Card:
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
        detail=_detail(conflict, report),
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


def _detail(conflict: Conflict, report: Report) -> Detail:
    return Detail(
        prose.sentences(conflict.explanation),
        _causes(_rooted(conflict.explanation), DEPTH, set()),
        tuple(remedies(report, conflict)),
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
