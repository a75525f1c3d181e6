"""Amounts, by the tables of Compose, Kubernetes and systemd."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.deployment import amount
from tests.hostile import EXAMPLES

CASES: list[tuple[Callable[[str], float | None], str, float | None]] = [
    (amount.binary_bytes, "512m", 512 * 2**20),
    (amount.binary_bytes, "1.5gb", 3 * 2**29),
    (amount.binary_bytes, "64MiB", 64 * 2**20),
    (amount.binary_bytes, "300M", 300 * 2**20),
    (amount.binary_bytes, "1024", 1024),
    (amount.binary_bytes, "10b", 10),
    (amount.binary_bytes, "infinity", None),
    (amount.binary_bytes, "80%", None),
    (amount.binary_bytes, "0", None),
    (amount.binary_bytes, "", None),
    (amount.binary_bytes, "9999999p", None),
    (amount.quantity_bytes, "128Mi", 128 * 2**20),
    (amount.quantity_bytes, "128M", 128 * 10**6),
    (amount.quantity_bytes, "1e3", 1000),
    (amount.quantity_bytes, "1E", 10**18),
    (amount.quantity_bytes, "1E3", 1000),
    (amount.quantity_bytes, "2Gi", 2**31),
    (amount.quantity_bytes, "100m", None),
    (amount.quantity_bytes, "12 Mi", None),
    (amount.quantity_cores, "250m", 0.25),
    (amount.quantity_cores, "2", 2.0),
    (amount.quantity_cores, "0.5", 0.5),
    (amount.quantity_cores, "-1", None),
    (amount.cores, "0.50", 0.5),
    (amount.cores, "0", None),
    (amount.cores, "two", None),
    (amount.percent_cores, "150%", 1.5),
    (amount.percent_cores, "1.5", None),
    (amount.copies, "3", 3),
    (amount.copies, "0", 1),
    (amount.copies, "99999999", 10_000),
    (amount.copies, "", 1),
]


@pytest.mark.parametrize(("read", "text", "expected"), CASES)
def test_amounts(read: Callable[[str], float | None], text: str, expected: float | None) -> None:
    assert read(text) == expected


@given(st.text() | st.text("0123456789.eE-+kmgMiGuP%", max_size=40))
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_text_is_an_amount_or_none(text: str) -> None:
    for read, limit in (
        (amount.binary_bytes, amount.MEMORY_LIMIT), (amount.quantity_bytes, amount.MEMORY_LIMIT),
        (amount.quantity_cores, amount.CORES_LIMIT), (amount.cores, amount.CORES_LIMIT),
        (amount.percent_cores, amount.CORES_LIMIT), (amount.copies, amount.COPIES_LIMIT),
    ):  # fmt: skip
        found = read(text)
        assert found is None or 0 < found <= limit
