"""Recognises the Groovy of build scripts, as far as it declares something."""

from __future__ import annotations

import re
from dataclasses import dataclass

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.gradle.syntax import (
    DEPTH,
    Argument,
    Assign,
    Call,
    Choice,
    Items,
    Loop,
    Name,
    Node,
    Opaque,
    Text,
    blocks,
    text_of,
)

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
_OPENING = {"(": ")", "[": "]", "{": "}"}
_CLOSING = frozenset(_OPENING.values())
_DECLARING = frozenset({"def", "final", "var", "val", "String", "Object", "List", "Map"})
_MEMBER = frozenset({".", "?.", "*."})
_AFTER = frozenset({",", ")", "]", "}", ";", "=", "+=", ":", "{", "["})
"""What may stand behind a whole expression."""
_ENDS = frozenset({"newline", "end"})


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str
    line: int


def read_groovy(text: str, path: str) -> tuple[Node, ...]:
    """The statements of a script. Raises ManifestError where it is nested too deeply or ends in the middle."""
    reader = _Reader(_tokens(text), path)
    found = reader.statements("")
    if reader.now.kind != "end":
        raise ManifestError(Origin(path, reader.now.line), f"has a {reader.now.text!r} that closes nothing")
    return found


def _tokens(text: str) -> list[_Token]:
    found: list[_Token] = []
    line = 1
    for match in _TOKEN.finditer(text):
        if match.lastgroup != "blank":
            found.append(_Token(match.lastgroup or "mark", match[0], line))
        line += match[0].count("\n")
    return [*found, _Token("end", "", line)]


