"""Packages that are installed together: a lock, and the demand that they all be there."""

from __future__ import annotations

from collections.abc import Iterable

from analyzer.package import Package
from analyzer.requirement import Locked, Requirement
from analyzer.service import Skipped
from resolvers.rpm.declared import Declared
from resolvers.rpm.version_order import evr_key

KEY = "gpg-pubkey"
"""The name under which rpm keeps a key as if it were a package."""


def installed(pins: Iterable[Locked]) -> Declared:
    """Each package once. Of one that is there in several versions (a kernel) the highest counts; a key
    of rpm's is no package."""
    chosen: dict[Package, Locked] = {}
    skipped: list[Skipped] = []
    for pin in pins:
        package = pin.candidate.package
        if package.name == KEY:
            continue
        chosen[package], older = _in_order(pin, chosen.get(package, pin))
        if older.candidate != chosen[package].candidate:
            reason = f"is there beside {chosen[package].candidate.version}, which counts"
            skipped.append(Skipped(str(older.candidate), reason, older.origin, incomplete=False))
    locked = tuple(sorted(chosen.values(), key=lambda pin: pin.candidate))
    requirements = tuple(Requirement(pin.candidate.package, "", pin.origin) for pin in locked)
    return Declared(requirements, locked, tuple(skipped))


def _in_order(one: Locked, other: Locked) -> tuple[Locked, Locked]:
    """The higher version first."""
    order = evr_key(one.candidate.version).order(evr_key(other.candidate.version))
    return (one, other) if order > 0 else (other, one)
