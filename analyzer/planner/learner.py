"""What is learnt of the Services that may share one kind of Environment, from a judge who is asked about groups."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from analyzer.quickxplain import minimal_core
from analyzer.verdict import Compatible, Undecided

Core = frozenset[str]
"""Services that no Environment satisfies together: some or all of those that were asked about."""
Judge = Callable[[frozenset[str]], Compatible | Core | Undecided]
"""Says of a set of Services whether they fit in one Environment; minimal cores make the loop short.

An Undecided may name fewer Services than were asked about, where those alone are the reason.
"""


class Learner:
    """What is known so far, and the judge to ask for more."""

    def __init__(
        self,
        services: Iterable[str],
        conflicts: Iterable[frozenset[str]],
        apart: Iterable[frozenset[str]],
        judge: Judge,
        compatible: Iterable[Compatible],
    ) -> None:
        self.services = set(services)
        self.conflicts = set(conflicts)
        self.apart = set(apart)
        self.given = self.conflicts | self.apart
        self.unplaced: set[str] = set()
        self.judge = judge
        self.compatible = {frozenset(known.services): known for known in compatible}
        self.undecided: dict[frozenset[str], Undecided] = {}

    def drop(self, services: Iterable[str]) -> None:
        """Forget Services that are housed nowhere."""
        self.services -= set(services)

    def settle(self, groups: Iterable[tuple[str, ...]]) -> bool:
        """Whether every group can stand; where one can't, what was learnt of it is kept."""
        standing = [self._stands(frozenset(group)) for group in groups]
        return all(standing)

    def exact(self, group: frozenset[str]) -> Compatible | Undecided:
        """The answer for a group that stands: of that very group, unless only a larger set is known to fit."""
        covering = self._covering(group)
        if covering is None:
            return self.undecided[group]
        if group not in self.compatible:
            answer = self.judge(group)
            self.compatible[group] = answer if isinstance(answer, Compatible) else covering
        return self.compatible[group]

    def _stands(self, group: frozenset[str]) -> bool:
        answer = self._ask(group)
        if isinstance(answer, Undecided) and len(group) > 1:
            named = frozenset(answer.services) & group or group
            self._keep_apart(frozenset(minimal_core(tuple(sorted(named)), self._is_open)))
            return False
        return answer is not None

    def _covering(self, group: frozenset[str]) -> Compatible | None:
        """The smallest set known to fit that holds a group."""
        if group in self.compatible:
            return self.compatible[group]
        covering = (known for known in self.compatible if group <= known)
        smallest = min(covering, key=lambda known: (len(known), sorted(known)), default=None)
        return self.compatible[smallest] if smallest else None

    def _ask(self, group: frozenset[str]) -> Compatible | Undecided | None:
        """A known answer or the judge's, which is kept; None for a Conflict."""
        known = self._covering(group) or self.undecided.get(group)
        if known is not None:
            return known
        answer = self.judge(group)
        if isinstance(answer, Compatible):
            self.compatible[group] = answer
        elif isinstance(answer, Undecided):
            self.undecided[group] = answer
        else:
            self._refuse(group, answer)
            return None
        return answer

    def _refuse(self, group: frozenset[str], core: Core) -> None:
        """Keep a core: as a Conflict of several Services, or as one Service that fits nowhere."""
        if not core or not core <= group:
            raise ValueError(f"asked about {sorted(group)}, the judge blames {sorted(core)}")
        if len(core) > 1:
            self.conflicts.add(core)
        else:
            self.unplaced |= core
            self.services -= core

    def _is_open(self, services: Iterable[str]) -> bool:
        return not isinstance(self._ask(frozenset(services)), Compatible)

    def _keep_apart(self, suspects: frozenset[str]) -> None:
        """No group may hold the suspects together; a single one is undecided even alone, and kept from everyone."""
        if suspects <= self.unplaced:
            return
        if len(suspects) > 1:
            self.apart.add(suspects)
        else:
            self.apart |= {suspects | {other} for other in self.services - suspects}
