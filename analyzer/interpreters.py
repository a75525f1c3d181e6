"""Refutations that hold whoever joins.

A set of services is judged on one Python version, which another service may move. So what is
refuted on the version nearest to the fleet's is asked about again on those that constraints of the
fleet's other services would lead to, and that images bring (docs/decisions/0004-one-python.md): only
then does it hold for every larger set.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import combinations

from analyzer.inquiry import Inquiry
from analyzer.oracle import Answer, Refuted, Satisfied, Unknown
from analyzer.package import PYTHON, Package
from analyzer.pep440 import disjoint
from analyzer.requirement import Requirement
from analyzer.transfer import atom
from analyzer.verdict import Demand

Joining = tuple[Demand, ...]


@dataclass
class Interpreters:
    """An Inquiry, on every Python version that the fleet's own ``constraints`` can lead to, and on those
    that images bring (``brought``, by service, as constraints)."""

    inquiry: Inquiry
    constraints: Collection[Demand]
    brought: Mapping[str, Requirement] = field(default_factory=dict)
    _elsewhere: dict[frozenset[Requirement], tuple[Joining, ...]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        images = (Demand("", atom(Demand("", requirement))) for requirement in self.brought.values())
        self.constraints = tuple({atom(d): d for d in sorted((*self.constraints, *images))}.values())

    def ask(
        self, demands: Collection[Demand], prefer: Mapping[Package, str] | None = None, *, exactly: bool = False
    ) -> Answer:
        """``Inquiry.ask``. A refutation gives way to a Witness on another version; to nothing less, unless it is
        on a version that one of the services' own images brings. An unknown gives way to a Witness there."""
        answer = self.inquiry.ask(demands, prefer, exactly=exactly)
        if isinstance(answer, Satisfied) or (isinstance(answer, Unknown) and answer.everywhere):
            return answer
        refuted = isinstance(answer, Refuted)
        joinings = self._joining(demands) if refuted else self._at_home(demands)
        others = (self.inquiry.ask((*demands, *joining), prefer) for joining in joinings)
        if witnessed := next((other for other in others if isinstance(other, Satisfied)), None):
            return witnessed
        at_home = (self.inquiry.ask((*demands, *home), prefer) for home in self._at_home(demands) if refuted)
        return next((other for other in at_home if isinstance(other, Unknown)), answer)

    def clashes(self, demands: Collection[Demand]) -> bool:
        """Whether the Demands are known, or found, to be unsatisfiable. An unknown is no clash."""
        return isinstance(self.ask(demands), Refuted)

    def _at_home(self, demands: Collection[Demand]) -> Iterator[Joining]:
        """The versions that the images of these Demands' services bring, as far as they are others."""
        own = [atom(d) for d in demands if d.requirement.package == PYTHON]
        setting = self.inquiry.oracle.setting(demands)
        for home in sorted({atom(Demand("", self.brought[d.service])) for d in demands if d.service in self.brought}):
            joining = (Demand("", home),)
            if not _leaves_none([*own, home]) and self.inquiry.oracle.setting((*demands, *joining)) != setting:
                yield joining

    def _joining(self, demands: Collection[Demand]) -> tuple[Joining, ...]:
        own = frozenset(atom(d) for d in demands if d.requirement.package == PYTHON)
        if own not in self._elsewhere:
            self._elsewhere[own] = tuple(self._moving(demands, own))
        return self._elsewhere[own]

    def _moving(self, demands: Collection[Demand], own: Collection[Requirement]) -> Iterator[Joining]:
        """For each other version the constraints that lead to it. Constraints are intervals, so that
        one moves the nearest version as far as any number of them; two, where one of them has a gap."""
        seen = {self.inquiry.oracle.setting(demands)}
        for joining in (j for size in (1, 2) for j in combinations(self.constraints, size)):
            if _leaves_none([*own, *(d.requirement for d in joining)]):
                continue
            setting = self.inquiry.oracle.setting((*demands, *joining))
            if setting not in seen:
                seen.add(setting)
                yield joining


def _leaves_none(constraints: Collection[Requirement]) -> bool:
    return any(disjoint(one.constraint, other.constraint) for one, other in combinations(constraints, 2))
