"""A small XML document as a tree of elements: no document type, no entities but those of HTML, bounded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.entities import name2codepoint
from xml.parsers import expat

from analyzer.errors import ManifestError
from analyzer.origin import Origin

SIZE_LIMIT = 16 * 2**20
"""Bytes of the largest document; the POMs of the largest BOMs have two million."""
_DEPTH_LIMIT = 64
_ELEMENT_LIMIT = 300_000
_NAMED = re.compile(rb"&([A-Za-z][A-Za-z0-9]{1,30});")
_DECLARED = re.compile(rb"""\A\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._-]{1,40})["']""")
_OWN = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})
_WIDE = (b"\xff\xfe", b"\xfe\xff")


@dataclass(slots=True)
class Element:
    """An element without its attributes: its name, its line, its text (that of its children left out)."""

    name: str
    line: int
    children: list[Element] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
    pieces: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Its text, without space around."""
        return "".join(self.pieces).strip()

    def all(self, name: str) -> Iterator[Element]:
        """The children of a name."""
        return (child for child in self.children if child.name == name)

    def find(self, *path: str) -> Element | None:
        """The first child of the first name, its first child of the second, …; None where there is none."""
        found: Element | None = self
        for name in path:
            found = next(found.all(name), None) if found else None
        return found

    def word(self, *path: str) -> str:
        """The text of what ``find`` finds; empty where it finds nothing."""
        found = self.find(*path)
        return found.text if found else ""


def read_xml(content: bytes, file: str) -> Element:
    """The root element. Raises ManifestError with the line where the content is no XML within the bounds."""
    if len(content) > SIZE_LIMIT:
        raise ManifestError(Origin(file), f"is larger than {SIZE_LIMIT} bytes")
    builder = _Builder(file, _encoding(content))
    # Maven reads the entities of HTML without a document type that declares them; names of people need them.
    return builder.read(_NAMED.sub(_character, content))


def _encoding(content: bytes) -> str | None:
    """An encoding that expat has of its own: others would be looked up among Python's codecs."""
    if content.startswith(_WIDE):
        return None
    declared = _DECLARED.match(content)
    name = declared[1].lower() if declared else b""
    return "ISO-8859-1" if name.startswith((b"iso-8859", b"windows-", b"cp1", b"latin")) else "UTF-8"


def _character(entity: re.Match[bytes]) -> bytes:
    name = entity[1]
    code = None if name in _OWN else name2codepoint.get(name.decode())
    return entity[0] if code is None else b"&#%d;" % code


class _Builder:
    def __init__(self, file: str, encoding: str | None) -> None:
        self._file = file
        self._root = Element("", 0)
        self._open = [self._root]
        self._count = 0
        self._parser = expat.ParserCreate(encoding)
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._opened
        self._parser.EndElementHandler = self._closed
        self._parser.CharacterDataHandler = self._text
        self._parser.CommentHandler = self._comment
        self._parser.StartDoctypeDeclHandler = self._refuse

    def read(self, content: bytes) -> Element:
        try:
            self._parser.Parse(content, True)
        except expat.ExpatError as error:
            reason = f"is not well-formed XML: {expat.errors.messages.get(error.code, 'damaged')}"
            raise ManifestError(Origin(self._file, error.lineno), reason) from error
        # What expat asks Python's codecs in vain.
        except (LookupError, ValueError) as error:
            raise ManifestError(Origin(self._file, 1), "is in an encoding that is not read") from error
        return self._root.children[0]

    def _opened(self, name: str, _: object) -> None:
        self._count += 1
        if len(self._open) > _DEPTH_LIMIT or self._count > _ELEMENT_LIMIT:
            raise self._fault(f"has more than {_ELEMENT_LIMIT} elements, or {_DEPTH_LIMIT} inside one another")
        element = Element(name, self._parser.CurrentLineNumber)
        self._open[-1].children.append(element)
        self._open.append(element)

    def _closed(self, _: str) -> None:
        self._open.pop()

    def _text(self, text: str) -> None:
        self._open[-1].pieces.append(text)

    def _comment(self, text: str) -> None:
        self._open[-1].comments.append(text)

    def _refuse(self, *_: object) -> None:
        raise self._fault("has a document type, which is not read")

    def _fault(self, reason: str) -> ManifestError:
        return ManifestError(Origin(self._file, self._parser.CurrentLineNumber), reason)
