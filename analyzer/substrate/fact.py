"""Facts: what rules ask about an environment, or about all environments of a plan together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

Value = bool | int | float | str


class Kind(StrEnum):
    """What a fact's value is: bytes, cores, seconds and counts are ordered; flags and words are not."""

    BYTES = "bytes"
    CORES = "cores"
    SECONDS = "seconds"
    COUNT = "count"
    FLAG = "flag"
    WORD = "word"

    @property
    def ordered(self) -> bool:
        """Whether one value can be above another."""
        return self not in (Kind.FLAG, Kind.WORD)


class Fact(StrEnum):
    """A question that has one answer, or none that is known."""

    SERVICES = "services"
    ENVIRONMENTS = "environments"
    REPLICAS = "replicas"
    STATEFUL = "stateful"
    DEVICES = "devices"
    GPU = "gpu"
    PRIVILEGED = "privileged"
    PYTHON_ENVIRONMENTS = "python-environments"
    PYTHON_PACKAGES = "python-packages"
    SYSTEM_PACKAGES = "system-packages"
    NEIGHBOURS = "neighbours"
    TRUST_ZONES = "trust-zones"
    SHARES_KERNEL = "shares-kernel"
    TRUST_APART = "trust-apart"
    MEMORY = "memory"
    LARGEST_MEMORY = "largest-memory"
    CPU = "cpu"
    LISTENS = "listens"
    RUN_SECONDS = "run-seconds"
    PACKAGING = "packaging"
    UNZIPPED_SIZE = "unzipped-size"
    IMAGE_SIZE = "image-size"
    KERNEL_VERSION = "kernel-version"
    KERNEL_MODULES = "kernel-modules"
    SYSCTLS = "sysctls"
    NEEDS_KVM = "needs-kvm"
    KVM = "kvm"
    SYSTEM = "system"
    ARCHITECTURE = "architecture"
    PYTHON = "python"
    MACHINES = "machines"
    HOSTS = "hosts"
    CONTAINERS = "containers"
    TASKS = "tasks"
    FUNCTIONS = "functions"
    PROCESSES = "processes"

    @property
    def kind(self) -> Kind:
        """What its value is."""
        return _MEANINGS[self].kind

    @property
    def question(self) -> str:
        """The question that it answers, as it follows "not known: "."""
        return _MEANINGS[self].question


@dataclass(frozen=True, slots=True)
class _Meaning:
    kind: Kind
    question: str


_MEANINGS: Mapping[Fact, _Meaning] = {
    Fact.SERVICES: _Meaning(Kind.COUNT, "how many services there are"),
    Fact.ENVIRONMENTS: _Meaning(Kind.COUNT, "how many environments the plan has"),
    Fact.REPLICAS: _Meaning(Kind.COUNT, "how many replicas run at once"),
    Fact.STATEFUL: _Meaning(Kind.FLAG, "whether anything keeps state between runs"),
    Fact.DEVICES: _Meaning(Kind.COUNT, "how many devices of the machine are needed"),
    Fact.GPU: _Meaning(Kind.FLAG, "whether a GPU is needed"),
    Fact.PRIVILEGED: _Meaning(Kind.FLAG, "whether anything runs privileged"),
    Fact.PYTHON_ENVIRONMENTS: _Meaning(Kind.COUNT, "how many Python environments there are"),
    Fact.PYTHON_PACKAGES: _Meaning(Kind.FLAG, "whether Python packages are installed"),
    Fact.SYSTEM_PACKAGES: _Meaning(Kind.FLAG, "whether packages of a distribution are installed"),
    Fact.NEIGHBOURS: _Meaning(Kind.COUNT, "how many other environments are on the machine"),
    Fact.TRUST_ZONES: _Meaning(Kind.COUNT, "how many trust zones are inside"),
    Fact.SHARES_KERNEL: _Meaning(Kind.FLAG, "whether another trust zone is on the machine"),
    Fact.TRUST_APART: _Meaning(Kind.FLAG, "whether it is in a trust zone that is kept apart from others in the plan"),
    Fact.MEMORY: _Meaning(Kind.BYTES, "how much memory all services need together"),
    Fact.LARGEST_MEMORY: _Meaning(Kind.BYTES, "how much memory the largest service needs"),
    Fact.CPU: _Meaning(Kind.CORES, "how many cores all services need together"),
    Fact.LISTENS: _Meaning(Kind.FLAG, "whether anything listens on a port"),
    Fact.RUN_SECONDS: _Meaning(Kind.SECONDS, "how long a run takes"),
    Fact.PACKAGING: _Meaning(Kind.WORD, "whether an image is shipped, or a zip file"),
    Fact.UNZIPPED_SIZE: _Meaning(Kind.BYTES, "how large the code and its packages are"),
    Fact.IMAGE_SIZE: _Meaning(Kind.BYTES, "how large the image is"),
    Fact.KERNEL_VERSION: _Meaning(Kind.FLAG, "whether a version of the kernel is needed"),
    Fact.KERNEL_MODULES: _Meaning(Kind.FLAG, "whether kernel modules are needed"),
    Fact.SYSCTLS: _Meaning(Kind.FLAG, "whether kernel settings are needed"),
    Fact.NEEDS_KVM: _Meaning(Kind.FLAG, "whether anything starts virtual machines itself"),
    Fact.KVM: _Meaning(Kind.FLAG, "whether the machines offer KVM"),
    Fact.SYSTEM: _Meaning(Kind.WORD, "which kind of operating system it is"),
    Fact.ARCHITECTURE: _Meaning(Kind.WORD, "which architecture it is"),
    Fact.PYTHON: _Meaning(Kind.WORD, "which Python version it is"),
    Fact.MACHINES: _Meaning(Kind.COUNT, "how many machines there are"),
    Fact.HOSTS: _Meaning(Kind.COUNT, "how many hosts there are, replicas apart"),
    Fact.CONTAINERS: _Meaning(Kind.COUNT, "how many environments are containers or microVMs"),
    Fact.TASKS: _Meaning(Kind.COUNT, "how many environments are on AWS Fargate"),
    Fact.FUNCTIONS: _Meaning(Kind.COUNT, "how many environments are on AWS Lambda"),
    Fact.PROCESSES: _Meaning(Kind.COUNT, "how many environments are no containers but hosts or VMs"),
}

COMMON = (
    Fact.SERVICES,
    Fact.ENVIRONMENTS,
    Fact.REPLICAS,
    Fact.STATEFUL,
    Fact.DEVICES,
    Fact.GPU,
    Fact.PRIVILEGED,
)
"""Asked of an environment and of the whole alike."""

_WHOLE = (
    Fact.MACHINES,
    Fact.HOSTS,
    Fact.CONTAINERS,
    Fact.TASKS,
    Fact.FUNCTIONS,
    Fact.PROCESSES,
)

OF_WHOLE = frozenset({*COMMON, *_WHOLE})
"""Asked of all environments together, for the orchestrator."""

OF_ENVIRONMENT = frozenset(Fact) - frozenset(_WHOLE)
"""Asked of one environment, for its substrate."""

Facts = Mapping[Fact, Value]
"""What is known; a fact that is not there is not known."""
