"""What a shell script is made of once it is parsed (POSIX 2.10), nothing of it expanded yet."""

from __future__ import annotations

from dataclasses import dataclass

from analyzer.origin import Origin
from resolvers.shell.passage import Passage, Value


@dataclass(frozen=True, slots=True)
class Literal:
    """Text that stands for itself; ``quoted`` text is neither split nor a pattern."""

    value: Value
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Parameter:
    """``$NAME``, ``${NAME}`` or ``${NAME:-argument}`` (POSIX 2.6.2). ``index`` is an array's subscript.
    ``odd`` says that it asks for what is not followed here: a length, a name that another variable holds."""

    name: str
    written: Value
    quoted: bool = False
    index: str = ""
    operator: str = ""
    argument: tuple[Part, ...] = ()
    odd: bool = False


@dataclass(frozen=True, slots=True)
class Substitution:
    """``$(body)``, or what else only a run tells (``$((1 + 1))``, ``<(body)``), whose body is None."""

    body: Passage | None
    written: Value
    quoted: bool = False


Part = Literal | Parameter | Substitution


@dataclass(frozen=True, slots=True)
class Raw:
    """A word as parsed, and where it begins."""

    parts: tuple[Part, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Assignment:
    """``NAME=word``, ``NAME+=word`` or, with several words, ``NAME=(word …)``. ``prefix`` is what stands
    before the value, for where it is an ordinary word after all (``dd if=…``)."""

    name: str
    prefix: Literal
    words: tuple[Raw, ...]
    append: bool = False
    array: bool = False


@dataclass(frozen=True, slots=True)
class Redirection:
    """Where standard input comes from or output goes to. A here-document's ``word`` is its body."""

    operator: str
    word: Raw
    descriptor: str = ""


@dataclass(frozen=True, slots=True)
class Simple:
    """A simple command (POSIX 2.9.1)."""

    items: tuple[Raw | Assignment, ...]
    origin: Origin


@dataclass(frozen=True, slots=True)
class Redirected:
    """A command with its redirections."""

    body: Node
    redirections: tuple[Redirection, ...]


@dataclass(frozen=True, slots=True)
class Pipeline:
    """Commands joined by ``|``, or one after ``!``."""

    parts: tuple[Node, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class AndOr:
    """A command, and others that follow it with ``&&`` or ``||``."""

    first: Node
    rest: tuple[tuple[str, Node], ...]


@dataclass(frozen=True, slots=True)
class Group:
    """``{ …; }``, or ``( … )`` with ``apart``: what it sets is not seen outside."""

    body: tuple[Node, ...]
    apart: bool = False


@dataclass(frozen=True, slots=True)
class Branches:
    """``if`` and ``case``: of the ``branches`` at most one runs, after ``tests`` that run first.
    ``total`` says that one of them always runs (``else``)."""

    tests: tuple[tuple[Node, ...], ...]
    branches: tuple[tuple[Node, ...], ...]
    subject: Raw | None = None
    total: bool = False


@dataclass(frozen=True, slots=True)
class For:
    """``for name in words``; ``words`` is None for the positional parameters."""

    name: str
    words: tuple[Raw, ...] | None
    body: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class While:
    """``while`` and ``until``."""

    test: tuple[Node, ...]
    body: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Function:
    """A function's definition; the body is run where it is called."""

    name: str
    body: Node


@dataclass(frozen=True, slots=True)
class Test:
    """``[[ … ]]`` or ``(( … ))``: it says yes or no and installs nothing."""


Node = Simple | Redirected | Pipeline | AndOr | Group | Branches | For | While | Function | Test


class Unreadable(Exception):  # noqa: N818 - a parse that failed, turned into a Skipped where it is caught
    """A piece of a script that is no shell, with its place."""

    def __init__(self, origin: Origin, reason: str) -> None:
        self.origin = origin
        self.reason = reason
        super().__init__(reason)
