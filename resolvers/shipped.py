"""What one ecosystem's packages ship into another's environment: a distribution for pip, a jar for Gradle."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from analyzer.package import Candidate
from analyzer.requirement import Requirement
from analyzer.universe import Universe
from analyzer.verdict import Demand


@dataclass(frozen=True, slots=True)
class Content:
    """What a package holds for another ecosystem. ``marker`` (PEP 508) says on which Python it is seen."""

    candidate: Candidate
    marker: str = ""


@dataclass(frozen=True, slots=True)
class Shipped:
    """A Content of ``carrier``, a package at one version, and the Requirement that brings that; None where it
    comes with the base system."""

    content: Content
    carrier: Candidate
    cause: Requirement | None


class Shipping(Protocol):
    """Tells what a unit of a release's universe holds for other ecosystems."""

    def __call__(self, release: str, universe: Universe, unit: int) -> Iterable[Content]:
        """What the unit holds, in a stable order."""
        ...


@runtime_checkable
class Shipper(Protocol):
    """What an oracle offers besides, where its packages hold things for other ecosystems."""

    def shipped(self, demands: Collection[Demand]) -> tuple[Shipped, ...]:
        """What an installation that meets the Demands holds; nothing where they cannot be met, or nothing is
        known of them."""
        ...
