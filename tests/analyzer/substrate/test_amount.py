from __future__ import annotations

import pytest

from analyzer.substrate.amount import worded
from analyzer.substrate.fact import Fact, Value

AMOUNTS: list[tuple[Fact, Value, str]] = [
    (Fact.MEMORY, 10 * 2**30, "10 GiB"),
    (Fact.MEMORY, 10 * 2**30 + 1, "10,737,418,241 bytes"),
    (Fact.MEMORY, 3 * 2**29, "1.5 GiB"),
    (Fact.MEMORY, 700 * 2**20, "700 MiB"),
    (Fact.MEMORY, 1000, "1,000 bytes"),
    (Fact.IMAGE_SIZE, 2**40, "1 TiB"),
    (Fact.RUN_SECONDS, 900.0, "15 minutes"),
    (Fact.RUN_SECONDS, 901, "901 seconds"),
    (Fact.RUN_SECONDS, 60, "1 minute"),
    (Fact.RUN_SECONDS, 7200, "2 hours"),
    (Fact.RUN_SECONDS, 86400, "1 day"),
    (Fact.RUN_SECONDS, 0.25, "0.25 seconds"),
    (Fact.RUN_SECONDS, 900.0001, "900.0001 seconds"),
    (Fact.CPU, 0.5, "0.5"),
    (Fact.CPU, 32.000001, "32.000001"),
    (Fact.SERVICES, 12345678, "12345678"),
    (Fact.GPU, True, "yes"),
    (Fact.GPU, False, "no"),
    (Fact.PYTHON, "3.10", "3.10"),
]


@pytest.mark.parametrize(("fact", "value", "words"), AMOUNTS)
def test_amounts(fact: Fact, value: Value, words: str) -> None:
    assert worded(fact, value) == words
