"""A requirements file that another manifest names (``file:`` in setup.cfg, ``{file = …}`` in pyproject.toml)."""

from __future__ import annotations

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.pip.projects.collector import Collector
from resolvers.pip.requirements.requirement_line import excerpt
from resolvers.pip.requirements.requirements_file import read_requirements_file
from resolvers.tree import join


def add_requirements_file(found: Collector, name: str, origin: Origin) -> None:
    """Add the requirements file ``name``, relative to the folder of the manifest that names it at ``origin``.

    A file that is being read already (it names this project in turn) adds nothing. Raises ManifestError
    where it cannot be read.
    """
    try:
        path = join(origin.file.rpartition("/")[0], name)
        if path not in found.context.trail:
            found.include(read_requirements_file(found.context, path))
    except ManifestError as error:
        raise ManifestError(origin, f"names {excerpt(name)}, which cannot be read: {error.reason}") from error
