"""The one place that names concrete resolvers. Others join through the entry point group
``cohabit.resolvers``: each names a class without arguments that is a ``Gatherer``."""

from __future__ import annotations

from importlib.metadata import EntryPoint, entry_points

from analyzer.errors import CohabitError
from resolvers.pip.gather import PipGatherer
from resolvers.pip.uv.oracle import prepared
from resolvers.seam import AccountableOracle, Gatherer, Means

GROUP = "cohabit.resolvers"


def gatherers() -> tuple[Gatherer, ...]:
    """All gatherers, the built-in ones first. Raises CohabitError where one cannot be loaded."""
    added = sorted(entry_points(group=GROUP), key=lambda point: point.name)
    return (PipGatherer(), *map(_load, added))


def oracle(means: Means) -> AccountableOracle:
    """The oracle that all questions go to. With more than one ecosystem it puts each its own Demands.

    Raises UvMissingError where there is no uv to ask.
    """
    return prepared(means)


def _load(point: EntryPoint) -> Gatherer:
    try:
        made: Gatherer = point.load()()
    except Exception as error:  # an installed plug-in may fail in any way
        raise CohabitError(f"the resolver {point.name!r} ({point.value}) cannot be loaded: {error}") from error
    return made
