"""Amounts that configuration states: memory, cores, seconds, counts, ports and days."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from cohabit.configuration_rule import UnfitError, kind, shown

MEMORY_LIMIT = 2**60
CORES_LIMIT = 100_000
PORTS = range(1, 65_536)
DAY = 86_400.0
YEAR = 366 * DAY

_UNITS = {"": 1, "B": 1} | {
    f"{prefix}{ending}": base**power
    for power, letter in enumerate("KMGTP", start=1)
    for base, prefixes, endings in (
        (1000, {letter, letter.replace("K", "k")}, ("", "B")),
        (1024, {f"{letter}i"}, ("", "B")),
    )
    for prefix in prefixes
    for ending in endings
}
_MEMORY = re.compile(r"(\d{1,20}(?:\.\d{1,20})?)\s?([A-Za-z]{0,3})", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[Tt ](\d\d:\d\d:\d\d(?:\.\d{1,9})?)([Zz]|[+-]\d\d:\d\d)", re.ASCII)


def memory(value: Any) -> int:
    """Bytes, from a whole number or from text such as ``512MiB``, ``512Mi``, ``2GB``, ``1.5 GiB``.

    ``k``, ``M``, ``G``, ``T``, ``P`` are powers of 1000, with ``i`` of 1024 (IEC 80000-13). Raises UnfitError.
    """
    size = _bytes(value)
    if size is None:
        raise UnfitError(f'{shown(value)} is no amount of memory; write "512MiB", "2GB" or a number of bytes')
    if not 0 < size <= MEMORY_LIMIT:
        raise UnfitError(f"{shown(value)} is not between one byte and {MEMORY_LIMIT} bytes")
    return size


def _bytes(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    found = _MEMORY.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None or found[2] not in _UNITS:
        return None
    return int(Decimal(found[1]) * _UNITS[found[2]])


def cores(value: Any) -> float:
    """A number of CPU cores, above 0. Raises UnfitError."""
    return _number(value, CORES_LIMIT, "cores")


def seconds(value: Any) -> float:
    """A time above 0 and up to a day, in seconds. Raises UnfitError."""
    return _number(value, DAY, "seconds")


def span(value: Any) -> float:
    """A time above 0 and up to a year, in seconds. Raises UnfitError."""
    return _number(value, YEAR, "seconds")


def _number(value: object, limit: float, unit: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise UnfitError(f"is {kind(value)}, not a number of {unit}")
    if not (math.isfinite(value) if isinstance(value, float) else True) or not 0 < value <= limit:
        raise UnfitError(f"{shown(value)} is no number of {unit} above 0 and up to {limit:.10g}")
    return float(value)


def whole(what: str, within: range) -> Callable[[Any], int]:
    """A reader of whole numbers within a range; ``what`` names them in messages. It raises UnfitError."""

    def read(value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int):
            raise UnfitError(f"is {kind(value)}, not {what}")
        if value not in within:
            raise UnfitError(f"{shown(value)} is not {what} ({within[0]} to {within[-1]})")
        return value

    return read


port = whole("a port", PORTS)
count = whole("a whole number", range(1, 1025))
count_from_zero = whole("a whole number", range(1025))


def cutoff(value: Any) -> str:
    """The moment after which uploads do not count, in UTC (RFC 3339); ``""`` for none.

    Of a day all of it counts. uv would take the end of the day where the machine stands; here it ends
    in UTC, so that an answer is the same everywhere. Raises UnfitError.
    """
    if isinstance(value, str) and not value:
        return ""
    try:
        moment = _moment(value)
        return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
    except (ValueError, OverflowError) as error:
        raise UnfitError(
            f"{shown(value)} is no day (2026-08-23) and no time with a time zone (2026-08-23T12:00:00Z)"
        ) from error


def _moment(value: object) -> datetime:
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError("a time without a time zone")
        return value
    if isinstance(value, date):
        return datetime(value.year, value.month, value.day, tzinfo=UTC) + timedelta(days=1)
    text = str(value) if isinstance(value, str) else ""
    if found := _TIME.fullmatch(text):
        day, clock, zone = found.groups()
        return datetime.fromisoformat(f"{day}T{clock[:15]}{zone.upper()}")
    if _DAY.fullmatch(text):
        return _moment(date.fromisoformat(text))
    raise ValueError("neither a day nor a time")
