"""Sets of small numbers as the bits of an int: union, intersection and size of thousands at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping


def mask(numbers: Iterable[int]) -> int:
    """The set of these numbers, by way of bytes: linear in the largest, however many there are."""
    found = list(numbers)
    room = bytearray(max(found, default=-1) // 8 + 1)
    for number in found:
        room[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(room, "little")


def members(bits: int) -> Iterator[int]:
    """The numbers in a set, ascending."""
    while bits:
        low = bits & -bits
        bits ^= low
        yield low.bit_length() - 1


def adjacency(neighbours: Mapping[int, set[int]], order: Iterable[int]) -> list[int]:
    """The neighbours of each vertex, where vertices are numbered by their places in an order that holds them all."""
    place = {v: i for i, v in enumerate(order)}
    return [mask(place[w] for w in neighbours[v]) for v in place]
