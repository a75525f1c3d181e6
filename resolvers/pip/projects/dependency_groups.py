"""Dependency groups (PEP 735)."""

from __future__ import annotations

from dataclasses import dataclass, field

from analyzer.errors import ManifestError
from resolvers.pip.projects.collector import Collector, normal
from resolvers.pip.projects.requirement_array import declare_member
from resolvers.pip.requirements.requirement_line import excerpt
from resolvers.toml_file import TomlFile

DEPTH_LIMIT = 100
"""Groups that may include one another in a row."""


def add_dependency_groups(file: TomlFile, found: Collector) -> None:
    """Add the chosen groups of ``[dependency-groups]``, with those that they include.

    Raises ManifestError where that is no table. Of two groups with one normalised name, which PEP 735
    forbids, the second is skipped.
    """
    reading = _Reading(file, found)
    found.offer(groups=file.table("dependency-groups"))
    for name in file.table("dependency-groups"):
        if reading.names.setdefault(normal(name), name) != name:
            origin = file.origin("dependency-groups", name)
            found.skip(f"dependency group {name!r}", "has the name of another group, once normalised", origin)
    for group in sorted(found.groups & reading.names.keys()):
        reading.add(group, ())
    for group, name in reading.names.items():
        if group not in reading.done:
            found.leave_out("dependency group", name, file.origin("dependency-groups", name))


@dataclass(slots=True)
class _Reading:
    file: TomlFile
    found: Collector
    names: dict[str, str] = field(default_factory=dict)
    done: set[str] = field(default_factory=set)

    def add(self, group: str, trail: tuple[str, ...]) -> None:
        """Add a group, included by those of the trail."""
        if group in self.done:
            return
        self.done.add(group)
        path = ("dependency-groups", self.names[group])
        with self.found.attempt(f"dependency group {self.names[group]!r}"):
            for number, member in enumerate(self.file.array(*path)):
                if isinstance(member, dict):
                    with self.found.attempt(f"an include of dependency group {self.names[group]!r}"):
                        self.include((*path, number), (*trail, group))
                else:
                    declare_member(self.file, self.found, *path, number)

    def include(self, path: tuple[str | int, ...], trail: tuple[str, ...]) -> None:
        """Add the group that the table at ``path`` includes. Raises ManifestError."""
        origin, name = self.file.origin(*path), self.file.string(*path, "include-group")
        if self.file.table(*path).keys() != {"include-group"}:
            raise ManifestError(origin, "is neither a requirement nor {include-group = …}")
        group = normal(name)
        if group in trail:
            raise ManifestError(origin, excerpt(f"includes itself: {' > '.join((*trail, group))}"))
        if group not in self.names:
            raise ManifestError(origin, f"includes the group {excerpt(name)!r}, which does not exist")
        if len(trail) >= DEPTH_LIMIT:
            raise ManifestError(origin, f"is included over more than {DEPTH_LIMIT} groups")
        self.add(group, trail)