class _Reader:
    def __init__(self, tokens: list[_Token], path: str) -> None:
        self._tokens = tokens
        self._path = path
        self._at = 0
        self._depth = 0

    @property
    def now(self) -> _Token:
        return self._tokens[min(self._at, len(self._tokens) - 1)]

    def statements(self, closing: str) -> tuple[Node, ...]:
        """Statements until a closing bracket, which is not taken."""
        self._depth += 1
        if self._depth > DEPTH:
            raise ManifestError(Origin(self._path, self.now.line), "is nested too deeply")
        found: list[Node] = []
        while self.now.kind != "end" and not (self.now.kind == "mark" and self.now.text == "}"):
            if self.now.kind == "newline" or self._is(";"):
                self._at += 1
                continue
            before = self._at
            found.append(self._statement())
            if self._at == before:
                self._at += 1
        self._depth -= 1
        if closing and self.now.kind == "end":
            raise ManifestError(Origin(self._path, self.now.line), "ends within a block")
        return tuple(found)

    def _statement(self) -> Node:
        word = self.now.text if self.now.kind == "name" else ""
        line = self.now.line
        if word in ("if", "while", "switch"):
            self._at += 1
            self._skip_group("(")
            return Choice((*self._body(), *self._otherwise()), line)
        if word in ("try", "else", "finally"):
            self._at += 1
            return Choice(self._body(), line)
        if word == "catch":
            self._at += 1
            self._skip_group("(")
            return Choice(self._body(), line)
        if word == "for":
            return self._loop()
        if word == "import" or word == "package":
            return self._rest(line)
        if declared := self._declaration():
            return declared
        return self._finish(self._expression(), line)

    def _declaration(self) -> Node | None:
        start = self._at
        line = self.now.line
        if self.now.kind != "name" or self.now.text not in _DECLARING:
            return None
        while self.now.kind == "name" and self._tokens[self._at + 1].kind == "name":
            self._at += 1
        name = self.now.text
        self._at += 1
        if self._is("="):
            return self._assigned(name, line)
        if self._is("("):
            self._skip_group("(")
            self._newlines()
            inner = self._block() if self._is("{") else ()
            return Opaque(line, (), (name, *(["dependencies"] if _declares(inner) else [])))
        self._at = start + 1
        return self._rest(line)

    def _assigned(self, name: str, line: int) -> Assign:
        self._at += 1
        self._newlines()
        value = self._expression()
        if not self._ended():
            self._rest(line)
            value = Opaque(line)
        return Assign(name, value, line)

    def _finish(self, value: Node, line: int) -> Node:
        """A statement that began with an expression."""
        if isinstance(value, Name) and self._is("="):
            return self._assigned(value.path, line)
        if isinstance(value, Name) and self._is("+="):
            # What a map is added to keeps its other entries; the sum of anything else is not known.
            added = self._assigned(value.path, line)
            return added if isinstance(added.value, Items) else Assign(value.path, Opaque(line), line)
        if isinstance(value, Name) and self._begins_argument():
            value = self._command(value, line)
        while isinstance(value, Call) and self.now.kind == "name":
            # ``id 'x' version '1' apply false``: what follows is called on what stands before.
            name = self.now.text
            self._at += 1
            value = Call(name, line, self._arguments(), None, value)
        if self._ended():
            return value
        rest = self._rest(line)
        return Opaque(line, (value,), rest.words)

    def _command(self, name: Name, line: int) -> Call:
        arguments = self._arguments()
        block = self._block() if self._is("{") else None
        return Call(name.path, line, arguments, block)

    def _begins_argument(self) -> bool:
        return self.now.kind in ("raw", "text", "number", "name") or self._is("[")

    def _arguments(self) -> tuple[Argument, ...]:
        found: list[Argument] = []
        while True:
            found.append(self._argument())
            if not self._is(","):
                return tuple(found)
            self._at += 1
            self._newlines()

    def _argument(self) -> Argument:
        following = self._tokens[min(self._at + 1, len(self._tokens) - 1)]
        label = ""
        if self.now.kind in ("name", "raw") and following.text == ":":
            label = self.now.text.strip("'")
            self._at += 2
            self._newlines()
        return Argument(label, self._expression())

    def _loop(self) -> Node:
        line = self.now.line
        self._at += 1
        start = self._at
        if self._is("("):
            self._at += 1
            while self.now.kind == "name" and self._tokens[self._at + 1].kind == "name":
                if self._tokens[self._at + 1].text == "in":
                    break
                self._at += 1
            variable = self.now.text
            self._at += 1
            if self.now.text in ("in", ":"):
                self._at += 1
                items = self._expression()
                if self._is(")"):
                    self._at += 1
                    return Loop(variable, items, self._body(), line)
        self._at = start
        self._skip_group("(")
        return Choice(self._body(), line)

    def _body(self) -> tuple[Node, ...]:
        self._newlines()
        if self._is("{"):
            return self._block()
        return (self._nested_statement(),)

    def _nested_statement(self) -> Node:
        self._depth += 1
        if self._depth > DEPTH:
            raise ManifestError(Origin(self._path, self.now.line), "is nested too deeply")
        found = self._statement()
        self._depth -= 1
        return found

    def _otherwise(self) -> tuple[Node, ...]:
        start = self._at
        self._newlines()
        if self.now.kind == "name" and self.now.text == "else":
            self._at += 1
            return self._body()
        self._at = start
        return ()

    def _block(self) -> tuple[Node, ...]:
        self._at += 1
        named = self._parameters()
        found = self.statements("}")
        self._at += 1
        return (*named, *found)

    def _parameters(self) -> tuple[Node, ...]:
        """The parameters of a closure, as what ``it`` stands for."""
        start, line = self._at, self.now.line
        self._newlines()
        names: list[Argument] = []
        while self.now.kind == "name":
            while self._tokens[self._at + 1].kind == "name":
                self._at += 1
            names.append(Argument("", Name(self.now.text)))
            self._at += 1
            if not self._is(","):
                break
            self._at += 1
        if not names or not self._is("->"):
            self._at = start
            return ()
        self._at += 1
        return (Assign("it", names[0].value if len(names) == 1 else Items(tuple(names)), line),)

    def _expression(self) -> Node:
        self._depth += 1
        if self._depth > DEPTH:
            raise ManifestError(Origin(self._path, self.now.line), "is nested too deeply")
        value = self._postfix(self._primary())
        while self._is("+") and isinstance(value, (Text, Name)):
            self._at += 1
            self._newlines()
            other = self._postfix(self._primary())
            value = Text((*(value.parts if isinstance(value, Text) else (value,)), other))
        self._depth -= 1
        if self.now.kind == "mark" and self.now.text not in _AFTER:
            line = self.now.line
            return Opaque(line, (value,), self._skip_expression())
        return value

    def _primary(self) -> Node:
        token = self.now
        if token.kind == "end" or (token.kind == "mark" and token.text in _CLOSING):
            return Opaque(token.line)
        self._at += 1
        if token.kind in ("raw", "text"):
            width = 3 if token.text[:3] in ("'''", '"""') and len(token.text) >= 6 else 1
            return text_of(token.text[width:-width], interpolated=token.kind == "text")
        if token.kind == "number":
            return Text((token.text,))
        if token.kind == "name":
            return Name(token.text) if token.text not in ("new", "return", "assert") else self._opaque(token.line)
        if token.text == "[":
            return self._items(token.line, "]")
        if token.text == "(":
            items = self._items(token.line, ")")
            return items.members[0].value if len(items.members) == 1 else Opaque(token.line)
        if token.text == "{":
            self._at -= 1
            return Opaque(token.line, self._block())
        return self._opaque(token.line)

    def _items(self, line: int, closing: str) -> Items:
        """What stands in brackets, of which the first is taken."""
        found: list[Argument] = []
        self._newlines()
        while not self._is(closing):
            if self._is(":"):
                self._at += 1
                self._newlines()
                continue
            found.append(self._argument())
            self._newlines()
            if self._is(","):
                self._at += 1
                self._newlines()
            elif not self._is(closing):
                self._skip_to(closing, line)
                found.append(Argument("", Opaque(line)))
                break
        self._at += 1
        return Items(tuple(found))

    def _skip_to(self, closing: str, line: int) -> None:
        while not self._is(closing):
            if self.now.kind == "end" or (self.now.kind == "mark" and self.now.text in _CLOSING):
                raise ManifestError(Origin(self._path, line), "has a bracket that is not closed")
            self._skip_one()

    def _postfix(self, value: Node) -> Node:
        while True:
            line = self.now.line
            if self._is("(") and isinstance(value, (Name, Call, Text)):
                self._at += 1
                arguments = self._items(line, ")").members
                value = _called(value, arguments, line)
            elif self._is("{") and isinstance(value, (Name, Call)):
                block = self._block()
                value = _with_block(value, block, line)
            elif self.now.text in _MEMBER or self._is_chained():
                value = self._member(value)
            elif self._is("[") and isinstance(value, Name) and self._touches():
                self._at += 1
                key = self._items(line, "]").members
                simple = key[0].value if len(key) == 1 else None
                known = isinstance(simple, Text) and all(isinstance(part, str) for part in simple.parts)
                value = Name(f"{value.path}.{''.join(map(str, simple.parts))}") if known else Opaque(line)  # type: ignore[union-attr]
            else:
                return value

    def _touches(self) -> bool:
        """Whether an index follows: ``versions['x']``, and not a list that is handed over."""
        following = self._tokens[self._at + 1]
        return following.kind in ("raw", "text") and self._tokens[min(self._at + 2, len(self._tokens) - 1)].text == "]"

    def _is_chained(self) -> bool:
        at = self._at
        while self._tokens[at].kind == "newline":
            at += 1
        if at > self._at and self._tokens[at].text in _MEMBER:
            self._at = at
            return True
        return False

    def _member(self, value: Node) -> Node:
        self._at += 1
        self._newlines()
        token = self.now
        if token.kind != "name":
            return self._opaque(token.line)
        self._at += 1
        if isinstance(value, Name):
            return Name(f"{value.path}.{token.text}")
        return Call(token.text, token.line, (), None, value)

    def _opaque(self, line: int) -> Opaque:
        return Opaque(line, (), self._skip_expression())

    def _rest(self, line: int) -> Opaque:
        words: list[str] = []
        while not self._ended():
            words.append(self.now.text)
            self._skip_one(words)
        return Opaque(line, (), tuple(words))

    def _skip_expression(self) -> tuple[str, ...]:
        words: list[str] = []
        while not self._ended() and not self._is(",") and not (self.now.kind == "mark" and self.now.text in _CLOSING):
            words.append(self.now.text)
            self._skip_one(words)
        return tuple(words)

    def _skip_one(self, words: list[str] | None = None) -> None:
        if self.now.kind == "mark" and self.now.text in _OPENING:
            self._skip_group(self.now.text, words)
        else:
            self._at += 1

    def _skip_group(self, opening: str, words: list[str] | None = None) -> None:
        """Leave out what stands in brackets."""
        if not self._is(opening):
            return
        line = self.now.line
        pending: list[str] = []
        while True:
            token = self.now
            if token.kind == "end":
                raise ManifestError(Origin(self._path, line), "has a bracket that is not closed")
            if token.kind == "mark" and token.text in _OPENING:
                pending.append(_OPENING[token.text])
            elif token.kind == "mark" and token.text in _CLOSING and pending.pop() != token.text:
                raise ManifestError(Origin(self._path, token.line), "has brackets that do not match")
            elif words is not None:
                words.append(token.text)
            self._at += 1
            if not pending:
                return

    def _newlines(self) -> None:
        while self.now.kind == "newline":
            self._at += 1

    def _is(self, mark: str) -> bool:
        return self.now.kind == "mark" and self.now.text == mark

    def _ended(self) -> bool:
        return self.now.kind in _ENDS or self._is(";") or self._is("}")


def _declares(nodes: tuple[Node, ...]) -> bool:
    return any(isinstance(node, Call) and node.name == "dependencies" for node in blocks(nodes))


def _called(value: Node, arguments: tuple[Argument, ...], line: int) -> Call:
    if isinstance(value, Name):
        return Call(value.path, line, arguments)
    if isinstance(value, Call) and not value.arguments and value.block is None:
        return Call(value.name, value.line, arguments, None, value.receiver)
    if isinstance(value, Text) and all(isinstance(part, str) for part in value.parts):
        return Call("".join(map(str, value.parts)), line, arguments)
    return Call("", line, arguments, None, value)


def _with_block(value: Name | Call, block: tuple[Node, ...], line: int) -> Call:
    if isinstance(value, Name):
        return Call(value.path, line, (), block)
    return Call(value.name, value.line, value.arguments, block, value.receiver)
