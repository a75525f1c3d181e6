"""Sizes: combinations of cores and memory in which a substrate is sold."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analyzer.substrate.amount import worded
from analyzer.substrate.fact import Fact
from analyzer.substrate.option import Substrate


@dataclass(frozen=True, slots=True)
class Size:
    """``cpu`` cores with each of the amounts of ``memory`` in bytes, the smallest first."""

    substrate: Substrate
    cpu: float
    memory: tuple[int, ...]


def smallest(sizes: Iterable[Size], substrate: Substrate, cpu: float, memory: int) -> tuple[float, int] | None:
    """The cores and bytes of the size with the fewest cores, then the least memory, that holds both."""
    fitting = (
        (size.cpu, amount)
        for size in sizes
        if size.substrate is substrate and size.cpu >= cpu
        for amount in size.memory
        if amount >= memory
    )
    return min(fitting, default=None)


def size_worded(cpu: float, memory: int) -> str:
    """``0.5 vCPU, 1 GiB``."""
    return f"{worded(Fact.CPU, cpu)} vCPU, {worded(Fact.MEMORY, memory)}"
