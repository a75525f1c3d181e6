"""Services, their dependency sets, and the Fleet of all Services examined together."""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.boundary import Boundary
from analyzer.origin import Origin
from analyzer.requirement import Locked, Requirement


@dataclass(frozen=True, slots=True)
class Platform:
    """What a Service runs on. ``python`` is ``major.minor`` or empty where nothing says which;
    ``os`` is ``linux``, ``debian:12``, ``alpine:3.20``, ``macos``, ``windows``; ``arch`` as uname."""

    python: str = ""
    os: str = "linux"
    arch: str = "x86_64"


@dataclass(frozen=True, slots=True)
class Skipped:
    """An item that was not taken into account, and why.

    ``incomplete`` is true where a verdict may be wrong or missing for want of it (a file that
    cannot be read); false where leaving it out is the rule (a development group).
    """

    what: str
    reason: str
    origin: Origin
    incomplete: bool = True


@dataclass(frozen=True, slots=True, order=True)
class Port:
    """A port that a Service listens on: unique within a network namespace."""

    number: int
    origin: Origin
    protocol: str = "tcp"

    def __str__(self) -> str:
        return f"{self.number}/{self.protocol}"


@dataclass(frozen=True, slots=True)
class DependencySet:
    """The Requirements of one Service in one ecosystem.

    ``locked`` is None without a lock. ``closed`` says that the lock's own records prove that it
    satisfies itself (every dependency of a locked Candidate is locked, within its constraint).
    ``bundled``: private to the service, so that it clashes only in what it still shares.
    ``unknown`` holds reasons why the set may want more than is listed (a VCS requirement whose own
    requirements nobody can see without a checkout). ``resolved`` is what the requirements lead to by themselves,
    told as Requirements that take their place, where the ecosystem's resolver was asked (maven); ``unresolved``
    why it could not tell.
    """

    ecosystem: str
    requirements: tuple[Requirement, ...] = ()
    locked: tuple[Locked, ...] | None = None
    bundled: bool = False
    closed: bool = False
    unknown: tuple[str, ...] = ()
    resolved: tuple[Requirement, ...] | None = None
    unresolved: str = ""


@dataclass(frozen=True, slots=True)
class Service:
    """What is deployed and run as one unit.

    ``path`` is relative to the audited folder. ``evidence`` says why this was taken for a service.
    ``interpreter`` holds the constraints on the Python version (Package ``generic/python``).
    ``base`` holds what fixes the distribution and release (Package ``generic/os``, constraint
    ``debian:12``), with the line that says so, as ``FROM debian:12``; empty where configuration does.
    ``memory`` is in bytes, ``cpu`` in cores; None where nothing says. ``image`` is the ready-made image
    that it runs, empty where one is built or none is told. ``replicas`` of it run at once. ``devices`` are
    what it needs of a machine's hardware (``nvidia.com/gpu``, ``/dev/kvm``), ``kernel`` what it needs of
    its kernel (``>=5.10``, ``module wireguard``, ``sysctl net.ipv4.ip_forward=1``, ``privileged``).
    ``run_seconds`` is how long one run of it takes, where it ends by itself; ``image_size`` and
    ``unzipped_size`` (its code and all packages) are in bytes; ``stateful`` says whether it keeps anything
    from one run to the next. All four are None where nothing says.
    """

    name: str
    path: str
    platform: Platform = Platform()
    sets: tuple[DependencySet, ...] = ()
    interpreter: tuple[Requirement, ...] = ()
    skipped: tuple[Skipped, ...] = ()
    evidence: tuple[str, ...] = ()
    owner: str = ""
    trust: str = ""
    memory: int | None = None
    cpu: float | None = None
    ports: tuple[Port, ...] = ()
    base: tuple[Requirement, ...] = ()
    image: str = ""
    replicas: int = 1
    devices: tuple[str, ...] = ()
    kernel: tuple[str, ...] = ()
    run_seconds: float | None = None
    image_size: int | None = None
    unzipped_size: int | None = None
    stateful: bool | None = None

    @property
    def is_ready_made(self) -> bool:
        """Whether nothing is known of it but the image that it runs: it keeps a root filesystem of its own."""
        return bool(self.image) and not self.sets


@dataclass(frozen=True, slots=True)
class PresentEnvironment:
    """Services that share one boundary today, as configuration or an orchestrator's file says."""

    boundary: Boundary
    services: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Fleet:
    """All Services examined together, sorted by name."""

    name: str
    services: tuple[Service, ...]
    present: tuple[PresentEnvironment, ...] = ()
    boundaries: tuple[Boundary, ...] = (Boundary.CONTAINER, Boundary.VM)
    skipped: tuple[Skipped, ...] = ()
