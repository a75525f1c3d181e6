"""Which plugins a project applies, and what they make of it: how its jars reach the place where they run."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from enum import StrEnum

from resolvers.gradle.project import Project
from resolvers.gradle.syntax import Argument, Assign, Call, Items, Name, Node, blocks

_BUNDLING = frozenset(
    {
        "org.springframework.boot", "application", "com.gradleup.shadow", "com.github.johnrengelman.shadow",
        "com.google.cloud.tools.jib", "org.graalvm.buildtools.native", "io.quarkus",
        "io.micronaut.application", "io.micronaut.minimal.application", "io.ktor.plugin", "java-library-distribution",
        "org.beryx.jlink", "org.beryx.runtime", "org.panteleyev.jpackageplugin",
        "com.bmuschko.docker-java-application", "com.bmuschko.docker-spring-boot-application",
        "com.palantir.sls-java-service-distribution", "nebula.ospackage-application", "spring-boot",
    }
)  # fmt: skip
"""Plugins that put a program and all its jars into one place of its own."""
_SHARED = frozenset({"war", "ear"})
_OWN_RUNTIME = frozenset(
    {"org.graalvm.buildtools.native", "org.beryx.jlink", "org.beryx.runtime", "org.panteleyev.jpackageplugin"}
)
"""Plugins that put a Java runtime, or what is needed of it, into the program."""
BOOT = "org.springframework.boot"
NO_BOOT_JAR = "no boot jar"
"""Stands among the plugins where Spring Boot's archive is turned off."""
_BOOT_JAR = ("bootJar", "bootWar")


class Packaging(StrEnum):
    """How the jars of a project reach the place where they run."""

    BUNDLED = "bundled"
    SHARED = "shared"
    NONE = "none"


def packaging(plugins: Collection[str]) -> Packaging:
    """What the plugins make: a place of its own for all jars, an archive for a server, or a plain jar."""
    if not _SHARED.isdisjoint(plugins):
        return Packaging.SHARED
    counted = {plugin for plugin in plugins if plugin != BOOT or NO_BOOT_JAR not in plugins}
    return Packaging.NONE if _BUNDLING.isdisjoint(counted) else Packaging.BUNDLED


def brings_runtime(plugins: Collection[str]) -> bool:
    """Whether the program needs no JDK of its place."""
    return not _OWN_RUNTIME.isdisjoint(plugins)


def plugins_block(project: Project, node: Call, own: bool) -> None:
    """``plugins {}``."""
    for inner in node.block or ():
        plugin, applied = _plugin(project, inner)
        if own and applied and plugin:
            _adopt(project, plugin)


def apply(project: Project, node: Call, own: bool) -> None:
    """``apply plugin: 'x'``, ``apply(from = "x.gradle")``, ``apply<JavaPlugin>()``."""
    for argument in node.arguments:
        known = project.values.text(argument.value)
        if argument.label == "plugin" and known and own:
            _adopt(project, known)
        elif argument.label == "from":
            known = _file(project, argument.value)
            if known is not None:
                project.follow(project, known, own)
            elif own:
                project.dynamic(node.line, "applies a script that is not known")
    for inner in node.block or ():
        if own and isinstance(inner, Call) and inner.arguments:
            argument = Argument(inner.name, inner.arguments[0].value)
            apply(project, Call("apply", inner.line, (argument,)), own)


def _adopt(project: Project, plugin: str) -> None:
    if plugin not in project.plugins:
        project.plugins.add(plugin)
        project.adopt(project, plugin)


def _file(project: Project, value: Node) -> str | None:
    """``"x.gradle"`` and ``file("x.gradle")``."""
    if isinstance(value, Call) and value.name.rpartition(".")[2] in ("file", "uri") and value.arguments:
        value = value.arguments[0].value
    return project.values.text(value)


def without_boot_jar(nodes: Iterable[Node]) -> bool:
    """Whether a script turns Spring Boot's archive off, as libraries do that get the plugin like all others."""
    for node in blocks(nodes):
        if isinstance(node, Assign) and node.name in {f"{task}.enabled" for task in _BOOT_JAR} and _is_false(node):
            return True
        named = _task(node)
        if named in _BOOT_JAR and isinstance(node, Call):
            inner = node.block or ()
            if any(isinstance(n, Assign) and n.name in ("enabled", "it.enabled") and _is_false(n) for n in inner):
                return True
    return False


def _task(node: Node) -> str:
    if not isinstance(node, Call):
        return ""
    named = node.arguments[0].value if node.arguments else None
    text = "".join(map(str, getattr(named, "parts", ())))
    return text if text in _BOOT_JAR else node.name.rpartition(".")[2]


def _is_false(node: Assign) -> bool:
    return isinstance(node.value, Name) and node.value.path == "false"


def _plugin(project: Project, node: Node) -> tuple[str, bool]:
    """The identifier of a plugin in ``plugins {}``, and whether it is applied here."""
    applied = True
    while isinstance(node, Call) and node.receiver is not None:
        applied = applied and not (node.name == "apply" and "false" in map(_word, node.arguments))
        node = node.receiver
    if isinstance(node, Name):
        return node.path, applied
    if not isinstance(node, Call) or not node.arguments:
        return "", False
    value = node.arguments[0].value
    if node.name == "alias":
        return _aliased(project, value), applied
    known = project.values.text(value) or ""
    return f"org.jetbrains.kotlin.{known}" if node.name == "kotlin" else known, applied


def _aliased(project: Project, value: Node) -> str:
    path = value.path if isinstance(value, Name) else ""
    prefix, _, rest = path.partition(".plugins.")
    catalog = project.values.catalogs.get(prefix)
    return catalog.plugins.get(rest, "") if catalog else ""


def _word(argument: Argument) -> str:
    value = argument.value
    if isinstance(value, Items) and len(value.members) == 1:
        value = value.members[0].value
    return value.path if isinstance(value, Name) else ""
