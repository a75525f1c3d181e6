"""What tags stand for, by the checkouts that lie in the audited folder."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.package import Package
from resolvers.git.checkout import Checkout, is_checkout, read_checkout
from resolvers.tree import Kind, Tree, join

DEPTH_LIMIT = 6
FOLDER_LIMIT = 10_000
"""How deep and how many folders are looked into for checkouts."""

_PASSED_OVER = frozenset({"node_modules", "site-packages", "dist-packages", "__pycache__"})


def checkouts(tree: Tree, start: str, limit: int = FOLDER_LIMIT) -> Iterator[str]:
    """The folders below ``start``, itself included, that are checkouts. Links and hidden folders are not
    entered. Raises ManifestError where there are more than ``limit`` folders to look into."""
    pending, looked = [start], 0
    while pending:
        folder = pending.pop()
        looked += 1
        if looked > limit:
            raise ManifestError(Origin(start or "."), f"has more than {limit} folders: not all are looked into")
        try:
            listing = tree.listing(folder)
        except ManifestError:
            continue
        if ".git" in listing and is_checkout(tree, folder):
            yield folder
        if _depth(folder) - _depth(start) < DEPTH_LIMIT:
            within = [name for name, kind in listing.items() if kind is Kind.FOLDER and _entered(name)]
            pending += [join(folder, name) for name in reversed(within)]


@dataclass(slots=True)
class KnownTags:
    """Looks up tags. The tree is searched when the first is asked for."""

    tree: Tree
    _found: Sequence[Checkout] | None = field(default=None, init=False)

    def commit(self, package: Package, name: str) -> str:
        """The commit of a tag, by the checkouts of its repository; empty where they do not tell."""
        return agreed([checkout for checkout in self._checkouts() if checkout.repository == package], name)

    def _checkouts(self) -> Sequence[Checkout]:
        if self._found is None:
            self._found = tuple(self._read())
        return self._found

    def _read(self) -> Iterator[Checkout]:
        with suppress(ManifestError):
            for path in checkouts(self.tree, ""):
                with suppress(ManifestError):
                    yield read_checkout(self.tree, path)


def agreed(copies: Sequence[Checkout], name: str) -> str:
    """The commit of a tag, by every copy of a repository that has it; empty where they differ, or know a branch
    of that name, or where none has it."""
    if any(name in copy.branches for copy in copies):
        return ""
    commits = {copy.tags[name] for copy in copies if name in copy.tags}
    return commits.pop() if len(commits) == 1 else ""


def _entered(name: str) -> bool:
    return not name.startswith(".") and name not in _PASSED_OVER and name.isprintable()


def _depth(path: str) -> int:
    return path.count("/") + bool(path)
