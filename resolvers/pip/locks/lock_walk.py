"""The walk over a lock's dependency edges: what is installed, starting from what the root wants.

Every lock reader turns its file into Entries joined by Edges. This is the one place that follows
them, and that says whether the lock's own records prove that it satisfies itself.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from packaging.version import Version

from analyzer.errors import ManifestError
from analyzer.requirement import Locked
from analyzer.service import Skipped
from resolvers.pip.locks.lock_entry import Edge, Entries, Entry
from resolvers.pip.locks.lock_marker import Situation
from resolvers.pip.requirements.requirement_line import excerpt


@dataclass(frozen=True, slots=True)
class Walk:
    """What a walk took, sorted by name; ``asked`` holds the extras asked of each name.

    ``closed``: every edge of every taken Entry leads to a taken Entry, within the constraint if the
    edge has one.
    """

    locked: tuple[Locked, ...]
    asked: Mapping[str, frozenset[str]]
    skipped: tuple[Skipped, ...]
    closed: bool


def walk(lock: Entries, roots: Iterable[Edge], situation: Situation, active: Collection[str] = ()) -> Walk:
    """Follow the edges from ``roots`` through a lock.

    ``active`` are extras that count as chosen in every marker, wherever it stands. An edge to a name
    that the lock lacks is a Skipped item, save for one in ``left_out``: that only leaves ``closed`` false.
    """
    state = _State(lock, situation, frozenset(active))
    state.follow(roots, frozenset())
    while state.queue or state.postponed:
        if state.queue:
            state.visit(state.queue.popleft())
        else:
            # Every clear edge has been followed: what those took decides between the forks.
            state.choose(state.postponed.popleft())
    return state.result()


@dataclass
class _State:
    lock: Entries
    situation: Situation
    active: frozenset[str]
    queue: deque[str] = field(default_factory=deque)
    postponed: deque[Edge] = field(default_factory=deque)
    by_name: dict[str, list[Entry]] = field(default_factory=dict)
    taken: dict[str, Entry] = field(default_factory=dict)
    asked: dict[str, set[str]] = field(default_factory=dict)
    followed: dict[Edge, None] = field(default_factory=dict)
    skipped: dict[Skipped, None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for entry in self.lock.entries:
            self.by_name.setdefault(entry.name, []).append(entry)

    def follow(self, edges: Iterable[Edge], extras: frozenset[str]) -> None:
        for edge in edges:
            if edge in self.followed or not self._applies(edge, extras):
                continue
            self.followed[edge] = None
            choices = self._choices(edge)
            if len(choices) > 1:
                self.postponed.append(edge)
            elif choices:
                self._take(edge, choices[0])
            elif edge.name not in self.lock.left_out:
                self._skip(edge, "is depended on, but is not in the lock")

    def visit(self, name: str) -> None:
        entry, extras = self.taken[name], frozenset(self.asked[name])
        self.follow(entry.edges or (), extras)
        for extra in sorted(extras):
            self.follow(entry.optional.get(extra, ()), extras)

    def choose(self, edge: Edge) -> None:
        choices = self._choices(edge)
        taken = [entry for entry in choices if entry is self.taken.get(edge.name)]
        self._take(edge, taken[0] if taken else max(choices, key=_age))

    def result(self) -> Walk:
        names = sorted(name for name, entry in self.taken.items() if entry.installed)
        locked = tuple(self.taken[name].locked(self.asked[name]) for name in names)
        asked = {name: frozenset(extras) for name, extras in self.asked.items()}
        return Walk(locked, asked, tuple(self.skipped), not self.skipped and self._is_closed())

    def _is_closed(self) -> bool:
        recorded = all(entry.edges is not None for entry in self.taken.values())
        return recorded and all(e.name in self.taken and e.admits(self.taken[e.name].version) for e in self.followed)

    def _applies(self, edge: Edge, extras: frozenset[str]) -> bool:
        try:
            return self.situation.holds(edge.marker, edge.origin, extras | self.active)
        except ManifestError as error:
            self._skip(edge, error.reason)
            return False

    def _choices(self, edge: Edge) -> list[Entry]:
        named = [
            entry
            for entry in self.by_name.get(edge.name, ())
            if edge.version in ("", entry.version) and edge.place in ("", entry.place)
        ]
        # Forks and constraints only tell several entries apart: a lone one has been decided on.
        for test in (self._in_fork, lambda entry: edge.admits(entry.version)):
            if len(named) > 1:
                named = [entry for entry in named if test(entry)] or named
        return named

    def _in_fork(self, entry: Entry) -> bool:
        try:
            return self.situation.any_holds(entry.environments, entry.origin, self.active)
        except ManifestError as error:
            self.skipped[Skipped(entry.name, error.reason, entry.origin)] = None
            return False

    def _take(self, edge: Edge, entry: Entry) -> None:
        taken = self.taken.setdefault(edge.name, entry)
        if taken is not entry:
            self._skip(edge, f"is locked at {taken.version} and at {entry.version} for one environment")
            return
        is_new = edge.name not in self.asked
        known = self.asked.setdefault(edge.name, set())
        if is_new or not known.issuperset(edge.extras):
            known.update(edge.extras)
            self.queue.append(edge.name)

    def _skip(self, edge: Edge, reason: str) -> None:
        self.skipped[Skipped(excerpt(edge.name), reason, edge.origin)] = None


def _age(entry: Entry) -> Version:
    return Version(entry.version or "0")
