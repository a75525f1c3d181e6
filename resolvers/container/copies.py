"""Which files of the build context are where in the image, as far as ``COPY`` and ``ADD`` say."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from posixpath import normpath

from analyzer.errors import ManifestError
from resolvers.shell.budget import TEXT_LIMIT, Budget
from resolvers.shell.passage import Passage
from resolvers.tree import Tree, join

LOOK_COST = 100
"""What it costs to look whether a path is a folder, in characters of a Budget."""


@dataclass(frozen=True, slots=True)
class Copy:
    """Files or folders of the build context, and the absolute path that they get."""

    sources: tuple[str, ...]
    target: str


@dataclass(slots=True)
class BuildContext:
    """The folder that a build may copy from. Files that were read are kept."""

    tree: Tree
    folder: str
    budget: Budget
    read: dict[str, Passage | None] = field(default_factory=dict)

    def find(self, place: str, copies: Sequence[Copy]) -> Passage | None:
        """The text of what lies at an absolute path of the image; the last copy counts."""
        for copy in reversed(copies):
            self.budget.spend(len(copy.sources))
            if not f"{place}/".startswith(copy.target.rstrip("/") + "/"):
                continue
            for path in self._candidates(place, copy):
                if (text := self.text(path)) is not None:
                    return text
        return None

    def text(self, path: str) -> Passage | None:
        """A file of the tree as text; None where it is none, or is too large."""
        if path not in self.read:
            self.read[path] = found = self._text(path)
            self.budget.spend(1 + (len(found.text) // 10 if found else 0))
        return self.read[path]

    def _text(self, path: str) -> Passage | None:
        try:
            if self.tree.is_folder(path):
                return None
            text = self.tree.read_text(path)
        except ManifestError:
            return None
        return Passage.written(text, path) if len(text) <= TEXT_LIMIT else None

    def _candidates(self, place: str, copy: Copy) -> Iterator[str]:
        target = copy.target.rstrip("/")
        inner = place.removeprefix(target).lstrip("/")
        for source in copy.sources:
            for path in self._matching(source):
                self.budget.spend(LOOK_COST)
                if self.tree.is_folder(path):
                    yield join(path, inner)
                elif inner in ("", path.rpartition("/")[2]):
                    yield path

    def _matching(self, source: str) -> Iterator[str]:
        try:
            path = join(self.folder, normpath(f"/{source}").lstrip("/"))
        except ManifestError:
            return
        folder, _, name = path.rpartition("/")
        if not any(char in name for char in "*?["):
            yield path
            return
        for found in self.tree.names(folder):
            self.budget.spend(1)
            if fnmatchcase(found, name):
                yield join(folder, found)
