"""Cores by the Services that they are about, to find those inside a group without looking at all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import combinations
from math import comb

from analyzer.search import Core, Group


class Cores:
    """Some Cores, more than one for a group perhaps."""

    def __init__(self, cores: Iterable[Core]) -> None:
        self._by_group: dict[Group, list[Core]] = {}
        for core in cores:
            self._by_group.setdefault(core.services, []).append(core)
        self._sizes = sorted({len(group) for group in self._by_group})

    @property
    def groups(self) -> Mapping[Group, list[Core]]:
        """The Cores of each group."""
        return self._by_group

    def inside(self, group: Group) -> Iterator[Core]:
        """The Cores whose Services are all in ``group``, the smaller ones first."""
        for size in self._sizes:
            if comb(len(group), size) <= len(self._by_group):
                parts: Iterable[Group] = map(frozenset, combinations(sorted(group), size))
            else:
                parts = (known for known in self._by_group if len(known) == size and known <= group)
            for part in parts:
                yield from self._by_group.get(part, ())
