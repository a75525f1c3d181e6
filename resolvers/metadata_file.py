"""A file of repository metadata: verified by its checksum, inflated within bounds."""

from __future__ import annotations

import hashlib
import lzma
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import BufferedReader
from pathlib import Path

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.inflate import Inflated
from resolvers.members import ArchiveError, Limits

SIZE_LIMIT = 512 * 2**20
"""Bytes of the largest file as it is stored."""
_LIMITS = Limits(inflated=4 * 2**30)
_FAULTS = (lzma.LZMAError, zlib.error, EOFError, OSError, RuntimeError, ValueError, MemoryError)


@dataclass(frozen=True, slots=True)
class MetadataFile:
    """Where a file is, what errors call it, and its SHA-256 where ``repomd.xml`` tells it."""

    path: Path
    origin: str
    checksum: str = ""

    def digest(self) -> str:
        """The SHA-256 of the file as it is stored, in hexadecimal digits.

        Raises ManifestError where it cannot be read or is not what ``repomd.xml`` says.
        """
        with self._stored() as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
        if self.checksum and found != self.checksum:
            raise self._error("does not have the checksum that repomd.xml gives: it is damaged, or of another day")
        return found

    @contextmanager
    def inflated(self) -> Iterator[Inflated]:
        """The content as a stream. Whatever the stream raises becomes a ManifestError."""
        with self._stored() as file:
            try:
                yield Inflated(file, _LIMITS)
            except ArchiveError as error:
                raise self._error(str(error)) from error
            except _FAULTS as error:
                raise self._error(f"is a damaged file: {error or type(error).__name__}") from error

    @contextmanager
    def _stored(self) -> Iterator[BufferedReader]:
        try:
            if not self.path.is_file():
                raise self._error("is no regular file" if self.path.exists() else "does not exist")
            if self.path.stat().st_size > SIZE_LIMIT:
                raise self._error(f"is larger than {SIZE_LIMIT} bytes")
            with self.path.open("rb") as file:
                yield file
        except OSError as error:
            raise self._error(f"cannot be read: {error.strerror or 'the system refuses'}") from error

    def _error(self, reason: str) -> ManifestError:
        return ManifestError(Origin(self.origin), reason)
