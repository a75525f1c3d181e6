"""Sets of small numbers as the bits of an int: union, intersection and size of thousands at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from struct import unpack

_WIDE = 2048
"""The numbers from which on a set is taken apart by words."""


def mask(numbers: Iterable[int]) -> int:
    """The set of these numbers, by way of bytes: linear in the largest, however many there are."""
    found = list(numbers)
    room = bytearray(max(found, default=-1) // 8 + 1)
    for number in found:
        room[number >> 3] |= 1 << (number & 7)
    return int.from_bytes(room, "little")


def members(bits: int) -> Iterator[int]:
    """The numbers in a set, ascending."""
    if bits.bit_length() > _WIDE:
        yield from _members_by_word(bits)
        return
    while bits:
        low = bits & -bits
        bits ^= low
        yield low.bit_length() - 1


def _members_by_word(bits: int) -> Iterator[int]:
    """The same, linear in the largest number and how many there are; otherwise their product counts."""
    words = bits.bit_length() // 64 + 1
    for place, word in enumerate(unpack(f"<{words}Q", bits.to_bytes(8 * words, "little"))):
        while word:
            low = word & -word
            word ^= low
            yield 64 * place + low.bit_length() - 1


def adjacency(neighbours: Mapping[int, set[int]], order: Iterable[int]) -> list[int]:
    """The neighbours of each vertex, where vertices are numbered by their places in an order that holds them all."""
    place = {v: i for i, v in enumerate(order)}
    return [mask(place[w] for w in neighbours[v]) for v in place]
