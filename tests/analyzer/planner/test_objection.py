"""What a team's rules forbid, told in a sentence."""

from __future__ import annotations

import pytest

from analyzer.boundary import Boundary
from analyzer.planner.objection import objection
from analyzer.planner.site import Load, Offer, Site, Tier

PAIR = frozenset("ab")


@pytest.mark.parametrize(
    ("tier", "expected"),
    [
        (Tier(Boundary.CONTAINER), ""),
        (Tier(Boundary.VM, frozenset([PAIR])), "trust zones or placements keep them from sharing a machine"),
        (Tier(Boundary.VM, frozenset([frozenset("ac")])), ""),
        (Tier(Boundary.CONTAINER, most=1), "a container may hold only 1 of the services"),
        (Tier(Boundary.CONTAINER, most=2), ""),
        (Tier(Boundary.VM, offers=(Offer("m", memory=5),)), "no machine that can be had holds them all"),
        (Tier(Boundary.VM, offers=(Offer("m", memory=6),)), ""),
    ],
)
def test_objections(tier: Tier, expected: str) -> None:
    site = Site(("a", "b", "c"), (tier,), {"a": Load(3), "b": Load(3)})
    assert objection(site, PAIR) == expected
