"""Submodules: which repositories a checkout has within it, and at which commits (gitmodules(5))."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.package import Package
from resolvers.git.checkout import Checkout, is_checkout, read_checkout
from resolvers.git.git_config import parse_git_config
from resolvers.git.reference import DEFAULT, is_name
from resolvers.git.repository_url import RepositoryUrlError, is_relative, relative_to, repository
from resolvers.tree import Tree, join

GITMODULES = ".gitmodules"
SUBMODULES_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Submodule:
    """A submodule at ``path`` of the tree. ``commit`` is empty where no checkout tells; then ``branch`` is
    what is followed. ``trouble`` says why its repository, or its place, is not known."""

    path: str
    package: Package | None
    commit: str
    branch: str
    origin: Origin
    trouble: str = ""


def submodules(tree: Tree, folder: str) -> tuple[Submodule, ...]:
    """Those that ``.gitmodules`` of a folder names. Raises ManifestError where the file cannot be read."""
    place = join(folder, GITMODULES)
    by_name: dict[str, dict[str, tuple[str, Origin]]] = {}
    for setting in parse_git_config(tree.read_text(place), place):
        if setting.section == "submodule" and setting.name:
            by_name.setdefault(setting.name, {})[setting.key] = (setting.value, setting.origin)
    if len(by_name) > SUBMODULES_LIMIT:
        raise ManifestError(Origin(place), f"names more than {SUBMODULES_LIMIT} submodules")
    parent = _checkout(tree, folder)
    return tuple(_read(tree, folder, parent, entry) for entry in by_name.values() if "path" in entry)


def _read(tree: Tree, folder: str, parent: Checkout | None, entry: dict[str, tuple[str, Origin]]) -> Submodule:
    inner, origin = entry["path"]
    url, origin = entry.get("url", ("", origin))
    branch = entry.get("branch", (DEFAULT, origin))[0]
    try:
        path = join(folder, inner)
    except ManifestError as error:
        return Submodule(folder, None, "", DEFAULT, origin, error.reason)
    commit = next(_commits(tree, path, parent, inner), "")
    named = branch if is_name(branch) else DEFAULT
    try:
        return Submodule(path, _package(url, parent), commit, named, origin)
    except RepositoryUrlError as error:
        return Submodule(path, None, commit, named, origin, str(error))


def _package(url: str, parent: Checkout | None) -> Package:
    if not is_relative(url):
        return repository(url)
    if parent is None or parent.repository is None:
        raise RepositoryUrlError("is relative to a remote that is not known")
    return relative_to(parent.repository, url)


def _commits(tree: Tree, path: str, parent: Checkout | None, inner: str) -> Iterator[str]:
    """The commit that the checkout within is at, else the one that the outer checkout wants there."""
    own = _checkout(tree, path)
    if own is not None and own.commit:
        yield own.commit
    wanted = parent.submodules.get(inner.strip("/")) if parent else None
    if wanted:
        yield wanted


def _checkout(tree: Tree, path: str) -> Checkout | None:
    try:
        return read_checkout(tree, path) if is_checkout(tree, path) else None
    except ManifestError:
        return None
