"""Compressed streams (gzip, bzip2, xz), inflated piece by piece and within bounds."""

from __future__ import annotations

import bz2
import gzip
import lzma
from collections.abc import Callable
from typing import BinaryIO

from resolvers.members import ArchiveError, Limits
from resolvers.tar_members import ByteSource

_CHUNK = 2**16
_XZ_MEMORY = 192 * 2**20
"""Bytes a decompressor may take for its dictionary; ``xz -9`` needs 65 MiB."""


class _Xz:
    """One xz stream. ``lzma.LZMAFile`` cannot bound the dictionary that a file asks for."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self._decompressor = lzma.LZMADecompressor(lzma.FORMAT_XZ, memlimit=_XZ_MEMORY)

    def read(self, size: int, /) -> bytes:
        while not self._decompressor.eof:
            data = self._file.read(_CHUNK) if self._decompressor.needs_input else b""
            if self._decompressor.needs_input and not data:
                raise ArchiveError("ends before its compressed stream does")
            if content := self._decompressor.decompress(data, size):
                return content
        return b""


_FORMATS: dict[bytes, Callable[[BinaryIO], ByteSource]] = {
    b"\x1f\x8b": lambda file: gzip.GzipFile(fileobj=file, mode="rb"),
    b"BZh": bz2.BZ2File,
    b"\xfd7zXZ\0": _Xz,
}


class Inflated:
    """The inflated bytes of ``file``, or ``file`` itself where it is not compressed.

    ``read`` raises ArchiveError where the limits are passed, and what the decompressor raises.
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
