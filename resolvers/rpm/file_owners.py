"""Owners of files that ``primary.xml`` does not list, looked up in ``filelists.xml`` when first asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property

from analyzer.universe import Unit
from resolvers.rpm import rich
from resolvers.rpm.file_lists import owners
from resolvers.rpm.primary import Listing
from resolvers.rpm.provides import Provides
from resolvers.rpm.repomd import Repodata


class FileOwners:
    """Reads each ``filelists.xml`` once for all files that packages name in dependencies, and again for
    one that only a service asks for."""

    def __init__(
        self, repositories: Sequence[tuple[Repodata, Listing]], units: Sequence[Unit], provides: Provides
    ) -> None:
        self._repositories = repositories
        self._units = units
        self._provides = provides

    def of(self, path: str) -> Sequence[int]:
        """The units that hold a file. Raises ManifestError where ``filelists.xml`` cannot be read."""
        if path not in self._found:
            self._found.update(self._looked_up((path,)))
        return self._found[path]

    @cached_property
    def _found(self) -> dict[str, list[int]]:
        names = (name for _, listing in self._repositories for name, _, _ in listing.capabilities)
        paths = {path for name in names for path in _paths(name) if not self._provides.knows_file(path)}
        return self._looked_up(paths)

    def _looked_up(self, paths: Iterable[str]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {path: [] for path in paths}
        for repodata, _ in self._repositories:
            if repodata.filelists and found:
                for path, packages in owners(repodata.filelists, found).items():
                    found[path] += [self._numbers[package] for package in packages if package in self._numbers]
        return found

    @cached_property
    def _numbers(self) -> dict[tuple[str, str, str], int]:
        return {(unit.name, unit.architecture, unit.version): number for number, unit in enumerate(self._units)}


def _paths(name: str) -> Iterator[str]:
    """The files that a dependency names, in brackets too."""
    if name.startswith("/"):
        yield name
    elif rich.is_rich(name) and "/" in name:
        try:
            named = rich.capabilities(rich.parse(name))
            yield from (capability.name for capability in named if capability.name.startswith("/"))
        except rich.RichDependencyError:
            return
