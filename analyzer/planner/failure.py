"""How a search for a plan within a cost can end without one."""

from __future__ import annotations

from enum import Enum


class Failure(Enum):
    """Why there is no answer."""

    IMPOSSIBLE = "impossible"
    UNKNOWN = "unknown"
