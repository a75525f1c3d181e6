"""Dependencies within ``kotlin { sourceSets {} }`` and ``testing { suites {} }``: of which platform, or for tests."""

from __future__ import annotations

import re
from collections.abc import Iterable

from resolvers.gradle.dependency_block import declare, perhaps
from resolvers.gradle.project import Project
from resolvers.gradle.syntax import Assign, Call, Name, Node, Opaque, Text, blocks, inner

_JVM = frozenset({"main", "commonMain", "jvmMain", "jvmCommonMain", "commonJvmMain", ""})
_ELSEWHERE = re.compile(
    r"(?i).*test.*|(?:js|ios|native|wasm|android|macos|linux|mingw|apple|tvos|watchos|web|posix|windows|skiko)\w*Main"
)
"""Source sets for tests, and for platforms that are no JVM."""


def source_sets(project: Project, node: Call) -> None:
    """Everything declared in the source sets of a block."""
    targets = {f"{name}Main" for call in blocks((node,)) if isinstance(call, Call) and (name := _jvm_target(call))}
    _walk(project, (node,), "", targets)


def _walk(project: Project, nodes: Iterable[Node], name: str, targets: set[str]) -> None:
    for node in nodes:
        if isinstance(node, Opaque) and "dependencies" in node.words:
            project.dynamic(node.line, "cannot be read")
        if isinstance(node, Call) and node.name.rpartition(".")[2] == "dependencies" and node.block is not None:
            _declared(project, node, _subject(node) or name, targets)
        elif isinstance(node, Assign):
            _walk(project, (node.value,), node.name, targets)
        elif isinstance(node, Call):
            _walk(project, inner(node), _subject(node) or name, targets)
        else:
            _walk(project, inner(node), name, targets)


def _declared(project: Project, node: Call, name: str, targets: set[str]) -> None:
    block = node.block or ()
    if name in _JVM or name in targets:
        declare(project, block)
    elif _ELSEWHERE.fullmatch(name):
        for call in blocks(block):
            if isinstance(call, Call) and call.arguments and call.line:
                project.aside(call.line, f"is for the source set {name[:40]}, which is not on the runtime class path")
    else:
        perhaps(project, block, node.line)


def _subject(node: Call) -> str:
    """The source set that a call is about; empty where it is about none."""
    if node.name.endswith(".dependencies"):
        return node.name.removesuffix(".dependencies").rpartition(".")[2]
    if node.name == "dependencies":
        return _subject(node.receiver) if isinstance(node.receiver, Call) else ""
    if node.name.rpartition(".")[2] in ("getByName", "named", "create", "register") and node.arguments:
        value = node.arguments[0].value
        return "".join(map(str, value.parts)) if isinstance(value, Text) else ""
    plain = node.name.rpartition(".")[2]
    return plain if plain.endswith(("Main", "Test", "main", "test")) else ""


def _jvm_target(call: Call) -> str:
    """``desktop`` of ``jvm("desktop")``."""
    value = call.arguments[0].value if call.name == "jvm" and call.arguments else Name("")
    return "".join(map(str, value.parts)) if isinstance(value, Text) else ""
