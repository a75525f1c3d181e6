"""The pen of the terminal report: data becomes rich Text here and nowhere else, never markup."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from rich.console import Console, ConsoleOptions, RenderableType
from rich.segment import Segment
from rich.text import Text

from reports.plain_text import ascii_only, brief, plain, whole

WIDEST = 120
"""Columns beyond which prose gets hard to read; wider terminals leave the rest free."""

_STYLES = {
    "code": "bold red",
    "heading": "bold",
    "headline": "bold",
    "place": "cyan",
    "gutter": "blue",
    "label": "bold blue",
    "service": "bold",
    "quiet": "dim",
    "good": "green",
    "warning": "yellow",
    "": "",
}
_GLYPHS = {
    "open": ("╭─", ",-"),
    "next": ("├─", "|-"),
    "bar": ("│", "|"),
    "close": ("╰─", "`-"),
    "rule": ("─", "-"),
    "double": ("═", "="),
    "leads": ("└ ", "` "),
    "dot": (" · ", " - "),
    "item": ("•", "*"),
}


@dataclass(frozen=True, slots=True)
class Pen:
    """Writes in what the terminal's encoding can show: Unicode, or ASCII alone."""

    ascii: bool

    def write(self, text: str, style: str = "") -> Text:
        """``text`` on one line, its invisible and steering characters escaped."""
        return self._inked(plain(text), style)

    def tell(self, text: str, style: str = "") -> Text:
        """As ``write``, of a sentence: digests are shortened."""
        return self.write(brief(text), style)

    def copy(self, text: str, style: str = "") -> Text:
        """``text`` at full length and with its lines, for copying."""
        return self._inked(whole(text), style)

    def draw(self, glyph: str, style: str = "gutter", times: int = 1) -> Text:
        """One of the report's own glyphs."""
        return Text(_GLYPHS[glyph][self.ascii] * times, _STYLES[style])

    def join(self, *parts: Text | str) -> Text:
        """Parts one after the other; a ``str`` is cohabit's own text."""
        return Text.assemble(*parts, overflow="fold")

    def _inked(self, text: str, style: str) -> Text:
        return Text(ascii_only(text) if self.ascii else text, _STYLES[style], overflow="fold")


@dataclass(frozen=True, slots=True)
class Hanging:
    """A paragraph whose first line starts with ``lead`` and whose others are indented as far."""

    lead: Text
    body: Text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """The lines, without blanks at their ends."""
        indent = self.lead.cell_len
        width = max(20, min(options.max_width, WIDEST) - indent)
        for number, line in enumerate(self.body.wrap(console, width, overflow="fold")):
            line.rstrip()
            yield Text.assemble(self.lead if number == 0 else " " * indent, line)


@dataclass(frozen=True, slots=True)
class Verbatim:
    """A line that is never broken, so that it can be copied; the terminal wraps what is too long."""

    line: Text

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Text]:
        """The line, with no end."""
        whole_line = self.line.copy()
        whole_line.no_wrap, whole_line.overflow = True, "ignore"
        yield whole_line


@dataclass(frozen=True, slots=True)
class Beside:
    """Two blocks side by side, each ``width`` columns wide, without blanks at the ends of lines."""

    left: RenderableType
    right: RenderableType
    width: int

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> Iterator[Segment]:
        """The lines of both."""
        room = options.update(width=self.width, height=None)
        left = console.render_lines(self.left, room, pad=False)
        right = console.render_lines(self.right, room, pad=False)
        for one, other in zip_longest(left, right, fillvalue=list[Segment]()):
            yield from one
            if any(segment.text.strip() for segment in other):
                yield Segment(" " * (self.width + 2 - Segment.get_line_length(one)))
                yield from other
            yield Segment.line()


def paragraph(body: Text, indent: int = 0) -> Hanging:
    """A paragraph with the same indent on every line."""
    return Hanging(Text(" " * indent), body)
