"""Ready-made images: each keeps to its own container, so that nothing is asked about it.

What such an image holds is private to it (docs/decisions/0014-deployment-files.md).
"""

from __future__ import annotations

from dataclasses import replace

from analyzer.service import Fleet, Service


def without_ready_made(fleet: Fleet) -> Fleet:
    """The Fleet of the Services that may share a container."""
    return replace(fleet, services=tuple(s for s in fleet.services if not s.is_ready_made))


def ready_made(fleet: Fleet) -> tuple[Service, ...]:
    """The Services that share none; the planner houses them without asking about them."""
    return tuple(s for s in fleet.services if s.is_ready_made)
