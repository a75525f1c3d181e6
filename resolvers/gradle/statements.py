"""Interprets the statements of build scripts, as far as they are about the runtime class path."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from resolvers.bundled.declared import shown
from resolvers.gradle import plugins
from resolvers.gradle.dependency_block import LOOPS, declare, perhaps
from resolvers.gradle.project import Project, Script
from resolvers.gradle.resolution import configured, managed
from resolvers.gradle.source_sets import source_sets
from resolvers.gradle.syntax import Assign, Call, Choice, Loop, Name, Node, Opaque, blocks

Handler = Callable[[Project, Call, bool], None]
"""Takes in a call; the last says whether the script is the project's own."""

_CHANGES = frozenset({"force", "useVersion", "useTarget", "substitute"})


def run(project: Project, script: Script, *, own: bool) -> None:
    """Take a script in: all of it (``own``), or what a parent says of the projects below."""
    project.script = script
    for node in blocks(script.nodes):
        if not project.configurations.read(node):
            project.dynamic(getattr(node, "line", 0), "extends what is not known")
    if own and plugins.without_boot_jar(script.nodes):
        project.plugins.add(plugins.NO_BOOT_JAR)
    for node in script.nodes:
        _statement(project, node, own)


def _statement(project: Project, node: Node, own: bool) -> None:
    project.step()
    if own:
        project.levels.read(node, project.values, project.script.origin)
    if isinstance(node, Assign):
        project.values.assign(node.name, node.value)
        if isinstance(node.value, Opaque) and own:
            _conditional(project, node.value)
    elif isinstance(node, Call):
        _call(project, node, own)
    elif isinstance(node, (Choice, Loop, Opaque)):
        _conditional(project, node)


def _call(project: Project, node: Call, own: bool) -> None:
    name = node.name.removeprefix("project.")
    if project.is_root and own:
        name = name.removeprefix("rootProject.")
    handle = _handler(node, name)
    if handle is not None:
        handle(project, node, own)
    elif own:
        _other(project, node)


def _handler(node: Call, name: str) -> Handler | None:
    """Who knows what a call means; None where nobody does."""
    if _begins(node) == "configurations":
        return configured
    if name.startswith(("kotlin.sourceSets", "sourceSets.")):
        return _sources
    looped = name.rpartition(".")[2] in LOOPS and name.startswith(("subprojects", "allprojects"))
    if looped or (name == "project" and node.block is not None):
        return _scope
    return None if name == "configure" and _is_extension(node) else _BLOCKS.get(name)


def _dependencies(project: Project, node: Call, own: bool) -> None:
    if own and node.block is not None:
        declare(project, node.block)


def _set(project: Project, node: Call, own: bool) -> None:
    """``ext.set("name", value)``."""
    if len(node.arguments) == 2:
        project.values.assign(project.values.text(node.arguments[0].value) or "", node.arguments[1].value)


def _begins(node: Call) -> str:
    """The first name of a chain of calls."""
    while isinstance(node.receiver, Call):
        node = node.receiver
    return node.name.removeprefix("project.").partition(".")[0]


def _is_extension(node: Call) -> bool:
    """Whether ``configure`` is given the type of an extension, and not projects."""
    value = node.arguments[0].value if node.arguments else None
    return value is None or (isinstance(value, Name) and value.path[:1].isupper())


def _scope(project: Project, node: Call, own: bool) -> None:
    """``allprojects {}``, ``subprojects {}``, ``project(':x') {}``, ``configure(…) {}``, ``subprojects.each {}``."""
    applies = _concerns(project, node, own)
    if applies is None:
        _conditional(project, node)
    elif applies:
        for inner in node.block or ():
            _statement(project, _as_own(inner, _called_project(node)), True)


def _called_project(node: Call) -> tuple[str, ...]:
    """How a closure calls the project that it is given."""
    first = node.block[0] if node.block else None
    if isinstance(first, Assign) and first.name == "it" and isinstance(first.value, Name):
        return "it.", f"{first.value.path}."
    return ("it.",)


def _as_own(node: Node, prefixes: tuple[str, ...]) -> Node:
    """``p.dependencies {}`` as ``dependencies {}``."""
    prefix = next((p for p in prefixes if isinstance(node, Call) and node.name.startswith(p)), "")
    return replace(node, name=node.name.removeprefix(prefix)) if isinstance(node, Call) and prefix else node


def _concerns(project: Project, node: Call, own: bool) -> bool | None:
    """Whether a block is about this project; None where that is not known."""
    name = node.name.removeprefix("project.")
    name = name.partition(".")[0] if name.rpartition(".")[2] in LOOPS else name
    value = node.arguments[0].value if node.arguments else None
    if name == "afterEvaluate":
        return own
    if name == "configure":
        return _is_among(project, value, own)
    if name == "project":
        path = project.values.text(value) if value else None
        return None if path is None else path.removeprefix(":") == project.path[1:]
    if name == "rootProject":
        return project.is_root
    return name == "allprojects" or not own


