"""Gathers the Go modules of a service."""

from __future__ import annotations

from resolvers.bundled.declared import Declared
from resolvers.bundled.go_module import GO_MOD, GO_SUM, declare_module, declare_sums, read_module
from resolvers.bundled.go_workspace import GO_WORK, join_workspace
from resolvers.seam import Gathered, Manifest, Wish
from resolvers.tree import Tree, join

ECOSYSTEM = "golang"


class GoGatherer:
    """Gathers ``go.mod`` and ``go.sum``, in the workspace that they are part of. A static binary shares nothing
    with its neighbours."""

    ecosystem = ECOSYSTEM

    def manifests(self, tree: Tree, directory: str) -> tuple[Manifest, ...]:
        """``go.mod``, and ``go.sum`` beside it."""
        found = [name for name in (GO_MOD, GO_SUM) if tree.exists(join(directory, name))]
        return tuple(Manifest(join(directory, name), name) for name in found) if GO_MOD in found else ()

    def gather(self, tree: Tree, directory: str, wish: Wish) -> Gathered:
        """The modules that a build takes."""
        declared = Declared(ECOSYSTEM)
        manifests = self.manifests(tree, directory)
        if manifests:
            declared.attempt(manifests[0].path, lambda: _read(declared, tree, manifests))
        return declared.gathered(is_there=bool(manifests))


def _read(declared: Declared, tree: Tree, manifests: tuple[Manifest, ...]) -> None:
    module = read_module(tree, manifests[0].path)
    declared.attempt(GO_WORK, lambda: join_workspace(tree, manifests[0].path, module))
    declare_module(declared, module)
    for sums in manifests[1:]:
        declare_sums(declared, tree, sums.path, module)
