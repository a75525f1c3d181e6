"""QuickXplain: a minimal unsatisfiable subset in few questions (Junker, AAAI 2004)."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from typing import TypeVar

T = TypeVar("T", bound=Hashable)


def minimal_core(items: Sequence[T], clashes: Callable[[tuple[T, ...]], bool]) -> tuple[T, ...]:
    """A subset of ``items`` that clashes while none of its proper subsets does, in their order.

    ``clashes`` must be monotone (what clashes does so in any larger set) and true of all ``items``;
    the empty set must not clash. Asks O(k log(n/k)) questions for a core of k among n.
    """
    core = set(_search((), False, tuple(items), clashes))
    return tuple(item for item in items if item in core)


def _search(
    background: tuple[T, ...], grown: bool, items: tuple[T, ...], clashes: Callable[[tuple[T, ...]], bool]
) -> tuple[T, ...]:
    if grown and clashes(background):
        return ()
    if len(items) == 1:
        return items
    half = len(items) // 2
    left, right = items[:half], items[half:]
    of_right = _search(background + left, True, right, clashes)
    of_left = _search(background + of_right, bool(of_right), left, clashes)
    return of_left + of_right
