"""Boundaries: what keeps two Candidates of one Package apart, from weakest to strongest."""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum


class Boundary(StrEnum):
    """``process`` < ``venv`` < ``container`` < ``vm``."""

    PROCESS = "process"
    VENV = "venv"
    CONTAINER = "container"
    VM = "vm"

    @property
    def strength(self) -> int:
        """0 for the weakest."""
        return _ORDER.index(self)


_ORDER = tuple(Boundary)


def separating(weakest: Boundary, in_use: Collection[Boundary]) -> Boundary:
    """The weakest boundary in use that is at least as strong as ``weakest``.

    A virtual machine always separates, whether or not the team listed it.
    """
    enough = [b for b in Boundary if b.strength >= weakest.strength and b in in_use]
    return enough[0] if enough else Boundary.VM
