"""Two Reports of a Fleet before and after a change: what it brings in, what it clears, who moves."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from analyzer.report import Report
from analyzer.verdict import Conflict, Stance


@dataclass(frozen=True)
class Comparison:
    """A Report before a change and one after it.

    Conflicts of one code between the same Services are the same one: other packages may have come to the
    fore, which is nothing new to their owners.
    """

    before: Report
    after: Report

    @cached_property
    def cleared(self) -> tuple[Conflict, ...]:
        """The Conflicts that are gone."""
        left = set(map(_kind, self.after.conflicts))
        return tuple(conflict for conflict in self.before.conflicts if _kind(conflict) not in left)

    @cached_property
    def brought(self) -> tuple[Conflict, ...]:
        """The Conflicts that are new."""
        known = set(map(_kind, self.before.conflicts))
        return tuple(conflict for conflict in self.after.conflicts if _kind(conflict) not in known)

    def environments(self, stance: Stance) -> tuple[int, int]:
        """How many Environments are planned before and after."""
        return self.before.plans[stance].environments, self.after.plans[stance].environments

    def moved(self, stance: Stance) -> tuple[str, ...]:
        """The Services that share their Environment with others than before."""
        before, after = (_company(report, stance) for report in (self.before, self.after))
        return tuple(sorted(name for name in before.keys() & after.keys() if before[name] != after[name]))


def _kind(conflict: Conflict) -> tuple[str, str, tuple[str, ...]]:
    return conflict.code, conflict.stance, conflict.services


def _company(report: Report, stance: Stance) -> dict[str, tuple[str, ...]]:
    plan = report.plans[stance]
    return {service: venv.services for c in plan.containers() for venv in c.venvs for service in venv.services}
