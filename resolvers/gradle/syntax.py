"""What a build script says, in either language: calls, assignments, texts. The rest is Opaque."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

DEPTH = 60
"""Levels of nesting that are read."""

_PLACEHOLDER = re.compile(r"\\(.)|\$\{([^}]*)\}|\$([A-Za-z_][\w.]*)", re.DOTALL)
_LOOKUP = re.compile(
    r"""(?:[\w.]+\.)?(?:property|getProperty|findProperty|get|extra|ext)?[(\[]\s*["']([\w.\-]+)["']\s*[)\]]"""
)
_NAME = re.compile(r"[A-Za-z_][\w.]*")


@dataclass(frozen=True, slots=True)
class Name:
    """A dotted name."""

    path: str


@dataclass(frozen=True, slots=True)
class Text:
    """A string or number; its parts are joined. A part that is no ``str`` is looked up."""

    parts: tuple[str | Node, ...]


@dataclass(frozen=True, slots=True)
class Items:
    """A list or map."""

    members: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Argument:
    """What is handed to a call, with its label if it has one."""

    label: str
    value: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A call, with or without brackets; ``block`` is the closure behind it, None without one."""

    name: str
    line: int
    arguments: tuple[Argument, ...] = ()
    block: tuple[Node, ...] | None = None
    receiver: Node | None = None


@dataclass(frozen=True, slots=True)
class Assign:
    """A value gets a name."""

    name: str
    value: Node
    line: int


@dataclass(frozen=True, slots=True)
class Choice:
    """Statements that are run under a condition, or perhaps."""

    body: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Loop:
    """Statements that are run for each of some items."""

    variable: str
    items: Node
    body: tuple[Node, ...]
    line: int


@dataclass(frozen=True, slots=True)
class Opaque:
    """What is not understood, and the statements in it that are."""

    line: int
    inner: tuple[Node, ...] = ()
    words: tuple[str, ...] = ()


Node = Name | Text | Items | Call | Assign | Choice | Loop | Opaque


def text_of(raw: str, *, interpolated: bool) -> Text:
    """The Text of a literal without its quotes."""
    if not interpolated:
        return Text((raw.replace("\\'", "'").replace("\\\\", "\\"),))
    parts: list[str | Node] = []
    start = 0
    for found in _PLACEHOLDER.finditer(raw):
        parts.append(raw[start : found.start()])
        parts.append(found[1] if found[1] is not None else _looked_up((found[2] or found[3] or "").strip()))
        start = found.end()
    return Text((*parts, raw[start:]))


def _looked_up(expression: str) -> Node:
    lookup = _LOOKUP.fullmatch(expression)
    expression = re.sub(r"(?:\.(?:get|toString)\(\))+$", "", expression)
    if lookup:
        return Name(lookup[1])
    return Name(expression) if _NAME.fullmatch(expression) else Opaque(0)


def blocks(nodes: Iterable[Node]) -> Iterator[Node]:
    """All statements, and those in them."""
    pending = list(nodes)
    while pending:
        node = pending.pop()
        yield node
        pending += inner(node)


def inner(node: Node) -> tuple[Node, ...]:
    """The statements and values directly in one."""
    if isinstance(node, Call):
        values = tuple(argument.value for argument in node.arguments)
        return (*(node.block or ()), *values, *((node.receiver,) if node.receiver else ()))
    if isinstance(node, (Choice, Loop)):
        return node.body
    if isinstance(node, Assign):
        return (node.value,)
    if isinstance(node, Items):
        return tuple(member.value for member in node.members)
    return node.inner if isinstance(node, Opaque) else ()
