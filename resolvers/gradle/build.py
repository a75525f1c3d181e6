"""A Gradle build: its projects, each read with the scripts that speak of it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from analyzer.errors import ManifestError
from analyzer.requirement import Force, Requirement
from analyzer.service import Skipped
from resolvers.gradle.constants import constants
from resolvers.gradle.conventions import convention_scripts, declared_as_class, homes
from resolvers.gradle.project import Project, read_script
from resolvers.gradle.remembered import once
from resolvers.gradle.settings import Settings, absolute, read_settings, settings_file
from resolvers.gradle.statements import run
from resolvers.gradle.syntax import Call
from resolvers.gradle.values import Values
from resolvers.tree import Tree, join

BUILDS = ("build.gradle.kts", "build.gradle")
SOURCES = "src/main"
"""What a project has that has no script of its own: its parents' scripts speak of it."""
_OWN_BUILD = frozenset({"buildSrc", "build-logic", "buildLogic"})
"""Folders of a build's own build, which is no service."""
_HERE = "$here"
_AT_ROOT = re.compile(r"^(?:\$here|\.)/")
_FOLDERS = dict.fromkeys(("rootDir", "rootProject.projectDir", "rootProject.rootDir", "projectDir"), _HERE)
"""What scripts call the folders in which a script that they apply is looked for."""


@dataclass
class Build:
    """The build in the folder ``root``."""

    tree: Tree
    root: str
    settings: Settings
    _homes: tuple[str, ...] = ()
    _read: dict[str, Project] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._homes = homes(self.tree, self.root, self.settings.logic)

    def path(self, directory: str) -> str:
        """The path of the project in a folder."""
        known = next((name for name, place in self.settings.projects.items() if place == directory), "")
        if known or directory == self.root:
            return known or ":"
        return absolute((directory.removeprefix(f"{self.root}/") if self.root else directory).replace("/", ":"))

    def named(self, written: str) -> str:
        """The path of a project as ``project(":x")`` or a type-safe accessor (``projects.coreApi``) names it."""
        if not written.startswith("projects."):
            return absolute(written)
        wanted = _accessor(written.removeprefix("projects.").removesuffix(".dependencyProject"))
        return next((path for path in self.settings.projects if _accessor(path[1:]) == wanted), written)

    def script(self, directory: str) -> str:
        """The build script of a folder; empty where it has none."""
        names = list(BUILDS)
        if self.settings.renamed:
            own = posixpath.basename(directory)
            names += [f"{own}.gradle.kts", f"{own}.gradle"]
        return next((path for name in names if self.tree.exists(path := join(directory, name))), "")

    def is_frame(self, directory: str) -> bool:
        """Whether a folder only holds what its projects have in common."""
        below = f"{directory}/" if directory else ""
        inside = any(place.startswith(below) and place != directory for place in self.settings.projects.values())
        if not inside or self.tree.is_folder(join(directory, SOURCES)):
            return False
        if not self.script(directory):
            return True
        try:
            nodes = read_script(self.tree, self.script(directory)).nodes
        except (ManifestError, RecursionError):
            return False
        return not any(isinstance(n, Call) and n.name == "dependencies" for n in nodes)

    def project(self, directory: str) -> Project:
        """The project in a folder, read once. Raises ManifestError, RecursionError."""
        if directory not in self._read:
            self._read[directory] = self._project(directory)
        return self._read[directory]

    def whole(self, directory: str) -> tuple[Project, tuple[Project, ...]]:
        """The project in a folder, and those of the build that it depends on. Raises ManifestError."""
        project = self.project(directory)
        others = tuple(self._joined(project, directory))
        return project, others

    def _project(self, directory: str) -> Project:
        path = self.path(directory)
        known = constants(self.tree, self.root, dict.fromkeys((self.root, directory)))
        project = Project(path, Values(self.settings.catalogs, _FOLDERS | known))
        applied = _Applied(self.tree, (directory, self.root), self._homes)
        project.follow, project.adopt = applied.follow, applied.adopt
        for script in self._above(path, directory):
            run(project, once(read_script, self.tree, script), own=False)
        if own := self.script(directory):
            run(project, read_script(self.tree, own), own=True)
        _leave_out(project)
        return project

    def _above(self, path: str, directory: str) -> Iterator[str]:
        """The scripts of the projects that it lies in, the root's first."""
        if path == ":":
            return
        parts = path[1:].split(":")
        places = [self.root, *(self.settings.projects.get(":" + ":".join(parts[:n]), "") for n in range(1, len(parts)))]
        for place in dict.fromkeys(place for place in places if place == self.root or place):
            if place != directory and (script := self.script(place)):
                yield script

    def _joined(self, project: Project, directory: str) -> Iterator[Project]:
        """The projects that it depends on, each once."""
        seen: set[str] = set()
        pending = list(project.joined)
        while pending:
            wanted = pending.pop()
            path = self.named(wanted.path)
            place = self.settings.projects.get(path, self.root if path == ":" else None)
            if path in seen or place == directory:
                continue
            seen.add(path)
            if place is None or not (self.script(place) or self.tree.is_folder(place)):
                project.unknown.append(f"{wanted.origin}: depends on the project {path}, which is not there")
                continue
            other = self.project(place)
            yield other
            pending += other.joined


