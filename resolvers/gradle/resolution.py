"""``configurations {}`` and ``dependencyManagement {}``: what is forced, managed and left out everywhere."""

from __future__ import annotations

from analyzer.requirement import Force
from resolvers.gradle.dependency import PLATFORM, add
from resolvers.gradle.details import exclusion
from resolvers.gradle.project import Project
from resolvers.gradle.syntax import Assign, Call, Items, Node, Opaque, blocks

_CHANGES = frozenset(
    {
        "eachDependency", "substitute", "useVersion", "useTarget", "dependencySubstitution",
        "componentSelection", "capabilitiesResolution", "withDependencies", "defaultDependencies",
    }
)  # fmt: skip
"""Rules that a build script's own code decides."""


def configured(project: Project, node: Call, own: bool) -> None:
    """``configurations {}``, ``configurations.all {}``, ``configurations.runtimeClasspath {}``."""
    if not own or _is_aside(project, node):
        return
    for inner in _of_runtime(project, node):
        if isinstance(inner, Opaque):
            project.dynamic(inner.line or node.line, "may change what is resolved")
        elif isinstance(inner, Assign) and inner.name.endswith("forcedModules"):
            _force(project, Call("force", inner.line, inner.value.members if isinstance(inner.value, Items) else ()))
        elif isinstance(inner, Call):
            _rule(project, inner)


def _rule(project: Project, node: Call) -> None:
    last = node.name.rpartition(".")[2]
    if last == "force":
        _force(project, node)
    elif last == "exclude":
        left_out = exclusion(project.values, node)
        if left_out is None:
            project.dynamic(node.line, "changes what is resolved")
        else:
            project.excluded.append(left_out)
    elif not _CHANGES.isdisjoint(node.name.split(".")):
        project.dynamic(node.line, "changes what is resolved")


def _force(project: Project, node: Call) -> None:
    if not node.arguments:
        project.dynamic(node.line, "changes what is resolved")
    for argument in node.arguments:
        add(project, node.line, project.values.modules((argument,)), Force.OVERRIDES)


def _is_aside(project: Project, node: Call) -> bool:
    """Whether it is about one configuration, and not one of the runtime class path."""
    name = node.name.removeprefix("configurations.").split(".")[0]
    return node.name.startswith("configurations.") and project.configurations.aside(name)


def _of_runtime(project: Project, node: Call) -> list[Node]:
    """All statements in it, save those about configurations that are not on the runtime class path."""
    found: list[Node] = []
    for inner in (*(node.block or ()), *((node.receiver,) if node.receiver else ())):
        name = inner.name.split(".")[0] if isinstance(inner, Call) else ""
        if not (name and project.configurations.aside(name)):
            found += sorted(blocks((inner,)), key=lambda n: getattr(n, "line", 0))
    return [node, *found] if node.receiver is None and node.arguments else found


def managed(project: Project, node: Call, own: bool) -> None:
    """``dependencyManagement {}`` of Spring's plugin: BOMs and versions."""
    calls = [inner for inner in blocks((node,)) if isinstance(inner, Call)] if own else []
    for inner in sorted(calls, key=lambda call: call.line):
        if inner.name in ("mavenBom", "dependency") and inner.arguments:
            extras = (PLATFORM,) if inner.name == "mavenBom" else ()
            add(project, inner.line, project.values.modules(inner.arguments), Force.LIMITS, extras, _plain(inner))
        elif inner.name in ("dependencySet", "bomProperty", "exclusions"):
            project.dynamic(inner.line, "manages versions")


def _plain(node: Call) -> tuple[Node, ...]:
    """The block behind a managed version, which says ``exclude 'group:name'`` or names a property of the BOM."""
    return tuple(inner for inner in node.block or () if not (isinstance(inner, Call) and inner.name == "bomProperty"))
