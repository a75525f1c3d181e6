"""The documentation of a code, for people at a terminal."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.console import RenderableType
from rich.text import Text

from reports.code_help import MARK, CodeHelp, bare
from reports.terminal.pen import Hanging, Pen, Verbatim, paragraph

_BLOCK = re.compile(r"```\w*\n(?P<code>.*?)```|(?P<prose>\S.*?)(?:\n\n|\Z)", re.DOTALL)
_STYLES = {"code": "place", "strong": "heading", "label": "label", "link": ""}


def manual(pen: Pen, known: CodeHelp) -> Iterator[RenderableType]:
    """What a code means, why it is so, and the ways out."""
    yield Hanging(pen.write(f"{known.code}  ", "code"), pen.write(known.title, "heading"))
    yield Text()
    for block in _BLOCK.finditer(known.body):
        if block["code"] is not None:
            for line in block["code"].splitlines():
                yield Verbatim(pen.join("    ", pen.write(line)))
        else:
            yield paragraph(_inline(pen, " ".join(block["prose"].split())))
        yield Text()
    for number, place in enumerate([*_places(known.body), "docs/codes.md"]):
        yield Hanging(pen.write("      " if number else "more  ", "label"), pen.write(place, "place"))


def _places(body: str) -> Iterator[str]:
    """Where the links lead, each once; not those to other codes."""
    prose = " ".join(block["prose"] or "" for block in _BLOCK.finditer(body))
    for target in dict.fromkeys(mark["target"] for mark in MARK.finditer(prose) if mark["target"]):
        if not target.startswith("#"):
            yield target if ":" in target else f"docs/{target}"


def _inline(pen: Pen, markdown: str) -> Text:
    """A paragraph with the emphasis that the documentation uses."""
    parts, start = list[Text](), 0
    for mark in MARK.finditer(markdown):
        style = next(style for kind, style in _STYLES.items() if mark[kind] is not None)
        parts += [pen.write(markdown[start : mark.start()]), pen.write(bare(mark[0]), style)]
        start = mark.end()
    return pen.join(*parts, pen.write(markdown[start:]))
