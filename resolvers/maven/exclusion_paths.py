"""What is left out below a module that several paths lead to: only what every path leaves out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analyzer.package import Package
from resolvers.maven.module import Exclusion

Exclusions = frozenset[Exclusion]
_MOST = 32
"""Paths with different exclusions that are told apart; beyond, what they have in common is left out."""


@dataclass(frozen=True, slots=True)
class ExclusionPaths:
    """The exclusions of each path, without those that a less excluding path makes needless."""

    paths: frozenset[Exclusions] = frozenset()

    def covers(self, package: Package) -> bool:
        """Whether a module is left out on every path; where none goes on, all are."""
        return all(any(e.covers(package) for e in path) for path in self.paths)

    def joined(self, others: Iterable[Exclusions]) -> ExclusionPaths:
        """With further paths."""
        known = sorted({*self.paths, *others}, key=lambda path: (len(path), sorted(path)))
        kept: list[Exclusions] = []
        for path in known:
            if not any(less <= path for less in kept):
                kept.append(path)
        if len(kept) > _MOST:
            kept = [frozenset.intersection(*kept)]
        return ExclusionPaths(frozenset(kept))

    def beyond(self, exclusions: Exclusions) -> frozenset[Exclusions]:
        """The paths that go on over an edge with exclusions of its own."""
        return frozenset(path | exclusions for path in self.paths)
