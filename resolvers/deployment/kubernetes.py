"""Kubernetes manifests: each container of a workload is a service of its own root filesystem.

Templates of Helm and patches of Kustomize are not evaluated.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from typing import TypeVar

from analyzer.errors import ManifestError
from analyzer.service import Port, Skipped
from resolvers.credentials import without_credentials
from resolvers.deployment.amount import copies, quantity, quantity_bytes, quantity_cores
from resolvers.deployment.deployed import Deployed, Deployment, Kind
from resolvers.deployment.ports import between, distinct
from resolvers.deployment.yaml_file import Document, Yaml, parse, read_documents
from resolvers.tree import Tree

SHOWN = 200
ITEM_LIMIT = 5_000

T = TypeVar("T")

_TEMPLATES = {
    "Deployment": ("spec", "template", "spec"),
    "StatefulSet": ("spec", "template", "spec"),
    "DaemonSet": ("spec", "template", "spec"),
    "ReplicaSet": ("spec", "template", "spec"),
    "ReplicationController": ("spec", "template", "spec"),
    "Job": ("spec", "template", "spec"),
    "CronJob": ("spec", "jobTemplate", "spec", "template", "spec"),
    "Pod": ("spec",),
}
"""Where a workload has the specification of its Pods (Kubernetes API reference, "Workload Resources")."""
_WORKLOAD = re.compile(
    r"^[ \t]*(?:-[ \t]+)?[\"']?kind[\"']?[ \t]*:[ \t]*[\"']?"
    rf"(?:{'|'.join(_TEMPLATES)})(?:List)?[\"']?[ \t]*(?:#.*)?\r?$",
    re.MULTILINE,
)
"""What tells a workload before anything is parsed."""
_VERSION = re.compile(r"^[ \t]*(?:-[ \t]+)?[\"']?apiVersion[\"']?[ \t]*:", re.MULTILINE)
_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?")
_ARCH_LABELS = ("kubernetes.io/arch", "beta.kubernetes.io/arch")


def read_kubernetes(tree: Tree, path: str) -> Deployment:
    """The containers of the workloads in one file. What cannot be read is in ``skipped``; a file without a
    workload gives nothing."""
    try:
        documents = [d for d in read_documents(tree, path) if _WORKLOAD.search(d.text) and _VERSION.search(d.text)]
    except ManifestError:
        # Nothing says that it was to be a manifest.
        return Deployment()
    reading = _Reading(path)
    for document in documents:
        reading.take(document)
    return Deployment(tuple(reading.deployed), tuple(reading.skipped))


@dataclass
class _Reading:
    path: str
    deployed: list[Deployed] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)

    def take(self, document: Document) -> None:
        """Read a document: a workload, or a List of them."""
        try:
            for item in self._items(parse(document)):
                self._workload(item)
        except ManifestError as error:
            templated = "{{" in document.text
            reason = "is a template, which is not evaluated" if templated else error.reason
            self.skipped.append(Skipped(self.path, reason, error.origin, incomplete=not templated))

    def _items(self, value: Yaml) -> Iterator[Yaml]:
        if value.get("kind").scalar().endswith("List"):
            items = value.get("items").list()
            if len(items) > ITEM_LIMIT:
                raise ManifestError(value.origin, f"holds more than {ITEM_LIMIT} items")
            yield from items
        else:
            yield value

    def _workload(self, value: Yaml) -> None:
        kind = value.get("kind").scalar()
        where = _TEMPLATES.get(kind)
        if where is None:
            return
        name = value.get("metadata", "name").scalar() or value.get("metadata", "generateName").scalar().rstrip("-")
        pod = value.get(*where)
        containers = pod.get("containers").list()
        if not containers and not pod.get("initContainers").list():
            # A patch of Kustomize says only what is to change.
            return
        if _NAME.fullmatch(name) is None:
            raise ManifestError(value.origin, "has no name that Kubernetes allows")
        workload = _Workload(self.path, kind, name, value, pod)
        lasting = [c for c in pod.get("initContainers").list() if c.get("restartPolicy").scalar() == "Always"]
        every = [*containers, *lasting]
        for container in every:
            found = workload.container(container, alone=len(containers) == 1 and container is containers[0])
            if found is not None:
                self.deployed.append(found)


@dataclass
class _Workload:
    """Reads the containers of one workload."""

    path: str
    kind: str
    name: str
    value: Yaml
    pod: Yaml
    skipped: list[Skipped] = field(default_factory=list)

    def container(self, value: Yaml, *, alone: bool) -> Deployed | None:
        """One container, by the name of the workload where it is ``alone``; None where it has no image, as in
        a patch. Raises ManifestError where it is none."""
        own, image = value.get("name").scalar(), value.get("image").scalar()
        if not image:
            return None
        if "{{" in image:
            raise ManifestError(value.origin, "has an image that a template names")
        if not alone and _NAME.fullmatch(own) is None:
            raise ManifestError(value.origin, "has no name that Kubernetes allows")
        name = self.name if alone else f"{self.name}/{own}"
        self.skipped = []
        return Deployed(
            name, Kind.KUBERNETES, value.origin, self.path.rpartition("/")[0],
            root=f"{self.path}\0{self.kind}\0{name}",
            machine="" if alone else f"{self.path}\0{self.kind}\0{self.name}",
            image=_clean(without_credentials(image[: 4 * SHOWN]).partition("?")[0]),
            platform=self._attempt("architecture", self._platform, ""),
            ports=self._ports(value),
            memory=self._attempt("memory", lambda: self._resource(value, "memory", quantity_bytes), None),
            cpu=self._attempt("cpu", lambda: self._resource(value, "cpu", quantity_cores), None),
            replicas=self._attempt("replicas", lambda: copies(self.value.get("spec", "replicas").scalar()), 1),
            devices=self._attempt("devices", lambda: tuple(dict.fromkeys(self._devices(value))), ()),
            kernel=self._attempt("kernel", lambda: tuple(dict.fromkeys(self._kernel(value))), ()),
            notes=(self._note(alone=alone),),
            skipped=tuple(self.skipped),
        )  # fmt: skip

    def _note(self, *, alone: bool) -> str:
        shared = "" if alone else f"shares the network namespace of the Pod {self.name}"
        machine = "shares the network namespace of the machine" if self._host_network() else shared
        return f"{self.kind} {self.name}{': ' if machine else ''}{machine}"

    def _host_network(self) -> bool:
        return self._attempt("hostNetwork", lambda: self.pod.get("hostNetwork").truth(), instead=False)

    def _attempt(self, what: str, read: Callable[[], T], instead: T) -> T:
        try:
            return read()
        except ManifestError as error:
            self.skipped.append(Skipped(f"{what} of {self.name}", error.reason, error.origin, incomplete=False))
            return instead

    def _platform(self) -> str:
        labels = self.pod.get("nodeSelector")
        arch = next((found for label in _ARCH_LABELS if (found := labels.get(label).scalar())), "")
        return f"linux/{arch}" if re.fullmatch(r"[a-z0-9_]{1,20}", arch) else ""

    def _ports(self, value: Yaml) -> tuple[Port, ...]:
        nothing: tuple[Port, ...] = ()
        members: tuple[Yaml, ...] = self._attempt("ports", value.get("ports").list, ())
        return distinct(p for member in members for p in self._attempt("port", partial(_port, member), nothing))

    def _resource(self, value: Yaml, name: str, read: Callable[[str], T | None]) -> T | None:
        """What is requested, which is what a node must have free; else the limit, which then is requested."""
        stated = (value.get("resources", part, name).scalar() for part in ("requests", "limits"))
        return next((amount for text in stated if (amount := read(text)) is not None), None)

    def _devices(self, value: Yaml) -> Iterator[str]:
        """Extended resources, which have a domain in their names."""
        for part in ("limits", "requests"):
            for name, amount in value.get("resources", part).mapping().items():
                if "/" in name and quantity(amount.scalar()):
                    yield _clean(name)

    def _kernel(self, value: Yaml) -> Iterator[str]:
        context = value.get("securityContext")
        added = [member.scalar() for member in context.get("capabilities", "add").list()]
        if context.get("privileged").truth() or "ALL" in added:
            yield "privileged"
        for entry in self.pod.get("securityContext", "sysctls").list():
            yield _clean(f"sysctl {entry.get('name').scalar()}={entry.get('value').scalar()}")


def _port(value: Yaml) -> tuple[Port, ...]:
    stated = value.get("containerPort")
    return between(stated.scalar(), "", value.get("protocol").scalar() or "tcp", stated.origin)


def _clean(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text)[:SHOWN]


def is_manifest_name(name: str) -> bool:
    """Whether a file may hold manifests, by its name."""
    return name.endswith((".yaml", ".yml"))
