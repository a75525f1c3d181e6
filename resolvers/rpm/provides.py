"""Which packages provide a capability or hold a file."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

from resolvers.rpm.capability import Capability, overlap, within

Plain = tuple[str, int, str]
"""A Capability as it is stored."""


class Provides:
    """An index of all units by what they provide.

    A package provides its own name at its version, whether it says so or not. Files that no package is
    listed with in ``primary`` are looked up by ``owners``.
    """

    def __init__(self, owners: Callable[[str], Iterable[int]]) -> None:
        self._named: dict[str, list[tuple[int, str]]] = defaultdict(list)
        self._provided: dict[str, list[tuple[int, Plain]]] = defaultdict(list)
        self._files: dict[str, list[int]] = defaultdict(list)
        self._owners = owners
        self._order: Sequence[int] = ()
        self._known: dict[Plain, tuple[int, ...]] = {}

    def add(self, unit: int, name: str, evr: str, provided: Iterable[Plain], files: Iterable[str]) -> None:
        """Take a unit in."""
        self._named[name].append((unit, evr))
        for capability in provided:
            self._provided[capability[0]].append((unit, capability))
        for path in files:
            self._files[path].append(unit)

    def rank(self, order: Sequence[int]) -> None:
        """Say which units an installer prefers: less is better."""
        self._order = order

    @property
    def names(self) -> Mapping[str, Sequence[tuple[int, str]]]:
        """The units of each package name, with their versions."""
        return self._named

    def knows_file(self, path: str) -> bool:
        """Whether ``primary`` lists a package with this file, or one that provides its path."""
        return path in self._files or path in self._provided

    def of(self, wanted: Plain) -> tuple[int, ...]:
        """The units that provide a capability, those that an installer prefers first."""
        found = self._known.get(wanted)
        if found is None:
            found = self._known[wanted] = self.preferred(self._looked_up(Capability(*wanted)))
        return found

    def named(self, wanted: Capability) -> tuple[int, ...]:
        """The units whose own name and version match, whatever others provide."""
        units = self._named.get(wanted.name, ())
        return self.preferred({unit for unit, evr in units if within(evr, wanted)})

    def preferred(self, units: Iterable[int]) -> tuple[int, ...]:
        """Units in the order in which an installer prefers them."""
        return tuple(sorted(units, key=lambda unit: (self._order[unit], unit)))

    def _looked_up(self, wanted: Capability) -> set[int]:
        provided = self._provided.get(wanted.name, ())
        found = {unit for unit, has in provided if overlap(Capability(*has), wanted)}
        found.update(self.named(wanted))
        if wanted.name.startswith("/") and not wanted.sense:
            found.update(self._files.get(wanted.name) or self._owners(wanted.name))
        return found
