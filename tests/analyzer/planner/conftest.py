"""Brute force, which the planner is judged by."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence

import pytest

Sets = Collection[frozenset[str]]


@pytest.fixture(scope="session")
def fewest() -> Callable[[Sequence[str], Sets], int]:
    """The fewest groups of services of which none holds an excluded set whole."""
    return _fewest


def _fewest(services: Sequence[str], excluded: Sets) -> int:
    return min(
        len(groups)
        for groups in _partitions(list(services))
        if not any(edge <= set(group) for edge in excluded for group in groups)
    )


def _partitions(services: list[str]) -> Iterator[list[list[str]]]:
    if not services:
        yield []
        return
    first, *rest = services
    for groups in _partitions(rest):
        yield [[first], *groups]
        for i, group in enumerate(groups):
            yield [*groups[:i], [first, *group], *groups[i + 1 :]]
