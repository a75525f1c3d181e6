"""Small graphs as rows of bits, and what is known of them by trying everything."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cache
from itertools import combinations
from typing import Any

from hypothesis import strategies as st

from analyzer.planner.bits import adjacency, members

Rows = list[int]


@st.composite
def rows(draw: st.DrawFn, most: int = 9) -> Rows:
    """Graphs of up to so many vertices, each pair joined or not."""
    vertices = draw(st.integers(1, most))
    found = [0] * vertices
    for a, b in combinations(range(vertices), 2):
        if draw(st.booleans()):
            found[a] |= 1 << b
            found[b] |= 1 << a
    return found


def of(graph: Any) -> Rows:
    """The rows of a networkx graph, its vertices numbered in their own order."""
    return adjacency({v: set(graph[v]) for v in graph}, graph)


def stable_sets(adjacent: Sequence[int]) -> Iterator[int]:
    """All sets without an edge, the empty one too."""
    return (found for found in range(1 << len(adjacent)) if is_stable(adjacent, found))


def is_stable(adjacent: Sequence[int], found: int) -> bool:
    return not any(adjacent[v] & found for v in members(found))


def chromatic(adjacent: Sequence[int]) -> int:
    """The fewest stable sets that hold every vertex."""
    stable = [found for found in stable_sets(adjacent) if found]

    @cache
    def fewest(left: int) -> int:
        first = left & -left
        return min((1 + fewest(left & ~found) for found in stable if found & first), default=0) if left else 0

    return fewest((1 << len(adjacent)) - 1)


def is_colouring(adjacent: Sequence[int], classes: Sequence[int]) -> bool:
    """Whether stable sets part the vertices: each is in exactly one."""
    whole = (1 << len(adjacent)) - 1
    parted = sum(classes) == whole and sum(found.bit_count() for found in classes) == len(adjacent)
    return parted and all(is_stable(adjacent, found) for found in classes)
