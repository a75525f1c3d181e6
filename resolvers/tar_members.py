"""Members of a tar stream (POSIX.1-2001 pax, ustar, GNU), read forwards once and never extracted.

``tarfile`` reads extended headers of any size into memory and follows what they say; this walk
bounds each of them. Header blocks themselves are decoded by ``tarfile.TarInfo``.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from resolvers.members import ArchiveError, Contents, Intake

_BLOCK = tarfile.BLOCKSIZE
_CHUNK = 2**20
_EXTENDED_LIMIT = 2**20
_LENGTH_DIGITS = 7
_LONG_NAME = tarfile.GNUTYPE_LONGNAME
_PAX = (tarfile.XHDTYPE, tarfile.SOLARIS_XHDTYPE)
_ABOUT_OTHERS = (tarfile.XGLTYPE, tarfile.GNUTYPE_LONGLINK)
_WITHOUT_DATA = (
    tarfile.LNKTYPE,
    tarfile.SYMTYPE,
    tarfile.CHRTYPE,
    tarfile.BLKTYPE,
    tarfile.DIRTYPE,
    tarfile.FIFOTYPE,
)


class ByteSource(Protocol):
    """A stream of bytes that ends, read with a bound."""

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes, none at the end."""
        ...


@dataclass(frozen=True, slots=True)
class _Header:
    name: str
    size: int
    type: bytes
    sparse: bool

    @property
    def stored(self) -> int:
        """Bytes between this header and the next, as every tar reader counts them."""
        return 0 if self.type in _WITHOUT_DATA else _padded(self.size)


def read_tar(stream: ByteSource, intake: Intake) -> Contents:
    """The wanted members. Raises ArchiveError, tarfile.TarError and whatever the stream raises."""
    for header in _headers(stream):
        name = intake.admit(header.name)
        wanted = name and header.type != tarfile.DIRTYPE and intake.wanted(name)
        read = _take(stream, header, name, intake) if wanted else 0
        _skip(stream, header.stored - read)
    return intake.contents()


def tar_names(stream: ByteSource, intake: Intake) -> Iterator[str]:
    """The members' safe names, in the archive's order. Raises as ``read_tar``."""
    for header in _headers(stream):
        if name := intake.admit(header.name):
            yield name
        _skip(stream, header.stored)


def _take(stream: ByteSource, header: _Header, name: str, intake: Intake) -> int:
    """How many bytes were read."""
    if header.type not in tarfile.REGULAR_TYPES:
        intake.refuse(name, "is a link or a device")
    elif header.sparse:
        intake.refuse(name, "is stored with holes (sparse)")
    elif intake.room(name, header.size):
        intake.keep(name, _exactly(stream, header.size))
        return header.size
    return 0


def _headers(stream: ByteSource) -> Iterator[_Header]:
    """Headers of real members; what long names and pax records say of them is already applied."""
    records: dict[str, str] = {}
    for info in _blocks(stream):
        if info.type in _PAX:
            records |= _pax_records(_extended(stream, info))
        elif info.type == _LONG_NAME:
            records["path"] = _text(_extended(stream, info).rstrip(b"\0"))
        elif info.type in _ABOUT_OTHERS:
            _extended(stream, info)
        else:
            sparse = info.type == tarfile.GNUTYPE_SPARSE or any(key.startswith("GNU.sparse.") for key in records)
            yield _Header(_name(info, records), _size(info, records), info.type, sparse)
            records = {}


def _blocks(stream: ByteSource) -> Iterator[tarfile.TarInfo]:
    while block := _exactly(stream, _BLOCK, or_nothing=True):
        if not any(block):
            return
        info = tarfile.TarInfo.frombuf(block, "utf-8", "surrogateescape")
        if info.size < 0:
            raise ArchiveError("has a member of negative size")
        if info.type == tarfile.GNUTYPE_SPARSE and block[482]:
            while _exactly(stream, _BLOCK)[504]:
                pass
        yield info


def _name(info: tarfile.TarInfo, records: dict[str, str]) -> str:
    return records.get("GNU.sparse.name") or records.get("path") or info.name


def _size(info: tarfile.TarInfo, records: dict[str, str]) -> int:
    written = records.get("size", "")
    if not written:
        return info.size
    if not (written.isascii() and written.isdigit() and len(written) < 20):
        raise ArchiveError("has a pax record whose size is no number")
    return int(written)


def _extended(stream: ByteSource, info: tarfile.TarInfo) -> bytes:
    if info.size > _EXTENDED_LIMIT:
        raise ArchiveError(f"has an extended header of more than {_EXTENDED_LIMIT} bytes")
    return _exactly(stream, _padded(info.size))[: info.size]


def _pax_records(data: bytes) -> dict[str, str]:
    """The records ``length key=value\\n`` of an extended header."""
    records: dict[str, str] = {}
    while data and data[0]:
        digits, space, _ = data[: _LENGTH_DIGITS + 1].partition(b" ")
        if not space or not digits.isdigit():
            raise ArchiveError("has a pax record without a length")
        record, data = data[: int(digits)], data[int(digits) :]
        key, equals, value = record[len(digits) + 1 : -1].partition(b"=")
        if not equals or len(record) != int(digits) or record[-1:] != b"\n":
            raise ArchiveError("has a pax record that is cut off")
        records[_text(key)] = _text(value)
    return records


def _text(data: bytes) -> str:
    return data.decode("utf-8", "surrogateescape")


def _padded(size: int) -> int:
    return size + -size % _BLOCK


def _skip(stream: ByteSource, size: int) -> None:
    while size > 0:
        size -= len(_exactly(stream, min(size, _CHUNK)))


def _exactly(stream: ByteSource, size: int, or_nothing: bool = False) -> bytes:
    content = b""
    parts: list[bytes] = []
    while size > 0 and (content := stream.read(min(size, _CHUNK))):
        parts.append(content)
        size -= len(content)
    if size > 0 and not (or_nothing and not parts):
        raise ArchiveError("ends in the middle of a member")
    return b"".join(parts)
