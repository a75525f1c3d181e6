"""Conditions of a ``.spec`` file: ``%if`` expressions and ``%ifarch`` (rpm.org, "Spec syntax")."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from resolvers.rpm.macros import Macros

_TOKEN = re.compile(r'\s*(?:(?P<number>\d{1,18})(?![\w.])|"(?P<text>[^"]*)"|(?P<sign>\|\||&&|[=!<>]=|[<>!()+*/-]))')
_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "==": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
DEPTH_LIMIT = 50


class NotKnownError(ValueError):
    """An expression that is no expression, or that only a build can tell."""


def holds(expression: str, macros: Macros) -> bool | None:
    """Whether an ``%if`` expression is true, None where that is not known."""
    expanded = macros.expand(expression)
    if not expanded.known:
        return None
    try:
        return _Expression(_tokens(expanded.text)).whole()
    except NotKnownError:
        return None


def _tokens(text: str) -> list[int | str]:
    """Numbers as such, strings behind a quotation mark, signs."""
    tokens: list[int | str] = []
    place = 0
    text = text.rstrip()
    while place < len(text):
        found = _TOKEN.match(text, place)
        if not found:
            raise NotKnownError(text)
        number, string, sign = found["number"], found["text"], found["sign"]
        tokens.append(int(number) if number else sign or f'"{string}')
        place = found.end()
    return tokens


@dataclass
class _Expression:
    """Reads an expression from the loosest operator to the tightest."""

    tokens: list[int | str]
    place: int = 0
    depth: int = field(default=0)

    def whole(self) -> bool:
        value = self.either()
        if self.place != len(self.tokens):
            raise NotKnownError
        return _is_true(value)

    def either(self) -> int | str:
        value = self.both()
        while self.accept("||"):
            other = self.both()
            value = int(_is_true(value) or _is_true(other))
        return value

    def both(self) -> int | str:
        value = self.comparison()
        while self.accept("&&"):
            other = self.comparison()
            value = int(_is_true(value) and _is_true(other))
        return value

    def comparison(self) -> int | str:
        value = self.single()
        for sign, compare in _COMPARISONS.items():
            if self.accept(sign):
                other = self.single()
                if type(value) is not type(other):
                    raise NotKnownError
                return int(compare(value, other))
        return value

    def single(self) -> int | str:
        self.depth += 1
        if self.depth > DEPTH_LIMIT or self.place >= len(self.tokens):
            raise NotKnownError
        if self.accept("!"):
            value: int | str = int(not _is_true(self.single()))
        elif self.accept("("):
            value = self.either()
            if not self.accept(")"):
                raise NotKnownError
        else:
            value = self.tokens[self.place]
            self.place += 1
            if isinstance(value, str) and not value.startswith('"'):
                raise NotKnownError
        self.depth -= 1
        return value

    def accept(self, sign: str) -> bool:
        is_next = self.place < len(self.tokens) and self.tokens[self.place] == sign
        self.place += is_next
        return is_next


def _is_true(value: int | str) -> bool:
    return value not in (0, '"')


_IF = re.compile(r"%(?P<word>ifn?arch|ifn?os|if|elif(?:arch|os)?|else|endif)(?![\w:])(?P<rest>.*)", re.DOTALL)
_ARCHES_OF = {"x86_64": {"x86_64", "%{x86_64}"}, "i686": {"i686", "%{ix86}"}, "aarch64": {"aarch64", "%{arm64}"}}


@dataclass(frozen=True, slots=True)
class _Open:
    """A condition that is open: whether its branch is taken, whether one before it was, and whether what
    is around it is. None: not known."""

    taken: bool | None
    before: bool | None
    around: bool | None


@dataclass
class Conditions:
    """The conditions that are open at a place of a file."""

    macros: Macros
    arch: str
    open: list[_Open] = field(default_factory=list)

    @property
    def taken(self) -> bool | None:
        """Whether what stands here counts, None where that is not known."""
        return _both(self.open[-1].taken, self.open[-1].around) if self.open else True

    def directive(self, line: str) -> bool:
        """Take a line that is a condition. False where it is none."""
        found = _IF.match(line.strip())
        if not found:
            return False
        word, rest = found["word"], found["rest"].strip()
        if word.startswith("if"):
            # In a branch that is left out nothing is asked.
            around = self.taken
            self.open.append(_Open(self._state(word, rest) if around is not False else False, False, around))
        elif self.open:
            last = self.open.pop()
            if word != "endif":
                before = _either(last.before, last.taken)
                state = True if word == "else" else self._state(word.removeprefix("el"), rest)
                self.open.append(_Open(_both(state, _not(before)), before, last.around))
        return True

    def _state(self, word: str, rest: str) -> bool | None:
        if word == "if":
            return holds(rest, self.macros)
        is_negative = word.startswith("ifn")
        if word.endswith("os"):
            return ("linux" in rest.split()) != is_negative
        return self._is_arch(rest) if not is_negative else _not(self._is_arch(rest))

    def _is_arch(self, rest: str) -> bool | None:
        """A macro may stand for any architectures."""
        names = rest.replace(",", " ").split()
        if not _ARCHES_OF.get(self.arch, {self.arch}).isdisjoint(names):
            return True
        return None if any("%" in name and name not in ("%{ix86}", "%{arm}") for name in names) else False


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


def _both(one: bool | None, other: bool | None) -> bool | None:
    return False if False in (one, other) else None if None in (one, other) else True


def _either(one: bool | None, other: bool | None) -> bool | None:
    return _not(_both(_not(one), _not(other)))
