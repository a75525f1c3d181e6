"""Gathers one service's pip dependencies: its manifests read, and each lock told from its source."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeVar

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.service import DependencySet, Skipped
from resolvers.pip import manifests as role
from resolvers.pip.compiled import compiled_from, lock_of, unfixed
from resolvers.pip.declared import Choice, Context, Declared
from resolvers.pip.installed import read_installed
from resolvers.pip.pdm_lock import read_pdm_lock
from resolvers.pip.pipfile import read_pipfile
from resolvers.pip.pipfile_lock import read_pipfile_lock
from resolvers.pip.poetry_lock import read_poetry_lock
from resolvers.pip.project import read_project
from resolvers.pip.pylock import read_pylock
from resolvers.pip.python_version_file import read_python_version
from resolvers.pip.requirements_file import read_requirements_file
from resolvers.pip.target import DEFAULT_PYTHON, PYTHONS, admitted, nearest
from resolvers.pip.uv_lock import read_uv_lock
from resolvers.pip.wheelhouse import read_wheelhouse
from resolvers.pip.zipped import read_zipped
from resolvers.seam import Gathered, Manifest, Wish
from resolvers.tree import Tree, join

ECOSYSTEM = "pypi"
T = TypeVar("T")
_LOCKS: Mapping[str, Callable[[Context, str], Declared]] = {
    "uv.lock": read_uv_lock,
    "poetry.lock": read_poetry_lock,
    "pdm.lock": read_pdm_lock,
    role.PYLOCK: read_pylock,
    "Pipfile.lock": read_pipfile_lock,
}
"""Lock files, the one that counts first where a directory has several."""

_BUNDLED: Mapping[str, Callable[[Context, str], Declared]] = {
    role.VIRTUALENV: read_installed,
    role.ZIPPED: read_zipped,
}


@dataclass(frozen=True, slots=True)
class _Reading:
    manifest: Manifest
    declared: Declared


class PipGatherer:
    """Gathers what belongs into a Python environment."""

    ecosystem = ECOSYSTEM

    def manifests(self, tree: Tree, directory: str) -> tuple[Manifest, ...]:
        """The pip manifests of a service's folder, its ``requirements`` folder included."""
        return tuple(role.recognise(tree, directory))

    def gather(self, tree: Tree, directory: str, wish: Wish) -> Gathered:
        """Read the manifests twice if need be: the first time shows which Python version is meant."""
        pythons = (wish.platform.python,) if wish.platform.python else PYTHONS
        preferred = wish.platform.python or wish.preferred or DEFAULT_PYTHON
        first = self._read(self._context(tree, wish, pythons, preferred), directory)
        allowed = tuple(p for p in admitted(first.interpreter) if p in pythons) or pythons
        chosen = nearest(allowed, preferred) or preferred
        if (allowed, chosen) == (pythons, preferred):
            return replace(first, python=chosen)
        again = self._read(self._context(tree, wish, allowed, chosen), directory)
        return replace(again, interpreter=first.interpreter, python=chosen)

    def _context(self, tree: Tree, wish: Wish, pythons: tuple[str, ...], python: str) -> Context:
        choice = Choice(wish.extras, wish.groups)
        return Context(tree, wish.platform, pythons, python, choice, project=read_project)

    def _read(self, context: Context, directory: str) -> Gathered:
        found = self.manifests(context.tree, directory)
        sources = [_read(context, m, _source_reader(directory)) for m in _sources(found)]
        lock, lock_skips = _lock(context, directory, found)
        bundled = [_read(context, m, _BUNDLED[m.role]) for m in found if m.role in _BUNDLED]
        wheels = [_read(context, m, read_wheelhouse) for m in found if m.role == role.WHEELHOUSE]
        if lock is None and wheels:
            lock = wheels[0].declared
        elsewhere = read_python_version(context.tree, directory)
        readings = [r.declared for r in chain(sources, bundled)] + ([lock] if lock else []) + [elsewhere]
        return Gathered(
            sets=tuple(_sets([r.declared for r in sources], lock, [r.declared for r in bundled])),
            interpreter=_unique(chain.from_iterable(r.interpreter for r in readings)),
            skipped=_unique(chain(*(r.skipped for r in readings), lock_skips, _left_out(found))),
        )


def _source_reader(directory: str) -> Callable[[Context, str], Declared]:
    def read(context: Context, path: str) -> Declared:
        name = posixpath.basename(path)
        if role.FIXED_NAMES.get(name) == role.PROJECT:
            return read_project(context, directory, context.choice.extras)
        return read_pipfile(context, path) if name == "Pipfile" else read_requirements_file(context, path)

    return read


def _sources(found: Sequence[Manifest]) -> list[Manifest]:
    """Manifests that declare: the files of one project count once."""
    projects = [m for m in found if m.role == role.PROJECT][:1]
    return projects + [m for m in found if m.role in ("Pipfile", role.REQUIREMENTS)]


