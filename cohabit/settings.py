"""Everything that steers an audit, from the command line, the environment and ``cohabit.toml``."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from analyzer.boundary import Boundary
from analyzer.gate.severity import Severity
from analyzer.gate.waiver import Waiver
from analyzer.origin import Origin
from analyzer.planner.rules import Rules
from analyzer.service import Platform, PresentEnvironment
from analyzer.substrate.rule import Rule
from analyzer.verdict import Stance


@dataclass(frozen=True, slots=True)
class ServiceSettings:
    """What configuration says of one service; only what discovery cannot know.

    ``path`` is relative to the audited folder, None where the name alone says which service is meant.
    ``python``, ``os`` and ``arch`` are empty where the fleet's default holds. ``origin`` is where the
    configuration speaks of it, ``ports_origin`` where of its ports. ``machines`` are the only types of machine
    that may house it, any where empty, and ``not_machines`` those that must not.
    """

    name: str
    path: str | None
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
    replicas: int = 1
    devices: tuple[str, ...] = ()
    kernel: tuple[str, ...] = ()
    run_seconds: float | None = None
    image_size: int | None = None
    unzipped_size: int | None = None
    stateful: bool | None = None
    machines: tuple[str, ...] = ()
    not_machines: tuple[str, ...] = ()
    ports_origin: Origin | None = field(default=None, compare=False)


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
    deb and rpm packages may have that are all looked for. ``prices`` is how many merges of environments are
    priced, 0 for none; ``rules`` are those of the team's housing, ``placement_origins`` says where configuration
    states each of their placements. ``allow_network`` permits to ask git servers what
    branches and tags stand for; ``git_mirrors`` are folders with copies of repositories that may tell it.
    ``maven_repository`` holds the places of Maven repositories, the first asked first; ``maven`` by module
    (``group:name``, ``group:*``, ``*``) the scheme of its versions.
    ``kvm`` says whether the machines offer KVM, None where nobody does; ``substrate_rules`` are the team's.
    ``fail_on`` is the least severity that fails the gate, ``max_environments`` how many the plan may need,
    ``severities`` are by code or ecosystem. ``baseline`` is the file that lists known conflicts, empty for none;
    ``today`` the day on which waivers are judged, None for the machine's own.
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
    prices: int = 8
    rules: Rules = field(default_factory=Rules)
    placement_origins: tuple[Origin, ...] = ()
    kvm: bool | None = None
    substrate_rules: tuple[Rule, ...] = ()
    allow_network: bool = False
    git_mirrors: tuple[str, ...] = ()
    maven_repository: tuple[str, ...] = field(default=(), repr=False)
    maven: tuple[tuple[str, str], ...] = ()
    fail_on: Severity = Severity.ERROR
    max_environments: int | None = None
    severities: tuple[tuple[str, Severity], ...] = ()
    waivers: tuple[Waiver, ...] = ()
    baseline: str = ""
    today: date | None = None
