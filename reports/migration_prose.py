"""Steps of a migration in words."""

from __future__ import annotations

from analyzer.plan import Move
from reports.prose import names


def step(move: Move) -> str:
    """One step: ``search into container 2 beside ads and cart``."""
    if move.container is None:
        return f"{move.service} into a container of its own for the time being"
    beside = f" beside {names(move.beside, 5)}" if move.beside else ", which is empty by then"
    return f"{move.service} into container {move.container}{beside}"
