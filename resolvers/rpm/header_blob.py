"""The header structure of RPM (rpm.org, "RPM Package format"): an index of tags and a store of values.

It stands in every ``.rpm`` file, and bare in every row of an rpmdb. Read here and not by ``rpmfile``,
which cannot read a bare one, and which copies the store once for each entry of the index: 65,535
entries that point into one store of some megabytes would take hours and the memory of the machine.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

INDEX_LIMIT = 0xFFFF
"""Entries of an index (rpm's own ``HEADER_TAGS_MAX``)."""

STORE_LIMIT = 32 * 2**20
"""Bytes of a store. That of a kernel's source package, with 90,000 files, takes 9 MiB."""

INTRO = struct.Struct(">II")
_ENTRY = struct.Struct(">IIiI")
_INT32 = 4
_STRINGS = {6, 8, 9}
"""Types: STRING, STRING_ARRAY, I18NSTRING."""


class HeaderError(ValueError):
    """A header that is damaged or lies about itself. The message is a sentence."""


class Tag(IntEnum):
    """The tags that matter here (``rpmtag.h``)."""

    NAME = 1000
    VERSION = 1001
    RELEASE = 1002
    EPOCH = 1003
    ARCH = 1022
    SOURCERPM = 1044
    PROVIDENAME = 1047
    REQUIREFLAGS = 1048
    REQUIRENAME = 1049
    REQUIREVERSION = 1050
    CONFLICTNAME = 1054
    OBSOLETENAME = 1090
    DIRINDEXES = 1116
    BASENAMES = 1117
    DIRNAMES = 1118


@dataclass(frozen=True, slots=True)
class Header:
    """A header's values, taken from the store when asked for. The first entry of a tag counts."""

    entries: Mapping[int, tuple[int, int, int]] = field(repr=False)
    store: bytes = field(repr=False)

    def text(self, tag: Tag) -> str:
        """A string, ``""`` where the tag is not there. Raises HeaderError."""
        return next(iter(self.texts(tag)), "")

    def texts(self, tag: Tag) -> tuple[str, ...]:
        """The strings of an array. Raises HeaderError where they do not lie in the store."""
        kind, offset, count = self.entries.get(tag, (8, 0, 0))
        if kind not in _STRINGS or not 0 <= offset <= len(self.store) or count > len(self.store) - offset:
            raise HeaderError(f"tag {tag.name} is no list of strings in the header's store")
        found: list[str] = []
        for _ in range(count):
            end = self.store.find(b"\0", offset)
            if end < 0:
                raise HeaderError(f"tag {tag.name} ends behind the header's store")
            found.append(self.store[offset:end].decode("utf-8", "replace"))
            offset = end + 1
        return tuple(found)

    def numbers(self, tag: Tag) -> tuple[int, ...]:
        """The 32-bit numbers of an array. Raises HeaderError where they do not lie in the store."""
        kind, offset, count = self.entries.get(tag, (_INT32, 0, 0))
        if kind != _INT32 or not 0 <= offset <= offset + 4 * count <= len(self.store):
            raise HeaderError(f"tag {tag.name} is no list of numbers in the header's store")
        return struct.unpack_from(f">{count}I", self.store, offset)

    @property
    def version(self) -> str:
        """``[epoch:]version-release``. Raises HeaderError."""
        epoch = next((f"{number}:" for number in self.numbers(Tag.EPOCH)), "")
        return f"{epoch}{self.text(Tag.VERSION)}-{self.text(Tag.RELEASE)}"


def size_of(intro: bytes) -> int:
    """Bytes of the header that begins with these 8 bytes, themselves included.

    Raises HeaderError where they are fewer, or promise more than the limits.
    """
    if len(intro) < INTRO.size:
        raise HeaderError("ends within a header")
    count, length = INTRO.unpack_from(intro)
    if count > INDEX_LIMIT or length > STORE_LIMIT:
        raise HeaderError(f"has a header of {count} tags and {length} bytes, which is too much")
    return int(INTRO.size + count * _ENTRY.size + length)


def read_header(blob: bytes) -> Header:
    """The header that ``blob`` begins with, from its counts on. Raises HeaderError."""
    size = size_of(blob)
    if len(blob) < size:
        raise HeaderError("ends within a header")
    _, length = INTRO.unpack_from(blob)
    entries: dict[int, tuple[int, int, int]] = {}
    for tag, kind, offset, number in _ENTRY.iter_unpack(blob[INTRO.size : size - length]):
        entries.setdefault(tag, (kind, offset, number))
    return Header(entries, blob[size - length : size])
