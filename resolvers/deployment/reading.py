"""All deployment files of a tree read, and what they say of one service joined."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.service import Skipped
from resolvers.container.places import recipes
from resolvers.deployment.compose import read_compose
from resolvers.deployment.compose_project import STEMS
from resolvers.deployment.deployed import Deployed, Deployment, Kind
from resolvers.deployment.image_source import Sources, built, located
from resolvers.deployment.kubernetes import is_manifest_name, read_kubernetes
from resolvers.deployment.ports import distinct
from resolvers.deployment.procfile import NAME as PROCFILE
from resolvers.deployment.procfile import read_procfile
from resolvers.deployment.skaffold import NAMES as SKAFFOLD
from resolvers.deployment.skaffold import Artifact, read_artifacts
from resolvers.deployment.systemd import ENDING as UNIT
from resolvers.deployment.systemd import read_unit
from resolvers.discovery import DEVELOPMENT_FOLDERS
from resolvers.tree import Tree, join

FILE_LIMIT = 5_000
"""Files that may be manifests and are looked at."""


@dataclass(frozen=True, slots=True)
class Walked:
    """What discovery saw: the ``folders`` that it entered, and those of them that hold manifests of ``services``."""

    folders: tuple[str, ...]
    services: tuple[str, ...]


def read_deployment(tree: Tree, walked: Walked) -> Deployment:
    """The services that the deployment files of a tree tell of. What cannot be read is in ``skipped``."""
    reading = _Reading(tree, walked)
    for folder in walked.folders:
        if DEVELOPMENT_FOLDERS.isdisjoint(folder.lower().split("/")):
            reading.look_into(folder)
    return reading.result()


@dataclass
class _Reading:
    tree: Tree
    walked: Walked
    files: int = 0
    deployed: dict[Kind, list[Deployed]] = field(default_factory=lambda: defaultdict(list))
    artifacts: list[Artifact] = field(default_factory=list)
    dockerfiles: dict[str, str] = field(default_factory=dict)
    skipped: list[Skipped] = field(default_factory=list)

    def look_into(self, folder: str) -> None:
        """Read the deployment files of a folder."""
        names = [name for name in self.tree.names(folder) if not self.tree.is_folder(join(folder, name))]
        if any("ockerfile" in name or "ontainerfile" in name for name in names) and (
            path := recipes(self.tree, folder).meant
        ):
            self.dockerfiles[folder] = path
        if any(name.startswith(STEMS) for name in names):
            self._keep(Kind.COMPOSE, lambda: read_compose(self.tree, folder))
        if PROCFILE in names:
            self._keep(Kind.PROCFILE, lambda: read_procfile(self.tree, folder))
        for name in names:
            self._look_at(join(folder, name), name)

    def _look_at(self, path: str, name: str) -> None:
        if self.files > FILE_LIMIT:
            return
        if name in SKAFFOLD:
            found, skipped = read_artifacts(self.tree, path)
            self.artifacts += found
            self.skipped += skipped
        elif name.endswith(UNIT):
            self._keep(Kind.SYSTEMD, lambda: read_unit(self.tree, path, self.walked.services))
        elif is_manifest_name(name) and not name.startswith(STEMS):
            self.files += 1
            self._keep(Kind.KUBERNETES, lambda: read_kubernetes(self.tree, path))
            if self.files == FILE_LIMIT:
                reason = f"there are more than {FILE_LIMIT} YAML files"
                self.skipped.append(Skipped("the rest of the YAML files", reason, Origin(path), incomplete=False))

    def _keep(self, kind: Kind, read: Callable[[], Deployment]) -> None:
        try:
            found = read()
        except ManifestError as error:
            self.skipped.append(Skipped(error.origin.file, error.reason, error.origin))
            return
        self.deployed[kind] += found.deployed
        self.skipped += found.skipped

    def result(self) -> Deployment:
        """Everything joined: one service for what several files tell of."""
        compose = self.deployed[Kind.COMPOSE]
        sources = Sources(built(compose), self.artifacts, self.dockerfiles)
        containers = [located(container, sources) for container in self._once(self.deployed[Kind.KUBERNETES])]
        joined = _joined(compose, containers)
        for kind in (Kind.SYSTEMD, Kind.PROCFILE):
            taken = {service.folder for service in joined}
            for service in self.deployed[kind]:
                if service.folder in taken:
                    reason = f"another deployment file tells of the service in {service.folder or '.'} too, and counts"
                    self.skipped.append(Skipped(service.origin.file, reason, service.origin, incomplete=False))
                else:
                    joined.append(service)
        return Deployment(tuple(_named_apart(joined)), tuple(dict.fromkeys(self.skipped)))

    def _once(self, containers: Sequence[Deployed]) -> Iterator[Deployed]:
        """Containers of one name once: overlays and releases repeat those of the base."""
        first: dict[str, Deployed] = {}
        for container in sorted(containers, key=lambda c: (c.origin.file.count("/"), c.origin.file, c.origin.line)):
            known = first.setdefault(container.name, container)
            if known is container:
                yield container
            elif known.origin.file != container.origin.file:
                reason = f"describes services that {known.origin.file} describes too, which counts"
                self.skipped.append(
                    Skipped(container.origin.file, reason, Origin(container.origin.file), incomplete=False)
                )


def _joined(compose: Sequence[Deployed], containers: Sequence[tuple[Deployed, str]]) -> list[Deployed]:
    """The services of Compose with what Kubernetes says of them, and its other containers.

    Where several containers run the image of one service, it is the one that has its name, else the first.
    """
    services, taken = list(compose), set[int]()
    for container, name in sorted(containers, key=lambda found: found[0].name != found[1]):
        place = next((n for n, s in enumerate(compose) if n not in taken and _are_one(s, container, name)), None)
        if place is None:
            services.append(container)
        else:
            services[place] = _both(services[place], container)
            taken.add(place)
    return services


def _are_one(service: Deployed, container: Deployed, name: str) -> bool:
    """Whether a container is a service of Compose: by the ``name`` of the one that it was found to be, or as an
    image under the same name."""
    if name:
        return service.name == name and service.folder == container.folder
    return service.name == container.name and service.folder is None and container.folder is None


def _both(one: Deployed, other: Deployed) -> Deployed:
    """A service of Compose and of Kubernetes: what runs in a cluster shares no machine that is known."""
    return replace(
        one,
        root=other.root,
        machine=other.machine,
        platform=one.platform or other.platform,
        recipe=one.recipe or other.recipe,
        ports=distinct((*one.ports, *other.ports)),
        memory=other.memory or one.memory,
        cpu=other.cpu or one.cpu,
        replicas=max(one.replicas, other.replicas),
        devices=tuple(dict.fromkeys((*one.devices, *other.devices))),
        kernel=tuple(dict.fromkeys((*one.kernel, *other.kernel))),
        notes=(*one.notes, *(f"{note} in {other.origin}" for note in other.notes)),
        skipped=tuple(dict.fromkeys((*one.skipped, *other.skipped))),
    )


def _named_apart(services: Iterable[Deployed]) -> Iterator[Deployed]:
    """Services of several projects under one name get the folder of their project into it."""
    every = tuple(services)
    count = Counter(service.name for service in every)
    taken: Counter[str] = Counter()
    for service in every:
        name = service.name if count[service.name] == 1 else f"{service.project}/{service.name}".strip("/")
        taken[name] += 1
        yield replace(service, name=name if taken[name] == 1 else f"{name}-{taken[name]}")
