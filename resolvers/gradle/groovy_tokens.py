"""The tokens of a Groovy script, read one after another; what concerns nobody is left out by its brackets."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analyzer.errors import ManifestError
from analyzer.origin import Origin

_TOKEN = re.compile(
    r"""(?P<blank>[ \t\r\f]+|\\\n|//[^\n]*|/\*.*?\*/|\A\#![^\n]*)
    |(?P<newline>\n)
    |(?P<raw>'''(?:[^\\]|\\.)*?'''|'(?:[^'\\\n]|\\.)*')
    |(?P<text>\"\"\"(?:[^\\]|\\.)*?\"\"\"|"(?:[^"\\\n]|\\.)*")
    |(?P<number>\d[\w.]*)
    |(?P<name>[A-Za-z_$][\w$]*)
    |(?P<mark>\?\.|\*\.|\?:|==|!=|<=|>=|&&|\|\||->|\+=|<<|.)""",
    re.DOTALL | re.VERBOSE,
)
OPENING = {"(": ")", "[": "]", "{": "}"}
CLOSING = frozenset(OPENING.values())
_ENDS = frozenset({"newline", "end"})


@dataclass(frozen=True, slots=True)
class Token:
    """A word or mark, with the kind of it (a group of the pattern, or ``end``), and its line."""

    kind: str
    text: str
    line: int


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    line = 1
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "blank":
            found.append(Token(match.lastgroup or "mark", match[0], line))
        line += match[0].count("\n")
    return [*found, Token("end", "", line)]


class TokenReader:
    """A place among the tokens of a script, of which the last is always ``end``.

    Brackets that are not closed, or not by their own kind, raise ManifestError.
    """

    def __init__(self, text: str, path: str) -> None:
        self.tokens = _tokens(text)
        self.path = path
        self.at = 0

    @property
    def now(self) -> Token:
        """The token here; the last one for ever after."""
        return self.tokens[min(self.at, len(self.tokens) - 1)]

    def skip_to(self, closing: str, line: int) -> None:
        """Leave out what stands before the bracket that closes the one in ``line``."""
        while not self.meets(closing):
            if self.now.kind == "end" or (self.now.kind == "mark" and self.now.text in CLOSING):
                raise ManifestError(Origin(self.path, line), "has a bracket that is not closed")
            self.skip_one()

    def skip_expression(self) -> tuple[str, ...]:
        """Leave out an expression, whose words are returned."""
        words: list[str] = []
        while not self.ended() and not self.meets(",") and not (self.now.kind == "mark" and self.now.text in CLOSING):
            words.append(self.now.text)
            self.skip_one(words)
        return tuple(words)

    def skip_one(self, words: list[str] | None = None) -> None:
        """Leave out a token, or all that its bracket encloses; the words there are added to ``words``."""
        if self.now.kind == "mark" and self.now.text in OPENING:
            self.skip_group(self.now.text, words)
        else:
            self.at += 1

    def skip_group(self, opening: str, words: list[str] | None = None) -> None:
        """Leave out what stands in brackets, if that comes next."""
        if not self.meets(opening):
            return
        line = self.now.line
        pending: list[str] = []
        while True:
            token = self.now
            if token.kind == "end":
                raise ManifestError(Origin(self.path, line), "has a bracket that is not closed")
            if token.kind == "mark" and token.text in OPENING:
                pending.append(OPENING[token.text])
            elif token.kind == "mark" and token.text in CLOSING and pending.pop() != token.text:
                raise ManifestError(Origin(self.path, token.line), "has brackets that do not match")
            elif words is not None:
                words.append(token.text)
            self.at += 1
            if not pending:
                return

    def newlines(self) -> None:
        """Leave out line ends."""
        while self.now.kind == "newline":
            self.at += 1

    def meets(self, mark: str) -> bool:
        """Whether this mark comes next."""
        return self.now.kind == "mark" and self.now.text == mark

    def ended(self) -> bool:
        """Whether a statement has come to its end."""
        return self.now.kind in _ENDS or self.meets(";") or self.meets("}")
