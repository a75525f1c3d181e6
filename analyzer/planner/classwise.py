"""Colourings made one class at a time on bit sets: first fit, recursive largest first, iterated greedy.

Vertices are numbers from 0, classes are sets of them as bits. A class in the making is one set of
candidates, from which each vertex takes its neighbours away at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from analyzer.planner.bits import members

RECURSIVE = 1500
"""The largest graph for recursive largest first, which is quadratic."""
TURN = 8
"""Steps for each vertex that iterated greedy may take before recursive largest first is tried."""
TURNS = 300
"""Turns of iterated greedy without a class less before it stops."""


def quick(adjacent: Sequence[int], enough: int, steps: int = 2_000_000) -> list[int]:
    """The classes of a colouring with ``enough`` colours, or of the best that so many steps find."""
    classes = iterated(adjacent, first_fit(adjacent), enough, TURN * len(adjacent))
    if len(classes) > enough and len(adjacent) <= RECURSIVE:
        classes = min(classes, recursive_largest_first(adjacent), key=len)
    return iterated(adjacent, classes, enough, steps)


def first_fit(adjacent: Sequence[int]) -> list[int]:
    """Each class takes the first vertex left that it can, until it can take none."""
    left = (1 << len(adjacent)) - 1
    classes = []
    while left:
        free, found = left, 0
        while free:
            low = free & -free
            found |= low
            free &= ~(low | adjacent[low.bit_length() - 1])
        classes.append(found)
        left ^= found
    return classes


def recursive_largest_first(adjacent: Sequence[int]) -> list[int]:
    """Each class grows by the vertex that shares most neighbours with it (Leighton 1979)."""
    bits = [1 << v for v in range(len(adjacent))]
    left = list(range(len(adjacent)))
    outside = (1 << len(adjacent)) - 1
    classes = []
    while left:
        free, shared, found = left, outside, 0
        blocked = 0
        while free:
            counts = [(adjacent[v] & shared).bit_count() for v in free]
            v = free[counts.index(max(counts))]
            found |= bits[v]
            blocked |= adjacent[v]
            shared = blocked & outside
            taken = found | blocked
            free = [w for w in free if not taken & bits[w]]
        classes.append(found)
        outside ^= found
        left = [v for v in left if not found & bits[v]]
    return classes


def iterated(adjacent: Sequence[int], classes: list[int], enough: int, steps: int) -> list[int]:
    """No more classes than before, by iterated greedy (Culberson 1992): first fit, class by class.

    It never needs more: a vertex can at worst join those of its own class. Between turns the
    classes are reversed, shuffled or sorted by size.
    """
    if len(classes) <= enough:
        return classes
    shuffle = Random(0).shuffle  # noqa: S311 - a fixed sequence, so that the same input gives the same plan
    idle = 0
    while len(classes) > enough and idle < TURNS and steps > 0:
        order = list(classes)
        if idle % 3 == 1:
            shuffle(order)
        elif idle % 3:
            order.sort(key=lambda found: (-found.bit_count(), found))
        else:
            order.reverse()
        again = refitted(adjacent, order)
        idle = 0 if len(again) < len(classes) else idle + 1
        steps -= (len(adjacent) + len(classes) ** 2 // 2) * (1 + len(adjacent) // 2000)
        classes = again
    return classes


def refitted(adjacent: Sequence[int], order: Sequence[int]) -> list[int]:
    """First fit over the vertices of these classes, in this order; a class in one go, since nobody in it clashes."""
    left = sum(order)
    classes = []
    while left:
        free, found = left, 0
        for known in order:
            joining = known & free
            if joining:
                found |= joining
                for v in members(joining):
                    free &= ~adjacent[v]
        classes.append(found)
        left ^= found
    return classes
