"""What the scripts of one project amount to, while they are read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.requirement import Requirement
from analyzer.service import Skipped
from resolvers.bundled.declared import shown
from resolvers.gradle.configurations import Configurations
from resolvers.gradle.groovy import read_groovy
from resolvers.gradle.java_level import Levels
from resolvers.gradle.kotlin import read_kotlin
from resolvers.gradle.syntax import Node
from resolvers.gradle.values import Values
from resolvers.tree import Tree

_REACH = 20_000
"""Statements that one project's scripts may amount to, loops and all."""


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
    read: Callable[[str, str], tuple[Node, ...]] = read_kotlin if path.endswith(".kts") else read_groovy
    return Script(path, read(text, path), text)


@dataclass(frozen=True, slots=True)
class Joined:
    """Another project of the build that one depends on, by its path, and the line that says so."""

    path: str
    origin: Origin


@dataclass
class Project:
    """One project of a build.

    ``joined`` are projects that it depends on, ``excluded`` what it leaves out everywhere (``exclude group:name``).
    ``follow`` reads a script that it applies, ``adopt`` those that a plugin of the build's own is made of.
    ``lockable`` is false where a lock of it would not hold all that it brings.
    """

    path: str
    values: Values
    script: Script = field(default_factory=lambda: Script("", (), ""))
    configurations: Configurations = field(default_factory=Configurations)
    requirements: list[Requirement] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    plugins: set[str] = field(default_factory=set)
    levels: Levels = field(default_factory=Levels)
    joined: list[Joined] = field(default_factory=list)
    follow: Callable[[Project, str, bool], None] = lambda *_: None
    adopt: Callable[[Project, str], None] = lambda *_: None
    lockable: bool = True
    steps: int = 0

    @property
    def is_root(self) -> bool:
        """Whether it is the root of its build."""
        return self.path == ":"

    def step(self) -> None:
        """Count a statement. Raises ManifestError where there are too many."""
        self.steps += 1
        if self.steps > _REACH:
            raise ManifestError(Origin(self.script.path), "amounts to too much")

    def dynamic(self, line: int, reason: str) -> None:
        """Something that may want more than is known."""
        origin = self.script.origin(line)
        self.unknown.append(f"{origin}: {reason}: {origin.text}" if origin.text else f"{origin}: {reason}")

    def aside(self, line: int, reason: str) -> None:
        """A dependency that is not on the runtime class path, for a reason."""
        origin = self.script.origin(line)
        self.skipped.append(Skipped(origin.text, reason, origin, incomplete=False))
