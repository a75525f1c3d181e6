"""The one place that names concrete resolvers. Others join through the entry point group
``cohabit.resolvers``: each names a class without arguments that is a ``Gatherer``."""

from __future__ import annotations

from importlib.metadata import entry_points

from resolvers.pip.gather import PipGatherer
from resolvers.seam import Gatherer

GROUP = "cohabit.resolvers"


def gatherers() -> tuple[Gatherer, ...]:
    """All gatherers, the built-in ones first."""
    added = sorted(entry_points(group=GROUP), key=lambda point: point.name)
    return (PipGatherer(), *(point.load()() for point in added))
