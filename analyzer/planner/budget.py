"""What a plan may spend, counted in steps instead of seconds: the same input gives the same plan."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from analyzer.planner.heaviest import Work

STEPS = 850_000
"""Steps of our own searches in a second."""
RATE = 1.15
"""CP-SAT's deterministic seconds in one of ours."""


@dataclass(slots=True)
class Budget:
    """Seconds left for solving, by a clock that counts work: what it calls a second takes an idle core one at most.

    Each question may spend half of what is left.
    """

    seconds: float

    @property
    def share(self) -> float:
        """What the next question may spend."""
        return self.seconds / 2

    def spend(self, steps: int) -> None:
        """Take off what so many steps of our own take, down to nothing: making a model is one for each literal."""
        self.seconds = max(0.0, self.seconds - steps / STEPS)

    @contextmanager
    def work(self, most: float) -> Iterator[Work]:
        """Steps for a search of our own, for a share of at most so many seconds; what it used is spent."""
        given = Work(int(min(self.share, most) * STEPS))
        start = given.left
        yield given
        self.seconds -= (start - given.left) / STEPS
