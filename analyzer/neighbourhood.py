"""One Service among the others: where it is planned, and what it takes to move in with whom."""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.plan import Plan
from analyzer.prices.price import Price
from analyzer.report import Report
from analyzer.verdict import Conflict, Stance


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A Service in the Plans of a Report. ``welcome`` are the numbers of the containers of the re-locked Plan,
    counted from 1, that it could join as they are; ``prices`` is what the others take, where ``merge`` names
    its own container and theirs."""

    service: str
    report: Report
    welcome: tuple[int, ...]
    prices: tuple[Price, ...]

    def home(self, stance: Stance) -> int:
        """The number of its container under a stance; 0 where it is housed nowhere."""
        return home_of(self.report.plans[stance], self.service)

    @property
    def conflicts(self) -> tuple[Conflict, ...]:
        """The Conflicts that it is part of."""
        return tuple(c for c in self.report.conflicts if self.service in c.services)


def home_of(plan: Plan, service: str) -> int:
    """The number of the container that a Service is planned in; 0 where it is housed nowhere."""
    return next((n for n, c in enumerate(plan.containers(), start=1) if service in c.services), 0)
