"""What everyday filters write, where that can be known: ``grep -v '^#' packages.txt | xargs …``."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from resolvers.shell.passage import Passage, Span, Value, is_known, text_of
from resolvers.shell.quoting import unescape

Words = tuple[Value, ...]

_COMMENT = re.compile(r"(?:^|\s)#.*")
_EMPTY_LINES = frozenset({"^$", r"^\s*$", "^[[:space:]]*$", "."})
_FIRST_COLUMN = re.compile(r"\{\s*print\s+\$1;?\s*\}")


@dataclass(frozen=True, slots=True)
class Source:
    """What a filter reads: standard input, and files by their paths. None is what nobody knows."""

    stdin: Value | None
    read: Callable[[str], Passage | None]

    def of(self, paths: Sequence[Value]) -> Value | None:
        """The content of files one after the other, of standard input where none is named."""
        if not paths:
            return self.stdin
        found: list[Span] = []
        for path in paths:
            content = self.read(text_of(path)) if is_known(path) else None
            if content is None:
                return None
            found += content.spans
        return tuple(found)


def output(name: str, words: Words, source: Source) -> Value | None:
    """What a command writes; None where only a run can tell."""
    filtering = _FILTERS.get(name)
    return filtering(words[1:], source) if filtering else None


def follows(name: str) -> bool:
    """Whether a command of that name does no more than write."""
    return name in _FILTERS


def _operands(words: Words, valued: str = "") -> Words:
    """The words that are no options; ``valued`` are letters of options that take the next word."""
    found: list[Value] = []
    skip = False
    for word in words:
        text = text_of(word)
        if skip:
            skip = False
        elif text.startswith("-") and len(text) > 1 and is_known(word):
            skip = len(text) == 2 and text[1] in valued
        else:
            found.append(word)
    return tuple(found)


def _line(words: Sequence[Value], gap: str = " ") -> Value:
    found: list[Span] = []
    for word in words:
        if found:
            found.append(Span(gap, found[-1].origin))
        found += word
    return (*found, Span("\n", found[-1].origin)) if found else ()


def _echo(words: Words, source: Source) -> Value | None:
    escapes = False
    while words and (options := re.fullmatch(r"-([neE]+)", text_of(words[0]))):
        escapes |= "e" in options[1]
        words = words[1:]
    value = _line(words)
    return tuple(Span(unescape(s.text), s.origin, s.known) for s in value) if escapes else value


def _printf(words: Words, source: Source) -> Value | None:
    form = text_of(words[0]) if words else ""
    if "%" not in form:
        return tuple(Span(unescape(span.text), span.origin, span.known) for span in words[0]) if words else ()
    if re.fullmatch(r"%[sb](\\n|\n| )*", form):
        return _line(words[1:], "\n")
    return None


def _cat(words: Words, source: Source) -> Value | None:
    return source.of(_operands(words))


def _sort(words: Words, source: Source) -> Value | None:
    return source.of(_operands(words, "kto"))


def _tee(words: Words, source: Source) -> Value | None:
    return source.stdin


def _grep(words: Words, source: Source) -> Value | None:
    operands = _operands(words, "efm") if not any(text_of(w) == "-e" for w in words) else _operands(words, "fm")
    flags = "".join(text_of(word) for word in words if re.fullmatch(r"-[a-zA-Z]+", text_of(word)))
    if not operands:
        return None
    pattern = text_of(operands[0])
    if ("v" in flags and "#" in pattern) or pattern.startswith("^[^#"):
        return _without_comments(source.of(operands[1:]))
    return source.of(operands[1:]) if pattern in _EMPTY_LINES else None


def _sed(words: Words, source: Source) -> Value | None:
    scripts = [text_of(b) for a, b in pairwise(words) if text_of(a) in ("-e", "--expression")]
    operands = _operands(words, "ef")
    if not scripts and operands:
        scripts, operands = [text_of(operands[0])], operands[1:]
    steps = [step.strip() for script in scripts for step in script.split(";")]
    if not all("#" in step or any(empty in step for empty in ("^$", "*$")) for step in steps):
        return None
    return _without_comments(source.of(operands))


def _awk(words: Words, source: Source) -> Value | None:
    operands = _operands(words, "Fvf")
    program = text_of(operands[0]) if operands else ""
    if "#" in program and ("!/" in program or "/^[^#" in program):
        return _without_comments(source.of(operands[1:]))
    if _FIRST_COLUMN.fullmatch(program.strip()):
        return _columns(_without_comments(source.of(operands[1:])))
    return None


def _cut(words: Words, source: Source) -> Value | None:
    flags = [text_of(word) for word in words]
    delimiter = next((f[2:] or n for f, n in zip(flags, [*flags[1:], ""], strict=False) if f.startswith("-d")), "")
    if delimiter != "#" or not any(flag.startswith("-f") for flag in flags):
        return None
    return _without_comments(source.of(_operands(words, "df")))


def _tr(words: Words, source: Source) -> Value | None:
    texts = [text_of(word) for word in words]
    blank = {"\\n", "\n", " ", "\\r", "\r", "\\t", ",", "[:space:]", "\\r\\n", "\\r\n"}
    if not all(text in blank or text in ("-d", "-s") for text in texts):
        return None
    value = source.stdin
    if value is None or "," not in texts:
        return value
    return tuple(Span(span.text.replace(",", " "), span.origin, span.known) for span in value)


def _dirname(words: Words, source: Source) -> Value | None:
    operands = _operands(words)
    return _path(operands[0], 0) if operands else None


def _basename(words: Words, source: Source) -> Value | None:
    operands = _operands(words)
    return _path(operands[0], 2) if len(operands) == 1 else None


def _path(word: Value, part: int) -> Value | None:
    if not word or not is_known(word):
        return None
    path = text_of(word).rstrip("/")
    return (Span(path.rpartition("/")[part] or ("." if "/" not in path else "/"), word[0].origin),)


def _without_comments(value: Value | None) -> Value | None:
    if value is None:
        return None
    found: list[Span] = []
    for span in value:
        body, end = span.text.rstrip("\n"), "\n" * span.text.endswith("\n")
        found.append(Span(_COMMENT.sub("", body) + end, span.origin, span.known))
    return tuple(found)


def _columns(value: Value | None) -> Value | None:
    if value is None:
        return None
    return tuple(Span(f"{(s.text.split() or [''])[0]}\n", s.origin, s.known) for s in value)


_FILTERS: dict[str, Callable[[Words, Source], Value | None]] = {
    "echo": _echo,
    "printf": _printf,
    "cat": _cat,
    "sort": _sort,
    "uniq": _cat,
    "tac": _cat,
    "paste": lambda words, source: source.of(_operands(words, "d")) if source.stdin is None else source.stdin,
    "tee": _tee,
    "grep": _grep,
    "egrep": _grep,
    "sed": _sed,
    "awk": _awk,
    "cut": _cut,
    "tr": _tr,
    "dirname": _dirname,
    "basename": _basename,
    "readlink": lambda words, source: (_operands(words) or (None,))[-1],
    "realpath": lambda words, source: (_operands(words) or (None,))[-1],
}
