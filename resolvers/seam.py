"""The seam between the front door and the ecosystems: what a gatherer must offer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable

from analyzer.oracle import Oracle
from analyzer.package import Candidate
from analyzer.requirement import Requirement
from analyzer.service import DependencySet, Fleet, Platform, Port, Skipped
from analyzer.verdict import Witness
from resolvers.tree import Tree


@dataclass(frozen=True, slots=True)
class Manifest:
    """A file or folder that an ecosystem recognises, and as what (``requirements file``, ``uv.lock``)."""

    path: str
    role: str


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a service's image is built: the Dockerfile at ``path`` in the folder ``context``, up to the stage
    ``target`` (the last one where that is empty).

    ``arguments`` go before the defaults of ``ARG``; ``platform`` is that to build for (``linux/arm64``), empty
    where nothing says.
    """

    path: str
    context: str
    target: str = ""
    arguments: tuple[tuple[str, str], ...] = ()
    platform: str = ""


@dataclass(frozen=True, slots=True)
class Wish:
    """What configuration says of one service, as far as gathering is concerned, and deployment files.

    ``platform.python`` is empty where nothing fixes it; ``preferred`` is the Python version to take
    if the service's own files admit it. ``recipe`` says how its image is built, None where only the
    service's folder can tell.
    """

    platform: Platform = Platform()
    preferred: str = ""
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    recipe: Recipe | None = None


@dataclass(frozen=True, slots=True)
class Gathered:
    """What one ecosystem found in one service's folder. ``python`` is the version that it was read for.

    ``base`` says which distribution and release the service runs on, and where that stands
    (``analyzer.service.Service``). ``ports`` are those that it is built to listen on.
    """

    sets: tuple[DependencySet, ...] = ()
    interpreter: tuple[Requirement, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    python: str = ""
    base: tuple[Requirement, ...] = ()
    ports: tuple[Port, ...] = ()


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


@dataclass(frozen=True, slots=True)
class Means:
    """What an oracle may use to answer. Each takes what concerns its ecosystem.

    ``index_url`` and ``find_links`` are URLs or local folders, with credentials perhaps.
    ``exclude_newer`` is a time (RFC 3339), ``""`` for no bound, None for today where the index gives
    dates. ``python`` is the version to prefer where services leave a choice, ``seconds`` what one
    question may take, ``cache`` a folder for answers (None keeps none). ``universe`` has by release
    (``debian:12``; empty for any) the places of its package metadata; ``machine`` is the root of a
    Debian system whose own apt lists may serve, None for none. ``maven`` holds the places of Maven
    repositories, the first asked first; ``schemes`` by module (``group:name``, ``group:*``) how its versions
    tell what breaks.
    """

    index_url: str = field(default="", repr=False)
    find_links: tuple[str, ...] = field(default=(), repr=False)
    exclude_newer: str | None = None
    offline: bool = False
    allow_build: bool = False
    python: str = ""
    seconds: float = 120.0
    cache: Path | None = None
    universe: tuple[tuple[str, tuple[str, ...]], ...] = ()
    machine: Path | None = None
    maven: tuple[str, ...] = field(default=(), repr=False)
    schemes: tuple[tuple[str, str], ...] = ()


@runtime_checkable
class Completing(Protocol):
    """What an oracle offers besides that has to resolve each service alone, before it can compare any."""

    def completed(self, fleet: Fleet) -> Fleet:
        """The fleet with what its sets lead to (``DependencySet.resolved``)."""
        ...


@runtime_checkable
class Digesting(Protocol):
    """What an oracle offers besides whose index tells the digests of archives."""

    def digests(self, witness: Witness) -> Mapping[Candidate, tuple[str, ...]]:
        """By Candidate the digests (``sha256:…``) of the archives that an installer may take; without
        those of which none can be had now."""
        ...


class AccountableOracle(Oracle, Protocol):
    """An oracle that says what its answers rest on and what they cost."""

    @property
    def title(self) -> str:
        """What its questions are about, for people: ``pip``, ``deb``."""
        ...

    @property
    def cached(self) -> int:
        """How many answers came from the cache."""
        ...

    @property
    def runs(self) -> int:
        """How often the ecosystem's resolver was run."""
        ...

    @property
    def as_of(self) -> str:
        """The time that fixes the index (RFC 3339); empty where the index is frozen by itself."""
        ...

    @property
    def tools(self) -> Mapping[str, str]:
        """What decides, with versions."""
        ...
