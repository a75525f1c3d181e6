"""Compose files: each service its own container, all of a project on one machine (Compose specification)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from functools import partial
from typing import TypeVar

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.service import Port, Skipped
from resolvers.credentials import without_credentials
from resolvers.deployment.amount import binary_bytes, copies, cores
from resolvers.deployment.compose_merge import expanded
from resolvers.deployment.compose_project import FOLDER, compose_files, read_project
from resolvers.deployment.deployed import Deployed, Deployment, Kind
from resolvers.deployment.place import place
from resolvers.deployment.ports import distinct, published
from resolvers.deployment.yaml_file import Tag, Yaml
from resolvers.seam import Recipe
from resolvers.tree import Tree

GPU = "nvidia.com/gpu"
"""What Kubernetes calls a graphics processor of the kind that Compose's ``gpu`` capability asks for."""
SHOWN = 200

T = TypeVar("T")

_REMOTE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://|git@|github\.com/")
"""What begins a context that is no folder (Docker: "Remote context")."""
_PLATFORM = re.compile(r"[a-z0-9_]{1,20}(?:/[a-z0-9_]{1,20}){1,2}")
_SHARED = re.compile(r"(service|container):(.+)")


def read_compose(tree: Tree, folder: str) -> Deployment:
    """The services of the Compose project in a folder; none where there is no Compose file."""
    files = compose_files(tree, folder)
    if files is None:
        return Deployment()
    skipped = [_unread(path, files.read) for path in files.others]
    if not files.read:
        return Deployment((), tuple(skipped))
    project = read_project(tree, folder, files.read)
    deployed: list[Deployed] = []
    for name, service in project.services.items():
        try:
            deployed.append(_Reading(name, service, folder).deployed())
        except ManifestError as error:
            skipped.append(Skipped(f"service {name}", error.reason, error.origin))
    return Deployment(tuple(deployed), (*project.skipped, *skipped))


def _unread(path: str, read: tuple[str, ...]) -> Skipped:
    instead = f"beside {', '.join(read)} it" if read else "nothing says which Compose file of the folder holds: it"
    reason = f"{instead} counts only where COMPOSE_FILE in .env names it"
    return Skipped(path, reason, Origin(path), incomplete=False)


