"""Interprets the statements of build scripts, as far as they are about the runtime class path."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.requirement import Force, Requirement
from analyzer.service import Skipped
from resolvers.bundled.declared import shown
from resolvers.gradle.catalog import Catalog
from resolvers.gradle.groovy import read_groovy
from resolvers.gradle.kotlin import read_kotlin
from resolvers.gradle.notation import Module, joined, module, parse, rich
from resolvers.gradle.syntax import Argument, Assign, Call, Choice, Items, Loop, Name, Node, Opaque, Text, blocks
from resolvers.tree import Tree

RUNTIME = frozenset({"implementation", "api", "runtimeOnly", "runtime", "compile", "runtimeClasspath"})
PLATFORM = "platform"
"""The extra of a Requirement on a BOM."""

_ASIDE = re.compile(
    r"(?i)(?:.*test.*|compileOnly(?:Api)?|.*annotationProcessor|kapt.*|ksp.*|developmentOnly|provided.*|classpath|"
    r"detekt\w*|ktlint\w*|checkstyle|pmd|spotbugs\w*|errorprone\w*|jacoco\w*|jmh\w*|protoc?|protobuf|lombok|"
    r"\w*compileOnly|mixin|asciidoctor\w*|codenarc|quarkusDev|integration\w*)"
)
_SCOPES = frozenset({"allprojects", "subprojects", "configure", "afterEvaluate", "project.afterEvaluate"})
_LOOPS = frozenset({"each", "forEach"})
_REACH = 20_000
"""Statements that one project's scripts may amount to, loops and all."""
_VALUE_REACH = 40
_REFERENCES = re.compile(r"^(?:(?:rootProject|project|ext|extra|properties)\.)+")


@dataclass
class Script:
    """The statements of a file."""

    path: str
    nodes: tuple[Node, ...]
    text: str

    @cached_property
    def lines(self) -> list[str]:
        """The file's lines."""
        return self.text.split("\n")

    def origin(self, line: int) -> Origin:
        """A place in it."""
        text = self.lines[line - 1].strip() if 0 < line <= len(self.lines) else ""
        return Origin(self.path, line, shown(text))


def read_script(tree: Tree, path: str) -> Script:
    """A script in the language that its name tells. Raises ManifestError."""
    text = tree.read_text(path)
    read = read_kotlin if path.endswith(".kts") else read_groovy
    return Script(path, read(text, path), text)


