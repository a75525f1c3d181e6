"""What can be recommended: substrates for environments, orchestrators for the whole."""

from __future__ import annotations

from enum import StrEnum


class Substrate(StrEnum):
    """What an environment runs on; the simplest first, those that somebody else runs last."""

    SHARED_HOST = "shared-host"
    VIRTUALENV = "virtualenv"
    CONTAINER = "container"
    CONTAINER_IN_VM = "container-in-vm"
    FIRECRACKER = "firecracker"
    VM = "vm"
    PHYSICAL_HOST = "physical-host"
    LAMBDA = "lambda"
    FARGATE = "fargate"

    @property
    def label(self) -> str:
        """As a report writes it."""
        return _TITLES[self]


class Orchestrator(StrEnum):
    """What starts the environments, and starts them again; the simplest first."""

    NONE = "none"
    COMPOSE = "compose"
    SWARM = "swarm"
    KUBERNETES = "kubernetes"
    ECS = "ecs"
    NOMAD = "nomad"

    @property
    def label(self) -> str:
        """As a report writes it."""
        return _TITLES[self]


Option = Substrate | Orchestrator

_TITLES: dict[Option, str] = {
    Substrate.SHARED_HOST: "shared host",
    Substrate.VIRTUALENV: "virtualenv on a host",
    Substrate.CONTAINER: "container",
    Substrate.CONTAINER_IN_VM: "container in a VM",
    Substrate.FIRECRACKER: "Firecracker microVM",
    Substrate.VM: "VM",
    Substrate.PHYSICAL_HOST: "physical host",
    Substrate.LAMBDA: "AWS Lambda",
    Substrate.FARGATE: "AWS Fargate",
    Orchestrator.NONE: "none",
    Orchestrator.COMPOSE: "Compose",
    Orchestrator.SWARM: "Swarm",
    Orchestrator.KUBERNETES: "Kubernetes",
    Orchestrator.ECS: "ECS",
    Orchestrator.NOMAD: "Nomad",
}


def option(name: str) -> Option | None:
    """The Substrate or Orchestrator of a name; no name is both's."""
    if name in list(Substrate):
        return Substrate(name)
    return Orchestrator(name) if name in list(Orchestrator) else None
