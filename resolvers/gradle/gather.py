"""Gathers the modules of a Gradle project, without running Gradle."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.requirement import Locked
from analyzer.service import DependencySet, Skipped
from resolvers.gradle import lockfile
from resolvers.gradle.catalog import Catalog, read_catalog
from resolvers.gradle.notation import MAVEN
from resolvers.gradle.script import Project, read_script
from resolvers.gradle.syntax import Call, blocks
from resolvers.seam import Gathered, Manifest, Wish
from resolvers.tree import Tree, join

BUILDS = ("build.gradle.kts", "build.gradle")
SETTINGS = ("settings.gradle.kts", "settings.gradle")
LOCKS: Mapping[str, Callable[[Tree, str], tuple[Locked, ...]]] = {
    "gradle.lockfile": lockfile.read_lockfile,
    "gradle/dependency-locks/runtimeClasspath.lockfile": lockfile.read_old_lockfile,
    "dependencies.lock": lockfile.read_nebula,
    "dependencies.txt": lockfile.read_output,
}
BUNDLING = frozenset(
    {
        "org.springframework.boot", "application", "com.gradleup.shadow", "com.github.johnrengelman.shadow",
        "com.google.cloud.tools.jib", "org.graalvm.buildtools.native", "io.quarkus",
        "io.micronaut.application", "io.micronaut.minimal.application", "io.ktor.plugin",
    }
)  # fmt: skip
"""Plugins that put a program and all its jars into one place of its own."""
SHARED = frozenset({"war", "ear"})
_CONSTANT = re.compile(
    r"""^\s*(?:(?:public|static|final|const|val|String|def|internal)\s+)+(\w+)[^=\n]*=\s*["']([^"'$]*)["']"""
)
_LOGIC = re.compile(r"(?i)logic|plugin|convention")
_OBJECT = re.compile(r"^\s*(?:(?:public|internal|final)\s+)*(?:object|class)\s+(\w+)")
_PROPERTY = re.compile(r"^\s*([\w.\-]+)\s*[=:]\s*(.*?)\s*$")


class GradleGatherer:
    """Gathers build scripts of both languages, catalogs and locks."""

    ecosystem = MAVEN

    def manifests(self, tree: Tree, directory: str) -> tuple[Manifest, ...]:
        """The build script of a project and its locks. A build's own build (``buildSrc``) is no service."""
        if posixpath.basename(directory) in ("buildSrc", "build-logic", "buildLogic"):
            return ()
        script = _first(tree, directory, BUILDS)
        if not script or _Build(tree, directory).is_frame(script):
            return ()
        locks = [join(directory, name) for name in LOCKS if tree.exists(join(directory, name))]
        return (Manifest(script, "Gradle build"), *(Manifest(path, "Gradle lock") for path in locks))

    def gather(self, tree: Tree, directory: str, wish: Wish) -> Gathered:
        """What is on the runtime class path."""
        if not self.manifests(tree, directory):
            return Gathered()
        try:
            return _Build(tree, directory).gathered()
        except ManifestError as error:
            return Gathered(skipped=(Skipped(error.origin.file, error.reason, error.origin),))
        except RecursionError:
            origin = Origin(directory or ".")
            return Gathered(skipped=(Skipped("Gradle build", "is nested too deeply", origin),))


