"""A universe of which some entries could not be read, seen as if they provided whatever is lacking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analyzer.requirement import Requirement
from analyzer.universe import Exclusion, Need, Unit, Universe


@dataclass(frozen=True, slots=True)
class Forgiving:
    """``known`` without the Needs that no unit of it meets. What is refuted here is refuted whatever the entries
    hold that could not be read, as far as they do not add a choice where there is one already."""

    known: Universe

    @property
    def name(self) -> str:
        """As in Universe."""
        return self.known.name

    @property
    def units(self) -> Sequence[Unit]:
        """As in Universe."""
        return self.known.units

    @property
    def unread(self) -> int:
        """As in Universe."""
        return self.known.unread

    @property
    def base(self) -> Sequence[Need]:
        """As in Universe."""
        return _met(self.known.base)

    @property
    def reserved(self) -> frozenset[int]:
        """As in Universe."""
        return self.known.reserved

    def needs(self, unit: int) -> Sequence[Need]:
        """As in Universe."""
        return _met(self.known.needs(unit))

    def exclusions(self, unit: int) -> Sequence[Exclusion]:
        """As in Universe."""
        return self.known.exclusions(unit)

    def demanded(self, requirement: Requirement) -> Sequence[Need] | None:
        """As in Universe."""
        found = self.known.demanded(requirement)
        return None if found is None else _met(found)

    def permitted(self, requirement: Requirement) -> frozenset[int]:
        """As in Universe."""
        return self.known.permitted(requirement)


def _met(needs: Sequence[Need]) -> tuple[Need, ...]:
    """The Needs that something meets. A conflict with several units at once lacks nothing."""
    return tuple(need for need in needs if need.any_of or need.given)
