"""What Debian packages hold for pip and for Gradle."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.universe import Universe
from resolvers.deb.java_libraries import modules
from resolvers.deb.python_distributions import SYSTEM_PYTHON, distributions
from resolvers.shipped import Content


def contents(release: str, universe: Universe, unit: int) -> Iterator[Content]:
    """The Python distributions of a package, on the system's Python where that is known, and its jars."""
    package = universe.units[unit]
    if python := SYSTEM_PYTHON.get(release):
        for candidate in distributions(package.name, package.version):
            yield Content(candidate, f'python_version == "{python}"')
    for candidate in modules(package.name, package.version):
        yield Content(candidate)
