"""Environments, memory and cores in words."""

from __future__ import annotations

from analyzer.boundary import Boundary

NOUNS = {Boundary.VM: "machine", Boundary.CONTAINER: "container", Boundary.VENV: "Python environment"}
"""What Environments of a Boundary in a Plan are called."""
_UNITS = ((2**40, "TiB"), (2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"))


def size(memory: int) -> str:
    """Bytes as people say them: ``1.5 GiB``, rounded to three digits."""
    factor, unit = _unit(memory)
    return f"{_short(memory / factor)} {unit}"


def cores(cpu: int) -> str:
    """Thousandths of a core as people say them: ``1.5 cores``, ``1 core``."""
    return "1 core" if cpu == 1000 else f"{cpu / 1000:g} cores"


def used(load: int, capacity: int) -> str:
    """How much of the memory is taken: ``6.5 of 8 GiB``."""
    factor, unit = _unit(capacity)
    return f"{_short(load / factor)} of {_short(capacity / factor)} {unit}"


def _unit(memory: int) -> tuple[int, str]:
    return next(((factor, unit) for factor, unit in _UNITS if memory >= factor), (1, "bytes"))


def _short(number: float) -> str:
    return f"{number:.0f}" if number >= 100 else f"{number:.3g}"
