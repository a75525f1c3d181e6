"""Gathers what a Deno project takes from npm and JSR (docs.deno.com/runtime/fundamentals/modules)."""

from __future__ import annotations

import re
from typing import Any

import msgspec

from analyzer.errors import ManifestError
from resolvers.bundled.declared import Declared
from resolvers.bundled.npm_gather import ECOSYSTEM
from resolvers.json_file import JsonFile, read_json, read_jsonc
from resolvers.seam import Gathered, Manifest, Wish
from resolvers.tree import Tree, join

PROJECTS = ("deno.json", "deno.jsonc")
DENO_LOCK = "deno.lock"

_SPECIFIER = re.compile(r"(npm|jsr):/?(@[^/@]+/[^/@]+|[^/@]+)(?:@([^/]*))?(?:/.*)?", re.DOTALL)
_EXACT = re.compile(r"(@?[^@]+)@([^_]+)(?:_.*)?", re.DOTALL)


class Project(msgspec.Struct):
    """``deno.json``: bare names, and what they are imported as."""

    imports: dict[str, Any] = {}


class Modules(msgspec.Struct):
    """Packages by ``name@version``."""

    npm: dict[str, Any] = {}
    jsr: dict[str, Any] = {}


class Lock(Modules):
    """``deno.lock``; version 3 has the packages one level further down."""

    packages: Modules | None = None


class DenoGatherer:
    """Gathers ``deno.json`` and ``deno.lock``. A module of JSR has the name that JSR's own npm registry gives it
    (``@jsr/std__path``)."""

    ecosystem = ECOSYSTEM

    def manifests(self, tree: Tree, directory: str) -> tuple[Manifest, ...]:
        """``deno.json`` or ``deno.jsonc``, and the lock beside it."""
        project = next((name for name in PROJECTS if tree.exists(join(directory, name))), "")
        names = [name for name in (project, DENO_LOCK) if project and tree.exists(join(directory, name))]
        return tuple(Manifest(join(directory, name), name) for name in names)

    def gather(self, tree: Tree, directory: str, wish: Wish) -> Gathered:
        """The modules that are imported, and what the lock fixes."""
        declared = Declared(ECOSYSTEM)
        manifests = self.manifests(tree, directory)
        for manifest in manifests:
            read = _lock if manifest.role == DENO_LOCK else _project
            try:
                read(declared, tree, manifest.path)
            except ManifestError as error:
                declared.skip(manifest.path, error.reason, error.origin)
        return declared.gathered(is_there=bool(manifests))


def _project(declared: Declared, tree: Tree, path: str) -> None:
    file = read_jsonc(tree, path)
    for name, target in file.convert(Project).imports.items():
        found = _SPECIFIER.fullmatch(target) if isinstance(target, str) else None
        if found is not None:
            declared.require(_name(found[1], found[2]), found[3] or "", file.origin("imports", name))


def _lock(declared: Declared, tree: Tree, path: str) -> None:
    declared.locked = []
    file = read_json(tree, path)
    lock = file.convert(Lock)
    nested = lock.packages
    for kind, keys in (("npm", (nested or lock).npm), ("jsr", (nested or lock).jsr)):
        for key in keys:
            _declare(declared, file, kind, key, *(("packages",) if nested else ()))


def _declare(declared: Declared, file: JsonFile, kind: str, key: str, *above: str) -> None:
    found = _EXACT.fullmatch(key)
    origin = file.origin(*above, kind, key)
    if found is None:
        declared.skip(key, "is no name with a version", origin)
    else:
        declared.lock(_name(kind, found[1]), found[2], origin)


def _name(kind: str, name: str) -> str:
    return name if kind == "npm" else f"@jsr/{name.removeprefix('@').replace('/', '__')}"
