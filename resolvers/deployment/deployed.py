"""What deployment files say runs as a service."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from analyzer.origin import Origin
from analyzer.service import Port, Skipped
from resolvers.seam import Recipe


class Kind(StrEnum):
    """What says so; the earlier goes before the later where they name one folder."""

    COMPOSE = "Compose"
    KUBERNETES = "Kubernetes"
    SYSTEMD = "systemd"
    PROCFILE = "Procfile"


@dataclass(frozen=True, slots=True)
class Deployed:
    """One service of a deployment file.

    ``folder`` holds its code, None where that is not in the tree; ``recipe`` says how its image is built,
    None where none is. ``image`` is the image's name, ``platform`` what it is for (``linux/arm64``).
    ``memory`` in bytes, ``cpu`` in cores: what is reserved for it, else what it may take at most.
    What has the same ``root`` shares a root filesystem today, what has the same ``machine`` a kernel; empty
    where nothing says which. ``project`` is the folder of the file, ``notes`` are for people.
    """

    name: str
    kind: Kind
    origin: Origin
    project: str
    root: str
    machine: str = ""
    folder: str | None = None
    recipe: Recipe | None = None
    image: str = ""
    platform: str = ""
    ports: tuple[Port, ...] = ()
    memory: int | None = None
    cpu: float | None = None
    replicas: int = 1
    devices: tuple[str, ...] = ()
    kernel: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True)
class Deployment:
    """The services of all deployment files of a tree, and what could not be read or is not evaluated."""

    deployed: tuple[Deployed, ...] = ()
    skipped: tuple[Skipped, ...] = ()
