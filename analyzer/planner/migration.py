"""The way from how Services are housed today to a Plan, in steps after each of which nothing clashes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from analyzer.planner.nested import Group
from analyzer.planner.staying import successors


@dataclass(frozen=True, slots=True)
class Step:
    """One Service leaves its Environment for the planned one of number ``group``, counted from 0.

    ``beside`` are those who are there by then. ``group`` is None where it waits in an Environment of its own
    until those who keep it out have left.
    """

    service: str
    group: int | None
    beside: tuple[str, ...] = ()


def migration(
    present: Sequence[frozenset[str]], groups: Sequence[Group], fits: Callable[[frozenset[str]], bool]
) -> tuple[Step, ...]:
    """The steps, as few as there are Services that move unless some have to wait.

    Services that are in no present Environment start where they are planned. An Environment that clashes
    today is joined by nobody before it does so no more; who leaves it goes first.
    """
    moving = _Moving(groups, fits)
    for service in moving.place(present):
        moving.arrive(service)
    while moving.pending:
        ready = next((s for s in sorted(moving.pending, key=moving.urgency) if moving.may_arrive(s)), None)
        if ready is not None:
            moving.arrive(ready)
        else:
            moving.wait(min(moving.in_the_way(), key=moving.urgency))
    return tuple(moving.steps)


@dataclass
class _Moving:
    """Who is where. Environments are numbered as the groups that they are to hold; others by what they hold."""

    groups: Sequence[Group]
    fits: Callable[[frozenset[str]], bool]
    inside: list[set[str]] = field(init=False)
    elsewhere: list[set[str]] = field(default_factory=list)
    pending: set[str] = field(default_factory=set)
    steps: list[Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.target = {service: number for number, group in enumerate(self.groups) for service in group}
        self.inside = [set() for _ in self.groups]

    def place(self, present: Sequence[frozenset[str]]) -> list[str]:
        """Put everyone where they are today; those who are nowhere are returned."""
        continued = {one: group for group, one in successors(self.groups, present).items()}
        seen: set[str] = set()
        for number, one in enumerate(present):
            members = {service for service in one - seen if service in self.target}
            seen |= members
            home = self.inside[continued[number]] if number in continued else set()
            if number not in continued:
                self.elsewhere.append(home)
            home |= members
            self.pending |= {s for s in members if self.target[s] != continued.get(number)}
        return sorted(self.target.keys() - seen)

    def may_arrive(self, service: str) -> bool:
        """Whether a Service clashes with nobody in its planned Environment as that is now."""
        number = self.target[service]
        joined = frozenset(self.inside[number] | {service})
        return joined <= frozenset(self.groups[number]) or self.fits(joined)

    def arrive(self, service: str) -> None:
        """Move a Service to where it is planned."""
        number = self.target[service]
        was_housed = service in self.pending
        self._leave(service)
        if was_housed:
            self.steps.append(Step(service, number, tuple(sorted(self.inside[number]))))
        self.inside[number].add(service)

    def wait(self, service: str) -> None:
        """Move a Service to an Environment of its own."""
        self._leave(service)
        self.pending.add(service)
        self.elsewhere.append({service})
        self.steps.append(Step(service, None))

    def in_the_way(self) -> set[str]:
        """Services in an Environment that is planned for others."""
        return {s for number, inside in enumerate(self.inside) for s in inside if self.target[s] != number}

    def urgency(self, service: str) -> tuple[bool, str]:
        """Who leaves an Environment that clashes goes first."""
        home = next((one for one in (*self.inside, *self.elsewhere) if service in one), set[str]())
        return len(home) < 2 or self.fits(frozenset(home)), service

    def _leave(self, service: str) -> None:
        for one in (*self.inside, *self.elsewhere):
            one.discard(service)
        self.pending.discard(service)
