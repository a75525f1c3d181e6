"""What is read of Dockerfiles while one service is gathered: each once, though several ecosystems ask for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from analyzer.errors import ManifestError
from resolvers.container.build import Build
from resolvers.seam import Recipe
from resolvers.tree import Tree

_Read = dict[tuple[Tree, Recipe], Build | ManifestError]

_KEPT: ContextVar[_Read | None] = ContextVar("builds that were read", default=None)


@contextmanager
def reading_once() -> Iterator[None]:
    """While this lasts, no Recipe is read twice: files are taken not to change. Nothing is kept afterwards."""
    token = _KEPT.set({})
    try:
        yield
    finally:
        _KEPT.reset(token)


def kept(tree: Tree, recipe: Recipe, read: Callable[[], Build]) -> Build:
    """What ``read`` returns or raises, of an earlier call where ``reading_once`` is in force."""
    known = _KEPT.get()
    if known is None:
        return read()
    if (tree, recipe) not in known:
        try:
            known[tree, recipe] = read()
        except ManifestError as error:
            known[tree, recipe] = error
    found = known[tree, recipe]
    if isinstance(found, ManifestError):
        raise found
    return found
