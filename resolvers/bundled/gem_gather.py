"""Gathers the gems of a Ruby service."""

from __future__ import annotations

from functools import partial

from resolvers.bundled.declared import Declared
from resolvers.bundled.gemfile import GEMFILES, Call, calls, declare_gem_lock, read_gem_lock
from resolvers.seam import Gathered, Manifest, Wish
from resolvers.tree import Tree, join

ECOSYSTEM = "gem"


class GemGatherer:
    """Gathers a Gemfile and its lock: Bundler loads the versions that are locked, and no others."""

    ecosystem = ECOSYSTEM

    def manifests(self, tree: Tree, directory: str) -> tuple[Manifest, ...]:
        """The Gemfile, and the lock beside it."""
        project = next((name for name in GEMFILES if tree.exists(join(directory, name))), "")
        names = [name for name in (project, GEMFILES.get(project, "")) if name and tree.exists(join(directory, name))]
        return tuple(Manifest(join(directory, name), name) for name in names)

    def gather(self, tree: Tree, directory: str, wish: Wish) -> Gathered:
        """The gems of production; what other groups need too is among them."""
        declared = Declared(ECOSYSTEM)
        manifests = self.manifests(tree, directory)
        found: list[Call] = []
        if manifests:
            declared.attempt(manifests[0].path, lambda: found.extend(calls(tree, manifests[0].path)))
        used = {call.name for call in found if not call.for_development}
        for call in found:
            if not call.for_development:
                declared.require(call.name, call.constraint, call.origin)
        left_out = frozenset(call.name for call in found) - used
        for lock in manifests[1:]:
            declared.attempt(lock.path, partial(_lock, declared, tree, lock.path, left_out))
        return declared.gathered(is_there=bool(manifests))


def _lock(declared: Declared, tree: Tree, path: str, left_out: frozenset[str]) -> None:
    declare_gem_lock(declared, read_gem_lock(tree, path), left_out)
