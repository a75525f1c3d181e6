"""Which lock of a service counts, and what it fixes."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.package import Package
from analyzer.requirement import Force, Locked, Requirement
from analyzer.service import Skipped
from analyzer.verdict import Demand, Witness
from resolvers.pip import manifests as role
from resolvers.pip.declared import Context, Declared
from resolvers.pip.environments.wheelhouse import read_wheelhouse
from resolvers.pip.joined import attempt, join_declared
from resolvers.pip.locks.pdm_lock import read_pdm_lock
from resolvers.pip.locks.pipfile_lock import read_pipfile_lock
from resolvers.pip.locks.poetry_lock import read_poetry_lock
from resolvers.pip.locks.pylock import read_pylock
from resolvers.pip.locks.uv_lock import read_uv_lock
from resolvers.pip.projects.uv_workspace import workspace
from resolvers.pip.requirements.compiled import compiled_from, lock_of, unfixed
from resolvers.pip.requirements.requirements_file import read_requirements_file
from resolvers.pip.uv.witness import unmet
from resolvers.seam import Manifest
from resolvers.toml_file import read_toml
from resolvers.tree import Tree, join

_READERS: Mapping[str, Callable[[Context, str], Declared]] = {
    "uv.lock": read_uv_lock,
    "poetry.lock": read_poetry_lock,
    "pdm.lock": read_pdm_lock,
    role.PYLOCK: read_pylock,
    "Pipfile.lock": read_pipfile_lock,
}
"""Lock files, the one that counts first where a folder has several."""


@dataclass(frozen=True, slots=True)
class Lock:
    """The lock that counts: its file, and what it says; ``declared.locked`` is None where it is unreadable."""

    file: str
    declared: Declared


def read_lock(context: Context, folder: str, found: Sequence[Manifest]) -> Lock | None:
    """The lock among the manifests ``found`` in ``folder``, or of the workspace around it; None without one.

    Of several the first counts: a tool's own lock file, then compiled requirements files together, then
    wheelhouses together. Each that does not is a Skipped.
    """
    options = list(_options(context, folder, found))
    if not options:
        return None
    chosen, *others = options
    name = posixpath.basename(chosen.files[0]) or chosen.files[0]
    notes = (
        Skipped(file, f"is passed over: {name} is the lock that counts", Origin(file), incomplete=False)
        for option in others
        for file in option.files
    )
    declared = chosen.read()
    return Lock(chosen.files[0], replace(declared, skipped=(*declared.skipped, *notes)))


def has_source(tree: Tree, compiled: Manifest) -> bool:
    """Whether what a compiled requirements file was made from lies beside it or one folder above."""
    try:
        named = compiled_from(tree.read_text(compiled.path)) or ()
    except ManifestError:
        return False
    folder, file = posixpath.split(compiled.path)
    sources = named or (f"{file.removesuffix('.txt')}.in",)
    places = (folder, posixpath.dirname(folder))
    return any(tree.exists(join(place, posixpath.basename(source))) for source in sources for place in places)


def stale(context: Context, requirements: Iterable[Requirement], lock: Lock) -> Iterator[Skipped]:
    """A note on each requirement that its service's own lock does not meet: it was made from others.

    It stands for what is deployed nevertheless, as locks are installed without a second look. Of one
    that could not be read to its end nothing is said.
    """
    if any(skipped.incomplete for skipped in lock.declared.skipped):
        return
    pins = {pin.candidate.package: pin for pin in lock.declared.locked or ()}
    witness = Witness(tuple(pin.candidate for pin in pins.values()), context.python)
    asked = [Demand("", r) for r in requirements if r.source is None and r.force is not Force.LIMITS]
    for demand in unmet(asked, witness, context.platform):
        yield _note(demand.requirement, pins, lock)


def _note(requirement: Requirement, pins: Mapping[Package, Locked], lock: Lock) -> Skipped:
    pin = pins.get(requirement.package)
    fixed = f"fixes {pin.candidate.version} ({pin.origin})" if pin else "does not have it"
    reason = f"is not met by the service's own lock: {posixpath.basename(lock.file)} {fixed}"
    return Skipped(str(requirement), reason, requirement.origin, incomplete=False)


@dataclass(frozen=True, slots=True)
class _Option:
    files: tuple[str, ...]
    read: Callable[[], Declared]


def _options(context: Context, folder: str, found: Sequence[Manifest]) -> Iterator[_Option]:
    for kind, reader in _READERS.items():
        # Plain pylock.toml goes before pylock.<name>.toml, which comes before it by name.
        for path in sorted((m.path for m in found if m.role == kind), key=lambda path: (path.count("."), path)):
            yield _Option((path,), lambda path=path, reader=reader: attempt(context, path, reader))  # type: ignore[misc]
    root = _workspace_of(context.tree, folder)
    if root is not None:
        member = posixpath.relpath(folder, root or ".")
        path = join(root, "uv.lock")
        yield _Option((path,), lambda: attempt(context, path, lambda c, p: read_uv_lock(c, p, member)))
    compiled = [m for m in found if m.role == role.COMPILED]
    if sourced := tuple(m.path for m in compiled if has_source(context.tree, m)):
        yield _Option(sourced, lambda: _compiled(context, sourced, [m.path for m in compiled]))
    if houses := tuple(m.path for m in found if m.role == role.WHEELHOUSE):
        yield _Option(houses, lambda: _wheelhouses(context, houses))


def _workspace_of(tree: Tree, folder: str) -> str | None:
    """The folder of the uv workspace that a project belongs to without being its root, if that is locked."""
    path = join(folder, "pyproject.toml")
    if not folder or not tree.exists(path) or tree.exists(join(folder, "uv.lock")):
        return None
    try:
        root = posixpath.dirname(workspace(tree, read_toml(tree, path)).path)
    except ManifestError:
        # Reading the project meets the same fault and reports it.
        return None
    return root if root != folder and tree.exists(join(root, "uv.lock")) else None


def _compiled(context: Context, sourced: Sequence[str], every: Sequence[str]) -> Declared:
    """All compiled files as one lock: those without a source declare what they fix, and fix it too."""
    readings = {path: attempt(context, path, read_requirements_file) for path in every}
    pins = lock_of(join_declared(readings.values()))
    merged = join_declared(readings[path] for path in sourced)
    loose = tuple(f"{r} in {r.origin} is not fixed by the lock" for r in unfixed(merged) if r.source is None)
    return replace(merged, requirements=(), locked=pins, unknown=(*merged.unknown, *loose))


def _wheelhouses(context: Context, paths: Sequence[str]) -> Declared:
    """All wheelhouses as one. Of what they hold in different versions none is fixed."""
    readings = [attempt(context, path, read_wheelhouse) for path in paths]
    if all(reading.locked is None for reading in readings):
        return join_declared(readings)
    versions: dict[Package, dict[str, Locked]] = {}
    for pin in chain.from_iterable(reading.locked or () for reading in readings):
        versions.setdefault(pin.candidate.package, {}).setdefault(pin.candidate.version, pin)
    torn = tuple(_torn(tuple(pins.values())) for pins in versions.values() if len(pins) > 1)
    merged = join_declared(readings)
    return replace(
        merged,
        locked=tuple(next(iter(pins.values())) for pins in versions.values() if len(pins) == 1),
        skipped=(*merged.skipped, *torn),
        closed=all(reading.closed for reading in readings) and not torn,
    )


def _torn(pins: Sequence[Locked]) -> Skipped:
    places = " and ".join(f"{pin.candidate.version} ({pin.origin})" for pin in pins)
    return Skipped(pins[0].candidate.package.name, f"is in several wheelhouses, at {places}", pins[0].origin)
