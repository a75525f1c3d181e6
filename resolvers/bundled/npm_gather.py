"""Gathers the npm packages of a service."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.bundled.bun_lock import BUN_LOCK, declare_bun_lock, read_bun_lock
from resolvers.bundled.declared import Declared
from resolvers.bundled.package_json import PACKAGE_JSON, Project, declare_project, is_for_development, read_project
from resolvers.bundled.package_lock import LOCKS, declare_lock, read_lock
from resolvers.bundled.pnpm_lock import PNPM_LOCK, declare_pnpm_lock, read_pnpm_lock
from resolvers.bundled.yarn_lock import YARN_LOCK, declare_yarn_lock, read_yarn_lock
from resolvers.discovery import FOR_DEVELOPMENT
from resolvers.seam import Gathered, Manifest, Wish
from resolvers.tree import Tree, join

ECOSYSTEM = "npm"
PNPM_WORKSPACE = "pnpm-workspace.yaml"
UNREAD = ("bun.lockb",)
"""Locks that are named in the report and not read."""

_KNOWN = (*LOCKS, YARN_LOCK, PNPM_LOCK, BUN_LOCK)
_IDLE_ALONE = (YARN_LOCK, PNPM_LOCK, BUN_LOCK)
"""Locks that make nothing of a folder without ``package.json``."""


class NpmGatherer:
    """Gathers ``package.json`` and its lock, also where a workspace's root holds the lock of all members."""

    ecosystem = ECOSYSTEM

    def manifests(self, tree: Tree, directory: str) -> tuple[Manifest, ...]:
        """``package.json`` and the locks beside it. A folder that only holds tools and workspaces is for
        development."""
        project = join(directory, PACKAGE_JSON)
        names = [name for name in (PACKAGE_JSON, *_KNOWN) if tree.exists(join(directory, name))]
        if all(name in _IDLE_ALONE for name in names):
            return ()
        suffix = f" {FOR_DEVELOPMENT}" if is_for_development(tree, project) else ""
        return tuple(Manifest(join(directory, name), f"{name}{suffix}") for name in names)

    def gather(self, tree: Tree, directory: str, wish: Wish) -> Gathered:
        """What is installed in production."""
        declared = Declared(ECOSYSTEM)
        manifests = self.manifests(tree, directory)
        if manifests:
            _Reading(tree, directory, declared).read()
        return declared.gathered(is_there=bool(manifests))


@dataclass(frozen=True, slots=True)
class _Reading:
    tree: Tree
    directory: str
    declared: Declared

    def read(self) -> None:
        """The project, then its lock; what cannot be read is noted."""
        path = join(self.directory, PACKAGE_JSON)
        project: Project | None = None
        if self.tree.exists(path):
            try:
                project, file = read_project(self.tree, path)
                declare_project(self.declared, project, file)
            except ManifestError as error:
                self.declared.skip(path, error.reason, error.origin)
                project = None
        for name in UNREAD:
            if self.tree.exists(lock := join(self.directory, name)):
                self.declared.skip(lock, f"is not read; {PACKAGE_JSON} is", Origin(lock))
        if found := self._lock():
            self.declared.attempt(found, lambda: self._read_lock(found, project))

    def _lock(self) -> str:
        """The lock of the folder, else that of the workspace that it is a member of; empty where there is none."""
        for folder in _upwards(self.directory):
            if folder != self.directory and not self._is_workspace(folder):
                continue
            for name in _KNOWN:
                if self.tree.exists(path := join(folder, name)):
                    return path
        return ""

    def _is_workspace(self, folder: str) -> bool:
        if self.tree.exists(join(folder, PNPM_WORKSPACE)):
            return True
        try:
            project, _ = read_project(self.tree, join(folder, PACKAGE_JSON))
        except ManifestError:
            return False
        return bool(project.workspaces)

    def _read_lock(self, path: str, project: Project | None) -> None:
        if path.endswith(YARN_LOCK):
            wanted = [(name, spec) for name, spec, _ in project.wanted()] if project is not None else []
            declare_yarn_lock(self.declared, read_yarn_lock(self.tree, path), wanted)
            return
        home = posixpath.dirname(path)
        importer = self.directory[len(home) :].lstrip("/")
        if path.endswith(PNPM_LOCK):
            declare_pnpm_lock(self.declared, read_pnpm_lock(self.tree, path), importer)
            return
        if path.endswith(BUN_LOCK):
            declare_bun_lock(self.declared, *read_bun_lock(self.tree, path), importer)
            return
        lock, file = read_lock(self.tree, path)
        if importer and importer not in (lock.packages or {}):
            return
        declare_lock(self.declared, lock, file, importer, alone=project is None)


def _upwards(directory: str) -> Iterator[str]:
    yield directory
    while directory:
        directory = posixpath.dirname(directory)
        yield directory
