"""Gathers the Composer packages of a PHP service (getcomposer.org/doc/04-schema.md)."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from analyzer.errors import ManifestError
from analyzer.requirement import Source
from resolvers.bundled.declared import Declared, shown
from resolvers.discovery import FOR_DEVELOPMENT
from resolvers.json_file import read_json
from resolvers.seam import Gathered, Manifest, Wish
from resolvers.tree import Tree, join

ECOSYSTEM = "composer"
COMPOSER_JSON = "composer.json"
COMPOSER_LOCK = "composer.lock"

_PLATFORM = re.compile(r"(?:php(?:-.*)?|hhvm|(?:ext|lib)-.*|composer(?:-(?:plugin|runtime)-api)?)", re.IGNORECASE)
"""What is no package but a part of the platform (getcomposer.org/doc/01-basic-usage.md, "Platform packages")."""


class Project(msgspec.Struct):
    """``composer.json``. PHP writes an empty object as an empty list."""

    require: dict[str, str] | list[Any] = {}
    require_dev: dict[str, Any] | list[Any] = msgspec.field(name="require-dev", default_factory=dict)


class Repository(msgspec.Struct):
    """Where a package's code lies."""

    type: str = ""
    url: str = ""
    reference: str | None = None


class Locked(msgspec.Struct):
    """One package. ``dist`` is its archive, which what comes from a repository may lack."""

    name: str
    version: str
    source: Repository | None = None
    dist: Any = None


class Lock(msgspec.Struct):
    """``composer.lock``; ``packages-dev`` is not installed in production."""

    packages: list[Locked] = []


class ComposerGatherer:
    """Gathers ``composer.json`` and ``composer.lock``: the packages lie in the service's own ``vendor``."""

    ecosystem = ECOSYSTEM

    def manifests(self, tree: Tree, directory: str) -> tuple[Manifest, ...]:
        """Both files. Where nothing but tools is needed the folder is for development."""
        names = [name for name in (COMPOSER_JSON, COMPOSER_LOCK) if tree.exists(join(directory, name))]
        suffix = f" {FOR_DEVELOPMENT}" if _is_for_development(tree, join(directory, COMPOSER_JSON)) else ""
        return tuple(Manifest(join(directory, name), f"{name}{suffix}") for name in names)

    def gather(self, tree: Tree, directory: str, wish: Wish) -> Gathered:
        """What is installed in production."""
        declared = Declared(ECOSYSTEM)
        manifests = self.manifests(tree, directory)
        for manifest in manifests:
            read = _lock if manifest.path.endswith(COMPOSER_LOCK) else _project
            try:
                read(declared, tree, manifest.path)
            except ManifestError as error:
                declared.skip(manifest.path, error.reason, error.origin)
        return declared.gathered(is_there=bool(manifests))


def _is_for_development(tree: Tree, path: str) -> bool:
    try:
        project = read_json(tree, path).convert(Project) if tree.exists(path) else Project()
    except ManifestError:
        return False
    return bool(project.require_dev) and not project.require


def _project(declared: Declared, tree: Tree, path: str) -> None:
    file = read_json(tree, path)
    required = file.convert(Project).require
    for name, constraint in required.items() if isinstance(required, dict) else ():
        if not _PLATFORM.fullmatch(name):
            declared.require(name, constraint, file.origin("require", name))


def _lock(declared: Declared, tree: Tree, path: str) -> None:
    declared.locked = []
    file = read_json(tree, path)
    for number, package in enumerate(file.convert(Lock).packages):
        origin, place = file.origin("packages", number, "name"), package.source
        source = None
        if package.dist is None and place is not None and place.type == "git":
            source = Source("git", shown(place.url), shown(place.reference or ""))
        declared.lock(package.name, package.version, origin, source)
