"""``[tool.uv]``: sources, overrides, constraints, development dependencies.

Source: uv's documentation, "Managing dependencies", "Resolution" and "Settings".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.requirement import Force, Requirement, Source
from resolvers.pip.collector import Collector, Item, Refinement, both, normal
from resolvers.pip.declared import Context
from resolvers.pip.direct_reference import Reference
from resolvers.pip.requirement_array import declare_array
from resolvers.pip.requirement_line import excerpt, located, open_marker
from resolvers.pip.table_entry import read_place
from resolvers.pip.target import holds
from resolvers.pip.uv_workspace import members, workspace
from resolvers.toml_file import TomlFile

_UV = ("tool", "uv")
_SOURCES = (*_UV, "sources")
_FORCES = {"override-dependencies": Force.OVERRIDES, "constraint-dependencies": Force.LIMITS}

Path = tuple[str | int, ...]


def add_uv(file: TomlFile, found: Collector) -> None:
    """Add what ``[tool.uv]`` declares; a workspace's overrides and constraints stand in its root.

    Raises ManifestError where a table is none.
    """
    if file.get(*_UV, "dev-dependencies") is not None:
        if "dev" in found.groups:
            declare_array(file, found, *_UV, "dev-dependencies")
        else:
            found.leave_out("group", "dev", file.origin(*_UV, "dev-dependencies"))
    root = workspace(found.context.tree, file)
    for key, force in _FORCES.items():
        with found.attempt(f"tool.uv.{key}"):
            declare_array(root, found, *_UV, key, force=force)
    for number, name in enumerate(root.strings(*_UV, "exclude-dependencies")):
        reason = "is left out of the resolution by uv, which is not taken into account"
        found.skip(excerpt(name), reason, root.origin(*_UV, "exclude-dependencies", number))


def uv_refinement(file: TomlFile, found: Collector) -> Refinement:
    """What ``[tool.uv.sources]`` of the project and its workspace make of a requirement.

    Raises ManifestError where the table is none.
    """
    sources: dict[str, list[_Entry]] = {}
    for origin_file in dict.fromkeys((workspace(found.context.tree, file).path, file.path)):
        pass
    return lambda item: (item,)
