"""Hostile-safe reading of zip and tar archives: nothing is extracted, every size is bounded.

A member counts only where every tool would read it the same way: names that lead out, links,
encrypted members and names that are there twice are refused one by one. An archive that is
damaged, whose members overlap or that costs more than ``Limits`` is refused as a whole. Archives
inside archives stay closed.
"""

from __future__ import annotations

import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import BinaryIO

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.inflate import Inflated
from resolvers.members import LIMITS, ArchiveError, Contents, Intake, Limits, Wanted
from resolvers.tar_members import read_tar, tar_names
from resolvers.tree import Tree
from resolvers.zip_members import read_zip, zip_names

__all__ = ["LIMITS", "Contents", "Limits", "Wanted", "any_member", "read_archive", "read_archive_file"]

_GLIMPSE = replace(LIMITS, inflated=32 * 2**20)
_USTAR = slice(257, 262)
_ZIP = b"PK\3\4"
_FAULTS = (
    zipfile.BadZipFile,
    tarfile.TarError,
    lzma.LZMAError,
    zlib.error,
    struct.error,
    EOFError,
    OSError,
    RuntimeError,
    ValueError,
    MemoryError,
    OverflowError,
    IndexError,
)


def read_archive(tree: Tree, path: str, wanted: Wanted, limits: Limits = LIMITS) -> Contents:
    """The wanted members of the archive at ``path``. Raises ManifestError where it cannot be read."""
    with _opened(tree, path) as file:
        return read_archive_file(file, path, wanted, limits)


def read_archive_file(file: BinaryIO, origin: str, wanted: Wanted, limits: Limits = LIMITS) -> Contents:
    """As ``read_archive``, from a seekable file; ``origin`` is what errors call it."""
    with _typed(origin):
        intake = Intake(wanted, limits)
        if _is_zip(file):
            return read_zip(file, intake)
        return read_tar(_tar_stream(file, limits), intake)


def any_member(tree: Tree, path: str, wanted: Wanted) -> bool:
    """Whether the archive has a member of a wanted name; of a tar, the first 32 MiB are looked at.

    False where it cannot be read. Contents are not inflated in a zip.
    """
    try:
        with _opened(tree, path) as file, _typed(path):
            return any(map(wanted, _names(file)))
    except ManifestError:
        return False


def _names(file: BinaryIO) -> Iterator[str]:
    intake = Intake(lambda _: False, _GLIMPSE)
    if _is_zip(file):
        return zip_names(file, intake)
    return tar_names(_tar_stream(file, _GLIMPSE), intake)


@contextmanager
def _opened(tree: Tree, path: str) -> Iterator[BinaryIO]:
    real = tree.locate(path)
    with _typed(path):
        if not real.is_file():
            raise ArchiveError("is no regular file" if real.exists() else "does not exist")
        with real.open("rb") as file:
            yield file


@contextmanager
def _typed(origin: str) -> Iterator[None]:
    try:
        yield
    except ArchiveError as error:
        raise ManifestError(Origin(origin), str(error)) from error
    except _FAULTS as error:
        raise ManifestError(Origin(origin), f"is a damaged archive: {_said(error)}") from error


def _said(error: BaseException) -> str:
    text = str(error) or type(error).__name__
    return "".join(char if char.isprintable() else "?" for char in text[:200])


def _is_zip(file: BinaryIO) -> bool:
    """A tar is looked for first: one whose last member is a zip ends like a zip."""
    start = file.read(512)
    file.seek(0)
    if start[_USTAR] == b"ustar" or Inflated(file, LIMITS).compressed:
        return False
    found = start.startswith(_ZIP) or zipfile.is_zipfile(file)
    file.seek(0)
    return found


def _tar_stream(file: BinaryIO, limits: Limits) -> Inflated:
    return Inflated(file, limits)
