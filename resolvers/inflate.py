"""Compressed streams (gzip, bzip2, xz, lz4, zstd), inflated piece by piece and within bounds."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
from collections.abc import Callable
from typing import BinaryIO, Protocol

import zstandard
from lz4.frame import LZ4FrameDecompressor

from resolvers.members import ArchiveError, Limits
from resolvers.tar_members import ByteSource

_CHUNK = 2**16
_XZ_MEMORY = 192 * 2**20
"""Bytes a decompressor may take for its dictionary; ``xz -9`` needs 65 MiB."""
_ZSTD_WINDOW = 128 * 2**20
"""Bytes of the largest window that ``zstd`` itself admits unless it is told to take more."""
_ZSTD_PIECE = 2**10
"""Four bytes inflate to 128 KiB at most (RFC 8878, 3.1.1.2), so that a piece yields 32 MiB at most."""


class _Decompressor(Protocol):
    """One frame of a stream, as ``bz2`` and ``lzma`` offer it."""

    @property
    def eof(self) -> bool: ...

    @property
    def needs_input(self) -> bool: ...

    @property
    def unused_data(self) -> bytes | None: ...

    def decompress(self, data: bytes, max_length: int, /) -> bytes: ...


class _Frames:
    """Frames one after the other. ``lzma.LZMAFile`` cannot bound the dictionary that a file asks for."""

    def __init__(self, file: BinaryIO, frame: Callable[[], _Decompressor]) -> None:
        self._file = file
        self._next = frame
        self._frame = frame()

    def read(self, size: int, /) -> bytes:
        while True:
            data = self._input()
            if self._frame.eof and not data:
                return b""
            if self._frame.eof:
                self._frame = self._next()
            elif self._frame.needs_input and not data:
                raise ArchiveError("ends before its compressed stream does")
            if content := self._frame.decompress(data, size):
                return content

    def _input(self) -> bytes:
        if not self._frame.eof:
            return self._file.read(_CHUNK) if self._frame.needs_input else b""
        # Streams may be padded with zeros (the .xz file format, 2.2).
        rest = (self._frame.unused_data or b"").lstrip(b"\0")
        return rest or self._file.read(_CHUNK).lstrip(b"\0")


class _Zstd:
    """Frames of zstd. Its decompressor hands out all that the input yields, whatever it is asked for."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._decompressor = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
        self._frame = self._decompressor.decompressobj()
        self._content = io.BytesIO()

    def read(self, size: int, /) -> bytes:
        while not (content := self._content.read(size)):
            data = self._frame.unused_data if self._frame.eof else b""
            data = data or self._file.read(_ZSTD_PIECE)
            if not data and not self._frame.eof:
                raise ArchiveError("ends before its compressed stream does")
            if not data:
                return b""
            self._content = io.BytesIO(self._inflate(data))
        return content

    def _inflate(self, data: bytes) -> bytes:
        if self._frame.eof:
            self._frame = self._decompressor.decompressobj()
        try:
            return self._frame.decompress(data)
        except zstandard.ZstdError as error:
            raise ArchiveError(f"is a damaged zstd stream: {error}") from error


def _xz() -> lzma.LZMADecompressor:
    return lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)


_FORMATS: dict[bytes, Callable[[BinaryIO], ByteSource]] = {
    b"\x1f\x8b": lambda file: gzip.GzipFile(fileobj=file, mode="rb"),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\0": lambda file: _Frames(file, _xz),
    b"\x04\x22\x4d\x18": lambda file: _Frames(file, LZ4FrameDecompressor),
    b"\x28\xb5\x2f\xfd": _Zstd,
}


class Inflated:
    """The inflated bytes of ``file``, or ``file`` itself where it is not compressed.

    ``read`` raises ArchiveError where the limits are passed, and what the decompressor raises
    (EOFError, OSError, RuntimeError, ValueError, ``lzma.LZMAError``, ``zlib.error``).
    """

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        start = file.read(8)
        file.seek(0)
        form = next((form for magic, form in _FORMATS.items() if start.startswith(magic)), None)
        self.compressed = form is not None
        self._file = file
        self._source: ByteSource = form(file) if form else file
        self._limits = limits
        self._count = 0

    def read(self, size: int, /) -> bytes:
        """At most ``size`` bytes, none at the end."""
        content = self._source.read(size)
        self._count += len(content)
        if self._count > self._limits.inflated:
            raise ArchiveError(f"inflates to more than {self._limits.inflated} bytes")
        if self._count > self._limits.free and self._count > self._limits.ratio * self._file.tell():
            raise ArchiveError(f"inflates to more than {self._limits.ratio} times its size")
        return content
