"""The configurations of a project: which there are, and which the runtime class path extends."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from resolvers.gradle.syntax import Argument, Assign, Call, Items, Name, Node, Text

RUNTIME = "runtimeClasspath"
_MULTIPLATFORM = frozenset(
    f"{source}{kind}" for source in ("commonMain", "jvmMain") for kind in ("Implementation", "Api", "RuntimeOnly")
)
_EXTENDED = {
    RUNTIME: _MULTIPLATFORM
    | {"runtimeOnly", "implementation", "runtime", "releaseImplementation", "releaseRuntimeOnly"},
    "implementation": frozenset({"api", "compile"}),
    "runtime": frozenset({"compile"}),
    "releaseImplementation": frozenset({"releaseApi"}),
}
"""What the Java plugins, old and new, and Android's release variant make each extend."""

_ASIDE = re.compile(
    r"(?i)(?:.*test.*|\w*compileOnly(?:Api)?|\w*annotationProcessor|k?apt\w*|ksp\w*|developmentOnly|provided\w*|classpath|"
    r"detekt\w*|ktlint\w*|checkstyle|pmd|spotbugs\w*|findbugs\w*|errorprone\w*|jacoco\w*|jmh\w*|protoc?|protobuf\w*|"
    r"lombok|mixin|asciidoctor\w*|codenarc|quarkusDev|integration\w*|debug(?:Implementation|Api|RuntimeOnly)|"
    r"\w*Bench(?:mark)?\w*|baseline\w*|coreLibraryDesugaring|lintChecks|lintPublish|swaggerCodegen|openApi\w*|"
    r"(?:js|ios|native|wasm|android|macos|linux|mingw|apple|tvos|watchos|web)\w*Main\w*|"
    r"archives|pitest\w*|spotless\w*|animalsniffer|signature|antlr|jaxb\w*|xjc|wsdl2java|flyway\w*|liquibase\w*)"
)
"""Configurations by the conventions of well-known plugins: for tests, for compiling, for a tool of the build."""
_PARTS = ("Implementation", "Api", "CompileOnly", "RuntimeOnly", "AnnotationProcessor", "Compile", "Runtime")
"""What a source set's own configurations are called, behind its name."""
_PLACES = re.compile(r"^(?:project\.)?configurations\.|\.(?:get|configure)$")
_LOOKING_UP = frozenset({"named", "getByName", "create", "register", "maybeCreate", "extendsFrom", "get", "getAt"})

_EACH = frozenset(
    {"all", "each", "forEach", "configureEach", "matching", "findAll", "whenObjectAdded", "resolutionStrategy"}
)
"""What is called upon all configurations, or some."""


@dataclass
class Configurations:
    """``known`` are those that scripts make themselves."""

    known: set[str] = field(default_factory=set)
    _extended: dict[str, set[str]] = field(default_factory=lambda: {k: set(v) for k, v in _EXTENDED.items()})

    def at_runtime(self, name: str) -> bool:
        """Whether what is declared in it gets onto the runtime class path."""
        return name in self._reached()

    def aside(self, name: str) -> bool:
        """Whether it is known that it is not on the runtime class path."""
        return not self.at_runtime(name) and (name in self.known or _ASIDE.fullmatch(name) is not None)

    def read(self, node: Node) -> bool:
        """Take in what a statement says of configurations. False where it extends what cannot be told."""
        if isinstance(node, Assign) and _makes(_path(node.value)):
            self.known.add(node.name)
            return self._within(node.name, node.value.block or ()) if isinstance(node.value, Call) else True
        if not isinstance(node, Call):
            return True
        if node.name in ("configurations", "project.configurations"):
            read = [self._declared(inner) for inner in node.block or ()]
            return all(read)
        if node.name in ("sourceSets", "kotlin.sourceSets"):
            self.known.update(f"{name}{part}" for name in map(_name, node.block or ()) if name for part in _PARTS)
        is_one = node.name.startswith(("configurations.", "project.configurations.")) or _rooted(node)
        return self._declared(node) if is_one else True

    def _declared(self, node: Node) -> bool:
        name = _name(node)
        if isinstance(node, Call) and node.name.rpartition(".")[2] == "extendsFrom":
            return self._extends(name, node.arguments)
        if name and name not in _EACH:
            self.known.add(name)
        return self._within(name, node.block or ()) if isinstance(node, Call) else True

    def _within(self, name: str, block: Iterable[Node]) -> bool:
        calls = (n for n in block if isinstance(n, Call) and n.name in ("extendsFrom", "it.extendsFrom"))
        read = [self._extends(name, call.arguments) for call in calls]
        return all(read)

    def _extends(self, name: str, arguments: Iterable[Argument]) -> bool:
        others = [_name(member) for argument in arguments for member in _members(argument.value)]
        if name == "":
            # Who extends is not known: whatever is extended may be on the runtime class path.
            return not any(others)
        self._extended.setdefault(name, set()).update(filter(None, others))
        return all(others) or not self.at_runtime(name)

    def _reached(self) -> frozenset[str]:
        found: set[str] = set()
        pending = [RUNTIME]
        while pending:
            name = pending.pop()
            if name not in found:
                found.add(name)
                pending += self._extended.get(name, ())
        return frozenset(found)


def _path(node: Node) -> str:
    return node.path if isinstance(node, Name) else node.name if isinstance(node, Call) else ""


def _makes(name: str) -> bool:
    return "configurations." in f"{name}."


def _rooted(node: Call) -> bool:
    """Whether a call is upon ``configurations.x`` or ``configurations.named("x")``."""
    inner = node.receiver
    return isinstance(inner, Call) and (_makes(inner.name) or _rooted(inner))


def _members(value: Node) -> Iterator[Node]:
    yield from (member.value for member in value.members) if isinstance(value, Items) else (value,)


def _name(node: Node) -> str:
    """The configuration that a value or the subject of a call stands for; empty where that is not known."""
    if isinstance(node, Text):
        return "".join(map(str, node.parts)) if all(isinstance(part, str) for part in node.parts) else ""
    if isinstance(node, Name):
        return _plain(node.path)
    if not isinstance(node, Call):
        return ""
    path = node.name.removesuffix(".extendsFrom")
    if path.rpartition(".")[2] in _LOOKING_UP and node.arguments and not node.name.endswith("extendsFrom"):
        return _name(node.arguments[0].value)
    if node.receiver is not None:
        return _name(node.receiver)
    is_one = node.block is not None or path != node.name or path.startswith("configurations.") or path.endswith(".get")
    return _plain(path) if is_one else ""


def _plain(path: str) -> str:
    name = _PLACES.sub("", _PLACES.sub("", path))
    return name if "." not in name else ""
