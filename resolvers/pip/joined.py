"""Several manifests as one, and a manifest that cannot be read as one that says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from analyzer.errors import ManifestError
from analyzer.service import Skipped
from resolvers.pip.declared import Choice, Context, Declared

T = TypeVar("T")


def attempt(context: Context, path: str, reader: Callable[[Context, str], Declared]) -> Declared:
    """What a manifest says; a Skipped where it cannot be read."""
    try:
        return reader(context, path)
    except ManifestError as error:
        return Declared(skipped=(Skipped(path, error.reason, error.origin),))


def join_declared(parts: Iterable[Declared]) -> Declared:
    """What several manifests declare together; their locks are left out."""
    parts = tuple(parts)
    return Declared(
        requirements=unique(r for part in parts for r in part.requirements),
        interpreter=unique(r for part in parts for r in part.interpreter),
        skipped=unique(s for part in parts for s in part.skipped),
        unknown=unique(u for part in parts for u in part.unknown),
        offers=Choice(
            unique(extra for part in parts for extra in part.offers.extras),
            unique(group for part in parts for group in part.offers.groups),
        ),
    )


def unique(items: Iterable[T]) -> tuple[T, ...]:
    """The items without repetitions, in order."""
    return tuple(dict.fromkeys(items))
