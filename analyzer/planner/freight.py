"""What is to be packed: items that take room and may exclude one another, and the bins there are for them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

Sets = frozenset[frozenset[str]]


@dataclass(frozen=True, slots=True)
class Bin:
    """A type of bin: its room in some dimensions (in others there is no limit), in whole units that the caller chooses.

    ``price`` is at least 1; ``most`` is how many items one may hold, ``count`` how many there are.
    """

    name: str
    room: Mapping[str, int] = field(default_factory=dict)
    price: int = 1
    most: int | None = None
    count: int | None = None

    def __post_init__(self) -> None:
        if self.price < 1:
            raise ValueError(f"a bin of type {self.name} must have a price")


@dataclass(frozen=True, slots=True)
class Freight:
    """Items with their sizes by dimension (0 where nothing is said, never less), and the bins for them.

    ``exclusions`` are sets of two items or more that no bin may hold whole; ``together`` sets that
    one bin must hold whole; ``admitted`` names the types of bin that may hold an item, any where
    nothing is said (an item pinned to one machine: a type of that name, with a ``count`` of 1).
    Items that are not in ``items`` never bind. Raises ValueError for what is less than that.
    """

    items: Mapping[str, Mapping[str, int]]
    bins: tuple[Bin, ...]
    exclusions: Sets = frozenset()
    together: Sets = frozenset()
    admitted: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if any(len(edge) < 2 for edge in self.exclusions):
            raise ValueError("an exclusion needs two items or more")
        if any(size < 0 for sizes in self.items.values() for size in sizes.values()):
            raise ValueError("no item has a size below zero")
        if not self.bins:
            raise ValueError("there must be a type of bin")

    def holds(self, kind: Bin, items: frozenset[str]) -> bool:
        """Whether one bin of a type may hold these items, and perhaps more."""
        return (
            all(kind.name in self.admitted.get(item, {kind.name}) for item in items)
            and not any(edge <= items for edge in self.exclusions)
            and (kind.most is None or len(items) <= kind.most)
            and all(sum(self.items[item].get(d, 0) for item in items) <= room for d, room in kind.room.items())
        )
