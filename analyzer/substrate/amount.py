"""A fact's value in words."""

from __future__ import annotations

from analyzer.substrate.fact import Fact, Kind, Value

_UNITS = ((2**40, "TiB"), (2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"))
_SPANS = ((86_400, "day"), (3_600, "hour"), (60, "minute"))


def worded(fact: Fact, value: Value) -> str:
    """``10 GiB``, ``20 minutes``, ``0.5``, ``3``, ``yes``, ``3.11``; bytes and seconds never rounded to a limit."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if fact.kind is Kind.BYTES and isinstance(value, int):
        return _bytes(value)
    if fact.kind is Kind.SECONDS and isinstance(value, int | float):
        return _span(value)
    return _plain(value) if isinstance(value, float) else str(value)


def _bytes(value: int) -> str:
    for size, unit in _UNITS:
        if value >= size and not value * 10 % size:
            return f"{value / size:g} {unit}"
    return f"{value:,} bytes"


def _span(value: float) -> str:
    for length, unit in _SPANS:
        if value >= length and not value % length:
            return _counted(value / length, unit)
    return _counted(value, "second")


def _counted(amount: float, unit: str) -> str:
    return f"{_plain(amount)} {unit}" if amount == 1 else f"{_plain(amount)} {unit}s"


def _plain(number: float) -> str:
    return str(number).removesuffix(".0")