def _read(context: Context, manifest: Manifest, reader: Callable[[Context, str], Declared]) -> _Reading:
    try:
        return _Reading(manifest, reader(context, manifest.path))
    except ManifestError as error:
        return _Reading(manifest, Declared(skipped=(_unreadable(manifest, error),)))


def _unreadable(manifest: Manifest, error: ManifestError) -> Skipped:
    return Skipped(manifest.path, error.reason, error.origin)


def _lock(context: Context, directory: str, found: Sequence[Manifest]) -> tuple[Declared | None, list[Skipped]]:
    """The lock that counts, and a note on each that does not."""
    by_role = {r: [m for m in found if m.role == r] for r in (*_LOCKS, role.COMPILED)}
    candidates = [m for r in _LOCKS for m in by_role[r]]
    if candidates:
        chosen, *others = candidates
        notes = [_passed_over(m, chosen) for m in (*others, *by_role[role.COMPILED])]
        return _read(context, chosen, _LOCKS[chosen.role]).declared, notes
    workspace = _workspace_lock(context, directory)
    if workspace is not None and not by_role[role.COMPILED]:
        return workspace, []
    return _compiled_lock(context, by_role[role.COMPILED]), []


def _passed_over(manifest: Manifest, chosen: Manifest) -> Skipped:
    reason = f"{posixpath.basename(chosen.path)} is the lock that counts"
    return Skipped(manifest.path, reason, Origin(manifest.path), incomplete=False)


def _workspace_lock(context: Context, directory: str) -> Declared | None:
    """The ``uv.lock`` of an enclosing workspace, if it has this directory as a member."""
    parent = directory
    while parent:
        parent = posixpath.dirname(parent)
        path = join(parent, "uv.lock")
        if context.tree.exists(path):
            try:
                declared = read_uv_lock(context, path, posixpath.relpath(directory, parent or "."))
            except ManifestError:
                return None
            return declared if declared.locked is not None else None
    return None


def _compiled_lock(context: Context, compiled: Sequence[Manifest]) -> Declared | None:
    """All compiled files together. Without their source beside them they declare what they fix."""
    readings = [_read(context, m, read_requirements_file).declared for m in compiled]
    if not readings:
        return None
    merged = Declared(
        requirements=_unique(chain.from_iterable(r.requirements for r in readings)),
        interpreter=_unique(chain.from_iterable(r.interpreter for r in readings)),
        skipped=_unique(chain.from_iterable(r.skipped for r in readings)),
        unknown=_unique(chain.from_iterable(r.unknown for r in readings)),
    )
    if not all(_has_source(context.tree, m.path) for m in compiled):
        return merged
    rest = unfixed(merged)
    loose = tuple(f"{r} in {r.origin} is not fixed by the lock" for r in rest if r.source is None)
    return replace(merged, requirements=(), locked=lock_of(merged), unknown=(*merged.unknown, *loose))


def _has_source(tree: Tree, path: str) -> bool:
    try:
        named = compiled_from(tree.read_text(path)) or ()
    except ManifestError:
        return False
    folder = posixpath.dirname(path)
    guesses = (f"{posixpath.basename(path).removesuffix('.txt')}.in",) if not named else named
    places = (folder, posixpath.dirname(folder))
    return any(tree.exists(_within(place, posixpath.basename(g))) for g in guesses for place in places)


def _within(folder: str, name: str) -> str:
    return f"{folder}/{name}" if folder else name


def _sets(sources: Sequence[Declared], lock: Declared | None, bundled: Sequence[Declared]) -> Iterable[DependencySet]:
    declared = [*sources, *([lock] if lock is not None and lock.locked is None else [])]
    fixed = lock.locked if lock is not None else None
    requirements = _unique(r for d in declared for r in d.requirements)
    unknown = _unique(chain(*(d.unknown for d in sources), lock.unknown if lock else ()))
    if requirements or fixed is not None or unknown:
        # A service that is only a lock declares what the lock fixes.
        wanted = requirements or (() if sources else tuple(pin.as_requirement() for pin in fixed or ()))
        yield DependencySet(
            ECOSYSTEM,
            wanted,
            _unique(fixed) if fixed is not None else None,
            closed=lock is not None and lock.closed,
            unknown=unknown,
        )
    for inner in bundled:
        yield DependencySet(ECOSYSTEM, (), inner.locked or (), bundled=True, closed=inner.closed, unknown=inner.unknown)


def _left_out(found: Iterable[Manifest]) -> Iterable[Skipped]:
    for manifest in found:
        if manifest.role == role.DEVELOPMENT:
            reason = "is for development, by its name; list it in cohabit.toml to count it"
            yield Skipped(manifest.path, reason, Origin(manifest.path), incomplete=False)


def _unique(items: Iterable[T]) -> tuple[T, ...]:
    return tuple(dict.fromkeys(items))