@dataclass
class _Build:
    """The build that a project belongs to."""

    tree: Tree
    directory: str
    root: str = ""
    projects: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)

    def is_frame(self, script: str) -> bool:
        """Whether a root script only holds what its projects have in common."""
        settings = _first(self.tree, self.directory, SETTINGS)
        if not settings:
            return False
        try:
            self._settings(settings)
            nodes = read_script(self.tree, script).nodes
        except (ManifestError, RecursionError):
            return False
        return bool(self.projects) and not any(isinstance(n, Call) and n.name == "dependencies" for n in nodes)

    def gathered(self) -> Gathered:
        """The set of the project, with those of projects that it depends on."""
        self.root = self._root()
        settings = _first(self.tree, self.root, SETTINGS)
        if settings:
            self._settings(settings)
        project = self._project(self.directory)
        self._join(project)
        locked, skipped = self._locked()
        requirements = tuple(dict.fromkeys(project.requirements))
        bundled = not project.plugins.isdisjoint(BUNDLING) and project.plugins.isdisjoint(SHARED)
        unknown = tuple(dict.fromkeys((*self.unknown, *project.unknown)))
        found = DependencySet(MAVEN, requirements, locked, bundled, unknown=unknown)
        return Gathered((found,), skipped=tuple(dict.fromkeys((*project.skipped, *skipped))))

    def _root(self) -> str:
        folder = self.directory
        while not _first(self.tree, folder, SETTINGS):
            if not folder:
                return self.directory
            folder = posixpath.dirname(folder)
        return folder

    def _settings(self, path: str) -> None:
        """Which projects there are, and where."""
        script = read_script(self.tree, path)
        here = posixpath.dirname(path)
        reader = Project(True, ":", {})
        reader.run(script, own=False)
        for node in blocks(script.nodes):
            if isinstance(node, Call) and node.name == "include":
                names = [reader.text(a.value) for a in node.arguments]
                for name in names:
                    if name is None:
                        self.unknown.append(f"{script.origin(node.line)}: includes a project that is not known")
                    else:
                        self._include(here, name)
        for node in script.nodes:
            origin = script.origin(getattr(node, "line", 0))
            if isinstance(node, Call) and node.name == "includeBuild" and not _LOGIC.search(origin.text):
                self.unknown.append(f"{origin}: may put another build in a module's place")
        for found in re.finditer(
            r"""project\(\s*["']([^"']+)["']\s*\)\.projectDir\s*=\s*\w*\(?[^"'\n]*["']([^"']+)["']""", script.text
        ):
            self.projects[_absolute(found[1])] = join(here, found[2])

    def _include(self, here: str, name: str) -> None:
        path = _absolute(name)
        self.projects[path] = join(here, path[1:].replace(":", "/"))

    def _project(self, directory: str) -> Project:
        path = next((name for name, place in self.projects.items() if place == directory), ":")
        project = Project(directory == self.root, path, self._catalogs())
        project.values |= self._constants()
        outer = _first(self.tree, self.root, BUILDS) if directory != self.root else ""
        own = _first(self.tree, directory, BUILDS)
        for script, is_own in ((outer, False), (own, True)):
            if script:
                project.run(read_script(self.tree, script), own=is_own)
        self._applied(project, directory)
        return project

    def _applied(self, project: Project, directory: str) -> None:
        """Scripts that are applied, and the build's own plugins."""
        done: set[str] = set()
        while pending := [*self._scripts(project, directory, done)]:
            for path in pending:
                done.add(path)
                try:
                    project.run(read_script(self.tree, path), own=True)
                except ManifestError as error:
                    project.unknown.append(f"{error.origin}: {error.reason}")

    def _scripts(self, project: Project, directory: str, done: set[str]) -> Iterator[str]:
        for written in project.scripts:
            if "://" in written:
                project.unknown.append(f"{directory or '.'}: applies a script from elsewhere")
            elif written:
                name = re.sub(r"^(?:\$rootDir|\$\{rootDir\})/", "", written)
                place = next((p for base in (directory, self.root) if self.tree.exists(p := join(base, name))), "")
                if place and place not in done:
                    yield place
                elif not place:
                    project.unknown.append(f"{directory or '.'}: applies {name}, which is not there")
        project.scripts.clear()
        for plugin in sorted(project.plugins):
            yield from (p for p in self._conventions(plugin) if p not in done)

    def _conventions(self, plugin: str) -> Iterator[str]:
        if not re.fullmatch(r"[\w.\-]{1,100}", plugin):
            return
        for home in ("buildSrc", "build-logic", "gradle/build-logic", "build-logic/convention"):
            for language, suffix in (("kotlin", ".gradle.kts"), ("groovy", ".gradle")):
                path = join(self.root, f"{home}/src/main/{language}/{plugin}{suffix}")
                if self.tree.exists(path):
                    yield path

    def _catalogs(self) -> dict[str, Catalog]:
        folder = join(self.root, "gradle")
        suffix = ".versions.toml"
        names = [name for name in self.tree.names(folder) if name.endswith(suffix)]
        return {name.removesuffix(suffix): read_catalog(self.tree, join(folder, name)) for name in names}

    def _constants(self) -> dict[str, str]:
        """``gradle.properties``, of the root and the project, and the constants of ``buildSrc``."""
        found: dict[str, str] = {}
        for folder in dict.fromkeys((self.root, self.directory)):
            path = join(folder, "gradle.properties")
            if self.tree.exists(path):
                lines = self.tree.read_text(path).split("\n")
                found |= {m[1]: m[2] for line in lines if (m := _PROPERTY.match(line[:2000]))}
        return found | dict(self._sources())

    def _sources(self) -> Iterator[tuple[str, str]]:
        for language in ("kotlin", "java", "groovy"):
            folder = join(self.root, f"buildSrc/src/main/{language}")
            for name in self.tree.names(folder):
                if name.endswith((".kt", ".java", ".groovy")):
                    yield from _constants(self.tree.read_text(join(folder, name)))

    def _join(self, project: Project) -> None:
        """Take in the projects that it depends on, each once."""
        seen: set[str] = set()
        pending = list(project.joined)
        while pending:
            path = _absolute(pending.pop())
            place = self.projects.get(path)
            if path in seen or place == self.directory:
                continue
            seen.add(path)
            if place is None or not _first(self.tree, place, BUILDS):
                project.unknown.append(f"{self.directory or '.'}: depends on the project {path}, which is not there")
                continue
            other = self._project(place)
            project.requirements += other.requirements
            project.unknown += other.unknown
            pending += other.joined

    def _locked(self) -> tuple[tuple[Locked, ...] | None, list[Skipped]]:
        """The first lock there is. One that cannot be read is noted."""
        for name, read in LOCKS.items():
            path = join(self.directory, name)
            if self.tree.exists(path):
                try:
                    return tuple(sorted(set(read(self.tree, path)))), []
                except ManifestError as error:
                    return None, [Skipped(path, error.reason, error.origin)]
        return None, []


def _constants(text: str) -> Iterator[tuple[str, str]]:
    """Constants of a source file, by themselves and behind the name of what holds them."""
    holder = ""
    for line in text.split("\n"):
        if found := _OBJECT.match(line[:500]):
            holder = found[1]
        elif found := _CONSTANT.match(line[:500]):
            yield found[1], found[2]
            yield f"{holder}.{found[1]}", found[2]


def _absolute(path: str) -> str:
    return path if path.startswith(":") else f":{path}"


def _first(tree: Tree, directory: str, names: tuple[str, ...]) -> str:
    paths = (join(directory, name) for name in names)
    return next((path for path in paths if tree.exists(path)), "")