@dataclass
class Project:
    """What the scripts of one project amount to. ``joined`` are the paths of projects that it depends on."""

    root: bool
    path: str
    catalogs: Mapping[str, Catalog]
    values: dict[str, str] = field(default_factory=dict)
    requirements: list[Requirement] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    plugins: set[str] = field(default_factory=set)
    joined: list[str] = field(default_factory=list)
    scripts: list[str] = field(default_factory=list)
    runtime: set[str] = field(default_factory=lambda: set(RUNTIME))
    configurations: set[str] = field(default_factory=set)
    steps: int = 0

    def run(self, script: Script, *, own: bool) -> None:
        """Take a script in: all of it (``own``), or what a parent says of the projects below."""
        self._script = script
        for node in blocks(script.nodes):
            self._configurations(node)
        for node in script.nodes:
            self._statement(node, own)

    def dynamic(self, line: int, reason: str) -> None:
        """Something that may want more than is known."""
        origin = self._script.origin(line)
        self.unknown.append(f"{origin}: {reason}: {origin.text}" if origin.text else f"{origin}: {reason}")

    # statements

    def _statement(self, node: Node, own: bool) -> None:
        self.steps += 1
        if self.steps > _REACH:
            raise ManifestError(Origin(self._script.path), "amounts to too much")
        if isinstance(node, Assign):
            self._assign(node)
        elif isinstance(node, Call):
            self._call(node, own)
        elif isinstance(node, (Choice, Loop, Opaque)):
            self._conditional(node)

    def _conditional(self, node: Node) -> None:
        """Statements that are perhaps run: what they would declare is not known."""
        self._forget(node)
        for inner in blocks((node,)):
            if isinstance(inner, Call) and inner.name in ("dependencies", "implementation", "api", "runtimeOnly"):
                self.dynamic(inner.line, "is declared under a condition")
            elif isinstance(inner, Opaque) and "dependencies" in inner.words:
                self.dynamic(inner.line, "cannot be read")

    def _forget(self, node: Node) -> None:
        for inner in blocks((node,)):
            if isinstance(inner, Assign):
                self.values.pop(inner.name.rpartition(".")[2], None)

    def _assign(self, node: Assign) -> None:
        if isinstance(node.value, Items):
            for member in node.value.members:
                self._keep(f"{node.name}.{member.label}", member.value)
        self._keep(node.name, node.value)

    def _keep(self, name: str, value: Node) -> None:
        known = self.text(value)
        short = _REFERENCES.sub("", name)
        if known is None:
            self.values.pop(short, None)
        else:
            self.values[short] = known

    def _call(self, node: Call, own: bool) -> None:
        name = node.name
        if name == "dependencies" and node.block is not None:
            if own:
                self._dependencies(node.block)
        elif name.startswith("configurations."):
            self._configured(node, own)
        elif name in _PROJECT_BLOCKS:
            _PROJECT_BLOCKS[name](self, node, own)
        elif name in _SCOPES or (name == "project" and node.block is not None):
            self._scope(node, own)
        elif name == "set" and len(node.arguments) == 2 and (key := self.text(node.arguments[0].value)):
            self._keep(key, node.arguments[1].value)
        elif own and name not in _APART:
            self._other(node)

    def _scope(self, node: Call, own: bool) -> None:
        """``allprojects {}``, ``subprojects {}``, ``project(':x') {}``."""
        applies = node.name == "allprojects" or (node.name == "subprojects" and not own)
        applies = applies or (node.name.endswith("afterEvaluate") and own)
        if node.name == "project":
            named = self.text(node.arguments[0].value) if node.arguments else None
            applies = named == self.path
            if named is None:
                self._conditional(node)
        if node.name == "configure" or (node.name == "subprojects" and node.arguments):
            self._conditional(node)
        elif applies:
            for inner in node.block or ():
                self._statement(inner, True)

    def _other(self, node: Call) -> None:
        for inner in blocks((node,)):
            if isinstance(inner, Call) and inner is not node and inner.name == "dependencies" and inner.block:
                self.dynamic(inner.line, f"is within {shown(node.name)}")
            elif isinstance(inner, Call) and inner.name in ("force", "useVersion", "useTarget", "substitute"):
                self.dynamic(inner.line, "changes what is resolved")
            elif isinstance(inner, Opaque) and "dependencies" in inner.words:
                self.dynamic(inner.line, "cannot be read")

    def _ext(self, node: Call, own: bool) -> None:
        for inner in node.block or ():
            self._statement(inner, False)

    def _buildscript(self, node: Call, own: bool) -> None:
        for inner in node.block or ():
            if isinstance(inner, Assign) or (isinstance(inner, Call) and inner.name == "ext"):
                self._statement(inner, False)

    def _plugins(self, node: Call, own: bool) -> None:
        for inner in node.block or ():
            plugin, applied = self._plugin(inner)
            if own and applied and plugin:
                self.plugins.add(plugin)

    def _plugin(self, node: Node) -> tuple[str, bool]:
        """The identifier of a plugin in ``plugins {}``, and whether it is applied here."""
        applied = True
        while isinstance(node, Call) and node.receiver is not None:
            applied = applied and not (node.name == "apply" and "false" in map(self._word, node.arguments))
            node = node.receiver
        if isinstance(node, Name):
            return node.path, applied
        if not isinstance(node, Call) or not node.arguments:
            return "", False
        value = node.arguments[0].value
        if node.name == "alias" and isinstance(value, Name):
            prefix, _, rest = value.path.partition(".plugins.")
            catalog = self.catalogs.get(prefix)
            return catalog.plugins.get(rest, "") if catalog else "", applied
        known = self.text(value) or ""
        return f"org.jetbrains.kotlin.{known}" if node.name == "kotlin" else known, applied

    def _word(self, argument: Argument) -> str:
        return argument.value.path if isinstance(argument.value, Name) else ""

    def _apply(self, node: Call, own: bool) -> None:
        for argument in node.arguments:
            known = self.text(argument.value)
            if argument.label == "plugin" and known and own:
                self.plugins.add(known)
            elif argument.label == "from" and own:
                self.scripts.append(known or "")
                if known is None:
                    self.dynamic(node.line, "applies a script that is not known")

    def _managed(self, node: Call, own: bool) -> None:
        """``dependencyManagement {}`` of Spring's plugin: BOMs and versions."""
        for inner in blocks((node,)) if own else ():
            if isinstance(inner, Call) and inner.name in ("mavenBom", "dependency") and inner.arguments:
                found = self._modules(inner.arguments)
                extras = (PLATFORM,) if inner.name == "mavenBom" else ()
                self._add(inner.line, found, Force.LIMITS, extras)
            elif isinstance(inner, Call) and inner.name == "dependencySet":
                self.dynamic(inner.line, "manages versions")

    def _configured(self, node: Call, own: bool) -> None:
        """``configurations {}``: what is forced and left out everywhere."""
        for inner in blocks((node,)) if own else ():
            if isinstance(inner, Opaque):
                self.dynamic(inner.line or node.line, "may change what is resolved")
            if not isinstance(inner, Call):
                continue
            if inner.name.endswith("force") and inner.arguments:
                for argument in inner.arguments:
                    self._add(inner.line, self._modules((argument,)), Force.OVERRIDES)
            elif inner.name.endswith(_CHANGES):
                self.dynamic(inner.line, "changes what is resolved")

    def _configurations(self, node: Node) -> None:
        """Which configurations there are, and which of them the runtime class path extends."""
        if isinstance(node, Call) and node.name.rpartition(".")[2] == "extendsFrom":
            first = node.name.split(".")[0]
            owner = node.receiver.name if isinstance(node.receiver, Call) else first
            if owner in RUNTIME or owner in ("named", "getByName", "extendsFrom") or "." not in node.name:
                self.runtime.update(self._word(a).removeprefix("configurations.") for a in node.arguments)
        elif isinstance(node, Call) and node.name == "configurations":
            for inner in node.block or ():
                name = inner.path if isinstance(inner, Name) else inner.name if isinstance(inner, Call) else ""
                self.configurations.add(name)
                if isinstance(inner, Call) and inner.arguments:
                    self.configurations.add(self.text(inner.arguments[0].value) or name)
        elif isinstance(node, Assign) and isinstance(node.value, Call) and "configurations" in node.value.name:
            self.configurations.add(node.name)

    # dependencies

    def _dependencies(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            self.steps += 1
            if self.steps > _REACH:
                raise ManifestError(Origin(self._script.path), "amounts to too much")
            if isinstance(node, Assign):
                self._assign(node)
            elif isinstance(node, Call):
                self._dependency(node)
            elif isinstance(node, Loop):
                self._each(node.variable, node.items, node.body, node.line)
            elif isinstance(node, Choice):
                self._perhaps(node)
            else:
                self.dynamic(getattr(node, "line", 0), "cannot be evaluated")

    def _perhaps(self, node: Choice) -> None:
        """Both branches of a condition: what is for the tests alone needs no answer to it."""
        for inner in blocks((node,)):
            if not isinstance(inner, Call) or _ASIDE.fullmatch(inner.name) or inner.receiver is not None:
                continue
            if inner.name in self.runtime or inner.name == "add" or inner.block is not None:
                self.dynamic(inner.line, "is declared under a condition")
        for inner in blocks((node,)):
            if isinstance(inner, Opaque):
                self.dynamic(inner.line or node.line, "cannot be evaluated")

    def _dependency(self, node: Call) -> None:
        name, arguments = node.name, node.arguments
        if name == "add" and len(arguments) > 1:
            name, arguments = self.text(arguments[0].value) or "", arguments[1:]
        if name in _LOOPS and node.receiver is not None:
            return self._each("it", node.receiver, node.block or (), node.line)
        if name.rpartition(".")[2] in _LOOPS:
            return self._each("it", Name(name.rpartition(".")[0]), node.block or (), node.line)
        if name == "constraints":
            return self._constraints(node.block or ())
        if node.receiver is None and name in self.runtime:
            return self._declared(node, arguments)
        if node.receiver is None and (_ASIDE.fullmatch(name) or name in self.configurations):
            reason = f"is in {shown(name)}, which is not on the runtime class path"
            origin = self._script.origin(node.line)
            self.skipped.append(Skipped(origin.text, reason, origin, incomplete=False))
            return None
        return self.dynamic(node.line, "cannot be evaluated")

    def _declared(self, node: Call, arguments: tuple[Argument, ...]) -> None:
        labelled = [a for a in arguments if a.label]
        groups = [arguments] if labelled else [(a,) for a in arguments]
        if not arguments:
            self.dynamic(node.line, "cannot be evaluated")
        for group in groups:
            self._one(node, group)

    def _one(self, node: Call, group: tuple[Argument, ...]) -> None:
        value = group[0].value
        block = node.block or ()
        while isinstance(value, Call) and value.name.rpartition(".")[2] in _WRAPPERS and value.arguments:
            kind = value.name.rpartition(".")[2]
            if kind in ("platform", "enforcedPlatform"):
                force = Force.OVERRIDES if kind == "enforcedPlatform" else Force.LIMITS
                inner = value.arguments[0].value
                if isinstance(inner, Call) and inner.name == "project":
                    return self.dynamic(node.line, "is a platform of this build")
                found = self._modules(value.arguments)
                return self._add(node.line, found, force, (PLATFORM,))
            block = (*block, *(value.block or ()))
            group = value.arguments
            value = group[0].value
        if isinstance(value, Call) and value.name.rpartition(".")[2] == "project":
            path = next((self.text(a.value) for a in value.arguments if a.label in ("", "path")), None)
            return self.joined.append(path) if path else self.dynamic(node.line, "is a project that is not known")
        if isinstance(value, Name) and value.path.startswith("projects."):
            return self.joined.append(_accessor(value.path))
        if isinstance(value, Call) and value.name in ("gradleApi", "localGroovy", "files", "fileTree"):
            return self.dynamic(node.line, "brings jars that are not known")
        return self._add(node.line, self._modules(group), Force.REQUIRES, (), block)

    def _add(
        self,
        line: int,
        found: tuple[Module, ...] | None,
        force: Force,
        extras: tuple[str, ...] = (),
        block: tuple[Node, ...] = (),
    ) -> None:
        if not found:
            return self.dynamic(line, "cannot be evaluated")
        known = self._details(block)
        if known is None:
            self.dynamic(line, "has details that cannot be evaluated")
            known = ([], [])
        versions, excluded = known
        for one in found:
            constraint = joined(versions) if versions else one.constraint
            self.requirements.append(
                Requirement(one.package, constraint, self._script.origin(line), (*extras, *excluded), force)
            )
        return None

    def _details(self, block: Iterable[Node]) -> tuple[list[str], list[str]] | None:
        """The rich version and the exclusions of one dependency. None where they are not known."""
        versions: list[str] = []
        excluded: list[str] = []
        for node in block:
            if isinstance(node, Assign) and node.name in ("because", "changing", "force", "isChanging", "it"):
                continue
            if not isinstance(node, Call) or node.name in ("because", "capabilities", "attributes", "artifact"):
                if isinstance(node, Call) and node.name == "because":
                    continue
                return None
            if node.name == "version":
                found = [self._rich(inner) for inner in node.block or ()]
                if not all(found):
                    return None
                versions += [part for part in found if part]
            elif node.name == "exclude":
                parts = {a.label: self.text(a.value) for a in node.arguments}
                if None in parts.values() or not parts or "" in parts:
                    return None
                excluded.append(f"exclude {parts.get('group', '*')}:{parts.get('module', '*')}")
            else:
                return None
        return versions, excluded

    def _rich(self, node: Node) -> str | None:
        words = {"strictly": "strictly ", "require": "", "prefer": "prefer ", "reject": "reject "}
        if not isinstance(node, Call) or node.name not in words or not node.arguments:
            return None
        parts = [rich(self.text(a.value) or " / ") for a in node.arguments]
        return joined(words[node.name] + part for part in parts if part) if all(parts) else None

    def _constraints(self, nodes: Iterable[Node]) -> None:
        for node in nodes:
            if not isinstance(node, Call) or node.receiver is not None:
                self.dynamic(getattr(node, "line", 0), "cannot be evaluated")
            elif node.name in self.runtime:
                for argument in node.arguments:
                    self._add(node.line, self._modules((argument,)), Force.LIMITS, (), node.block or ())
            elif not _ASIDE.fullmatch(node.name):
                self.dynamic(node.line, "cannot be evaluated")

    def _each(self, variable: str, items: Node, body: tuple[Node, ...], line: int) -> None:
        if not isinstance(items, Items):
            self._perhaps(Choice(body, line))
            self.dynamic(line, "loops over what is not known")
            return
        if body and isinstance(body[0], Assign) and body[0].name == "it" and isinstance(body[0].value, Name):
            variable, body = body[0].value.path, body[1:]
        before = self.values.get(variable)
        for member in items.members:
            known = self.text(member.value)
            if known is None or member.label:
                self.dynamic(line, "loops over what is not known")
                continue
            self.values[variable] = known
            self._dependencies(body)
        if before is None:
            self.values.pop(variable, None)
        else:
            self.values[variable] = before
        return

    def _modules(self, arguments: tuple[Argument, ...]) -> tuple[Module, ...] | None:
        """The modules of one notation. None where it is not known."""
        labelled = {a.label: self.text(a.value) for a in arguments if a.label}
        value = arguments[0].value
        if labelled:
            if None in labelled.values() or not {"group", "name"} <= labelled.keys():
                return None
            found = module(labelled["group"] or "", labelled["name"] or "", labelled.get("version") or "")
            return (found,) if found else None
        if isinstance(value, Name):
            prefix, _, rest = value.path.partition(".")
            if prefix in self.catalogs:
                return self.catalogs[prefix].modules(rest)
        if isinstance(value, Call) and value.name == "kotlin" and value.arguments:
            return self._kotlin(value)
        if isinstance(value, Items):
            return self._map(value)
        text = self.text(value)
        parsed = parse(text) if text else None
        return (parsed,) if parsed else None

    def _map(self, value: Items) -> tuple[Module, ...] | None:
        if all(member.label for member in value.members):
            return self._modules(value.members) if value.members else None
        found = [self._modules((member,)) for member in value.members]
        return tuple(m for one in found if one for m in one) if all(found) else None

    def _kotlin(self, value: Call) -> tuple[Module, ...] | None:
        parts = [self.text(a.value) for a in value.arguments]
        if None in parts:
            return None
        found = module("org.jetbrains.kotlin", f"kotlin-{parts[0]}", parts[1] or "" if len(parts) > 1 else "")
        return (found,) if found else None

    def text(self, node: Node) -> str | None:
        """What a value stands for. None where it is not known."""
        if isinstance(node, Name):
            return self._value(node.path)
        if isinstance(node, Text):
            parts = [part if isinstance(part, str) else self.text(part) for part in node.parts]
            found = [part for part in parts if part is not None]
            return "".join(found) if len(found) == len(parts) and sum(map(len, found)) <= 1000 else None
        if isinstance(node, Call):
            return self._looked_up(node)
        return None

    def _value(self, path: str) -> str | None:
        name = path.removesuffix(".get").removesuffix(".toString")
        prefix, _, rest = name.partition(".versions.")
        if rest and prefix in self.catalogs:
            return self.catalogs[prefix].versions.get(rest)
        return self.values.get(name, self.values.get(_REFERENCES.sub("", name)))

    def _looked_up(self, node: Call) -> str | None:
        name = node.name.rpartition(".")[2]
        if name in ("get", "toString", "asText") and not node.arguments:
            return self.text(node.receiver) if node.receiver else self._value(node.name)
        keys = ("property", "getProperty", "findProperty", "gradleProperty", "providers.gradleProperty", "get")
        if name in keys and node.arguments and node.receiver is None:
            return self._value(self.text(node.arguments[0].value) or "")
        return None


_CHANGES = (
    "eachDependency", "substitute", "useVersion", "useTarget", "exclude", "dependencySubstitution",
    "failOnVersionConflict", "componentSelection", "capabilitiesResolution",
)  # fmt: skip
_WRAPPERS = frozenset({"platform", "enforcedPlatform", "create", "dependencies.create", "variantOf"})
_APART = frozenset({"repositories", "pluginManagement", "publishing", "sourceSets", "testing", "tasks", "test"})
_PROJECT_BLOCKS: Mapping[str, Callable[[Project, Call, bool], None]] = {
    "ext": Project._ext,
    "extra": Project._ext,
    "buildscript": Project._buildscript,
    "plugins": Project._plugins,
    "apply": Project._apply,
    "dependencyManagement": Project._managed,
    "configurations": Project._configured,
}


def _accessor(path: str) -> str:
    """The path of a type-safe accessor: ``projects.coreApi`` is ``:core-api``."""
    words = path.removeprefix("projects.").removesuffix(".dependencyProject").split(".")
    return "".join(":" + re.sub(r"(?<=[a-z0-9])([A-Z])", lambda m: f"-{m[1].lower()}", word) for word in words)
