"""A tree whose listings are kept, for a walk that asks often what lies where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from analyzer.errors import ManifestError
from resolvers.tree import Kind, Tree


@dataclass(frozen=True)
class RememberedTree(Tree):
    """A Tree that lists each directory once. What changes later is not seen."""

    _listings: dict[str, Mapping[str, Kind] | ManifestError] = field(default_factory=dict, compare=False, repr=False)
    _real: dict[str, Path] = field(default_factory=dict, compare=False, repr=False)

    def locate(self, path: str) -> Path:
        """As in Tree; where listings tell that there is no link on the way, nothing is looked up again."""
        if path not in self._real:
            parent, _, name = path.rpartition("/")
            plain = self._kind(path) in (Kind.FILE, Kind.FOLDER) and parent in self._real
            self._real[path] = self._real[parent] / name if plain else super().locate(path)
        return self._real[path]

    def exists(self, path: str) -> bool:
        """As in Tree."""
        kind = self._kind(path)
        return super().exists(path) if kind in (None, Kind.LINK) else kind is not Kind.NOTHING

    def is_folder(self, path: str) -> bool:
        """As in Tree."""
        kind = self._kind(path)
        return super().is_folder(path) if kind in (None, Kind.LINK) else kind is Kind.FOLDER

    def listing(self, directory: str) -> Mapping[str, Kind]:
        """As in Tree."""
        if directory not in self._listings:
            try:
                self._listings[directory] = super().listing(directory)
            except ManifestError as error:
                self._listings[directory] = error
        known = self._listings[directory]
        if isinstance(known, ManifestError):
            raise known
        return known

    def _kind(self, path: str) -> Kind | None:
        """What the listing of the folder that holds ``path`` says; None where that was not listed."""
        parent, _, name = path.rpartition("/")
        known = self._listings.get(parent) if path else None
        if known is None or isinstance(known, ManifestError) or name in ("", ".", ".."):
            return None
        return known.get(name, Kind.NOTHING)
