"""What a Service's Requirement asks of RPM repositories: the forms that dnf takes on its command line."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from fnmatch import fnmatchcase

from analyzer.requirement import Requirement
from analyzer.universe import Need, Unit
from resolvers.rpm import rich
from resolvers.rpm.capability import Capability, ranged
from resolvers.rpm.package_spec import Reading, readings
from resolvers.rpm.provides import Provides
from resolvers.rpm.version_order import evr_key

_GLOB = re.compile(r"[*?\[]")
_PINNED = re.compile(r"={1,2}(?=[^\s=])")

Clauses = Callable[[Capability, str], tuple[Need, ...]]


class Demand:
    """Looks Requirements up among units. A name is taken as a package's first (with a version or an
    architecture in it, see ``package_spec``), then as a capability's, then as a file's."""

    def __init__(self, units: Sequence[Unit], provides: Provides) -> None:
        self._units = units
        self._provides = provides

    def needs(self, requirement: Requirement, clauses: Clauses) -> Sequence[Need] | None:
        """The clauses of a Requirement; None where nothing of its name is known, or a lock's version."""
        name, constraint = requirement.package.name, requirement.constraint
        if rich.is_rich(name):
            return self._rich(name, clauses)
        if pin := _PINNED.match(constraint):
            return self._pinned(requirement, constraint[pin.end() :], is_lock=pin[0] == "==")
        wanted = ranged(name, constraint)
        if wanted is None:
            return None
        units = self._meant(name) if not constraint else ()
        if not units and not self._provides.of(Capability(name)):
            return None
        return (Need("", str(requirement), units or self._provides.of(wanted)),)

    def of_named_architecture(self, requirement: Requirement) -> frozenset[int]:
        """The units of the architecture that a Requirement names, none where it names none."""
        found = (reading for reading in readings(requirement.package.name) if reading.arch)
        return frozenset(unit for reading in found for unit in self._read(reading))

    def _rich(self, name: str, clauses: Clauses) -> tuple[Need, ...] | None:
        try:
            named = tuple(rich.capabilities(rich.parse(name)))
        except rich.RichDependencyError:
            return None
        known = any(self._provides.of(capability) for capability in named)
        return clauses(Capability(name), "") if known else None

    def _pinned(self, requirement: Requirement, version: str, is_lock: bool) -> tuple[Need, ...] | None:
        named = self._meant(requirement.package.name)
        units = tuple(unit for unit in named if self._is(unit, version))
        if not named or (is_lock and not units):
            return None
        return (Need("", str(requirement), units),)

    def _meant(self, text: str) -> tuple[int, ...]:
        """The packages of the first reading that has any."""
        return next((units for reading in readings(text) if (units := self._read(reading))), ())

    def _read(self, reading: Reading) -> tuple[int, ...]:
        named = self._provides.named(Capability(reading.name))
        return tuple(
            unit
            for unit in named
            if reading.arch in ("", self._units[unit].architecture)
            and (not reading.constraint or self._is(unit, reading.constraint.removeprefix("=")))
        )

    def _is(self, unit: int, version: str) -> bool:
        """Whether a unit is of a version, which may lack its epoch or release, end in an architecture or
        hold ``*``."""
        own = self._units[unit]
        version = version.removesuffix(f".{own.architecture}")
        if _GLOB.search(version):
            return _globbed(own.version, version)
        asked, has = evr_key(version), evr_key(own.version)
        if ":" in version and asked.epoch != has.epoch:
            return False
        return asked.version == has.version and asked.release in (None, has.release)


def _globbed(evr: str, pattern: str) -> bool:
    without_epoch = evr.partition(":")[2] or evr
    texts = (evr, without_epoch, without_epoch.rpartition("-")[0])
    return any(fnmatchcase(text, pattern) for text in texts)
