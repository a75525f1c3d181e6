"""Git's configuration syntax, as far as ``.gitmodules`` and a remote's URL need it (git-config(1), "SYNTAX").

Includes are not followed and nothing of it is carried out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from analyzer.origin import Origin

LINES_LIMIT = 100_000

_SECTION = re.compile(r'\s*\[\s*([A-Za-z0-9.\-]+)(?:\s+"((?:[^"\\]|\\.)*)")?\s*\]')
_ENTRY = re.compile(r"\s*([A-Za-z][A-Za-z0-9\-]*)\s*(?:=(.*))?", re.DOTALL)
_PIECE = re.compile(r'\\(.)|"|[;#]|[^\\";#]+', re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "b": "\b"}


@dataclass(frozen=True, slots=True)
class Setting:
    """``key = value`` under ``[section "name"]``; section and key in lower case."""

    section: str
    name: str
    key: str
    value: str
    origin: Origin


def parse_git_config(text: str, file: str) -> Iterator[Setting]:
    """The settings in their order. Lines that are none are passed over, as no setting can hide in them."""
    section = name = ""
    for number, line in _lines(text):
        if header := _SECTION.match(line):
            section, name = header[1].lower(), re.sub(r"\\(.)", r"\1", header[2] or "")
            line = line[header.end() :]
        entry = _ENTRY.fullmatch(line)
        if entry and section:
            yield Setting(section, name, entry[1].lower(), _value(entry[2] or ""), Origin(file, number))


def _lines(text: str) -> Iterator[tuple[int, str]]:
    """Lines with those that continue them, and where they begin."""
    begun, number = "", 0
    for count, line in enumerate(text.split("\n")[:LINES_LIMIT], start=1):
        number = number if begun else count
        if len(line) - len(line.rstrip("\\")) & 1:
            begun += line[:-1]
            continue
        yield number, begun + line
        begun = ""


def _value(written: str) -> str:
    found: list[str] = []
    quoted = False
    for piece in _PIECE.finditer(written.strip()):
        text = piece[0]
        if piece[1]:
            found.append(_ESCAPES.get(piece[1], piece[1]))
        elif text == '"':
            quoted = not quoted
        elif text in ";#" and not quoted:
            break
        else:
            found.append(text)
    return "".join(found).strip()
