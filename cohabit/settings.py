"""Everything that steers an audit, from the command line, the environment and ``cohabit.toml``."""

from __future__ import annotations

from dataclasses import dataclass, field

from analyzer.boundary import Boundary
from analyzer.origin import Origin
from analyzer.service import Platform, PresentEnvironment
from analyzer.verdict import Stance


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """What configuration says of one service; only what discovery cannot know.

    ``path`` is relative to the audited folder. ``python``, ``os`` and ``arch`` are empty where the
    fleet's default holds. ``origin`` is where the configuration speaks of it.
    """

    name: str
    path: str
    origin: Origin
    python: str = ""
    os: str = ""
    arch: str = ""
    extras: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    owner: str = ""
    trust: str = ""
    memory: int | None = None
    cpu: float | None = None
    ports: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Settings:
    """The settings of one audit.

    ``platform`` is the fleet's default; its ``python`` is empty where nothing says which.
    ``exclude_newer`` None means today where the index has dates, ``""`` no bound. With
    ``only_listed`` (``discover = false``) services are those listed and no others; folders that match
    ``exclude`` are not looked into. ``stance`` is what the exit code judges. ``present_origins`` says
    where configuration states each of ``present``. ``universe`` holds, by release (empty where the
    metadata tells it), the places of its package metadata; with ``machine_lists`` apt's own lists serve
    for the release of this machine. ``max_conflict_size`` is how many services the largest conflicts of
    deb and rpm packages may have that are all looked for.
    """

    platform: Platform = field(default_factory=Platform)
    boundaries: tuple[Boundary, ...] = (Boundary.CONTAINER, Boundary.VM)
    services: tuple[ServiceSettings, ...] = ()
    present: tuple[PresentEnvironment, ...] = ()
    present_origins: tuple[Origin, ...] = ()
    universe: tuple[tuple[str, tuple[str, ...]], ...] = ()
    only_listed: bool = False
    exclude: tuple[str, ...] = ()
    index_url: str = field(default="", repr=False)
    find_links: tuple[str, ...] = field(default=(), repr=False)
    exclude_newer: str | None = None
    offline: bool = False
    allow_build: bool = False
    cache: bool = True
    jobs: int = 0
    timeout: float = 120.0
    plan_seconds: float = 60.0
    max_conflict_size: int = 2
    machine_lists: bool = True
    stance: Stance = Stance.RELOCKED
    optimistic: bool = False
