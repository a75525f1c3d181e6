"""Events of an XML document without a document type: no DTD, no entities, nothing outside the file."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from xml.parsers import expat

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.tar_members import ByteSource

_PIECE = 2**18
_TOKEN_LIMIT = 4 * 2**20
"""Bytes of the longest tag; expat keeps one in memory until it ends."""
_DEPTH_LIMIT = 32
"""Elements inside elements; metadata of a repository has five."""
Attributes = Sequence[str]
"""Names and values by turns, as they stand there."""


class Document:
    """Feeds the events of one file to ``start``, which gets each element's name and Attributes, and to
    ``end``, which gets the name and text of those for which ``start`` asked by ``take_text``."""

    def __init__(self, file: str, start: Callable[[str, Attributes], None], end: Callable[[str, str], None]) -> None:
        self.file = file
        self._start = start
        self._end = end
        self._depth = 0
        self._text: list[str] = []
        # An explicit encoding: a declared one would be looked up among Python's codecs.
        self._parser = expat.ParserCreate("UTF-8")
        self._parser.ordered_attributes = True
        self._parser.buffer_text = True
        self._parser.StartElementHandler = self._opened
        self._parser.EndElementHandler = self._closed
        self._parser.StartDoctypeDeclHandler = self._refuse

    @property
    def line(self) -> int:
        """The line of the event at hand."""
        return self._parser.CurrentLineNumber

    def fault(self, reason: str) -> ManifestError:
        """An error at the event at hand."""
        return ManifestError(Origin(self.file, self.line), reason)

    def take_text(self) -> None:
        """Ask for the text of the element that has just begun."""
        self._text.clear()
        self._parser.CharacterDataHandler = self._text.append

    def read(self, source: ByteSource) -> None:
        """Read to the end. Raises ManifestError where it is not well-formed or has a document type, and
        what the source raises."""
        fed = 0
        while piece := source.read(_PIECE):
            self._parse(piece)
            fed += len(piece)
            if fed - self._parser.CurrentByteIndex > _TOKEN_LIMIT:
                raise self.fault(f"has a tag of more than {_TOKEN_LIMIT} bytes")
        self._parse(b"", last=True)

    def _parse(self, piece: bytes, last: bool = False) -> None:
        try:
            self._parser.Parse(piece, last)
        except expat.ExpatError as error:
            reason = f"is not well-formed XML: {expat.errors.messages.get(error.code, 'damaged')}"
            raise ManifestError(Origin(self.file, error.lineno), reason) from error

    def _opened(self, name: str, attributes: Attributes) -> None:
        self._depth += 1
        if self._depth > _DEPTH_LIMIT:
            raise self.fault(f"has more than {_DEPTH_LIMIT} elements inside one another")
        self._start(name, attributes)

    def _closed(self, name: str) -> None:
        self._depth -= 1
        if self._parser.CharacterDataHandler is not None:
            self._parser.CharacterDataHandler = None
            self._end(name, "".join(self._text))

    def _refuse(self, *_: object) -> None:
        raise self.fault("has a document type; metadata of a repository has none")


def as_mapping(attributes: Attributes) -> dict[str, str]:
    """Attributes by name; XML has each name once."""
    return dict(zip(attributes[::2], attributes[1::2], strict=True))
