"""The grammar of the shell (POSIX 2.10), with what bash adds to it in everyday scripts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from resolvers.shell.arithmetic import is_arithmetic
from resolvers.shell.passage import Passage, Value, lines_of, text_of
from resolvers.shell.quoting import closing
from resolvers.shell.syntax import (
    AndOr,
    Assignment,
    Branches,
    For,
    Function,
    Group,
    Literal,
    Node,
    Pipeline,
    Raw,
    Redirected,
    Redirection,
    Simple,
    Test,
    Unreadable,
    While,
)
from resolvers.shell.word import DEPTH_LIMIT, Scanner

ERROR_LIMIT = 20
"""How often parsing begins again behind a piece that is no shell."""

_BLANK = re.compile(r"(?:[ \t]|\\\n)+")
_COMMENT = re.compile(r"#[^\n]*")
_TOKEN = re.compile(r"[a-z]+(?=[\s;&|<>()]|$)|[{}!](?=[\s;&|<>)]|$)|\[\[(?=\s)|\)|;;&|;;|;&")
_ASSIGNMENT = re.compile(r"([A-Za-z_]\w*)(?:\[[^\]\s]*\])?(\+?)=", re.ASCII)
_NAME = re.compile(r"[A-Za-z_]\w*", re.ASCII)
_WORD = r"[^\s;&|<>()$'\"`\\=]+"
_FUNCTION = re.compile(rf"function[ \t]+({_WORD})[ \t]*(?:\([ \t]*\))?\s*|({_WORD})[ \t]*\([ \t]*\)\s*")
_REDIRECTION = re.compile(r"(\d*|\{\w+\})(<<<|<<-|<<|<>|<&|<(?!\()|>>|>&|>\||>(?!\())|&(>>?)")
_TEST_END = re.compile(r"\s\]\](?=[\s;&|)]|$)")
_LINE_END = re.compile(r"(?:[^\\\n]|\\.)*(?:\n|$)", re.DOTALL)
_CASE_ENDS = frozenset({";;", ";&", ";;&", "esac"})


def parse(passage: Passage) -> Iterator[Node | Unreadable]:
    """The commands of a script, one by one, and what is none: parsing goes on in the line after its first."""
    parser, errors = Parser(passage), 0
    while not parser.at_end():
        start = parser.position
        try:
            yield parser.and_or()
        except Unreadable as error:
            yield error
            errors += 1
            end = passage.text.find("\n", start) + 1
            parser = Parser(passage, end or len(passage.text))
            if errors == ERROR_LIMIT:
                return


@dataclass(slots=True)
class Parser(Scanner):
    """Reads commands. Raises Unreadable for what is no shell.

    ``bodies`` says where the here-documents end that begin behind a line's end, by its offset;
    ``line_end`` is the last such offset.
    """

    bodies: dict[int, int] = field(default_factory=dict)
    line_end: int = -1

    def at_end(self) -> bool:
        """Whether no command is left."""
        self._lines()
        return self.position >= len(self.text)

    def sequence(self, *ends: str) -> tuple[Node, ...]:
        """Commands up to one of the tokens, which is left in place."""
        start, nodes = self.position, list[Node]()
        while not self.at_end():
            if self._peek() in ends:
                return tuple(nodes)
            nodes.append(self.and_or())
        raise self.fail(f"{ends[-1]} is missing", start)

    def and_or(self) -> Node:
        """Pipelines joined by ``&&`` and ``||``, and the separator behind them."""
        first, rest = self._pipeline(), list[tuple[str, Node]]()
        while (operator := self.text[self.position : self.position + 2]) in ("&&", "||"):
            self.position += 2
            self._lines()
            rest.append((operator, self._pipeline()))
        if self._peek() not in _CASE_ENDS and self.text.startswith((";", "&"), self.position):
            self.position += 1
        return AndOr(first, tuple(rest)) if rest else first

    def _pipeline(self) -> Node:
        self._blank()
        if negated := self._peek() == "!":
            self._take("!")
        parts = [self._command()]
        while self.text.startswith("|", self.position) and not self.text.startswith("||", self.position):
            self.position += 2 if self.text.startswith("|&", self.position) else 1
            self._lines()
            parts.append(self._command())
        return Pipeline(tuple(parts), negated) if negated or len(parts) > 1 else parts[0]

    def _command(self) -> Node:
        if self.depth >= DEPTH_LIMIT:
            raise self.fail("is nested too deeply", self.position)
        self.depth += 1
        self._blank()
        node = self._compound() or self._function()
        node = self._simple() if node is None else _redirected(node, list(self._redirections()))
        self.depth -= 1
        return node

    def _compound(self) -> Node | None:
        if self.text.startswith("(", self.position):
            return self._arithmetic(is_arithmetic) or self._group("(", ")", apart=True)
        match self._peek():
            case "{":
                return self._group("{", "}")
            case "if":
                return self._if()
            case "for" | "select" as word:
                return self._for(word)
            case "while" | "until" as word:
                return self._while(word)
            case "case":
                return self._case()
            case "[[":
                return self._test()
        return None

    def _arithmetic(self, suits: Callable[[str], bool]) -> Node | None:
        """``(( … ))`` where its content suits."""
        start = self.position + 2
        end = closing(self.text, start, ")") if self.text.startswith("((", self.position) else -1
        if end < 0 or not self.text.startswith(")", end + 1) or not suits(self.text[start:end]):
            return None
        self.position = end + 2
        return Test()

    def _group(self, opener: str, closer: str, *, apart: bool = False) -> Node:
        self.position += len(opener)
        body = self.sequence(closer)
        self._take(closer)
        return Group(body, apart)

    def _if(self) -> Node:
        tests, branches, word = list[tuple[Node, ...]](), list[tuple[Node, ...]](), self._take("if")
        while word in ("if", "elif"):
            tests.append(self.sequence("then"))
            self._take("then")
            branches.append(self.sequence("elif", "else", "fi"))
            word = self._take()
        if word == "else":
            branches.append(self.sequence("fi"))
            self._take("fi")
        return Branches(tuple(tests), tuple(branches), total=word == "else")

    def _for(self, word: str) -> Node:
        self._take(word)
        self._blank()
        if self._arithmetic(lambda _: True):
            return While((), self._loop_body())
        name = _NAME.match(self.text, self.position)
        if name is None:
            raise self.fail("a loop without a variable", self.position)
        self.position = name.end()
        self._lines()
        return For(name.group(), self._loop_words(), self._loop_body())

    def _loop_words(self) -> tuple[Raw, ...] | None:
        if self._peek() != "in":
            return None
        self._take("in")
        words: list[Raw] = []
        self._blank()
        while (word := self.word()).parts:
            words.append(word)
            self._blank()
        return tuple(words)

    def _loop_body(self) -> tuple[Node, ...]:
        self._blank()
        self.position += self.text.startswith(";", self.position)
        self._lines()
        self._take("do")
        body = self.sequence("done")
        self._take("done")
        return body

    def _while(self, word: str) -> Node:
        self._take(word)
        test = self.sequence("do")
        return While(test, self._loop_body())

    def _case(self) -> Node:
        self._take("case")
        self._blank()
        subject, branches, default = self.word(), list[tuple[Node, ...]](), False
        self._lines()
        self._take("in")
        while not self.at_end() and self._peek() != "esac":
            default |= self._patterns() == "*"
            branches.append(self.sequence(*_CASE_ENDS))
            if self._peek() != "esac":
                self._take()
        self._take("esac")
        return Branches((), tuple(branches), subject, default)

    def _patterns(self) -> str:
        """Goes behind the ``)`` of a case's patterns; the last of them."""
        self.position += self.text.startswith("(", self.position)
        pattern = ""
        while True:
            self._blank()
            start = self.position
            self.word()
            pattern = self.text[start : self.position] or pattern
            self._blank()
            if not self.text.startswith("|", self.position):
                break
            self.position += 1
        self._take(")")
        return pattern

    def _test(self) -> Node:
        end = _TEST_END.search(self.text, self.position)
        if end is None:
            raise self.fail("]] is missing", self.position)
        self.position = end.end()
        return Test()

    def _function(self) -> Node | None:
        match = _FUNCTION.match(self.text, self.position)
        if match is None or (match.group(2) or "") in ("if", "while", "until", "case", "for"):
            return None
        self.position = match.end()
        self._lines()
        body = self._compound()
        if body is None:
            raise self.fail("a function without a body", match.start())
        return Function(match.group(1) or match.group(2), body)

    def _simple(self) -> Node:
        items, redirections = list[Raw | Assignment](), list[Redirection]()
        origin, start = self.passage.origin(self.position), self.position
        while True:
            redirections += self._redirections()
            if match := _ASSIGNMENT.match(self.text, self.position):
                items.append(self._assignment(match))
                continue
            word = self.word()
            if not word.parts:
                break
            items.append(word)
        if not items and not redirections:
            raise self.fail(f"no command begins with {self.text[start : start + 1]!r}", start)
        return _redirected(Simple(tuple(items), origin), redirections)

    def _assignment(self, match: re.Match[str]) -> Assignment:
        prefix = Literal(self.passage.cut(match.start(), match.end()))
        self.position = match.end()
        array = self.text.startswith("(", self.position)
        words = self._array() if array else (self.word(),)
        return Assignment(match.group(1), prefix, words, bool(match.group(2)), array)

    def _array(self) -> tuple[Raw, ...]:
        start = self.position
        self.position += 1
        words: list[Raw] = []
        while not self.at_end():
            if self.text.startswith(")", self.position):
                self.position += 1
                return tuple(words)
            word = self.word()
            if not word.parts:
                break
            words.append(word)
        raise self.fail(") is missing", start)

    def _redirections(self) -> Iterator[Redirection]:
        self._blank()
        while match := _REDIRECTION.match(self.text, self.position):
            self.position = match.end()
            operator = match.group(2) or match.group(3)
            self._blank()
            word = self.word()
            body = self._here(word, operator) if operator in ("<<", "<<-") else word
            yield Redirection(operator, body, match.group(1) or "")
            self._blank()

    def _here(self, delimiter: Raw, operator: str) -> Raw:
        """The body of a here-document (POSIX 2.7.4), which begins behind the line's end."""
        if self.line_end < self.position:
            end = _LINE_END.match(self.text, self.position)
            self.line_end = end.end() - 1 if end else len(self.text)
        start = self.bodies.get(self.line_end, self.line_end + 1)
        word = text_of(_written(delimiter))
        tabs = operator == "<<-"
        stop, after = _heredoc_end(self.text, start, word, tabs=tabs)
        self.bodies[self.line_end] = after
        body = self.passage.cut(start, stop)
        if tabs:
            body = lines_of(body, strip="\t")
        if any(isinstance(part, Literal) and part.quoted for part in delimiter.parts):
            return Raw((Literal(body, quoted=True),), delimiter.origin)
        return Raw(Scanner(Passage.of(body), depth=self.depth).quoted(), delimiter.origin)

    def _peek(self) -> str:
        match = _TOKEN.match(self.text, self.position)
        return match.group() if match else ""

    def _take(self, word: str = "") -> str:
        found = self._peek()
        if not found or (word and found != word):
            raise self.fail(f"{word} is missing", self.position)
        self.position += len(found)
        self._blank()
        return found

    def _blank(self) -> None:
        if match := _BLANK.match(self.text, self.position):
            self.position = match.end()
        if match := _COMMENT.match(self.text, self.position):
            self.position = match.end()

    def _lines(self) -> None:
        """Goes on to what is no blank, comment or end of a line."""
        self._blank()
        while self.text.startswith("\n", self.position):
            self.position = self.bodies.pop(self.position, self.position + 1)
            self._blank()


def _redirected(node: Node, redirections: list[Redirection]) -> Node:
    return Redirected(node, tuple(redirections)) if redirections else node


def _written(word: Raw) -> Value:
    values = (part.value if isinstance(part, Literal) else part.written for part in word.parts)
    return tuple(span for value in values for span in value)


def _heredoc_end(text: str, start: int, delimiter: str, *, tabs: bool) -> tuple[int, int]:
    """Where the body ends, and where the script goes on; a body without its end goes to the end."""
    strip = r"\t*" if tabs else ""
    end = re.compile(rf"^{strip}{re.escape(delimiter)}$\n?", re.MULTILINE).search(text, start)
    return (end.start(), end.end()) if end else (len(text), len(text))
