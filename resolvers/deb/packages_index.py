"""Indexes of binary packages: ``Packages`` of a repository, ``/var/lib/dpkg/status`` (deb822(5)).

One regular expression picks the fields that matter out of the bytes; dependencies stay text until
somebody asks. A stanza that says too little or nonsense is left out and told, the others count.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.service import Skipped
from resolvers.deb.version_order import is_version

_FIELDS = {
    b"Package": "name",
    b"Version": "version",
    b"Architecture": "architecture",
    b"Multi-Arch": "multi_arch",
    b"Essential": "essential",
    b"Depends": "depends",
    b"Pre-Depends": "pre_depends",
    b"Conflicts": "conflicts",
    b"Breaks": "breaks",
    b"Provides": "provides",
    b"Status": "status",
}
_TOKEN = re.compile(
    rb"^(?:(" + b"|".join(_FIELDS) + rb"):[ \t]*([^\n]*(?:\n[ \t][^\n]*)*)|[ \t\r]*$)",
    re.MULTILINE | re.IGNORECASE,
)
"""A field that matters, or the line between two stanzas. Case counts for nothing in names (Policy 5.1)."""
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9+._-]*", re.ASCII)
_ARCHITECTURE = re.compile(r"[a-z0-9][a-z0-9-]*", re.ASCII)
_SHOWN = 80


class Stanza(msgspec.Struct, array_like=True, gc=False):
    """One package at one version on one architecture, fields as written. ``status`` is dpkg's, empty in
    a repository's index."""

    name: str
    version: str
    architecture: str
    depends: str = ""
    pre_depends: str = ""
    provides: str = ""
    conflicts: str = ""
    breaks: str = ""
    multi_arch: str = ""
    essential: str = ""
    status: str = ""


class Omission(msgspec.Struct, array_like=True):
    """A stanza that was left out: what it calls itself, why, and the line where it starts."""

    what: str
    reason: str
    line: int

    def in_file(self, file: str) -> Skipped:
        """As an item that may be missed."""
        return Skipped(self.what, self.reason, Origin(file, self.line))


class Listing(msgspec.Struct, array_like=True):
    """The packages of one index."""

    stanzas: list[Stanza]
    omitted: list[Omission] = []


class _BrokenStanzaError(ValueError):
    """Why a stanza cannot be used, as a sentence without a subject."""


def parse_index(content: bytes, file: str) -> Listing:
    """What an index lists; of dpkg's status only what is installed.

    Raises ManifestError where the text is cut short or is no index.
    """
    if content and not content.endswith(b"\n"):
        raise ManifestError(Origin(file, content.count(b"\n") + 1), "ends in the middle of a line")
    stanzas: list[Stanza] = []
    broken: list[tuple[int, str, str]] = []
    for number, (fields, twice) in enumerate(_paragraphs(content)):
        if b"Status" in fields and not fields[b"Status"].rstrip().endswith(b" ok installed"):
            continue
        try:
            stanzas.append(_stanza(fields, twice))
        except _BrokenStanzaError as error:
            broken.append((number, _shown(fields.get(b"Package", b"a stanza")), str(error)))
    if not stanzas and not broken and content.strip() and b"\nStatus:" not in content:
        raise ManifestError(Origin(file), "is no index of Debian packages")
    return Listing(stanzas, list(_omissions(content, broken)))


_Fields = dict[bytes, bytes]


def _paragraphs(content: bytes) -> Iterator[tuple[_Fields, bytes]]:
    """The fields of each stanza, and the name of one that stands there twice."""
    fields: _Fields = {}
    twice = b""
    for name, value in _TOKEN.findall(content):
        if name:
            name = name if name in _FIELDS else name.title()
            twice = name if name in fields else twice
            fields[name] = value
        elif fields:
            yield fields, twice
            fields, twice = {}, b""
    if fields:
        yield fields, twice


def _stanza(fields: _Fields, twice: bytes) -> Stanza:
    if twice:
        raise _BrokenStanzaError(f"has {twice.decode()} twice")
    try:
        stanza = Stanza(
            **{
                _FIELDS[name]: text if (text := value.decode()).isprintable() and text[-1:] != " " else _tidy(text)
                for name, value in fields.items()
            }
        )
    except UnicodeDecodeError:
        raise _BrokenStanzaError("is not UTF-8") from None
    except TypeError:
        missing = next(name for name in (b"Package", b"Version", b"Architecture") if name not in fields)
        raise _BrokenStanzaError(f"has no {missing.decode()}") from None
    if not _NAME.fullmatch(stanza.name) or not _ARCHITECTURE.fullmatch(stanza.architecture):
        raise _BrokenStanzaError("has a name or an architecture that is none")
    if not is_version(stanza.version):
        raise _BrokenStanzaError("has a version that is none")
    return stanza


def _tidy(text: str) -> str:
    """A field on one line."""
    text = " ".join(text.split())
    if not text.isprintable():
        raise _BrokenStanzaError("holds control characters")
    return text


def _shown(name: bytes) -> str:
    text = name[:_SHOWN].decode("utf-8", "replace")
    return "".join(char if char.isprintable() else "?" for char in text)


def _omissions(content: bytes, broken: list[tuple[int, str, str]]) -> Iterator[Omission]:
    """The lines are counted only where something is wrong."""
    if not broken:
        return
    wrong = {number: (what, reason) for number, what, reason in broken}
    for number, line in enumerate(_starts(content)):
        if number in wrong:
            yield Omission(*wrong[number], line)


def _starts(content: bytes) -> Iterator[int]:
    """The line of the first field of each stanza."""
    line, counted, inside = 1, 0, False
    for token in _TOKEN.finditer(content):
        if token[1] and not inside:
            line += content.count(b"\n", counted, token.start())
            counted = token.start()
            yield line
        inside = bool(token[1])
