"""Text that remembers where each part of it was written, through continuation, quoting and expansion."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import accumulate

from analyzer.origin import Origin


@dataclass(frozen=True, slots=True)
class Span:
    """Text from one line. ``known`` is false where only a run tells what stands there, or whether it does."""

    text: str
    origin: Origin
    known: bool = True


Value = tuple[Span, ...]
"""What a variable holds, a word expands to, or a command writes."""


@dataclass(frozen=True, slots=True)
class Passage:
    """Spans as one text. ``starts`` holds the offset of each span in it."""

    text: str
    spans: Value
    starts: tuple[int, ...]

    @classmethod
    def of(cls, spans: Iterable[Span]) -> Passage:
        """The spans in their order; a span must not reach over a line's end."""
        kept = tuple(span for span in spans if span.text)
        ends = accumulate((len(span.text) for span in kept), initial=0)
        return cls("".join(span.text for span in kept), kept, tuple(ends)[:-1])

    @classmethod
    def written(cls, text: str, file: str, line: int = 1) -> Passage:
        """A file's text, whose first line has the number ``line``."""
        return cls.of(lines(text, file, line))

    def origin(self, offset: int) -> Origin:
        """The place of the character at ``offset``, or of the last one behind the end."""
        return self.spans[bisect_right(self.starts, offset) - 1].origin if self.spans else Origin("")

    def cut(self, start: int, end: int) -> Value:
        """The spans of the text from ``start`` up to ``end``."""
        if start >= end:
            return ()
        first = bisect_right(self.starts, start) - 1
        found = []
        for index in range(first, bisect_right(self.starts, end - 1)):
            span, offset = self.spans[index], self.starts[index]
            text = span.text[max(start - offset, 0) : end - offset]
            found.append(Span(text, span.origin, span.known))
        return tuple(found)


def lines(text: str, file: str, line: int = 1) -> Value:
    """A text, line by line, each with its end."""
    parts = text.replace("\r\n", "\n").split("\n")
    ended = [f"{part}\n" for part in parts[:-1]] + parts[-1:]
    return tuple(Span(part, Origin(file, line + index)) for index, part in enumerate(ended))


def text_of(value: Iterable[Span]) -> str:
    """The text without its places."""
    return "".join(span.text for span in value)


def is_known(value: Iterable[Span]) -> bool:
    """Whether all of it is known without a run."""
    return all(span.known for span in value)


def joined(value: Iterable[Span]) -> Value:
    """The same text in as few spans as its places allow."""
    merged: list[Span] = []
    for span in value:
        last = merged[-1] if merged else None
        alike = last is not None and last.known == span.known and last.origin == span.origin
        if last is not None and alike and not last.text.endswith("\n"):
            merged[-1] = Span(last.text + span.text, span.origin, span.known)
        elif span.text:
            merged.append(span)
    return tuple(merged)


def lines_of(value: Value, strip: str) -> Value:
    """A text whose lines have lost what ``strip`` names at their beginning."""
    starts = [True, *(span.text.endswith("\n") for span in value)]
    stripped = (
        (span, span.text.lstrip(strip) if start else span.text) for span, start in zip(value, starts, strict=False)
    )
    return tuple(Span(text, span.origin, span.known) for span, text in stripped)
