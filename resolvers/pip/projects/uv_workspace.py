"""uv workspaces: which projects of the tree share one lock and one set of sources.

Source: uv's documentation, "Using workspaces".
"""

from __future__ import annotations

from collections.abc import Iterator
from fnmatch import filter as matching

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.pip.projects.collector import normal
from resolvers.pip.requirements.local_project import upwards
from resolvers.toml_file import TomlFile, read_toml
from resolvers.tree import Tree, join

FOLDERS_LIMIT = 10_000
"""Folders that one pattern may match on its way."""

PARTS_LIMIT = 50
"""Folders in a row that one pattern may name."""

_WORKSPACE = ("tool", "uv", "workspace")


def workspace(tree: Tree, file: TomlFile) -> TomlFile:
    """The pyproject.toml of the workspace that the project of ``file`` belongs to; ``file`` itself where
    it has or belongs to none. Raises ManifestError where one on the way up is broken.
    """
    folder = file.path.rpartition("/")[0]
    if not folder or file.get(*_WORKSPACE) is not None:
        return file
    for parent in upwards(folder.rpartition("/")[0]):
        path = join(parent, "pyproject.toml")
        if not tree.exists(path):
            continue
        root = read_toml(tree, path)
        if root.get(*_WORKSPACE) is not None:
            return root if folder in folders(tree, root) else file
    return file


def members(tree: Tree, root: TomlFile) -> dict[str, str]:
    """The folders of a workspace's projects by their normalised names, the root's own among them.

    A member that cannot be read has no name. Raises ManifestError where the patterns are wrong.
    """
    found: dict[str, str] = {}
    for folder in (root.path.rpartition("/")[0], *sorted(folders(tree, root))):
        try:
            name = read_toml(tree, join(folder, "pyproject.toml")).string("project", "name")
        except ManifestError:
            continue
        found.setdefault(normal(name), folder)
    return found


def folders(tree: Tree, root: TomlFile) -> set[str]:
    """The folders of a workspace's members, without the root's own. Raises ManifestError."""
    included, excluded = (_expand(tree, root, key) for key in ("members", "exclude"))
    return {folder for folder in included - excluded if tree.exists(join(folder, "pyproject.toml"))}


def _expand(tree: Tree, root: TomlFile, key: str) -> set[str]:
    """The folders that the patterns of a list match."""
    found: set[str] = set()
    for number, pattern in enumerate(root.strings(*_WORKSPACE, key)):
        try:
            found |= _matches(tree, root.path.rpartition("/")[0], pattern)
        except ManifestError as error:
            raise ManifestError(root.origin(*_WORKSPACE, key, number), error.reason) from error
    return found


def _matches(tree: Tree, base: str, pattern: str) -> set[str]:
    parts = tuple(part for part in pattern.split("/") if part not in ("", "."))
    if len(parts) > PARTS_LIMIT:
        raise ManifestError(Origin(base), f"is a pattern of more than {PARTS_LIMIT} folders in a row")
    start = (base, parts)
    pending, seen = [start], {start}
    while pending:
        new = set(_steps(tree, *pending.pop())) - seen
        seen |= new
        pending += new
        if len(seen) > FOLDERS_LIMIT:
            raise ManifestError(Origin(base), f"is a pattern for more than {FOLDERS_LIMIT} folders")
    return {folder for folder, rest in seen if not rest}


def _steps(tree: Tree, folder: str, parts: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    if not parts:
        return
    head, rest = parts[0], parts[1:]
    if head == "..":
        yield join(folder, ".."), rest
    elif head == "**":
        yield folder, rest
        yield from ((inner, parts) for inner in _inner(tree, folder, "*"))
    else:
        yield from ((inner, rest) for inner in _inner(tree, folder, head))


def _inner(tree: Tree, folder: str, pattern: str) -> Iterator[str]:
    for name in matching(tree.names(folder), pattern):
        inner = join(folder, name)
        # A hidden folder holds tools' own files.
        if not name.startswith(".") and not _is_link(tree, folder, name):
            yield inner


def _is_link(tree: Tree, folder: str, name: str) -> bool:
    # Links may lead in circles or out of the tree.
    try:
        return tree.locate(join(folder, name)) != tree.locate(folder) / name
    except ManifestError:
        return True
