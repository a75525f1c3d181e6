"""The services of a Compose project: its files read together, with what they include and extend."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.service import Skipped
from resolvers.deployment.compose_merge import expanded, merged
from resolvers.deployment.interpolation import interpolated, read_environment
from resolvers.deployment.place import place
from resolvers.deployment.yaml_file import Tag, Yaml, read_yaml
from resolvers.tree import Tree, join

ENVIRONMENT_FILE = ".env"
FILE_LIMIT = 50
"""Files that one project may be made of."""
DEPTH_LIMIT = 20
"""Services that extend one another, and files that include one another."""
SERVICE_LIMIT = 1_000

_READ = frozenset(
    {"image", "build", "ports", "expose", "deploy", "mem_limit", "mem_reservation", "cpus", "scale", "platform"}
)
"""What is of interest of a service, so that a variable in it is."""
STEMS = ("compose", "docker-compose")
_ENDINGS = (".yaml", ".yml")
_NAME = re.compile(r"[A-Za-z0-9._-]{1,253}")
FOLDER = "\0folder"
"""A key that no file can have: the folder that a build's context is relative to."""


@dataclass(frozen=True, slots=True)
class Project:
    """The services of a project by name, as they are once all is merged, and what was left out."""

    folder: str
    services: Mapping[str, Yaml]
    skipped: tuple[Skipped, ...] = ()


@dataclass(frozen=True, slots=True)
class Files:
    """The Compose files of a folder: those read together, in their order, and the ``others``."""

    read: tuple[str, ...]
    others: tuple[str, ...] = ()


def compose_files(tree: Tree, folder: str) -> Files | None:
    """Which files of a folder make its project: those that ``COMPOSE_FILE`` in ``.env`` names, else the plain one
    and its override (Compose specification, "The Compose file"). None where there is no Compose file."""
    named = [name for name in tree.names(folder) if _is_compose(name) and not tree.is_folder(join(folder, name))]
    if not named:
        return None
    plain = [f"{stem}{ending}" for stem in STEMS for ending in _ENDINGS]
    over = [f"{stem}.override{ending}" for stem in STEMS for ending in _ENDINGS]
    chosen = _stated(tree, folder)
    if not chosen:
        base = [name for name in plain if name in named][:1]
        chosen = [*base, *([name for name in over if name in named][:1] if base else [])]
    if not chosen:
        chosen = named if len(named) == 1 else []
    others = tuple(join(folder, name) for name in named if name not in chosen)
    return Files(tuple(_within(folder, name) for name in chosen), others)


def _stated(tree: Tree, folder: str) -> list[str]:
    try:
        variables = read_environment(tree, join(folder, ENVIRONMENT_FILE))
    except ManifestError:
        return []
    separator = variables.get("COMPOSE_PATH_SEPARATOR") or ":"
    return [name.strip() for name in variables.get("COMPOSE_FILE", "").split(separator) if name.strip()]


def _is_compose(name: str) -> bool:
    stem = next((stem for stem in STEMS if name.startswith((f"{stem}.", f"{stem}-"))), "")
    return bool(stem) and name.endswith(_ENDINGS)


def _within(folder: str, path: str) -> str:
    try:
        return join(folder, path)
    except ManifestError:
        return path


def read_project(tree: Tree, folder: str, paths: Sequence[str]) -> Project:
    """The project in ``folder`` that is made of the files at ``paths``. What cannot be read is in ``skipped``."""
    loader = _Loader(tree)
    services = loader.load(_Scope(folder, loader.variables(folder, ())), paths, 0)
    read = (value for service in services.values() for key, value in service.entries.items() if key in _READ)
    unset = dict.fromkeys(name for value in read for name in _unset(value))
    if unset:
        shown = ", ".join(list(unset)[:10]) + (" and more" if len(unset) > 10 else "")
        reason = f"nothing in the audited folder sets {shown}: they count as empty"
        loader.skipped.append(Skipped("variables", reason, Origin(paths[0]), incomplete=False))
    return Project(folder, services, tuple(dict.fromkeys(loader.skipped)))


def _unset(value: Yaml) -> Iterator[str]:
    yield from value.unset
    for child in (*value.members, *value.entries.values()):
        yield from _unset(child)


@dataclass(frozen=True, slots=True)
class _Scope:
    """What paths and variables of a file refer to."""

    folder: str
    variables: Mapping[str, str]


