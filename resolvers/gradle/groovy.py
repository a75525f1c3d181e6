"""Recognises the Groovy of build scripts, as far as it declares something."""

from __future__ import annotations

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.gradle.groovy_tokens import CLOSING, TokenReader
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

_DECLARING = frozenset({"def", "final", "var", "val", "String", "Object", "List", "Map"})
_MEMBER = frozenset({".", "?.", "*."})
_AFTER = frozenset({",", ")", "]", "}", ";", "=", "+=", ":", "{", "["})
"""What may stand behind a whole expression."""


def read_groovy(text: str, path: str) -> tuple[Node, ...]:
    """The statements of a script. Raises ManifestError where it is nested too deeply or ends in the middle."""
    reader = _Reader(text, path)
    found = reader.statements("")
    if reader.now.kind != "end":
        raise ManifestError(Origin(path, reader.now.line), f"has a {reader.now.text!r} that closes nothing")
    return found


class _Reader(TokenReader):
    def __init__(self, text: str, path: str) -> None:
        super().__init__(text, path)
        self._depth = 0

    def statements(self, closing: str) -> tuple[Node, ...]:
        """Statements until a closing bracket, which is not taken."""
        self._depth += 1
        if self._depth > DEPTH:
            raise ManifestError(Origin(self.path, self.now.line), "is nested too deeply")
        found: list[Node] = []
        while self.now.kind != "end" and not (self.now.kind == "mark" and self.now.text == "}"):
            if self.now.kind == "newline" or self.meets(";"):
                self.at += 1
                continue
            before = self.at
            found.append(self._statement())
            if self.at == before:
                self.at += 1
        self._depth -= 1
        if closing and self.now.kind == "end":
            raise ManifestError(Origin(self.path, self.now.line), "ends within a block")
        return tuple(found)

    def _statement(self) -> Node:
        word = self.now.text if self.now.kind == "name" else ""
        line = self.now.line
        if word in ("if", "while", "switch"):
            self.at += 1
            self.skip_group("(")
            return Choice((*self._body(), *self._otherwise()), line)
        if word in ("try", "else", "finally"):
            self.at += 1
            return Choice(self._body(), line)
        if word == "catch":
            self.at += 1
            self.skip_group("(")
            return Choice(self._body(), line)
        if word == "for":
            return self._loop()
        if word == "import" or word == "package":
            return self._rest(line)
        if declared := self._declaration():
            return declared
        return self._finish(self._expression(), line)

    def _declaration(self) -> Node | None:
        start = self.at
        line = self.now.line
        if self.now.kind != "name" or self.now.text not in _DECLARING:
            return None
        while self.now.kind == "name" and self.tokens[self.at + 1].kind == "name":
            self.at += 1
        name = self.now.text
        self.at += 1
        if self.meets("="):
            return self._assigned(name, line)
        if self.meets("("):
            self.skip_group("(")
            self.newlines()
            inner = self._block() if self.meets("{") else ()
            return Opaque(line, (), (name, *(["dependencies"] if _declares(inner) else [])))
        self.at = start + 1
        return self._rest(line)

    def _assigned(self, name: str, line: int) -> Assign:
        self.at += 1
        self.newlines()
        value = self._expression()
        if not self.ended():
            self._rest(line)
            value = Opaque(line)
        return Assign(name, value, line)

    def _finish(self, value: Node, line: int) -> Node:
        """A statement that began with an expression."""
        if isinstance(value, Name) and self.meets("="):
            return self._assigned(value.path, line)
        if isinstance(value, Name) and self.meets("+="):
            # What a map is added to keeps its other entries; the sum of anything else is not known.
            added = self._assigned(value.path, line)
            return added if isinstance(added.value, Items) else Assign(value.path, Opaque(line), line)
        if isinstance(value, Name) and self._begins_argument():
            value = self._command(value, line)
        while isinstance(value, Call) and self.now.kind == "name":
            # ``id 'x' version '1' apply false``: what follows is called on what stands before.
            name = self.now.text
            self.at += 1
            value = Call(name, line, self._arguments(), None, value)
        if self.ended():
            return value
        rest = self._rest(line)
        return Opaque(line, (value,), rest.words)

    def _command(self, name: Name, line: int) -> Call:
        arguments = self._arguments()
        block = self._block() if self.meets("{") else None
        return Call(name.path, line, arguments, block)

    def _begins_argument(self) -> bool:
        return self.now.kind in ("raw", "text", "number", "name") or self.meets("[")

    def _arguments(self) -> tuple[Argument, ...]:
        found: list[Argument] = []
        while True:
            found.append(self._argument())
            if not self.meets(","):
                return tuple(found)
            self.at += 1
            self.newlines()

    def _argument(self) -> Argument:
        following = self.tokens[min(self.at + 1, len(self.tokens) - 1)]
        label = ""
        if self.now.kind in ("name", "raw") and following.text == ":":
            label = self.now.text.strip("'")
            self.at += 2
            self.newlines()
        return Argument(label, self._expression())

    def _loop(self) -> Node:
        line = self.now.line
        self.at += 1
        start = self.at
        if self.meets("("):
            self.at += 1
            while self.now.kind == "name" and self.tokens[self.at + 1].kind == "name":
                if self.tokens[self.at + 1].text == "in":
                    break
                self.at += 1
            variable = self.now.text
            self.at += 1
            if self.now.text in ("in", ":"):
                self.at += 1
                items = self._expression()
                if self.meets(")"):
                    self.at += 1
                    return Loop(variable, items, self._body(), line)
        self.at = start
        self.skip_group("(")
        return Choice(self._body(), line)

    def _body(self) -> tuple[Node, ...]:
        self.newlines()
        if self.meets("{"):
            return self._block()
        return (self._nested_statement(),)

    def _nested_statement(self) -> Node:
        self._depth += 1
        if self._depth > DEPTH:
            raise ManifestError(Origin(self.path, self.now.line), "is nested too deeply")
        found = self._statement()
        self._depth -= 1
        return found

    def _otherwise(self) -> tuple[Node, ...]:
        start = self.at
        self.newlines()
        if self.now.kind == "name" and self.now.text == "else":
            self.at += 1
            return self._body()
        self.at = start
        return ()

    def _block(self) -> tuple[Node, ...]:
        self.at += 1
        named = self._parameters()
        found = self.statements("}")
        self.at += 1
        return (*named, *found)

    def _parameters(self) -> tuple[Node, ...]:
        """The parameters of a closure, as what ``it`` stands for."""
        start, line = self.at, self.now.line
        self.newlines()
        names: list[Argument] = []
        while self.now.kind == "name":
            while self.tokens[self.at + 1].kind == "name":
                self.at += 1
            names.append(Argument("", Name(self.now.text)))
            self.at += 1
            if not self.meets(","):
                break
            self.at += 1
        if not names or not self.meets("->"):
            self.at = start
            return ()
        self.at += 1
        return (Assign("it", names[0].value if len(names) == 1 else Items(tuple(names)), line),)

    def _expression(self) -> Node:
        self._depth += 1
        if self._depth > DEPTH:
            raise ManifestError(Origin(self.path, self.now.line), "is nested too deeply")
        value = self._postfix(self._primary())
        while self.meets("+") and isinstance(value, (Text, Name)):
            self.at += 1
            self.newlines()
            other = self._postfix(self._primary())
            value = Text((*(value.parts if isinstance(value, Text) else (value,)), other))
        self._depth -= 1
        if self.now.kind == "mark" and self.now.text not in _AFTER:
            line = self.now.line
            return Opaque(line, (value,), self.skip_expression())
        return value

    def _primary(self) -> Node:
        token = self.now
        if token.kind == "end" or (token.kind == "mark" and token.text in CLOSING):
            return Opaque(token.line)
        self.at += 1
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
            self.at -= 1
            return Opaque(token.line, self._block())
        return self._opaque(token.line)

    def _items(self, line: int, closing: str) -> Items:
        """What stands in brackets, of which the first is taken."""
        found: list[Argument] = []
        self.newlines()
        while not self.meets(closing):
            if self.meets(":"):
                self.at += 1
                self.newlines()
                continue
            found.append(self._argument())
            self.newlines()
            if self.meets(","):
                self.at += 1
                self.newlines()
            elif not self.meets(closing):
                self.skip_to(closing, line)
                found.append(Argument("", Opaque(line)))
                break
        self.at += 1
        return Items(tuple(found))

    def _postfix(self, value: Node) -> Node:
        while True:
            line = self.now.line
            if self.meets("(") and isinstance(value, (Name, Call, Text)):
                self.at += 1
                arguments = self._items(line, ")").members
                value = _called(value, arguments, line)
            elif self.meets("{") and isinstance(value, (Name, Call)):
                block = self._block()
                value = _with_block(value, block, line)
            elif self.now.text in _MEMBER or self._is_chained():
                value = self._member(value)
            elif self.meets("[") and isinstance(value, Name) and self._touches():
                self.at += 1
                key = self._items(line, "]").members
                simple = key[0].value if len(key) == 1 else None
                known = isinstance(simple, Text) and all(isinstance(part, str) for part in simple.parts)
                value = Name(f"{value.path}.{''.join(map(str, simple.parts))}") if known else Opaque(line)  # type: ignore[union-attr]
            else:
                return value

    def _touches(self) -> bool:
        """Whether an index follows: ``versions['x']``, and not a list that is handed over."""
        following = self.tokens[self.at + 1]
        return following.kind in ("raw", "text") and self.tokens[min(self.at + 2, len(self.tokens) - 1)].text == "]"

    def _is_chained(self) -> bool:
        at = self.at
        while self.tokens[at].kind == "newline":
            at += 1
        if at > self.at and self.tokens[at].text in _MEMBER:
            self.at = at
            return True
        return False

    def _member(self, value: Node) -> Node:
        self.at += 1
        self.newlines()
        token = self.now
        if token.kind != "name":
            return self._opaque(token.line)
        self.at += 1
        if isinstance(value, Name):
            return Name(f"{value.path}.{token.text}")
        return Call(token.text, token.line, (), None, value)

    def _opaque(self, line: int) -> Opaque:
        return Opaque(line, (), self.skip_expression())

    def _rest(self, line: int) -> Opaque:
        words: list[str] = []
        while not self.ended():
            words.append(self.now.text)
            self.skip_one(words)
        return Opaque(line, (), tuple(words))


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
