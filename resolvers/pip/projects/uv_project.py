"""``[tool.uv]``: sources, overrides, constraints, development dependencies.

Source: uv's documentation, "Managing dependencies", "Resolution" and "Settings".
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.requirement import Force, Requirement, Source
from resolvers.pip.projects.collector import Collector, Item, Refinement, both, normal
from resolvers.pip.projects.requirement_array import declare_array
from resolvers.pip.projects.table_entry import read_place
from resolvers.pip.projects.uv_workspace import members, workspace
from resolvers.pip.requirements.direct_reference import Reference
from resolvers.pip.requirements.requirement_line import located, open_marker
from resolvers.pip.target import holds
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
        found.offer(groups=("dev",))
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
        found.skip(name, reason, root.origin(*_UV, "exclude-dependencies", number))


def uv_refinement(file: TomlFile, found: Collector) -> Refinement:
    """What ``[tool.uv.sources]`` of the project and its workspace make of a requirement.

    Raises ManifestError where the table is none.
    """
    entries: dict[str, list[_Entry]] = {}
    for each in (workspace(found.context.tree, file), file):
        entries |= {normal(name): _entries(each, name) for name in each.table(*_SOURCES)}
    return _Sources(entries, found).refine if entries else found.refine


@dataclass(frozen=True, slots=True)
class _Entry:
    """One source of a package: a table of a pyproject.toml."""

    file: TomlFile
    path: Path

    def string(self, key: str) -> str:
        return self.file.string(*self.path, key)

    @property
    def origin(self) -> Origin:
        return self.file.origin(*self.path)


def _entries(file: TomlFile, name: str) -> list[_Entry]:
    value = file.get(*_SOURCES, name)
    if isinstance(value, list):
        return [_Entry(file, (*_SOURCES, name, number)) for number in range(len(value))]
    return [_Entry(file, (*_SOURCES, name))]


@dataclass(frozen=True, slots=True)
class _Sources:
    entries: dict[str, list[_Entry]]
    found: Collector

    def refine(self, item: Requirement) -> Iterator[Item]:
        """``item`` as it comes from its sources; one for each source that applies to some Python version."""
        entries = self.entries.get(item.package.name)
        if not entries or item.source is not None:
            yield item
            return
        outcomes: dict[Path, list[str]] = {}
        by_path = {entry.path: entry for entry in entries}
        with self.found.attempt(item.package.name):
            for python in self._pythons(item):
                path = next((entry.path for entry in entries if self._applies(entry, python)), ())
                outcomes.setdefault(path, []).append(python)
        for path, pythons in outcomes.items():
            either = " or ".join(f'python_version == "{python}"' for python in pythons)
            marker = both(item.marker, either) if len(outcomes) > 1 else item.marker
            with self.found.attempt(item.package.name):
                yield self._placed(replace(item, marker=marker), by_path.get(path))

    def _pythons(self, item: Requirement) -> list[str]:
        context = self.found.context
        return [python for python in context.pythons if holds(item.marker, context.platform, python)]

    def _applies(self, entry: _Entry, python: str) -> bool:
        """Whether a source is in force on a Python version. Raises ManifestError."""
        extra, group = entry.string("extra"), entry.string("group")
        if (extra and normal(extra) not in self.found.extras) or (group and normal(group) not in self.found.groups):
            return False
        narrow = replace(self.found.context, pythons=(python,))
        return open_marker(entry.string("marker"), entry.origin, narrow) is not None

    def _placed(self, item: Requirement, entry: _Entry | None) -> Requirement:
        if entry is None:
            return item
        if entry.file.boolean(*entry.path, "workspace"):
            return located(item, Reference(Source("path", self._member(item, entry))))
        place = read_place(entry.file, *entry.path)
        if place is not None:
            return located(item, place)
        if index := entry.string("index"):
            self.found.other_index(item.package.name, index, entry.origin)
            return item
        raise ManifestError(entry.origin, "names no source that is known")

    def _member(self, item: Requirement, entry: _Entry) -> str:
        tree = self.found.context.tree
        folders = members(tree, workspace(tree, entry.file))
        if item.package.name not in folders:
            raise ManifestError(entry.origin, "is no member of the workspace")
        return folders[item.package.name]