class _Reading:
    """Reads one service. What is wrong with one part of it costs that part only."""

    def __init__(self, name: str, service: Yaml, project: str) -> None:
        self._name = name
        self._service = service
        self._project = project
        self._build = expanded("build", service.get("build"))
        self._skipped: list[Skipped] = []

    def deployed(self) -> Deployed:
        """The service. Raises ManifestError where it is no mapping, or has neither a build nor an image."""
        service = self._service
        image = _shown(service.get("image"))
        platform = self._attempt("platform", lambda: service.get("platform").scalar(), "")
        platform = platform if _PLATFORM.fullmatch(platform) else ""
        if not image and service.get("build").is_null:
            raise ManifestError(service.origin, "has neither an image nor a build")
        folder = self._attempt("build", self._folder, None)
        recipe = self._attempt("build", lambda: self._recipe(folder, platform), None) if folder is not None else None
        return Deployed(
            self._name, Kind.COMPOSE, service.origin, self._project,
            root=f"{self._project}\0{self._name}",
            machine=self._project or ".",
            folder=folder,
            recipe=recipe,
            image=image or ("" if folder is not None else _shown(self._build.get("context"))),
            platform=platform,
            ports=self._ports(),
            memory=self._attempt("memory", self._memory, None),
            cpu=self._attempt("cpu", self._cpu, None),
            replicas=self._attempt("replicas", self._replicas, 1),
            devices=self._attempt("devices", lambda: tuple(dict.fromkeys(self._devices())), ()),
            kernel=self._attempt("kernel", lambda: tuple(dict.fromkeys(self._kernel())), ()),
            notes=self._attempt("notes", lambda: tuple(self._notes()), ()),
            skipped=tuple(self._skipped),
        )  # fmt: skip

    def _attempt(self, what: str, read: Callable[[], T], instead: T) -> T:
        try:
            return read()
        except ManifestError as error:
            incomplete = what == "build"
            self._skipped.append(Skipped(f"{what} of {self._name}", error.reason, error.origin, incomplete=incomplete))
            return instead

    def _folder(self) -> str | None:
        """The context of its build."""
        if self._build.is_null:
            return None
        context = self._build.get("context")
        if _REMOTE.match(context.scalar()):
            raise ManifestError(context.origin, "is built from outside of the audited folder")
        return place(self._build.get(FOLDER).scalar() or self._project, context, ".")

    def _recipe(self, folder: str, platform: str) -> Recipe:
        inline = self._build.get("dockerfile_inline")
        if not inline.is_null:
            raise ManifestError(inline.origin, "is a Dockerfile inside of the Compose file, which is not read")
        arguments = expanded("args", self._build.get("args")).mapping()
        return Recipe(
            place(folder, self._build.get("dockerfile"), "Dockerfile"),
            folder,
            _clean(self._build.get("target").scalar()),
            # An argument without a value is taken from the environment that nobody knows here.
            tuple((name, given.scalar()) for name, given in arguments.items() if not given.is_null),
            platform,
        )

    def _ports(self) -> tuple[Port, ...]:
        nothing: tuple[Port, ...] = ()
        members: list[Yaml] = []
        for key in ("ports", "expose"):
            members += self._attempt(key, self._service.get(key).list, ())
        return distinct(p for member in members for p in self._attempt("port", partial(published, member), nothing))

    def _memory(self) -> int | None:
        resources, service = self._service.get("deploy", "resources"), self._service
        stated = (
            resources.get("reservations", "memory"), service.get("mem_reservation"),
            resources.get("limits", "memory"), service.get("mem_limit"),
        )  # fmt: skip
        return next((size for value in stated if (size := binary_bytes(value.scalar()))), None)

    def _cpu(self) -> float | None:
        resources = self._service.get("deploy", "resources")
        stated = (resources.get("reservations", "cpus"), resources.get("limits", "cpus"), self._service.get("cpus"))
        return next((number for value in stated if (number := cores(value.scalar()))), None)

    def _replicas(self) -> int:
        deploy = self._service.get("deploy")
        stated = deploy.get("replicas").scalar() or self._service.get("scale").scalar()
        return copies(stated)

    def _devices(self) -> Iterator[str]:
        for device in self._service.get("devices").list():
            source = device.get("source").scalar() if device.tag is Tag.MAP else device.scalar().partition(":")[0]
            yield _clean(source)
        reserved = self._service.get("deploy", "resources", "reservations", "devices").list()
        wanted = [c.scalar() for device in reserved for c in device.get("capabilities").list()]
        if "gpu" in wanted or not self._service.get("gpus").is_null:
            yield GPU
        if self._service.get("runtime").scalar() == "nvidia":
            yield GPU

    def _kernel(self) -> Iterator[str]:
        added = [member.scalar() for member in self._service.get("cap_add").list()]
        if self._service.get("privileged").truth() or "ALL" in added:
            yield "privileged"
        for name, value in expanded("sysctls", self._service.get("sysctls")).mapping().items():
            yield _clean(f"sysctl {name}={value.scalar()}")

    def _notes(self) -> Iterator[str]:
        for key, what in (("network_mode", "network"), ("pid", "process"), ("ipc", "IPC")):
            mode = self._service.get(key).scalar()
            if shared := _SHARED.fullmatch(mode):
                yield _clean(f"shares the {what} namespace of {shared[2]}")
            elif mode == "host":
                yield f"shares the {what} namespace of the machine"
        profiles = [member.scalar() for member in self._service.get("profiles").list()]
        if profiles:
            yield _clean(f"starts in the profile {', '.join(profiles)} only")


def _shown(value: Yaml) -> str:
    """A name, without what is left of a variable that nothing sets."""
    text = without_credentials(value.text[: 4 * SHOWN]).partition("?")[0] if value.is_scalar else ""
    return _clean(text.strip("/:") if value.unset else text)


def _clean(text: str) -> str:
    return "".join(char if char.isprintable() else "?" for char in text)[:SHOWN]
