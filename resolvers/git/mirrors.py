"""Copies of repositories on this machine (``git clone --mirror``), read file by file and never by running git."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from analyzer.errors import ManifestError
from analyzer.package import Package
from resolvers.git.checkout import Checkout, is_bare, is_checkout, read_bare, read_checkout
from resolvers.git.known_tags import DEPTH_LIMIT, FOLDER_LIMIT, agreed
from resolvers.git.remotes import UnansweredError
from resolvers.git.repository_url import RepositoryUrlError, repository
from resolvers.tree import Kind, Tree, join


@dataclass(slots=True)
class Mirrors:
    """Repositories, bare or with a checkout, in ``places`` and the folders below. They tell what tags stand for;
    branches have moved on since. Which repository one is, its remote tells, else its path
    (``mirror/git.example/org/geo.git``)."""

    places: Sequence[str]
    _found: Sequence[Checkout] | None = field(default=None, init=False)

    def commits(self, repository: Package, names: Collection[str]) -> Mapping[str, str]:
        """As ``Remotes``."""
        if self._found is None:
            self._found = tuple(copy for place in self.places for copy in _copies(Tree(Path(place))))
        own = [copy for copy in self._found if copy.repository == repository]
        if not own:
            raise UnansweredError("has no mirror")
        return {name: commit for name in names if (commit := agreed(own, name))}


def _copies(tree: Tree) -> Iterator[Checkout]:
    pending, looked = [""], 0
    while pending and looked < FOLDER_LIMIT:
        folder, looked = pending.pop(), looked + 1
        with suppress(ManifestError):
            listing = tree.listing(folder)
            if is_bare(tree, folder) or (".git" in listing and is_checkout(tree, folder)):
                yield _copy(tree, folder)
            elif folder.count("/") < DEPTH_LIMIT:
                pending += [join(folder, name) for name, kind in listing.items() if kind is Kind.FOLDER]


def _copy(tree: Tree, folder: str) -> Checkout:
    found = read_bare(tree, folder) if is_bare(tree, folder) else read_checkout(tree, folder)
    if found.repository is None:
        with suppress(RepositoryUrlError):
            return Checkout(
                found.path, repository(f"https://{folder}"), found.commit, found.origin, found.branches, found.tags
            )
    return found
