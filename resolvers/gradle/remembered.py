"""What several projects of a build share, read once as long as somebody walks the tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast
from weakref import WeakKeyDictionary

from resolvers.remembered_tree import RememberedTree
from resolvers.tree import Tree

T = TypeVar("T")

_KEPT: WeakKeyDictionary[RememberedTree, dict[tuple[Callable[..., object], str], object]] = WeakKeyDictionary()


def once(read: Callable[[Tree, str], T], tree: Tree, path: str) -> T:
    """``read(tree, path)``, of an earlier call where the tree's files are taken not to change.

    Raises what ``read`` does. What it returns must not hold the tree, which would never be forgotten.
    """
    if not isinstance(tree, RememberedTree):
        return read(tree, path)
    kept = _KEPT.setdefault(tree, {})
    if (read, path) not in kept:
        kept[read, path] = read(tree, path)
    return cast(T, kept[read, path])
