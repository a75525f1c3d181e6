"""What an examination of a Fleet says to the planner: known clashes by Boundary, and judges of groups."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from analyzer.boundary import Boundary, separating
from analyzer.demands import PYPI
from analyzer.examine import code_of, compatible, weakest
from analyzer.joint_examination import JointExamination
from analyzer.package import PYTHON
from analyzer.pep440 import have_common_version
from analyzer.planner.learner import Core, Judge
from analyzer.planner.rules import Clashes, service_of
from analyzer.quickxplain import minimal_core
from analyzer.search import Core as FoundCore
from analyzer.search import Fits
from analyzer.verdict import Code, Compatible, Depth, Undecided

_OF_SETS = {PYPI: Boundary.VENV}
"""The weakest boundary that separates whole sets of an ecosystem; a container for the others."""


@dataclass
class Judging:
    """An examination as the planner asks it. ``undecided`` holds what was met on the way."""

    examination: JointExamination
    optimistic: bool = False
    undecided: dict[frozenset[str], Undecided] = field(default_factory=dict)

    def clashes(self) -> tuple[Clashes, ...]:
        """The conflicts of several Services that are known, and what is undecided, each at its Boundary."""
        found: dict[Boundary, set[frozenset[str]]] = defaultdict(set)
        for core in self.examination.cores:
            if len(core.services) > 1:
                found[weakest(self._code(core))].add(core.services)
        open_pairs = () if self.optimistic else self.examination.open()
        apart = frozenset(item.services for item in open_pairs if len(item.services) > 1)
        known = [Clashes(boundary, frozenset(edges)) for boundary, edges in sorted(found.items())]
        return (*known, Clashes(Boundary.CONTAINER, frozenset(), apart))

    def alone(self) -> frozenset[str]:
        """Services that clash with themselves."""
        return frozenset(name for core in self.examination.cores if len(core.services) == 1 for name in core.services)

    def judges(self) -> Mapping[Boundary, Judge]:
        """A judge for each Boundary in use that keeps sets of some ecosystem apart."""
        used = {self._boundary(part.ecosystem) for part in self.examination.parts}
        return {boundary: self._judge(boundary) for boundary in sorted(used | {self._rest})}

    @property
    def _rest(self) -> Boundary:
        """The Boundary in use that keeps apart whatever no weaker one does."""
        return separating(Boundary.CONTAINER, self.examination.fleet.boundaries)

    def _boundary(self, ecosystem: str) -> Boundary:
        return separating(_OF_SETS.get(ecosystem, Boundary.CONTAINER), self.examination.fleet.boundaries)

    def _code(self, core: FoundCore) -> Code:
        exclusive = next((part.exclusive for part in self.examination.parts), lambda *_: False)
        return code_of(core, Depth.DECLARED, exclusive)

    def _judge(self, boundary: Boundary) -> Judge:
        ecosystems = {p.ecosystem for p in self.examination.parts if self._boundary(p.ecosystem) is boundary}

        def judge(names: frozenset[str]) -> Compatible | Core | Undecided:
            copies = {service_of(name): name for name in sorted(names, reverse=True)}
            answer = self._verdict(frozenset(copies), ecosystems, boundary)
            if isinstance(answer, frozenset):
                return frozenset(copies[service] for service in answer)
            named = tuple(sorted(copies[service] for service in answer.services if service in copies))
            if isinstance(answer, Undecided):
                self.undecided[frozenset(answer.services)] = answer
                return Undecided(named, answer.stance, answer.reason)
            return Compatible(named, answer.stance, answer.grade, answer.witness, answer.drift)

        return judge

    def _verdict(
        self, group: frozenset[str], ecosystems: set[str], boundary: Boundary
    ) -> Compatible | Core | Undecided:
        if boundary is self._rest and PYPI not in ecosystems and (core := self._interpreters(group)):
            return core
        found = self.examination.judge(group, ecosystems=ecosystems)
        if isinstance(found, Fits):
            return compatible(self.examination.fleet, self.examination.stance, found, ecosystems)
        return found.services if isinstance(found, FoundCore) else self.examination.undecided(found)

    def _interpreters(self, group: Iterable[str]) -> Core | None:
        """Services for which no Python version will do, where the image holds one for all its environments."""
        parts = (part for part in self.examination.parts if part.ecosystem == PYPI)
        demands = [d for part in parts for name in sorted(group) for d in part.search.subject.demands.get(name, ())]
        python = tuple(d for d in demands if d.requirement.package == PYTHON)
        if have_common_version(d.requirement.constraint for d in python):
            return None
        clashing = minimal_core(python, lambda some: not have_common_version(d.requirement.constraint for d in some))
        return frozenset(demand.service for demand in clashing)
