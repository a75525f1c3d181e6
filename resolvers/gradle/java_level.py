"""Which JDK a project's build asks for: its toolchain, and the level of the class files that it makes.

Class files of a level run on that Java and on every later one (JVMS 4.1); a toolchain is one JDK.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from analyzer.origin import Origin
from resolvers.gradle.syntax import Argument, Assign, Call, Choice, Loop, Name, Node, Opaque, inner
from resolvers.gradle.values import Values

_CONSTANT = re.compile(r"(?:^|\.)(?:VERSION|JVM)_(?:1_)?(\d{1,3})(?:\.|$)")
_NUMBER = re.compile(r"(?:1\.)?(\d{1,3})(?:\.0)*")
_MAKERS = frozenset({"of", "toVersion", "fromTarget", "valueOf", "parseInt", "forClassVersion", "set", "toInteger"})
_SCOPES = frozenset({"allprojects", "subprojects", "project", "rootProject", "afterEvaluate", "testing"})
_TOOLCHAINS = ("toolchain", "jvmToolchain")


class Kind(StrEnum):
    """What a build says the Java version of."""

    TOOLCHAIN = "toolchain"
    RELEASE = "release"
    TARGET = "targetCompatibility"
    SOURCE = "sourceCompatibility"
    KOTLIN = "jvmTarget"


_PROPERTIES = {kind.value: kind for kind in (Kind.TARGET, Kind.SOURCE, Kind.KOTLIN)}


@dataclass(frozen=True, slots=True)
class Level:
    """A Java version, None where it cannot be told, and the place that says it."""

    number: int | None
    origin: Origin


@dataclass
class Levels:
    """What one project says. The last word counts."""

    said: dict[Kind, Level] = field(default_factory=dict)

    @property
    def toolchain(self) -> Level | None:
        """The JDK that it is built and run with."""
        return self.said.get(Kind.TOOLCHAIN)

    def class_files(self) -> Iterator[Level]:
        """The levels of its class files, of Java's compiler and of Kotlin's."""
        of_java = [self.said[k] for k in (Kind.RELEASE, Kind.TARGET, Kind.SOURCE) if k in self.said]
        yield from of_java[:1]
        yield from [self.said[Kind.KOTLIN]] if Kind.KOTLIN in self.said else []

    def read(self, node: Node, values: Values, place: Callable[[int], Origin]) -> None:
        """Take in a statement of the project's own."""
        for kind, value, line in _said(node, ()):
            self.said[kind] = Level(level(value, values) if value is not None else None, place(line))


def level(value: Node, values: Values) -> int | None:
    """``JavaVersion.VERSION_1_8``, ``"1.8"``, ``JavaLanguageVersion.of(21)`` as a number. None where it is none."""
    if isinstance(value, Name) and (constant := _CONSTANT.search(value.path)):
        return int(constant[1])
    if isinstance(value, Call):
        if constant := _CONSTANT.search(value.name):
            return int(constant[1])
        if value.name.rpartition(".")[2] in _MAKERS and len(value.arguments) == 1:
            return level(value.arguments[0].value, values)
        if (text := values.text(value)) is None and value.receiver is not None and not value.arguments:
            return level(value.receiver, values)
        if text is None and not value.arguments and "." in value.name:
            return level(Name(value.name.rpartition(".")[0]), values)
    found = _NUMBER.fullmatch((values.text(value) or "").strip())
    return int(found[1]) if found else None


def _said(node: Node, within: tuple[str, ...]) -> Iterator[tuple[Kind, Node | None, int]]:
    """The versions that a statement tells, None where it may not be run; ``within`` are the blocks around it."""
    if any("test" in name.lower() for name in within):
        return
    if isinstance(node, Assign):
        yield from _assigned(node.name, node.value, node.line, within)
        return
    if isinstance(node, Call):
        if node.name in _SCOPES or (node.name == "configure" and not _is_type(node)):
            return
        yield from _called(node, within)
        within = (*within, *_names(node))
    maybe = isinstance(node, (Choice, Loop, Opaque))
    for part in inner(node):
        for kind, value, line in _said(part, within):
            yield kind, None if maybe else value, line


def _called(node: Call, within: tuple[str, ...]) -> Iterator[tuple[Kind, Node | None, int]]:
    """``x.set(17)``, ``jvmToolchain(17)``, ``sourceCompatibility 17``."""
    if len(node.arguments) != 1 or any("test" in name.lower() for name in _names(node)):
        return
    value = node.arguments[0].value
    if node.name.endswith(".set"):
        yield from _assigned(node.name.removesuffix(".set"), value, node.line, within)
    elif node.name.rpartition(".")[2] in ("jvmToolchain", *_PROPERTIES):
        yield _PROPERTIES.get(node.name.rpartition(".")[2], Kind.TOOLCHAIN), value, node.line


def _assigned(name: str, value: Node, line: int, within: tuple[str, ...]) -> Iterator[tuple[Kind, Node | None, int]]:
    *owners, last = name.split(".")
    if any("test" in owner.lower() for owner in owners):
        return
    around = (*within, *owners)
    if last in _PROPERTIES:
        yield _PROPERTIES[last], value, line
    elif last == "release" and "options" in around:
        yield Kind.RELEASE, value, line
    elif last == "languageVersion" and not set(_TOOLCHAINS).isdisjoint(around):
        yield Kind.TOOLCHAIN, value, line


def _names(node: Call) -> tuple[str, ...]:
    """What a block is about: ``compileTestJava``, ``named("compileTestJava")``, ``withType(JavaCompile)``."""
    said = [_word(argument) for argument in node.arguments]
    if isinstance(node.receiver, Call):
        said += _names(node.receiver)
    return (*node.name.split("."), *said)


def _is_type(node: Call) -> bool:
    """Whether ``configure`` is given an extension by its type, and not projects."""
    return len(node.arguments) == 1 and _word(node.arguments[0])[:1].isupper()


def _word(argument: Argument) -> str:
    value = argument.value
    if isinstance(value, Name):
        return value.path
    return "".join(part for part in getattr(value, "parts", ()) if isinstance(part, str))
