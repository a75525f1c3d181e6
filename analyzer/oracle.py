"""The seam to an ecosystem's own resolver: a question is a set of Demands, with three answers."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from analyzer.explanation import Explanation
from analyzer.package import Package
from analyzer.verdict import Demand, Witness


@dataclass(frozen=True, slots=True)
class Satisfied:
    """All Demands hold at once in ``witness``, which a checker has verified."""

    witness: Witness


@dataclass(frozen=True, slots=True)
class Refuted:
    """No Environment satisfies the Demands.

    ``named`` are those that the proof speaks of: a hint where to look for a minimal core, perhaps
    too large, perhaps empty. ``packages`` are those on which the sides disagree.
    """

    proof: Explanation
    named: frozenset[Demand] = frozenset()
    packages: tuple[Package, ...] = ()


@dataclass(frozen=True, slots=True)
class Unknown:
    """The resolver could not tell.

    ``named`` are the Demands that nothing can be known of (their package is in no index), if they
    can be told. ``everywhere``: no other question will fare better (there is no resolver).
    """

    reason: str
    named: frozenset[Demand] = frozenset()
    everywhere: bool = False


Answer = Satisfied | Refuted | Unknown


class Oracle(Protocol):
    """Judges whether Demands can be met together, as the ecosystem's own installer would."""

    @property
    def ecosystem(self) -> str:
        """The purl type whose dependency sets it judges."""
        ...

    def setting(self, demands: Collection[Demand]) -> str:
        """What the question is asked for, beyond the Demands: Python version, platform, overrides.

        A refutation carries over to larger sets only under the same setting.
        """
        ...

    def ask(self, demands: Collection[Demand], prefer: Mapping[Package, str]) -> Answer:
        """The answer to one question. ``prefer`` gives versions to choose if nothing speaks against."""
        ...

    def meets(self, demands: Collection[Demand], witness: Witness) -> bool:
        """Whether a Witness found by other means meets the Demands: the checker, without a question."""
        ...

    def replay(self, demands: Collection[Demand]) -> str:
        """A shell command that puts the question to the installer itself."""
        ...


@runtime_checkable
class Surveyor(Protocol):
    """What an oracle offers besides, where looking at every group is cheap."""

    def clashes(self, asked: Mapping[str, Collection[Demand]], size: int) -> Iterable[frozenset[str]]:
        """Every minimal group of at most ``size`` Services whose Demands (by Service) cannot be met
        together, the smaller groups first. What it knows nothing of is left out."""
        ...


@runtime_checkable
class Explainer(Protocol):
    """What an oracle offers besides that knows more of a clash than it tells with the answer."""

    def proof(self, demands: Collection[Demand]) -> Explanation | None:
        """Why Demands clash, in full; None where it is not known."""
        ...
