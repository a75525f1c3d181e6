"""Services before they are read: what discovery found, deployment files tell of and configuration lists, joined.

docs/decisions/0014-deployment-files.md has the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase

from analyzer.demands import ANY_LINUX, ARCHITECTURE
from analyzer.origin import Origin
from analyzer.package import PYTHON
from analyzer.requirement import Requirement
from analyzer.service import Platform, Port, Service, Skipped
from cohabit.configuration import ConfigurationError
from cohabit.configuration_rule import Fault, did_you_mean, shown
from cohabit.settings import ServiceSettings, Settings
from resolvers.container.gather import DEVELOPMENT, DOCKERFILE, architecture
from resolvers.container.image import resolve
from resolvers.deployment.deployed import Deployed
from resolvers.discovery import Found
from resolvers.seam import Gatherer, Manifest, Recipe, Wish
from resolvers.tree import Tree

_STATED = (
    "owner", "trust", "memory", "cpu", "devices", "kernel", "run_seconds", "image_size", "unzipped_size", "stateful",
)  # fmt: skip
"""What configuration may say of a service in the same words."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A service that is to be read. ``path`` is None where none of its code is in the tree."""

    name: str
    path: str | None
    evidence: tuple[str, ...] = ()
    deployed: Deployed | None = None
    entry: ServiceSettings | None = None
    skipped: tuple[Skipped, ...] = ()


def drafts(
    tree: Tree, known: Sequence[Gatherer], found: Sequence[Found], deployed: Sequence[Deployed], settings: Settings
) -> tuple[Draft, ...]:
    """All services. Raises ConfigurationError where the configuration names what is none."""
    folders = _Folders(tree, known)
    told = [draft for draft in map(folders.draft, deployed) if not _is_excluded(draft, settings.exclude)]
    mentioned = {draft.path for draft in told} | set(_only_building(found, deployed))
    hint = ("no deployment file mentions it",) if any(draft.path is not None for draft in told) else ()
    names = {draft.name for draft in told}
    rest = [
        Draft(f"./{f.directory}" if f.directory in names else f.directory, f.directory, (*f.evidence, *hint))
        for f in found
        if f.directory not in mentioned
    ]
    return _Listed(folders, [*rest, *told]).applied(settings.services)


def _is_excluded(draft: Draft, patterns: Sequence[str]) -> bool:
    """Whether a service lies in a folder that is not to be looked into."""
    parts = draft.path.split("/") if draft.path else []
    above = ("/".join(parts[:count]) for count in range(1, len(parts) + 1))
    return any(fnmatchcase(path, pattern) for path in above for pattern in patterns)


def _only_building(found: Iterable[Found], deployed: Iterable[Deployed]) -> Iterator[str]:
    """Folders that hold nothing but the Dockerfile of a service whose code lies elsewhere."""
    building = {said.recipe.path for said in deployed if said.recipe}
    for item in found:
        if all(m.path in building or m.role == DEVELOPMENT for m in item.manifests):
            yield item.directory


def service_of(draft: Draft, settings: Settings) -> Service:
    """What is known of a service before it is read. Configuration goes before deployment files."""
    entry, said = draft.entry, draft.deployed
    default = settings.platform
    platform = Platform("", default.os, default.arch)
    if entry is not None:
        platform = Platform(entry.python, entry.os or default.os, entry.arch or default.arch)
    made = Service(draft.name, draft.path or "", platform, skipped=draft.skipped, evidence=draft.evidence)
    if said is not None:
        made = _deployed(made, said, draft, chosen=bool(entry and entry.arch))
    return _configured(made, entry) if entry is not None else made


def wish_of(draft: Draft, service: Service) -> Wish:
    """What gathering is to know of a service."""
    chosen = (draft.entry.extras, draft.entry.groups) if draft.entry is not None else ((), ())
    return Wish(service.platform, "", *chosen, recipe=draft.deployed.recipe if draft.deployed else None)


def _deployed(service: Service, said: Deployed, draft: Draft, *, chosen: bool) -> Service:
    arch = "" if chosen else _architecture(said)
    ready_made = said.image if said.folder is None else ""
    platform = service.platform
    if draft.path is None:
        # Which distribution an image has concerns nobody: its root filesystem is its own.
        platform = replace(platform, os=ANY_LINUX)
    # What is built tells its architecture as its Dockerfile does.
    fixed = (Requirement(ARCHITECTURE, arch, said.origin),) if arch and said.recipe is None else ()
    return replace(
        service,
        platform=replace(platform, arch=arch or platform.arch) if fixed else platform,
        base=fixed,
        image=ready_made,
        ports=said.ports,
        memory=said.memory,
        cpu=said.cpu,
        replicas=said.replicas,
        devices=said.devices,
        kernel=said.kernel,
    )


def _architecture(said: Deployed) -> str:
    known = resolve(said.image) if said.folder is None else None
    return architecture(said.platform) or (known.architecture if known else "")


