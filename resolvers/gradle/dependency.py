"""One dependency: a module, a platform, a project of the build, or something whose jars are not known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial

from analyzer.requirement import Force, Requirement
from resolvers.gradle.details import Details, read_details
from resolvers.gradle.notation import Module, joined
from resolvers.gradle.project import Joined, Project
from resolvers.gradle.syntax import Argument, Call, Name, Node, Opaque

PLATFORM = "platform"
"""The extra of a Requirement on a BOM."""

_PLATFORMS = {"platform": Force.LIMITS, "enforcedPlatform": Force.OVERRIDES}
_WRAPPERS = frozenset({"create", "variantOf", "dependency"})
_FILES = frozenset({"gradleApi", "localGroovy", "gradleTestKit", "files", "fileTree", "zipTree", "layout", "rootFiles"})


def require(project: Project, line: int, group: tuple[Argument, ...], block: tuple[Node, ...]) -> None:
    """Take in one dependency, out of what wraps it."""
    value = group[0].value
    while isinstance(value, Call) and _last(value) in _WRAPPERS and value.arguments:
        block = (*block, *(value.block or ()))
        group, value = value.arguments, value.arguments[0].value
    last = _last(value)
    handle = _KINDS.get(last) if isinstance(value, Call) and (value.arguments or value.block is None) else None
    if isinstance(value, Call) and handle is not None:
        handle(project, line, value, block)
    elif isinstance(value, Name) and value.path == "rootProject":
        _join(project, line, ":", block)
    elif isinstance(value, Name) and value.path.startswith("projects."):
        _join(project, line, value.path, block)
    elif isinstance(value, Name) and value.path.endswith(".output") and "sourceSets." in value.path:
        project.aside(line, "is what the build itself compiles")
    elif (listed := project.values.items(value)) and not any(member.label for member in listed.members):
        for member in listed.members:
            require(project, line, (member,), block)
    else:
        add(project, line, project.values.modules(group), Force.REQUIRES, (), block)


def is_project(value: Node) -> bool:
    """Whether a value is a project of the build."""
    return _last(value) == "project" or (isinstance(value, Name) and value.path.startswith("projects."))


def _last(value: Node) -> str:
    return value.name.rpartition(".")[2] if isinstance(value, Call) else ""


def _platform(project: Project, line: int, value: Call, block: tuple[Node, ...], force: Force) -> None:
    inner = value.arguments[0].value if value.arguments else value
    if is_project(inner):
        return project.dynamic(line, "is a platform of this build")
    found = project.values.modules(value.arguments) if value.arguments else None
    return add(project, line, found, force, (PLATFORM,), (*block, *(value.block or ())))


def _project(project: Project, line: int, value: Call, block: tuple[Node, ...]) -> None:
    parts = {a.label: a.value for a in value.arguments}
    listed = project.values.items(value.arguments[0].value) if len(value.arguments) == 1 else None
    if listed is not None:
        parts = {a.label: a.value for a in listed.members}
    path = project.values.text(parts.get("path", parts.get("", Opaque(line))))
    if path is None:
        return project.dynamic(line, "is a project that is not known")
    if "configuration" in parts and project.values.text(parts["configuration"]) not in ("default", "runtimeElements"):
        project.dynamic(line, "is another configuration of a project")
    return _join(project, line, path, (*block, *(value.block or ())))


def _join(project: Project, line: int, path: str, block: tuple[Node, ...]) -> None:
    details = read_details(project.values, block)
    if details.excluded or not details.clear:
        project.dynamic(line, "leaves out some of what a project brings")
    project.joined.append(Joined(path, project.script.origin(line)))


def _jars(project: Project, line: int, value: Call, block: tuple[Node, ...]) -> None:
    project.lockable = False
    project.dynamic(line, "brings jars that are not known")


def _fixtures(project: Project, line: int, value: Call, block: tuple[Node, ...]) -> None:
    project.dynamic(line, "brings the test fixtures of a project")


def _npm(project: Project, line: int, value: Call, block: tuple[Node, ...]) -> None:
    project.aside(line, "is an npm package")


_KINDS: Mapping[str, Callable[[Project, int, Call, tuple[Node, ...]], None]] = {
    "project": _project,
    "testFixtures": _fixtures,
    **dict.fromkeys(("npm", "devNpm", "peerNpm", "optionalNpm"), _npm),
    **dict.fromkeys(_FILES, _jars),
    **{name: partial(_platform, force=force) for name, force in _PLATFORMS.items()},
}


def add(
    project: Project,
    line: int,
    found: tuple[Module, ...] | None,
    force: Force,
    extras: tuple[str, ...] = (),
    block: tuple[Node, ...] = (),
) -> None:
    """Require modules, with what the block behind them says; unknown where there are none."""
    if not found:
        return project.dynamic(line, "cannot be evaluated")
    details = read_details(project.values, block)
    if not details.clear:
        project.dynamic(line, "has details that cannot be evaluated")
        details = Details()
    for one in found:
        constraint = joined(details.versions) if details.versions else one.constraint
        acts = Force.OVERRIDES if details.forced and force is Force.REQUIRES else force
        origin = project.script.origin(line)
        project.requirements.append(Requirement(one.package, constraint, origin, (*extras, *details.excluded), acts))
    return None