def _is_among(project: Project, value: Node | None, own: bool) -> bool | None:
    """Whether the projects that ``configure`` is given hold this one."""
    path = value.path if isinstance(value, Name) else value.name if isinstance(value, Call) else ""
    if path == "project" and isinstance(value, Call):
        return _concerns(project, value, own)
    if path in ("allprojects", "subprojects", "rootProject"):
        return _concerns(project, Call(path, 0), own)
    listed = project.values.items(value) if value else None
    if listed is not None:
        known = [_is_among(project, member.value, own) for member in listed.members]
        return True if True in known else None if None in known else False
    return False if own and _first_word(value).startswith("subprojects") else None


def _first_word(value: Node | None) -> str:
    nodes = tuple(blocks((value,) if value else ()))
    found = [n.name for n in nodes if isinstance(n, Call)] + [n.path for n in nodes if isinstance(n, Name)]
    return next((name for name in found if name.startswith("subprojects")), "")


def _conditional(project: Project, node: Node) -> None:
    """Statements that are perhaps run: what they would declare is not known."""
    project.values.forget_all_in((node,))
    for inner in blocks((node,)):
        if isinstance(inner, Call) and _declares(inner) and inner.block is not None:
            perhaps(project, inner.block, inner.line)
        elif isinstance(inner, Call) and inner.name == "apply" and any(a.label == "from" for a in inner.arguments):
            project.dynamic(inner.line, "applies a script under a condition")
        elif isinstance(inner, Call) and inner.name == "mavenBom":
            project.dynamic(inner.line, "is declared under a condition")
        elif isinstance(inner, Opaque) and "dependencies" in inner.words:
            project.dynamic(inner.line, "cannot be read")


def _declares(node: Call) -> bool:
    return node.name.rpartition(".")[2] == "dependencies"


def _other(project: Project, node: Call) -> None:
    """A block of which nothing is known but what stands in it."""
    for inner in blocks((node,)):
        if isinstance(inner, Call) and _declares(inner) and inner.block:
            project.dynamic(inner.line, f"is within {shown(node.name)}")
            perhaps(project, inner.block, inner.line)
        elif isinstance(inner, Call) and inner.name in _CHANGES and inner.arguments:
            project.dynamic(inner.line, "changes what is resolved")
        elif isinstance(inner, Opaque) and "dependencies" in inner.words:
            project.dynamic(inner.line, "cannot be read")


def _ext(project: Project, node: Call, own: bool) -> None:
    for inner in node.block or ():
        _statement(project, inner, False)


def _buildscript(project: Project, node: Call, own: bool) -> None:
    for inner in node.block or ():
        if isinstance(inner, Assign) or (isinstance(inner, Call) and inner.name == "ext"):
            _statement(project, inner, False)
    if own:
        _aside(project, node, "is for the build itself")


def _for_others(project: Project, node: Call, own: bool) -> None:
    """Blocks about tests, publishing, and the build itself."""
    if own:
        _aside(project, node, f"is within {shown(node.name)}, which is not on the runtime class path")


def _aside(project: Project, node: Call, reason: str) -> None:
    for inner in blocks(node.block or ()):
        if isinstance(inner, Call) and _declares(inner):
            for line in sorted({n.line for n in blocks(inner.block or ()) if isinstance(n, Call) and n.arguments}):
                project.aside(line, reason)


def _locking(project: Project, node: Call, own: bool) -> None:
    """``dependencyLocking {}``, which may leave modules out of the lock."""
    said = [n.name if isinstance(n, (Call, Assign)) else "" for n in blocks((node,))]
    project.lockable &= not any(name.startswith("ignoredDependencies") for name in said)


def _sources(project: Project, node: Call, own: bool) -> None:
    if own:
        source_sets(project, node)


_BLOCKS: Mapping[str, Handler] = {
    "dependencies": _dependencies,
    **dict.fromkeys(("set", "ext.set", "extra.set"), _set),
    **dict.fromkeys(("allprojects", "subprojects", "configure", "afterEvaluate", "rootProject"), _scope),
    "ext": _ext,
    "extra": _ext,
    "buildscript": _buildscript,
    "plugins": plugins.plugins_block,
    "apply": plugins.apply,
    "dependencyManagement": managed,
    "configurations": configured,
    "dependencyLocking": _locking,
    "kotlin": _sources,
    "sourceSets": _sources,
    **dict.fromkeys(("repositories", "pluginManagement", "publishing", "testing", "tasks", "test"), _for_others),
}
