"""Amounts of memory and cores as Compose, Kubernetes and systemd write them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal

MEMORY_LIMIT = 2**60
CORES_LIMIT = 100_000
COPIES_LIMIT = 10_000

_DIGITS = r"(?:[0-9]{1,20}(?:\.[0-9]{0,20})?|\.[0-9]{1,20})"
_BYTES = re.compile(rf"({_DIGITS}) ?([kmgtp]?)i?b?", re.IGNORECASE)
_QUANTITY = re.compile(rf"\+?({_DIGITS})(?:([numkMGTPE]|[KMGTPE]i)|[eE]([-+]?[0-9]{{1,2}}))?")
_PERCENT = re.compile(rf"({_DIGITS})%")
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4, "p": 5}
_SUFFIXES: Mapping[str, Decimal] = {
    "": Decimal(1), "n": Decimal("1e-9"), "u": Decimal("1e-6"), "m": Decimal("1e-3"), "k": Decimal(10**3),
    **{letter: Decimal(1000**power) for power, letter in enumerate("MGTPE", start=2)},
    **{f"{letter}i": Decimal(1024**power) for power, letter in enumerate("KMGTPE", start=1)},
}  # fmt: skip


def binary_bytes(text: str) -> int | None:
    """Bytes of ``512m``, ``1.5gb``, ``64MiB``: all units are powers of 1024 (Compose specification, "Specifying
    byte values"; systemd.resource-control(5)). None where it says none."""
    found = _BYTES.fullmatch(text.strip())
    return _memory(Decimal(found[1]) * 1024 ** _POWERS[found[2].lower()]) if found else None


def quantity(text: str) -> Decimal | None:
    """The number that a Kubernetes quantity is: ``128Mi``, ``250m``, ``1e3``, ``0.5``. None where it is none."""
    found = _QUANTITY.fullmatch(text.strip())
    if found is None:
        return None
    if found[3]:
        return Decimal(found[1]) * Decimal(10) ** int(found[3])
    return Decimal(found[1]) * _SUFFIXES[found[2] or ""]


def quantity_bytes(text: str) -> int | None:
    """Bytes of a Kubernetes quantity."""
    number = quantity(text)
    return None if number is None else _memory(number)


def quantity_cores(text: str) -> float | None:
    """Cores of a Kubernetes quantity."""
    number = quantity(text)
    return None if number is None else _cores(number)


def cores(text: str) -> float | None:
    """Cores of ``0.5`` (Compose)."""
    return _cores(Decimal(text.strip())) if re.fullmatch(_DIGITS, text.strip()) else None


def percent_cores(text: str) -> float | None:
    """Cores of ``150%`` (systemd's ``CPUQuota=``)."""
    found = _PERCENT.fullmatch(text.strip())
    return _cores(Decimal(found[1]) / 100) if found else None


def copies(text: str) -> int:
    """How many run at once; one where nothing usable says so, and where there are none for now."""
    known = re.fullmatch(r"[0-9]{1,9}", text)
    return min(max(int(text), 1), COPIES_LIMIT) if known else 1


def _memory(number: Decimal) -> int | None:
    return int(number) if 1 <= number <= MEMORY_LIMIT else None


def _cores(number: Decimal) -> float | None:
    return float(number) if 0 < number <= CORES_LIMIT else None