@dataclass
class _Loader:
    tree: Tree
    skipped: list[Skipped] = field(default_factory=list)
    _files: dict[str, Yaml] = field(default_factory=dict)
    _open: set[tuple[str, ...]] = field(default_factory=set)

    def load(self, scope: _Scope, paths: Sequence[str], depth: int) -> dict[str, Yaml]:
        """The services of files that are read together, with those that they include."""
        if depth > DEPTH_LIMIT or tuple(paths) in self._open:
            raise ManifestError(Origin(paths[0]), "includes itself")
        self._open.add(tuple(paths))
        services: dict[str, Yaml] = {}
        included: dict[str, Yaml] = {}
        for path in paths:
            try:
                file = self._file(path)
                found = self._services(file, scope, path)
                for entry in _members(file.get("include")):
                    included |= self._included(interpolated(entry, scope.variables), scope, depth)
            except ManifestError as error:
                self._skip(path, error)
                continue
            for name, service in found.items():
                services[name] = merged(services[name], service) if name in services else service
        self._open.discard(tuple(paths))
        return included | services

    def variables(self, folder: str, files: Sequence[str]) -> Mapping[str, str]:
        """What the ``.env`` of a project sets, or the files named instead of it."""
        found: dict[str, str] = {}
        for path in files or (join(folder, ENVIRONMENT_FILE),):
            try:
                found |= read_environment(self.tree, path)
            except ManifestError as error:
                self._skip(path, error)
        return found

    def _included(self, entry: Yaml, scope: _Scope, depth: int) -> dict[str, Yaml]:
        """The services of one member of ``include``, a project with a folder of its own."""
        stated = entry if entry.tag is Tag.MAP else replace(entry, tag=Tag.MAP, entries={"path": entry})
        paths = [place(scope.folder, path) for path in _members(stated.get("path"))]
        if not paths:
            raise ManifestError(entry.origin, "includes no path")
        own = stated.get("project_directory")
        folder = paths[0].rpartition("/")[0] if own.is_null else place(scope.folder, own)
        files = [place(scope.folder, path) for path in _members(stated.get("env_file"))]
        # Variables of the including project go before those of the included one.
        variables = {**self.variables(folder, files), **scope.variables}
        return self.load(_Scope(folder, variables), paths, depth + 1)

    def _services(self, file: Yaml, scope: _Scope, path: str) -> dict[str, Yaml]:
        found: dict[str, Yaml] = {}
        services = file.get("services").mapping()
        if len(services) > SERVICE_LIMIT:
            raise ManifestError(Origin(path), f"has more than {SERVICE_LIMIT} services")
        for name, service in services.items():
            try:
                if _NAME.fullmatch(name) is None:
                    raise ManifestError(service.origin, "has a name that Compose does not allow")
                found[name] = self._extended(services, name, scope, path, 0)
            except ManifestError as error:
                self._skip(f"service {name if _NAME.fullmatch(name) else '?'}", error)
        return found

    def _extended(self, services: Mapping[str, Yaml], name: str, scope: _Scope, path: str, depth: int) -> Yaml:
        """A service as its file has it, laid over what it extends."""
        if depth > DEPTH_LIMIT:
            raise ManifestError(Origin(path), f"service {name} extends itself")
        service = self._placed(interpolated(services[name], scope.variables), scope)
        stated = expanded("extends", service.get("extends"))
        base = stated.get("service").scalar()
        if not base:
            return service
        where, others = path, services
        inner = scope
        if not stated.get("file").is_null:
            where = place(scope.folder, stated.get("file"))
            inner = _Scope(where.rpartition("/")[0], scope.variables)
            others = self._file(where).get("services").mapping()
        if base not in others:
            raise ManifestError(stated.origin, f"extends {base}, which is no service of {where}"[:200])
        return merged(self._extended(others, base, inner, where, depth + 1), service)

    def _placed(self, service: Yaml, scope: _Scope) -> Yaml:
        """A service whose context knows its folder: what extends it may lie elsewhere."""
        build = expanded("build", service.get("build"))
        if build.tag is not Tag.MAP or build.get("context").is_null:
            return service
        placed = replace(build, entries={**build.entries, FOLDER: Yaml(Tag.STR, build.origin, scope.folder)})
        return replace(service, entries={**service.entries, "build": placed})

    def _file(self, path: str) -> Yaml:
        if path not in self._files:
            if len(self._files) >= FILE_LIMIT:
                raise ManifestError(Origin(path), f"is one of more than {FILE_LIMIT} files of a project")
            self._files[path] = read_yaml(self.tree, path)
        return self._files[path]

    def _skip(self, what: str, error: ManifestError) -> None:
        self.skipped.append(Skipped(what, error.reason, error.origin))


def _members(value: Yaml) -> tuple[Yaml, ...]:
    """A list, or what stands for a list of one."""
    return value.members if value.tag is Tag.LIST else () if value.is_null else (value,)
