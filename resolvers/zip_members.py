"""Members of a zip file (APPNOTE.TXT), read in place and never extracted."""

from __future__ import annotations

import stat
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, BinaryIO, cast

from resolvers.members import ArchiveError, Contents, Intake

_LOCAL_HEADER = 30
_ENCRYPTED = 0x1
_DAMAGE = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, RuntimeError, ValueError)
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


class _Bounded:
    """A file whose single reads are bounded: ``zipfile`` reads the whole central directory at once."""

    def __init__(self, file: BinaryIO, limit: int) -> None:
        self._file = file
        self._limit = limit
        self.seekable, self.seek, self.tell = file.seekable, file.seek, file.tell

    def read(self, size: int = -1) -> bytes:
        content = self._file.read(self._limit + 1 if size is None or size < 0 else size if size <= self._limit else 0)
        if size > self._limit or len(content) > self._limit:
            raise ArchiveError(f"has an index of more than {self._limit} bytes")
        return content


def read_zip(file: BinaryIO, intake: Intake) -> Contents:
    """The wanted members. Raises ArchiveError and whatever ``zipfile`` raises."""
    with _open(file, intake) as archive:
        _check_layout(archive)
        for info in archive.infolist():
            name = intake.admit(info.orig_filename)
            if name and not info.is_dir() and intake.wanted(name):
                _take(archive, info, name, intake)
    return intake.contents()


def zip_names(file: BinaryIO, intake: Intake) -> Iterator[str]:
    """The members' safe names, in the archive's order. Raises as ``read_zip``."""
    with _open(file, intake) as archive:
        for info in archive.infolist():
            if name := intake.admit(info.orig_filename):
                yield name


def _open(file: BinaryIO, intake: Intake) -> zipfile.ZipFile:
    return zipfile.ZipFile(cast(IO[bytes], _Bounded(file, intake.limits.index)))


def _check_layout(archive: zipfile.ZipFile) -> None:
    """Members that share bytes are how a small file inflates to gigabytes."""
    end = 0
    for info in sorted(archive.infolist(), key=lambda info: info.header_offset):
        if info.header_offset < end:
            raise ArchiveError("has members that overlap")
        end = info.header_offset + _LOCAL_HEADER + info.compress_size
    if end > archive.start_dir:
        raise ArchiveError("has a member that overlaps the index")


def _take(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str, intake: Intake) -> None:
    if reason := _objection(info):
        intake.refuse(name, reason)
    elif intake.room(name, info.file_size):
        try:
            with archive.open(info) as stream:
                content = stream.read(intake.limits.member + 1)
        except _DAMAGE as error:
            intake.refuse(name, f"is damaged: {error}")
            return
        if intake.room(name, len(content)):
            intake.keep(name, content)


def _objection(info: zipfile.ZipInfo) -> str:
    if info.flag_bits & _ENCRYPTED:
        return "is encrypted"
    if stat.S_ISLNK(info.external_attr >> 16):
        return "is a link"
    if info.compress_type not in _METHODS:
        return f"is compressed by method {info.compress_type}, which installers do not write"
    return ""
