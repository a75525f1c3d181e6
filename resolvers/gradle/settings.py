"""``settings.gradle``: which projects a build has and where, its catalogs, and the builds that it includes."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from resolvers.gradle.catalog import Catalog, alias, read_catalog
from resolvers.gradle.notation import parse
from resolvers.gradle.project import Script, read_script
from resolvers.gradle.syntax import Assign, Call, Node, blocks
from resolvers.gradle.values import Values
from resolvers.tree import Tree, join

SETTINGS = ("settings.gradle.kts", "settings.gradle")
_SUFFIX = ".versions.toml"
_PLACED = re.compile(
    r"""project\(\s*["']([^"']+)["']\s*\)\.projectDir\s*=\s*\w*\(?[^"'\n]*["'](?:\$rootDir/|\$\{rootDir\}/)?([^"']+)["']"""
)
_LOGIC = re.compile(r"(?i)logic|plugin|convention|buildSrc")
"""How a build is called that only holds plugins for this one."""


@dataclass
class Settings:
    """``projects`` by path, with their folders; ``unknown`` are reasons why a build may have more than is known.
    ``logic`` are folders of builds that hold plugins of this one. ``renamed``: scripts are called by their project."""

    projects: dict[str, str] = field(default_factory=dict)
    catalogs: dict[str, Catalog] = field(default_factory=dict)
    logic: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    renamed: bool = False
    partial: bool = False


def settings_file(tree: Tree, directory: str) -> str:
    """The settings script in a folder; empty where there is none."""
    paths = (join(directory, name) for name in SETTINGS)
    return next((path for path in paths if tree.exists(path)), "")


def read_settings(tree: Tree, root: str) -> Settings:
    """What the settings of the build in ``root`` say. Raises ManifestError."""
    found = Settings()
    folder = join(root, "gradle")
    for name in tree.names(folder):
        if name.endswith(_SUFFIX):
            found.catalogs[name.removesuffix(_SUFFIX)] = read_catalog(tree, join(folder, name))
    path = settings_file(tree, root)
    if path:
        _Reader(tree, root, read_script(tree, path), found).read()
    return found


@dataclass
class _Reader:
    tree: Tree
    root: str
    script: Script
    found: Settings
    values: Values = field(default_factory=Values)

    def read(self) -> None:
        for node in self.script.nodes:
            if isinstance(node, Assign):
                self.values.assign(node.name, node.value)
        for node in sorted(_calls(self.script.nodes), key=lambda n: n.line):
            if node.name in ("include", "includeFlat"):
                self._include(node)
            elif node.name == "includeBuild" and node.arguments:
                self._include_build(node)
            elif node.name.rpartition(".")[2] in ("create", "register", "libs") and node.block:
                self._catalog(node)
        for placed in _PLACED.finditer(self.script.text):
            self.found.projects[absolute(placed[1])] = join(self.root, placed[2])
        self.found.renamed = "buildFileName" in self.script.text

    def _include(self, node: Call) -> None:
        values = [m.value for a in node.arguments for m in getattr(self.values.items(a.value), "members", (a,))]
        for name in map(self.values.text, values):
            if name is None:
                self.found.partial = True
                self.found.unknown.append(f"{self.script.origin(node.line)}: includes a project that is not known")
            elif node.name == "includeFlat":
                self.found.projects[absolute(name)] = join(posixpath.dirname(self.root), name)
            else:
                self._nested(absolute(name))

    def _nested(self, path: str) -> None:
        """A project, and those that its path leads through."""
        parts = path[1:].split(":")[:40]
        for count in range(1, len(parts) + 1):
            self.found.projects.setdefault(":" + ":".join(parts[:count]), join(self.root, "/".join(parts[:count])))

    def _include_build(self, node: Call) -> None:
        origin = self.script.origin(node.line)
        place = self.values.text(node.arguments[0].value)
        if place is not None and not place.startswith("/"):
            self.found.logic.append(place)
        if not _LOGIC.search(origin.text) and not self._manages_plugins(node):
            self.found.unknown.append(f"{origin}: may put another build in a module's place")

    def _manages_plugins(self, node: Call) -> bool:
        managing = (n for n in self.script.nodes if isinstance(n, Call) and n.name == "pluginManagement")
        return any(inner is node for outer in managing for inner in blocks((outer,)))

    def _catalog(self, node: Call) -> None:
        """``versionCatalogs { create("libs") { … } }``."""
        name = self.values.text(node.arguments[0].value) if node.arguments else node.name
        known = self.found.catalogs.setdefault(name or "", Catalog())
        for inner in node.block or ():
            if isinstance(inner, Call) and inner.arguments:
                texts = [self.values.text(a.value) for a in inner.arguments]
                self._entry(known, name or "", inner, [text or "" for text in texts])

    def _entry(self, known: Catalog, name: str, node: Call, texts: list[str]) -> None:
        if node.name == "from":
            source = node.arguments[0].value
            path = self.values.text(source.arguments[0].value) if isinstance(source, Call) and source.arguments else ""
            if path and self.tree.exists(join(self.root, path)):
                self.found.catalogs[name] = read_catalog(self.tree, join(self.root, path))
        elif node.name == "version" and len(texts) == 2:
            known.versions[alias(texts[0])] = texts[1]
        elif node.name == "plugin" and len(texts) == 2:
            known.plugins[alias(texts[0])] = texts[1]
        elif node.name == "library" and len(texts) == 2 and (module := parse(texts[1])):
            known.libraries[alias(texts[0])] = module
        elif node.name == "bundle" and (listed := self.values.items(node.arguments[-1].value)):
            members = [self.values.text(member.value) or "" for member in listed.members]
            known.bundles[alias(texts[0])] = tuple(map(alias, members))


def absolute(path: str) -> str:
    """The path of a project from the root."""
    return path if path.startswith(":") else f":{path}"


def _calls(nodes: tuple[Node, ...]) -> Iterator[Call]:
    return (node for node in blocks(nodes) if isinstance(node, Call))
