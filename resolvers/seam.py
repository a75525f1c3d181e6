"""The seam between the front door and the ecosystems: what a gatherer must offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from analyzer.requirement import Requirement
from analyzer.service import DependencySet, Platform, Skipped
from resolvers.tree import Tree


@dataclass(frozen=True, slots=True)
class Manifest:
    """A file or folder that an ecosystem recognises, and as what (``requirements file``, ``uv.lock``)."""

    path: str
    role: str


@dataclass(frozen=True, slots=True)
class Wish:
    """What configuration says of one service, as far as gathering is concerned.

    ``platform.python`` is empty where nothing fixes it; ``preferred`` is the Python version to take
    if the service's own files admit it.
    """

    platform: Platform = Platform()
    preferred: str = ""
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Gathered:
    """What one ecosystem found in one service's folder. ``python`` is the version that it was read for."""

    sets: tuple[DependencySet, ...] = ()
    interpreter: tuple[Requirement, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    python: str = ""


class Gatherer(Protocol):
    """Recognises and reads one ecosystem's manifests. Runs no code of a service."""

    @property
    def ecosystem(self) -> str:
        """The purl type of what it gathers."""
        ...

    def manifests(self, tree: Tree, directory: str) -> tuple[Manifest, ...]:
        """The manifests that belong to ``directory``, as a service's folder, in a stable order."""
        ...

    def gather(self, tree: Tree, directory: str, wish: Wish) -> Gathered:
        """The dependency sets of a folder. What cannot be read is in ``skipped``; never raises for it."""
        ...
