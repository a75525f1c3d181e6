"""Core metadata of a distribution (METADATA, PKG-INFO), as far as a resolver needs it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from packaging.requirements import Requirement as Dependency
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.package import PYTHON
from analyzer.requirement import Requirement
from analyzer.service import Skipped
from resolvers.credentials import without_credentials

_FIELDS = frozenset(
    ("metadata-version", "name", "version", "requires-dist", "requires-python", "provides-extra", "dynamic")
)
# What the email module takes for a header; anything else ends the headers.
_HEADER = re.compile(rb"([\x21-\x39\x3b-\x7e]+):")
_NAME = re.compile(r"[A-Z0-9](?:[A-Z0-9._-]*[A-Z0-9])?", re.IGNORECASE | re.ASCII)
_LINES = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_HEADER_LIMIT = 5000
_TEXT_LIMIT = 4000
_VERSION_LIMIT = 256
_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Required:
    """One ``Requires-Dist`` (PEP 508), and where it stands."""

    dependency: Dependency
    origin: Origin


@dataclass(frozen=True, slots=True)
class CoreMetadata:
    """A distribution at one version, and what it requires.

    ``name`` and ``version`` are normalised (PEP 503, PEP 440), ``extras`` and ``dynamic`` are in
    lower case. ``standard`` is the Metadata-Version. ``interpreter`` holds Requires-Python.
    ``origin`` is the line of the version. What could not be read is in ``skipped``.
    """

    name: str
    version: str
    origin: Origin
    standard: str = ""
    requires: tuple[Required, ...] = ()
    interpreter: tuple[Requirement, ...] = ()
    extras: tuple[str, ...] = ()
    dynamic: frozenset[str] = frozenset()
    skipped: tuple[Skipped, ...] = ()


def read_core_metadata(data: bytes, file: str) -> CoreMetadata:
    """The metadata in ``data``, the content of ``file``.

    Raises ManifestError where name or version are missing, stated twice or malformed; anything else
    that cannot be read is a Skipped.
    """
    headers = _Headers.of(data, file)
    name, version = headers.single("name"), headers.single("version")
    if not _NAME.fullmatch(name.value):
        raise ManifestError(name.origin, "has a Name that is no distribution name")
    skipped: list[Skipped] = []
    return CoreMetadata(
        name=str(canonicalize_name(name.value)),
        version=normal_version(version.value, version.origin),
        origin=version.origin,
        standard=headers.single("metadata-version", "").value,
        requires=tuple(read_requirements(headers.all("requires-dist"), skipped)),
        interpreter=tuple(_interpreter(headers.single("requires-python", ""), skipped)),
        extras=tuple(str(canonicalize_name(field.value)) for field in headers.all("provides-extra")),
        dynamic=frozenset(field.value.lower() for field in headers.all("dynamic")),
        skipped=tuple(skipped),
    )


def normal_version(text: str, origin: Origin) -> str:
    """A version in its normal form. Raises ManifestError where PEP 440 knows no such version."""
    try:
        if len(text) > _VERSION_LIMIT:
            raise ValueError
        return str(Version(text))
    except ValueError as error:
        raise ManifestError(origin, "has a version that PEP 440 does not know") from error


@dataclass(frozen=True, slots=True)
class Header:
    """The value of a header, and where it starts."""

    value: str
    origin: Origin


def read_requirements(headers: list[Header], skipped: list[Skipped]) -> Iterator[Required]:
    """The requirements that the values state; the malformed ones go to ``skipped``."""
    for header in headers:
        try:
            if len(header.value) > _TEXT_LIMIT:
                raise ValueError
            yield Required(Dependency(header.value), header.origin)
        except (ValueError, RecursionError):
            skipped.append(Skipped("Requires-Dist", "is no requirement as PEP 508 writes it", header.origin))


def _interpreter(header: Header, skipped: list[Skipped]) -> Iterator[Requirement]:
    if not header.value:
        return
    try:
        if len(header.value) > _TEXT_LIMIT:
            raise ValueError
        specifiers = SpecifierSet(header.value)
        specifiers.contains("3.0")
        yield Requirement(PYTHON, str(specifiers), header.origin)
    except ValueError:
        skipped.append(Skipped("Requires-Python", "is no version specifier (PEP 440)", header.origin))


@dataclass(frozen=True, slots=True)
class _Headers:
    """The header fields that matter here, by name in lower case."""

    file: str
    values: dict[str, list[Header]] = field(default_factory=dict)

    @classmethod
    def of(cls, data: bytes, file: str) -> _Headers:
        headers = cls(file)
        for count, (line, name, text) in enumerate(_fields(data)):
            if count >= _HEADER_LIMIT:
                raise ManifestError(Origin(file, line), f"has more than {_HEADER_LIMIT} headers")
            headers.values.setdefault(name, []).append(_header(text, file, line))
        return headers

    def all(self, name: str) -> list[Header]:
        return self.values.get(name, [])

    def single(self, name: str, default: str | None = None) -> Header:
        found = self.all(name)
        if not found and default is not None:
            return Header(default, Origin(self.file))
        if len(found) != 1:
            origin = found[1].origin if found else Origin(self.file)
            raise ManifestError(origin, f"has {'more than one' if found else 'no'} {name.title()}")
        return found[0]


def _header(text: bytes, file: str, line: int) -> Header:
    try:
        value = text.partition(b":")[2].decode("utf-8")
    except UnicodeDecodeError as error:
        raise ManifestError(Origin(file, line), "is not UTF-8") from error
    unfolded = " ".join(value.split())
    shown = without_credentials(f"{text.partition(b':')[0].decode()}: {unfolded}")[:_SHOWN]
    return Header(unfolded, Origin(file, line, "".join(char for char in shown if char.isprintable())))


def _fields(data: bytes) -> Iterator[tuple[int, str, bytes]]:
    """Line, name in lower case and raw text of each header that matters, folded lines joined.

    ``packaging.metadata.parse_email`` knows no lines, takes quadratic time on distinct headers and
    walks MIME parts in the description.
    """
    start, name, text = 0, "", [b""]
    for number, match in enumerate(_LINES.finditer(data), 1):
        line = match.group()
        header = _HEADER.match(line)
        if line[:1] in (b" ", b"\t"):
            text.append(line)
            continue
        if name in _FIELDS:
            yield start, name, b"".join(text)
        if header is None:
            return
        start, name, text = number, header[1].decode().lower(), [line]
