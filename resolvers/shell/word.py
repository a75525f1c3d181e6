"""Words of the shell, parsed into what stands for itself and what is expanded (POSIX 2.2, 2.6)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from resolvers.shell.arithmetic import is_arithmetic
from resolvers.shell.passage import Passage, Span, text_of
from resolvers.shell.quoting import closing, closing_escaped, unescape
from resolvers.shell.syntax import Literal, Parameter, Part, Raw, Substitution, Unreadable

DEPTH_LIMIT = 25
"""How deep expansions, commands and scripts may lie in one another."""

_PLAIN = re.compile(r"[^ \t\n;&|<>()'\"\\$`]+")
_QUOTED = re.compile(r"[^\\$`]+")
_NAME = re.compile(r"[A-Za-z_]\w*|[0-9@*#?$!-]", re.ASCII)
_BRACED = re.compile(r"(?P<odd>[#!]?)(?P<name>[A-Za-z_]\w*|\d+|[@*#?$!-])(?:\[(?P<index>[^\]]*)\])?", re.ASCII)
_OPERATOR = re.compile(r":?[-=+?]|##?|%%?|//?|\^\^?|,,?|:|@|$")


@dataclass(slots=True)
class Scanner:
    """Reads words of a passage from ``position`` on. Raises Unreadable for what does not end."""

    passage: Passage
    position: int = 0
    depth: int = 0

    def __post_init__(self) -> None:
        if self.depth > DEPTH_LIMIT:
            raise self.fail("is nested too deeply", self.position)

    @property
    def text(self) -> str:
        """All that is read from."""
        return self.passage.text

    def word(self) -> Raw:
        """The word that begins here; it has no parts where none does."""
        origin, parts = self.passage.origin(self.position), list[Part]()
        while self.position < len(self.text):
            if self.text.startswith(("<(", ">("), self.position):
                parts.append(self._substitution(self.position + 2, ")", followed=False))
            elif plain := _PLAIN.match(self.text, self.position):
                parts.append(self._literal(plain.end(), quoted=False))
            elif self.text[self.position] in "'\"\\$`":
                parts += self._special(quoted=False)
            else:
                break
        return Raw(tuple(parts), origin)

    def quoted(self) -> tuple[Part, ...]:
        """All of the passage as it stands between double quotes, or in a here-document."""
        parts: list[Part] = []
        while self.position < len(self.text):
            if plain := _QUOTED.match(self.text, self.position):
                parts.append(self._literal(plain.end(), quoted=True))
            else:
                parts += self._special(quoted=True)
        return tuple(parts)

    def everything(self) -> tuple[Part, ...]:
        """All of the passage as one word, blanks and operators included: the argument of an expansion."""
        parts: list[Part] = []
        while self.position < len(self.text):
            parts += self.word().parts
            if self.position < len(self.text):
                parts.append(self._literal(self.position + 1, quoted=False))
        return tuple(parts)

    def fail(self, reason: str, position: int) -> Unreadable:
        """The error for what stands at ``position``."""
        return Unreadable(self.passage.origin(position), reason)

    def _special(self, *, quoted: bool) -> tuple[Part, ...]:
        char = self.text[self.position]
        if char == "\\":
            return self._escape(quoted=quoted)
        if char == "`":
            return (self._substitution(self.position + 1, "`", quoted=quoted),)
        if char == "$":
            return self._dollar(quoted=quoted)
        return (self._single(),) if char == "'" else self._double()

    def _literal(self, end: int, *, quoted: bool) -> Literal:
        value = self.passage.cut(self.position, end)
        self.position = end
        return Literal(value, quoted)

    def _single(self) -> Part:
        end = self.text.find("'", self.position + 1)
        if end < 0:
            raise self.fail("a quote that does not end", self.position)
        value = self.passage.cut(self.position + 1, end)
        self.position = end + 1
        return Literal(value, quoted=True)

    def _double(self) -> tuple[Part, ...]:
        inner = self._within(self.position + 1, '"')
        return (Literal((), quoted=True), *Scanner(inner, depth=self.depth + 1).quoted())

    def _within(self, start: int, closer: str) -> Passage:
        """What is between ``start`` and its closer; goes behind it."""
        end = closing(self.text, start, closer)
        if end < 0:
            raise self.fail(f"a {closer} is missing", self.position)
        self.position = end + 1
        return Passage.of(self.passage.cut(start, end))

    def _escape(self, *, quoted: bool) -> tuple[Part, ...]:
        following = self.text[self.position + 1 : self.position + 2]
        if following == "\n":
            self.position += 2
            return ()
        if not quoted or following in ("$", "`", '"', "\\"):
            self.position += bool(following)
        return (self._literal(self.position + 1, quoted=True),)

    def _dollar(self, *, quoted: bool) -> tuple[Part, ...]:
        start, following = self.position, self.text[self.position + 1 : self.position + 2]
        if following == "(":
            return (self._substitution(start + 2, ")", quoted=quoted),)
        if following == "{":
            return (self._braced(quoted=quoted),)
        if following == "'" and not quoted:
            return (self._escaped(),)
        if following == '"' and not quoted:
            self.position += 1
            return self._double()
        if name := _NAME.match(self.text, start + 1):
            written = self._literal(name.end(), quoted=quoted).value
            return (Parameter(name.group(), written, quoted),)
        return (self._literal(start + 1, quoted=quoted),)

    def _escaped(self) -> Part:
        end = closing_escaped(self.text, self.position + 2)
        if end < 0:
            raise self.fail("a quote that does not end", self.position)
        value = self.passage.cut(self.position + 2, end)
        self.position = end + 1
        if len({span.origin for span in value}) == 1:
            value = (Span(unescape(text_of(value)), value[0].origin, all(span.known for span in value)),)
        return Literal(value, quoted=True)

    def _substitution(self, start: int, closer: str, *, quoted: bool = False, followed: bool = True) -> Part:
        begin = self.position
        inner = self._within(start, closer)
        nested = self.text.startswith("$((", begin) and inner.text.endswith(")")
        arithmetic = nested and is_arithmetic(inner.text[1:-1])
        body = inner if followed and not arithmetic else None
        return Substitution(body, self.passage.cut(begin, self.position), quoted)

    def _braced(self, *, quoted: bool) -> Part:
        begin = self.position
        inner = self._within(begin + 2, "}")
        written = self.passage.cut(begin, self.position)
        match = _BRACED.match(inner.text)
        operator = _OPERATOR.match(inner.text, match.end()) if match else None
        if match is None or operator is None:
            return Parameter("", written, quoted, odd=True)
        rest = Scanner(Passage.of(inner.cut(operator.end(), len(inner.text))), depth=self.depth + 1)
        argument = rest.quoted() if quoted else rest.everything()
        odd = bool(match["odd"])
        return Parameter(match["name"], written, quoted, match["index"] or "", operator.group(), argument, odd)
