"""Why a team's own rules keep Services apart, whatever their packages say."""

from __future__ import annotations

from analyzer.boundary import Boundary
from analyzer.planner.site import Site

_ROOMS = {Boundary.VM: "machine", Boundary.CONTAINER: "container", Boundary.VENV: "Python environment"}


def objection(site: Site, services: frozenset[str]) -> str:
    """Why Services cannot share one Environment on any Tier of a Site that knows of rules only; empty if they can."""
    for tier in site.tiers:
        room = _ROOMS[tier.boundary]
        if any(edge <= services for edge in tier.conflicts):
            return f"trust zones or placements keep them from sharing a {room}"
        if tier.most is not None and len(services) > tier.most:
            return f"a {room} may hold only {tier.most} of the services"
        if not tier.fitting(services, site.load(services)):
            return f"no {room} that can be had holds them all"
    return ""
