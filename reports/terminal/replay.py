"""Commands that replay a conflict, in lines that can be copied as they stand."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from reports.terminal.pen import WIDEST, Pen, Verbatim

_JOINTS = ("&&", "|")


def replay(pen: Pen, lead: Text, command: str, width: int) -> Iterator[RenderableType]:
    """A shell command after a lead, in lines of up to ``width`` columns where it has spaces to break at."""
    indent = Text(" " * lead.cell_len)
    room = min(width, WIDEST) - lead.cell_len
    for number, line in enumerate(broken(command, room)):
        yield Verbatim(pen.join(indent if number else lead, pen.copy(line)))


def broken(command: str, room: int) -> list[str]:
    """A POSIX shell command in lines that end with a backslash where the next one continues them.

    Only blanks between words are broken at. A command of several lines is left as it is: what a
    here-document holds has other rules.
    """
    if "\n" in command or len(command) <= room:
        return command.split("\n")
    lines, current = list[str](), ""
    for word in _words(command):
        if current and (word in _JOINTS or len(current) + len(word) + 3 > room):
            lines.append(f"{current} \\")
            current = f"  {word}"
        else:
            current = f"{current} {word}" if current else word
    return [*lines, current]


def _words(command: str) -> Iterator[str]:
    """The words of a shell command with their quotes (POSIX shell, 2.2)."""
    start, quote, escaped = 0, "", False
    for place, character in enumerate(command):
        if escaped:
            escaped = False
        elif character == "\\" and quote != "'":
            escaped = True
        elif character in "'\"" and quote in ("", character):
            quote = "" if quote else character
        elif character == " " and not quote:
            yield command[start:place]
            start = place + 1
    yield command[start:]
