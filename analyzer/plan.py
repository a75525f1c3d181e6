"""Plans: machines hold containers hold Python environments hold Services."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.verdict import Stance, Witness


@dataclass(frozen=True, slots=True)
class Venv:
    """A Python environment and the Services in it.

    ``witness`` is None where nothing had to be resolved (services without index dependencies) or
    the environment holds one service that is undecided. ``drift`` counts moved locked versions.
    """

    services: tuple[str, ...]
    witness: Witness | None = None
    substrate: str = ""
    drift: int = 0
    undecided: str = ""


@dataclass(frozen=True, slots=True)
class Container:
    """A root filesystem."""

    venvs: tuple[Venv, ...]

    @property
    def services(self) -> tuple[str, ...]:
        """All Services inside, sorted."""
        return tuple(sorted(s for venv in self.venvs for s in venv.services))


@dataclass(frozen=True, slots=True)
class Machine:
    """A kernel."""

    containers: tuple[Container, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Housing for a Fleet under one stance.

    ``environments`` counts the innermost Environments of the boundaries in use; ``lower_bound`` is
    proven: no Plan has fewer; ``proven`` says that both meet. ``certificate`` names Services that
    all exclude one another, where such a set as large as the bound exists. ``unplaced`` holds
    Services that cannot be satisfied even alone. ``held_apart`` counts pairs that are separated
    only because they are undecided.
    """

    stance: Stance
    machines: tuple[Machine, ...]
    environments: int
    lower_bound: int
    proven: bool
    certificate: tuple[str, ...] = ()
    drift: int = 0
    unplaced: tuple[str, ...] = ()
    held_apart: int = 0

    @property
    def cost(self) -> int:
        """The objective's value: environments, until machine and container prices are given."""
        return self.environments

    def containers(self) -> Iterator[Container]:
        """Every container of every machine, in order."""
        for machine in self.machines:
            yield from machine.containers
