"""``go.work``: modules that are built together (Go Modules Reference, "Workspaces")."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace

from analyzer.errors import ManifestError
from resolvers.bundled.go_module import GO_MOD, GoModule, directives, order, read_module, replacement
from resolvers.tree import Tree, join

GO_WORK = "go.work"
MEMBERS_LIMIT = 200
"""Modules of one workspace that are read."""


def join_workspace(tree: Tree, path: str, module: GoModule) -> None:
    """What the workspace changes for the module at ``path``, if one above uses it: versions are selected over all
    its modules, and its replacements go before theirs. Raises ManifestError where it cannot be read."""
    directory = posixpath.dirname(path)
    place = next((found for found in _upwards(directory) if tree.exists(found)), "")
    if not place:
        return
    lines = list(directives(tree.read_text(place), place))
    uses = [line.words[0] for line in lines if line.verb == "use" and len(line.words) == 1]
    folders = list(_folders(posixpath.dirname(place), uses))
    if directory not in folders:
        return
    highest: dict[str, str] = {}
    for member in _members(tree, folders):
        module.replaced = member.replaced | module.replaced
        for name, version in (line.words for line in member.required):
            highest[name] = max(version, highest.get(name, version), key=order)
    for line in (line for line in lines if line.verb == "replace"):
        module.replaced.update(replacement(line))
    module.required = [
        replace(line, words=(line.words[0], highest.get(line.words[0], line.words[1]))) for line in module.required
    ]


def _upwards(directory: str) -> Iterator[str]:
    while directory:
        yield join(directory, GO_WORK)
        directory = posixpath.dirname(directory)
    yield GO_WORK


def _folders(home: str, uses: list[str]) -> Iterator[str]:
    for use in uses[:MEMBERS_LIMIT]:
        with suppress(ManifestError):
            yield join(home, use)


def _members(tree: Tree, folders: list[str]) -> Iterator[GoModule]:
    """The modules that can be read; of another that cannot, its own service tells."""
    for folder in folders:
        with suppress(ManifestError):
            yield read_module(tree, join(folder, GO_MOD))
