"""Gathers one service's pip dependencies: its manifests read, and each lock told from its source."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.requirement import Requirement
from analyzer.service import DependencySet, Skipped
from resolvers.container.containerfile import read_recipe
from resolvers.container.image_python import image_python
from resolvers.container.places import recipe
from resolvers.pip import manifests as role
from resolvers.pip.declared import Choice, Context, Declared
from resolvers.pip.environments.installed import read_installed
from resolvers.pip.environments.zipped import read_zipped
from resolvers.pip.joined import attempt, join_declared, unique
from resolvers.pip.locks.service_lock import Lock, has_source, read_lock, stale
from resolvers.pip.projects.pipfile import read_pipfile
from resolvers.pip.projects.project import read_project
from resolvers.pip.python_version_file import read_python_version
from resolvers.pip.requirements.requirements_file import read_requirements_file
from resolvers.pip.target import DEFAULT_PYTHON, PYTHONS, admitted, nearest
from resolvers.pip.unoffered import unoffered
from resolvers.seam import Gathered, Manifest, Wish
from resolvers.tree import Tree

ECOSYSTEM = "pypi"

_BUNDLED: Mapping[str, Callable[[Context, str], Declared]] = {
    role.VIRTUALENV: read_installed,
    role.ZIPPED: read_zipped,
}
_TOOLS_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock")


class PipGatherer:
    """Gathers what belongs into a Python environment."""

    ecosystem = ECOSYSTEM

    def manifests(self, tree: Tree, directory: str) -> tuple[Manifest, ...]:
        """The pip manifests of a service's folder, its ``requirements`` folder included."""
        return tuple(role.recognise(tree, directory))

    def gather(self, tree: Tree, directory: str, wish: Wish) -> Gathered:
        """Read the manifests twice if need be: the first time shows which Python version is meant.

        Where they leave a choice, it is the version that the service's image brings."""
        pythons = (wish.platform.python,) if wish.platform.python else PYTHONS
        preferred = wish.platform.python or _brought(tree, directory, wish) or wish.preferred or DEFAULT_PYTHON
        first = self._read(_context(tree, wish, pythons, preferred), directory)
        allowed = tuple(p for p in admitted(first.interpreter) if p in pythons) or pythons
        chosen = nearest(allowed, preferred) or preferred
        if (allowed, chosen) == (pythons, preferred):
            return replace(first, python=chosen)
        again = self._read(_context(tree, wish, allowed, chosen), directory)
        return replace(again, interpreter=first.interpreter, python=chosen)

    def _read(self, context: Context, directory: str) -> Gathered:
        found = self.manifests(context.tree, directory)
        is_file = bool(directory) and not context.tree.is_folder(directory)
        folder = posixpath.dirname(directory) if is_file else directory
        declared = join_declared(_sources(context, folder, found))
        lock = read_lock(context, folder, found)
        bundled = [attempt(context, m.path, _BUNDLED[m.role]) for m in found if m.role in _BUNDLED]
        everything = join_declared(
            [declared, *bundled, *([lock.declared] if lock else []), read_python_version(context.tree, folder)]
        )
        is_declared = any(_declares(context.tree, m) for m in found)
        return Gathered(
            sets=tuple(_sets(declared, lock, bundled, is_declared=is_declared)),
            interpreter=everything.interpreter,
            skipped=unique(
                [
                    *everything.skipped,
                    *_notes(context, declared, lock),
                    *_left_out(found),
                    *(unoffered(context.choice, everything.offers, directory) if _tells_offers(found) else ()),
                ]
            ),
        )


def _brought(tree: Tree, directory: str, wish: Wish) -> str:
    """The Python version that the service's image brings; empty where none of ``PYTHONS`` is told."""
    meant = recipe(tree, directory, wish)
    try:
        base = read_recipe(tree, meant).base if meant else None
    except ManifestError:
        # Whoever gathers the image tells what cannot be read of it.
        return ""
    python = image_python(base.image.text) if base is not None and base.image.known else ""
    return python if python in PYTHONS else ""


def _context(tree: Tree, wish: Wish, pythons: tuple[str, ...], python: str) -> Context:
    return Context(tree, wish.platform, pythons, python, Choice(wish.extras, wish.groups), project=read_project)


def _declares(tree: Tree, manifest: Manifest) -> bool:
    """A compiled file whose source is gone is the only declaration there is."""
    if manifest.role == role.COMPILED:
        return not has_source(tree, manifest)
    return manifest.role in (role.PROJECT, "Pipfile", role.REQUIREMENTS)


def _tells_offers(found: Iterable[Manifest]) -> bool:
    """Whether the manifests tell which extras and groups there are: a tool's own lock alone may name
    only those of its project that have packages."""
    roles = {m.role for m in found}
    return roles.isdisjoint(_TOOLS_LOCKS) or not roles.isdisjoint({role.PROJECT, "Pipfile"})


def _sources(context: Context, folder: str, found: Iterable[Manifest]) -> Iterator[Declared]:
    """What the manifests declare; the files of one project count once."""
    declaring = [m for m in found if _declares(context.tree, m)]
    if any(m.role == role.PROJECT for m in declaring):
        yield read_project(context, folder, context.choice.extras)
    for manifest in declaring:
        if manifest.role != role.PROJECT:
            reader = read_pipfile if manifest.role == "Pipfile" else read_requirements_file
            yield attempt(context, manifest.path, reader)


def _sets(
    declared: Declared, lock: Lock | None, bundled: Sequence[Declared], *, is_declared: bool
) -> Iterator[DependencySet]:
    fixed = lock.declared.locked if lock else None
    unknown = unique([*declared.unknown, *(lock.declared.unknown if lock else ())])
    if declared.requirements or fixed is not None or unknown:
        # A service that is only a lock declares what the lock fixes.
        only_locked = () if is_declared else tuple(pin.as_requirement() for pin in fixed or ())
        yield DependencySet(
            ECOSYSTEM,
            tuple(_of_index(declared.requirements)) or only_locked,
            unique(fixed) if fixed is not None else None,
            closed=lock is not None and lock.declared.closed,
            unknown=unknown,
        )
    for inner in bundled:
        yield DependencySet(ECOSYSTEM, (), inner.locked or (), bundled=True, closed=inner.closed, unknown=inner.unknown)


def _of_index(requirements: Sequence[Requirement]) -> Iterator[Requirement]:
    """The requirements without those on a distribution that the service takes from a place of its own:
    whatever version is there, no index is asked for another."""
    placed = {r.package for r in requirements if r.source is not None and not r.marker}
    return (r for r in requirements if r.source is not None or r.package not in placed)


def _notes(context: Context, declared: Declared, lock: Lock | None) -> Iterable[Skipped]:
    if lock is None or lock.declared.locked is None:
        return ()
    return stale(context, _of_index(declared.requirements), lock)


def _left_out(found: Iterable[Manifest]) -> Iterator[Skipped]:
    for manifest in found:
        if manifest.role == role.DEVELOPMENT:
            reason = "is for development, by its name; list it in cohabit.toml to count it"
            yield Skipped(manifest.path, reason, Origin(manifest.path), incomplete=False)