def _configured(service: Service, entry: ServiceSettings) -> Service:
    fixed = (Requirement(PYTHON, f"=={entry.python}.*", entry.origin),) if entry.python else ()
    ports = tuple(Port(number, entry.ports_origin or entry.origin) for number in entry.ports)
    stated = {name: value for name in _STATED if (value := getattr(entry, name)) not in (None, "", ())}
    replicas = entry.replicas if entry.replicas > 1 else service.replicas
    return replace(service, interpreter=fixed, ports=ports or service.ports, replicas=replicas, **stated)


@dataclass(frozen=True, slots=True)
class _Folders:
    """The folders of a tree, and what the gatherers see in them."""

    tree: Tree
    known: Sequence[Gatherer]

    def manifests(self, path: str) -> tuple[Manifest, ...]:
        """The manifests of a folder, each once."""
        return tuple(dict.fromkeys(m for gatherer in self.known for m in gatherer.manifests(self.tree, path)))

    def draft(self, said: Deployed) -> Draft:
        """The draft of a service that a deployment file tells of."""
        told = f"{said.kind} service in {said.origin}"
        notes = (told, *said.notes)
        if said.folder is None:
            evidence = (*notes, f"runs the image {said.image}")
            return Draft(said.name, None, evidence, said, skipped=(*said.skipped, *_unseen(said)))
        path = self._code(said.folder, said.recipe)
        manifests = self.manifests(path)
        evidence = (*notes, *Found(path, manifests).evidence)
        missing = not manifests and not (said.recipe and self.tree.exists(said.recipe.path))
        reason = "holds no manifest that is known" if self.tree.exists(path) else "is not there"
        unknown = (Skipped(path or ".", reason, said.origin),) if missing else ()
        return Draft(said.name, path, evidence, said, skipped=(*said.skipped, *unknown))

    def _code(self, context: str, recipe: Recipe | None) -> str:
        """Where the code lies: several services of a repository are often built with all of it as context, each
        by a Dockerfile in its own folder."""
        own = recipe.path.rpartition("/")[0] if recipe else context
        if own == context or self._has_code(own) or not self._has_code(context):
            return own
        return context

    def _has_code(self, path: str) -> bool:
        return any(m.role not in (DOCKERFILE, DEVELOPMENT) for m in self.manifests(path))


def _unseen(said: Deployed) -> tuple[Skipped, ...]:
    """An image that is taken as it is. Nothing but its own container has to do with what it holds."""
    if any(skipped.incomplete for skipped in said.skipped):
        return ()
    reason = "was not looked into and keeps to itself; to count its packages list a bill of materials as its path"
    return (Skipped(f"image {said.image}", reason, said.origin, incomplete=False),)


class _Listed:
    """Applies the services that configuration lists to those that are known."""

    def __init__(self, folders: _Folders, known: Sequence[Draft]) -> None:
        self._folders = folders
        self._known = list(known)
        self._faults: list[Fault] = []

    def applied(self, entries: Iterable[ServiceSettings]) -> tuple[Draft, ...]:
        """The known services with what is said of them, and those that only configuration knows."""
        for entry in entries:
            self._apply(entry)
        if self._faults:
            raise ConfigurationError(self._faults)
        return tuple(self._known)

    def _apply(self, entry: ServiceSettings) -> None:
        places = list(self._meant(entry))
        for place in places:
            draft = self._known[place]
            moved = entry.path is not None and draft.path != entry.path
            described = replace(draft, name=entry.name or draft.name, entry=entry)
            self._known[place] = self._at(described, entry.path or "") if moved else described
        if not places and entry.path is not None:
            self._known.append(self._added(entry, entry.path))
        elif not places:
            names = [draft.name for draft in self._known]
            reason = f"name: there is no service {shown(entry.name)}{did_you_mean(entry.name, names)}"
            self._faults.append((entry.origin, reason))

    def _meant(self, entry: ServiceSettings) -> Iterator[int]:
        """The services that an entry is about: of those in its folder the one of its name, else all if none was
        described before; without a folder, or for an image, the one of its name."""
        named = [n for n, draft in enumerate(self._known) if draft.name == entry.name and draft.entry is None]
        here = [n for n, draft in enumerate(self._known) if entry.path is not None and draft.path == entry.path]
        of_both = [n for n in named if n in here]
        if of_both or entry.path is None:
            yield from of_both or named
        elif here:
            free = [n for n in here if self._known[n].entry is None]
            yield from free if len(here) == 1 or not entry.name else ()
        else:
            yield from (n for n in named if self._known[n].deployed is not None)

    def _added(self, entry: ServiceSettings, path: str) -> Draft:
        return self._at(Draft(entry.name or path, path, entry=entry), path)

    def _at(self, draft: Draft, path: str) -> Draft:
        """A service in the folder that configuration says."""
        manifests = self._folders.manifests(path)
        origin = draft.entry.origin if draft.entry else Origin(path)
        evidence = (f"listed in {origin}", *draft.evidence, *Found(path, manifests).evidence)
        # What nothing is known of must not pass for something that needs nothing.
        unknown = Skipped(path or ".", "holds no manifest that is known", origin)
        said = replace(draft.deployed, folder=path, recipe=None) if draft.deployed else None
        skipped = said.skipped if said else ()
        return replace(
            draft, path=path, evidence=evidence, deployed=said, skipped=skipped if manifests else (*skipped, unknown)
        )
