"""``dependencies {}``: each line is required, known to be elsewhere, or unknown."""

from __future__ import annotations

from collections.abc import Iterable

from analyzer.requirement import Force
from resolvers.bundled.declared import shown
from resolvers.gradle.dependency import add, is_project, require
from resolvers.gradle.project import Project
from resolvers.gradle.syntax import Argument, Assign, Call, Choice, Items, Loop, Name, Node, Opaque, Text, blocks

LOOPS = frozenset({"each", "forEach", "all", "configureEach", "onEach"})
_RULES = frozenset({"components", "modules"})
_ABOUT_VARIANTS = frozenset({"artifactTypes", "attributesSchema", "registerTransform", "because", "println"})
"""What dependencies are chosen by, not what they are."""


def declare(project: Project, nodes: Iterable[Node]) -> None:
    """Take in what a block declares."""
    for node in nodes:
        project.step()
        if isinstance(node, Assign):
            project.values.assign(node.name, node.value)
        elif isinstance(node, Call):
            _line(project, node)
        elif isinstance(node, Loop):
            _each(project, node.variable, node.items, node.body, node.line)
        elif isinstance(node, Choice):
            perhaps(project, node.body, node.line)
        else:
            _unread(project, node)


def perhaps(project: Project, nodes: Iterable[Node], line: int) -> None:
    """What is declared under a condition: unknown, save where it would not matter."""
    for inner in blocks(nodes):
        if isinstance(inner, Opaque):
            project.dynamic(inner.line or line, "cannot be evaluated")
        elif isinstance(inner, Call) and inner.receiver is None:
            if project.configurations.aside(inner.name) and inner.arguments:
                _aside(project, inner, inner.name)
            elif project.configurations.at_runtime(inner.name) or inner.name == "add" or inner.block is not None:
                project.dynamic(inner.line, "is declared under a condition")


def _unread(project: Project, node: Node) -> None:
    """What is no call, as far as it is understood; a name by itself declares nothing."""
    words = [n.path if isinstance(n, Name) else n.name for n in blocks((node,)) if isinstance(n, (Name, Call))]
    tokens = [*words, *(node.words if isinstance(node, Opaque) else ())]
    if tokens and all(map(project.configurations.aside, tokens[:1])):
        project.aside(getattr(node, "line", 0), f"is in {shown(tokens[0])}, which is not on the runtime class path")
    else:
        project.dynamic(getattr(node, "line", 0), "cannot be evaluated")


def _line(project: Project, node: Call) -> None:
    looped = node.receiver if node.name in LOOPS else None
    if node.name.rpartition(".")[2] in LOOPS and node.receiver is None:
        looped = Name(node.name.rpartition(".")[0])
    if looped is not None:
        return _each(project, "it", looped, node.block or (), node.line)
    if node.name == "constraints":
        return _constrain(project, node.block or ())
    if node.name in _RULES:
        return project.dynamic(node.line, "changes what is resolved")
    if node.name in _ABOUT_VARIANTS:
        return None
    return _declaration(project, node)


def _declaration(project: Project, node: Call) -> None:
    name, arguments = _configuration(project, node)
    if node.receiver is None and project.configurations.at_runtime(name):
        return _declared(project, node, arguments)
    if node.receiver is None and project.configurations.aside(name):
        return _aside(project, node, name)
    perhaps(project, node.block or (), node.line)
    return project.dynamic(node.line, "cannot be evaluated")


def _configuration(project: Project, node: Call) -> tuple[str, tuple[Argument, ...]]:
    """The configuration that a line is for, and what it puts there."""
    name, arguments = node.name, node.arguments
    if name in ("add", "addProvider") and len(arguments) > 1:
        named = arguments[0].value
        text = named.path if isinstance(named, Name) else project.values.text(named) or ""
        name, arguments = text, arguments[1:]
    return name.removeprefix("configurations."), arguments


def _aside(project: Project, node: Call, name: str) -> None:
    project.aside(node.line, f"is in {shown(name)}, which is not on the runtime class path")


def _declared(project: Project, node: Call, arguments: tuple[Argument, ...]) -> None:
    first = project.values.text(arguments[0].value) if len(arguments) in (2, 3) else None
    whole = any(a.label for a in arguments) or (first is not None and ":" not in first)
    groups = [arguments] if whole else [(a,) for a in arguments]
    if not arguments:
        project.dynamic(node.line, "cannot be evaluated")
    for group in groups:
        require(project, node.line, group, node.block or ())


def _constrain(project: Project, nodes: Iterable[Node]) -> None:
    """``constraints {}``: versions of what anything else brings."""
    for node in nodes:
        project.step()
        if not isinstance(node, Call) or node.receiver is not None:
            project.dynamic(getattr(node, "line", 0), "cannot be evaluated")
            continue
        name, arguments = _configuration(project, node)
        if project.configurations.aside(name):
            _aside(project, node, name)
        elif not project.configurations.at_runtime(name):
            project.dynamic(node.line, "cannot be evaluated")
        else:
            _limits(project, node, arguments)


def _limits(project: Project, node: Call, arguments: tuple[Argument, ...]) -> None:
    labelled = any(a.label for a in arguments)
    for group in [arguments] if labelled else [(a,) for a in arguments]:
        value = group[0].value
        if is_project(value):
            project.aside(node.line, "limits a project of the build, which has one version only")
        else:
            add(project, node.line, project.values.modules(group), Force.LIMITS, (), node.block or ())


def _each(project: Project, variable: str, items: Node, body: tuple[Node, ...], line: int) -> None:
    """A loop, run for each of its items."""
    known = project.values.items(items)
    if known is None:
        perhaps(project, body, line)
        return project.dynamic(line, "loops over what is not known")
    if body and isinstance(body[0], Assign) and body[0].name == "it":
        variables, body = _variables(body[0].value), body[1:]
    else:
        variables = (variable,)
    outer = dict(project.values.texts)
    for member in known.members:
        given = (Text((member.label,)), member.value) if member.label else (member.value,)
        if len(given) != len(variables) or project.values.text(given[-1]) is None:
            project.dynamic(line, "loops over what is not known")
            continue
        for name, value in zip(variables, given, strict=True):
            project.values.assign(name, value)
        declare(project, body)
    project.values.texts = outer
    return None


def _variables(value: Node) -> tuple[str, ...]:
    """The names of a closure's parameters."""
    named = (member.value for member in value.members) if isinstance(value, Items) else (value,)
    return tuple(name.path for name in named if isinstance(name, Name))
