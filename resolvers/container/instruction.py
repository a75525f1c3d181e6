"""A Dockerfile's instructions, with their continued lines, comments and here-documents.

Source: docs.docker.com/reference/dockerfile, "Format", "Parser directives", "Here-documents".
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from analyzer.origin import Origin
from resolvers.shell.passage import Passage, Span, Value, lines, lines_of, text_of

_DIRECTIVE = re.compile(r"#\s*([a-zA-Z][a-zA-Z0-9]*)\s*=\s*(\S.*?)\s*$")
_KEYWORD = re.compile(r"[ \t]*([A-Za-z]+)(?:[ \t]+|$)")
_FLAG = re.compile(r"--([a-z][a-z-]*)(?:=(\S*))?(?:[ \t]+|$)")
_WORD = re.compile(r"""(?:[^\s'"\\]|\\.|'[^']*'|"(?:\\.|[^"\\])*"|['"\\])+""", re.DOTALL)
_HEREDOC = re.compile(r"""\d*<<(?P<tabs>-?)(?P<quote>['"]?)(?P<name>[^\s'"<]+)(?P=quote)""")
_WITH_HEREDOCS = frozenset({"RUN", "COPY", "ADD"})


@dataclass(frozen=True, slots=True)
class Heredoc:
    """The content of a here-document; ``literal`` says that variables in it stay as they are."""

    body: Passage
    literal: bool


@dataclass(frozen=True, slots=True)
class Instruction:
    """``KEYWORD --flags rest``. ``script`` is what a shell gets: the rest with its here-documents as written."""

    keyword: str
    flags: tuple[tuple[str, str], ...]
    rest: Passage
    origin: Origin
    script: Passage
    heredocs: tuple[Heredoc, ...] = ()

    def flag(self, name: str) -> str:
        """The value of a flag, empty where it is not given."""
        return dict(self.flags).get(name, "")

    @property
    def words(self) -> list[Passage]:
        """The words of the rest, quotes kept, here-documents' redirections left out."""
        return [word for word in words(self.rest) if not _HEREDOC.fullmatch(word.text)]


def words(passage: Passage) -> list[Passage]:
    """What blanks separate, outside of quotes."""
    return [Passage.of(passage.cut(*match.span())) for match in _WORD.finditer(passage.text)]


def instructions(text: str, file: str) -> Iterator[Instruction]:
    """The instructions of a Dockerfile, in their order."""
    reader = _Reader(lines(text, file), _continuation(text))
    while reader.index < len(reader.lines):
        logical = reader.logical_line()
        if text_of(logical).strip():
            yield reader.instruction(Passage.of(logical))


def _continuation(text: str) -> re.Pattern[str]:
    """How a line ends that goes on in the next, by the ``escape`` directive."""
    escape = "\\"
    for line in text.split("\n"):
        match = _DIRECTIVE.match(line.strip())
        if match is None:
            break
        if match[1].lower() == "escape" and match[2] in ("\\", "`"):
            escape = match[2]
    mark = re.escape(escape)
    return re.compile(rf"(?:(?<=[^{mark}])|^){mark}[ \t]*$")


@dataclass(slots=True)
class _Reader:
    lines: Sequence[Span]
    continuation: re.Pattern[str]
    index: int = 0
    kept: list[Span] = field(default_factory=list)

    def logical_line(self) -> Value:
        """The next line with those that continue it; comments and empty lines between them are dropped."""
        found: list[Span] = []
        while self.index < len(self.lines):
            span = self.lines[self.index]
            self.index += 1
            content = span.text.rstrip("\n")
            if not content.strip() or content.lstrip().startswith("#"):
                if found:
                    continue
                return ()
            ending = self.continuation.search(content)
            found.append(Span(content[: ending.start()] if ending else content, span.origin))
            if not ending:
                break
        return tuple(found)

    def instruction(self, line: Passage) -> Instruction:
        keyword = _KEYWORD.match(line.text)
        name = keyword.group(1).upper() if keyword else ""
        position = keyword.end() if keyword else 0
        flags: list[tuple[str, str]] = []
        while match := _FLAG.match(line.text, position):
            flags.append((match[1], match[2] or ""))
            position = match.end()
        rest = Passage.of(line.cut(position, len(line.text)))
        begin = self.index
        heredocs = tuple(self._heredocs(rest)) if name in _WITH_HEREDOCS else ()
        end = Span("\n", line.origin(len(line.text)))
        script = Passage.of((*rest.spans, end, *self.lines[begin : self.index])) if heredocs else rest
        return Instruction(name, tuple(flags), rest, line.origin(0), script, heredocs)

    def _heredocs(self, rest: Passage) -> Iterator[Heredoc]:
        if "<<" not in rest.text:
            return
        for match in _WORD.finditer(rest.text):
            if begin := _HEREDOC.fullmatch(match.group()):
                body = self._body(begin["name"], tabs=bool(begin["tabs"]))
                yield Heredoc(Passage.of(body), literal=bool(begin["quote"]))

    def _body(self, name: str, *, tabs: bool) -> Value:
        found: list[Span] = []
        while self.index < len(self.lines):
            span = self.lines[self.index]
            self.index += 1
            line = span.text.rstrip("\n")
            if (line.lstrip("\t") if tabs else line) == name:
                break
            found.append(span)
        return lines_of(tuple(found), strip="\t") if tabs else tuple(found)
