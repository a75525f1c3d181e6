"""Paragraphs of control data (Debian Policy 5.1, deb822(5)), each field with its line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analyzer.errors import ManifestError
from analyzer.origin import Origin

_FIELD = re.compile(r"(?P<name>[!\"$-,./0-9;-~][!-9;-~]*):[ \t]*(?P<value>.*)", re.ASCII | re.DOTALL)
"""A name is any printable ASCII but a colon, and begins neither with ``#`` nor ``-`` (Policy 5.1)."""


@dataclass(frozen=True, slots=True)
class Field:
    """A field's value, a line of it for each line of the file (comments are empty), and where it begins."""

    value: str
    line: int


Paragraph = Mapping[str, Field]
"""Fields by their names in lower case; never empty."""


def paragraphs(text: str, file: str) -> Iterator[Paragraph]:
    """The paragraphs of a file. Raises ManifestError for a line that is none of a field, and for a
    field that is there twice in one paragraph."""
    fields: dict[str, tuple[int, list[str]]] = {}
    current: list[str] = []
    for number, line in enumerate(text.split("\n"), start=1):
        line = line.rstrip("\r")
        if not line.strip():
            if fields:
                yield _closed(fields)
            fields, current = {}, []
        elif line.startswith("#"):
            current.append("")
        elif line[0] in " \t":
            if not fields:
                raise ManifestError(Origin(file, number), "continues a field that is not there")
            current.append(line.strip())
        else:
            name, value = _field(line, file, number)
            if name in fields:
                raise ManifestError(Origin(file, number), f"has the field {name} twice")
            current = [value.strip()]
            fields[name] = (number, current)
    if fields:
        yield _closed(fields)


def _field(line: str, file: str, number: int) -> tuple[str, str]:
    match = _FIELD.fullmatch(line)
    if match is None:
        raise ManifestError(Origin(file, number), "is neither a field nor the continuation of one")
    return match["name"].lower(), match["value"]


def _closed(fields: Mapping[str, tuple[int, list[str]]]) -> Paragraph:
    return {name: Field("\n".join(lines), line) for name, (line, lines) in fields.items()}


def value(paragraph: Paragraph, name: str) -> str:
    """A field's value, empty where the paragraph has none of that name."""
    field = paragraph.get(name)
    return field.value if field else ""


def parts(field: Field) -> Iterator[tuple[str, int]]:
    """What stands between the commas of a field, without space around it, and the line where it begins."""
    line = field.line
    for part in field.value.split(","):
        yield " ".join(part.split()), line + part[: len(part) - len(part.lstrip())].count("\n")
        line += part.count("\n")
