"""Which groups to ask about, so that every service and every pair is in one that fits.

A cover of the edges of the compatibility graph by few cliques, grown greedily: the exact problem is
NP-hard, and the graph is known only as far as answers have come in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field


@dataclass
class Cover:
    """What is settled among ``names``, as rows of bits: bit j of row i is the pair i, j, bit i of
    row i the service alone."""

    names: Sequence[str]
    _settled: list[int] = field(default_factory=list)
    _apart: list[int] = field(default_factory=list)
    _larger: list[int] = field(default_factory=list)
    _active: int = 0
    _position: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._position = {name: i for i, name in enumerate(self.names)}
        self._settled = [0] * len(self.names)
        self._apart = [0] * len(self.names)
        self._active = (1 << len(self.names)) - 1

    def settle(self, group: Iterable[str]) -> None:
        """Nothing more is to be asked about the pairs and services in a group."""
        mask = self._mask(group)
        for i in _bits(mask):
            self._settled[i] |= mask

    def exclude(self, group: Iterable[str]) -> None:
        """Never put this whole group into one question again. A single service leaves the pairs."""
        mask = self._mask(group)
        members = list(_bits(mask))
        if len(members) == 1:
            self._active &= ~mask
        elif len(members) == 2:
            for i in members:
                self._apart[i] |= mask & ~(1 << i)
                self._settled[i] |= mask & ~(1 << i)
        else:
            self._larger.append(mask)

    def next_group(self) -> frozenset[str]:
        """A group with something unsettled in it; empty when all is settled."""
        for i in _bits(self._active):
            if self._unsettled(i):
                return frozenset(self.names[j] for j in _bits(self._grow(i)))
        return frozenset()

    def _unsettled(self, i: int) -> int:
        return self._active & ~self._settled[i]

    def _grow(self, start: int) -> int:
        group, free, joining = 0, self._active, start
        gains = [self._unsettled(j) >> j & 1 for j in range(len(self.names))]
        while True:
            group |= 1 << joining
            free &= ~(group | self._apart[joining] | self._completing(group))
            for j in _bits(self._unsettled(joining) & free):
                gains[j] += 1
            joining = max(_bits(free), key=gains.__getitem__, default=start)
            if joining == start or gains[joining] == 0:
                return group

    def _completing(self, group: int) -> int:
        """Those with whom a group would hold an excluded set of three or more."""
        missing = (larger & ~group for larger in self._larger)
        return sum(rest for rest in set(missing) if rest.bit_count() == 1)

    def _mask(self, group: Iterable[str]) -> int:
        return sum(1 << self._position[name] for name in set(group))


def _bits(mask: int) -> Iterator[int]:
    while mask:
        low = mask & -mask
        yield low.bit_length() - 1
        mask ^= low
