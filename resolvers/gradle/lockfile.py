"""What locks say: Gradle's own, its older ones, Nebula's, and the saved output of ``gradle dependencies``."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from functools import partial

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.package import Candidate
from analyzer.requirement import Locked
from resolvers.bundled.declared import shown
from resolvers.gradle.notation import Module, parse
from resolvers.json_file import read_json
from resolvers.tree import Tree

RUNTIME = ("runtimeClasspath", "productionRuntimeClasspath")
_BRANCH = re.compile(r"^[|+\\ ]*(?:\+---|\\---) (\S+)(?: -> (\S+))?(.*)$")


def read_lockfile(tree: Tree, path: str, configurations: Collection[str] = RUNTIME) -> tuple[Locked, ...]:
    """``gradle.lockfile``: ``group:name:version=configuration,…``. Raises ManifestError with the line."""
    found = []
    seen = False
    for number, line in enumerate(tree.read_text(path).split("\n"), start=1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        coordinates, equals, names = text.partition("=")
        origin = Origin(path, number, shown(text))
        if not equals:
            raise ManifestError(origin, "names no configuration")
        if set(names.split(",")).isdisjoint(configurations):
            continue
        seen = True
        if coordinates != "empty":
            found.append(_locked(coordinates, origin))
    if not seen:
        raise ManifestError(Origin(path), "locks no runtime class path")
    return tuple(found)


def read_old_lockfile(tree: Tree, path: str) -> tuple[Locked, ...]:
    """``gradle/dependency-locks/CONFIGURATION.lockfile``: one module a line. Raises ManifestError with the line."""
    lines = enumerate(tree.read_text(path).split("\n"), start=1)
    kept = ((number, line.strip()) for number, line in lines if line.strip() and not line.strip().startswith("#"))
    return tuple(_locked(text, Origin(path, number, shown(text))) for number, text in kept)


def read_nebula(tree: Tree, path: str) -> tuple[Locked, ...]:
    """Nebula's ``dependencies.lock``: by configuration, or (older) one for all. Raises ManifestError."""
    file = read_json(tree, path)
    if not isinstance(file.data, dict):
        raise ManifestError(Origin(path), "is no table of configurations")
    for name in (*RUNTIME, "default", "runtime"):
        group = file.data.get(name)
        if isinstance(group, dict):
            return tuple(_nebula(group, partial(file.origin, name)))
    raise ManifestError(Origin(path), "locks no runtime class path")


def _nebula(group: dict[str, object], origin: Callable[[str], Origin]) -> Iterator[Locked]:
    for key, value in group.items():
        place = origin(key)
        if not isinstance(value, dict):
            raise ManifestError(place, "is no table")
        version = value.get("locked")
        if isinstance(version, str):
            yield _locked(f"{key}:{version}", place)
        elif not value.get("project"):
            raise ManifestError(place, "locks no version")


def read_output(tree: Tree, path: str) -> tuple[Locked, ...]:
    """What ``gradle dependencies`` printed for the runtime class path. Raises ManifestError."""
    found: dict[str, Locked] = {}
    inside = seen = False
    for number, line in enumerate(tree.read_text(path).replace("\r", "").split("\n"), start=1):
        if line.partition(" ")[0] in RUNTIME:
            inside = seen = True
        elif not line.strip():
            inside = False
        branch = _BRANCH.match(line) if inside else None
        if branch is None or branch[1] == "project" or "(c)" in branch[3]:
            continue
        origin = Origin(path, number, shown(line.strip()))
        if "FAILED" in branch[3]:
            raise ManifestError(origin, "was not resolved")
        locked = _locked(_chosen(branch[1], branch[2] or _arrow(branch[3])), origin)
        found.setdefault(str(locked.candidate.package), locked)
    if not seen:
        raise ManifestError(Origin(path), "shows no runtime class path")
    return tuple(found.values())


def _arrow(rest: str) -> str:
    """The version behind an arrow that does not follow at once (``{strictly 1} -> 1``)."""
    return rest.partition("-> ")[2].split(" ")[0]


def _chosen(asked: str, chosen: str) -> str:
    """The module that was chosen: a version, or another module altogether."""
    return chosen if ":" in chosen else f"{':'.join(asked.split(':')[:2])}:{chosen}" if chosen else asked


def _locked(coordinates: str, origin: Origin) -> Locked:
    found: Module | None = parse(coordinates)
    if found is None or not found.constraint or ";" in found.constraint:
        raise ManifestError(origin, "is no module with a version")
    return Locked(Candidate(found.package, found.constraint), origin)
