"""Witnesses as JSON, and back."""

from __future__ import annotations

from analyzer.package import Candidate
from analyzer.verdict import Witness
from reports.fleet_json import PackageName, Shape, package_name, package_value


class WitnessShape(Shape):
    """Versions (by package) that satisfy all services of a set at once."""

    python: str
    versions: dict[PackageName, str]


def witness_shape(witness: Witness) -> WitnessShape:
    """A Witness as JSON."""
    return WitnessShape(witness.python, {package_name(c.package): c.version for c in witness.versions})


def witness_value(shape: WitnessShape) -> Witness:
    """The Witness that JSON holds."""
    versions = (Candidate(package_value(name), version) for name, version in shape.versions.items())
    return Witness(tuple(sorted(versions)), shape.python)


def optional_shape(witness: Witness | None) -> WitnessShape | None:
    """A Witness as JSON, where there is one."""
    return witness_shape(witness) if witness is not None else None


def optional_value(shape: WitnessShape | None) -> Witness | None:
    """The Witness that JSON holds, where there is one."""
    return witness_value(shape) if shape is not None else None
