"""A build's own plugins: scripts in ``buildSrc`` and in included builds, and those that are classes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import chain

from analyzer.errors import ManifestError
from resolvers.tree import Tree, join

_HOMES = ("buildSrc", "build-logic", "buildLogic", "gradle/build-logic", "gradle/plugins", "build-conventions")
_PLUGIN = re.compile(r"[\w.\-]{1,100}")
_SOURCES = (("kotlin", ".gradle.kts"), ("groovy", ".gradle"))
_SCRIPTS = ("build.gradle.kts", "build.gradle")


def homes(tree: Tree, root: str, included: Iterable[str]) -> tuple[str, ...]:
    """The folders of the projects that may hold plugins of a build."""
    found: dict[str, None] = {}
    for home in chain(_HOMES, included):
        try:
            folder = join(root, home)
        except ManifestError:
            continue
        if tree.is_folder(folder):
            inner = [join(folder, name) for name in tree.names(folder) if not name.startswith(".") and name != "src"]
            found |= dict.fromkeys([folder, *(path for path in inner if tree.is_folder(join(path, "src")))])
    return tuple(found)


def convention_scripts(tree: Tree, folders: Iterable[str], plugin: str) -> Iterator[str]:
    """The scripts that a plugin is precompiled from."""
    if _PLUGIN.fullmatch(plugin):
        package, _, name = plugin.rpartition(".")
        names = (plugin, join(package.replace(".", "/"), name)) if package else (plugin,)
        for folder in folders:
            paths = (join(folder, f"src/main/{lang}/{n}{suffix}") for lang, suffix in _SOURCES for n in names)
            yield from (path for path in paths if tree.exists(path))


def declared_as_class(tree: Tree, folders: Iterable[str], plugin: str) -> str:
    """The file that says that a plugin is a class of the build itself; empty where none does."""
    if not _PLUGIN.fullmatch(plugin):
        return ""
    for folder in folders:
        properties = join(folder, f"src/main/resources/META-INF/gradle-plugins/{plugin}.properties")
        if tree.exists(properties):
            return properties
        for script in (join(folder, name) for name in _SCRIPTS):
            if tree.exists(script) and re.search(rf"""["']{re.escape(plugin)}["']""", _register(tree, script)):
                return script
    return ""


def _register(tree: Tree, script: str) -> str:
    """What a build script says behind ``gradlePlugin``, where plugins get their names."""
    try:
        return tree.read_text(script).partition("gradlePlugin")[2]
    except ManifestError:
        return ""
