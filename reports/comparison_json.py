"""A Comparison as JSON (``cohabit.comparison/1``): both plans in numbers, what is cleared and brought in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from analyzer.comparison import Comparison
from analyzer.prices.change import Change
from analyzer.verdict import Conflict, Stance
from reports.canonical_json import encode
from reports.fleet_json import Shape, package_name


class ChangeShape(Shape, rename={"before": "from", "after": "to"}):
    """What one service would require of one package."""

    service: str
    package: str
    before: str
    after: str


class ConflictShape(Shape):
    """A conflict, by which it can be found in a report."""

    id: str
    code: str
    services: tuple[str, ...]
    packages: tuple[str, ...]


class HousingShape(Shape):
    """Environments before and after, and the services that would have other neighbours."""

    before: int
    after: int
    moved: tuple[str, ...]


class ComparisonDocument(Shape):
    """What changes do to a fleet."""

    schema: Literal["cohabit.comparison/1"]
    changes: tuple[ChangeShape, ...]
    housing: dict[Stance, HousingShape]
    cleared: tuple[ConflictShape, ...]
    brought: tuple[ConflictShape, ...]


def comparison_to_json(found: Comparison, changes: Sequence[Change]) -> bytes:
    """A Comparison as canonical JSON."""
    return encode(
        ComparisonDocument(
            "cohabit.comparison/1",
            tuple(ChangeShape(c.place.service, package_name(c.place.package), c.before, c.after) for c in changes),
            {stance: HousingShape(*found.environments(stance), found.moved(stance)) for stance in Stance},
            tuple(map(_conflict, found.cleared)),
            tuple(map(_conflict, found.brought)),
        )
    )


def _conflict(conflict: Conflict) -> ConflictShape:
    return ConflictShape(conflict.id, conflict.code, conflict.services, tuple(map(package_name, conflict.packages)))