@dataclass
class _Applied:
    """The scripts that a project applies, and those of the build's own plugins. ``folders`` are those in which
    they are looked for, ``homes`` those of the projects that hold the plugins."""

    tree: Tree
    folders: tuple[str, ...]
    homes: tuple[str, ...]
    done: set[tuple[str, bool]] = field(default_factory=set)

    def follow(self, project: Project, written: str, own: bool) -> None:
        """``apply from: "x.gradle"``."""
        if "://" in written:
            project.unknown.append(f"{project.script.path}: applies a script from elsewhere")
            return
        name = _AT_ROOT.sub("", written)
        try:
            paths = [join(folder, name) for folder in (posixpath.dirname(project.script.path), *self.folders)]
        except ManifestError:
            paths = []
        place = next((path for path in paths if self.tree.exists(path)), "")
        if place:
            self._run(project, place, own)
        else:
            project.unknown.append(f"{project.script.path}: applies {name}, which is not there")

    def adopt(self, project: Project, plugin: str) -> None:
        """A plugin that may be the build's own."""
        scripts = list(convention_scripts(self.tree, self.homes, plugin))
        for script in scripts:
            self._run(project, script, True)
        if not scripts and (place := declared_as_class(self.tree, self.homes, plugin)):
            project.unknown.append(f"{place}: the build's own plugin {plugin} may declare anything")

    def _run(self, project: Project, path: str, own: bool) -> None:
        if (path, own) in self.done:
            return
        self.done.add((path, own))
        outer = project.script
        try:
            run(project, once(read_script, self.tree, path), own=own)
        except ManifestError as error:
            project.unknown.append(f"{error.origin}: {error.reason}")
        project.script = outer


def project_build(tree: Tree, directory: str) -> Build | None:
    """The build of the project in a folder; None where nothing looks like one. Raises ManifestError."""
    if posixpath.basename(directory) in _OWN_BUILD:
        return None
    scripted = any(name.endswith((".gradle", ".gradle.kts")) for name in tree.names(directory))
    if not scripted and not tree.is_folder(join(directory, SOURCES)):
        return None
    build = build_of(tree, directory)
    return build if build.script(directory) or directory in build.settings.projects.values() else None


def build_of(tree: Tree, directory: str) -> Build:
    """The build that the project in a folder belongs to. Raises ManifestError where its settings cannot be read."""
    folder = directory
    while not settings_file(tree, folder):
        if not folder:
            return Build(tree, directory, once(read_settings, tree, directory))
        folder = posixpath.dirname(folder)
    settings = once(read_settings, tree, folder)
    if directory not in (folder, *settings.projects.values()) and not settings.partial:
        return Build(tree, directory, replace(settings, projects={}))
    return Build(tree, folder, settings)


def _accessor(path: str) -> str:
    """What names a project, whichever way it is written: ``core-api:main`` and ``coreApi.main``."""
    return re.sub(r"[-_]", "", re.sub(r"[:.]", "/", path)).lower()


def _leave_out(project: Project) -> None:
    """What a project leaves out everywhere is left out of all that it requires, and not required itself."""
    rules = tuple(dict.fromkeys(project.excluded))
    kept: list[Requirement] = []
    for requirement in project.requirements if rules else ():
        own = (requirement.package.namespace, requirement.package.name)
        if requirement.force is not Force.REQUIRES:
            kept.append(requirement)
        elif any(_matches(rule, own) for rule in rules):
            reason = "is left out of all configurations"
            project.skipped.append(Skipped(str(requirement), reason, requirement.origin, incomplete=False))
        else:
            kept.append(replace(requirement, extras=tuple(dict.fromkeys((*requirement.extras, *rules)))))
    project.requirements = kept if rules else project.requirements


def _matches(rule: str, own: tuple[str, str]) -> bool:
    wanted = rule.removeprefix("exclude ").split(":")
    return all(word in ("*", part) for word, part in zip(wanted, own, strict=False))
