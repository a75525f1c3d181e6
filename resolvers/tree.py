"""The audited folder as the only thing a parser may read: bounded, and without a way out."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from analyzer.errors import ManifestError
from analyzer.origin import Origin

TEXT_LIMIT = 16 * 2**20
"""Bytes of the largest text file that is read (real lock files stay under 5 MB)."""


class Kind(StrEnum):
    """What a name stands for. What a link leads to is not looked at; OTHER is a pipe, a device, …"""

    FILE = "file"
    FOLDER = "folder"
    LINK = "link"
    OTHER = "other"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Tree:
    """A folder, addressed by relative paths with ``/``; ``""`` is the folder itself."""

    root: Path

    def locate(self, path: str) -> Path:
        """The real file behind ``path``.

        Raises ManifestError where it leads out of the folder, through ``..`` or a link.
        """
        if "\0" in path:
            raise ManifestError(Origin(path.replace("\0", "?")), "a NUL byte in the path")
        try:
            root = self.root.resolve()
            real = (root / path).resolve()
        except (OSError, RuntimeError, ValueError) as error:
            raise ManifestError(Origin(_writable(path)), f"cannot be followed: {_why(error)}") from error
        if not real.is_relative_to(root):
            raise ManifestError(Origin(path), "leads out of the audited folder")
        return real

    def exists(self, path: str) -> bool:
        """Whether ``path`` is a file or folder inside the tree that can be reached."""
        return self._test(path, Path.exists)

    def is_folder(self, path: str) -> bool:
        """Whether ``path`` is a folder inside the tree that can be reached."""
        return self._test(path, Path.is_dir)

    def _test(self, path: str, test: Callable[[Path], bool]) -> bool:
        try:
            return test(self.locate(path))
        except (ManifestError, OSError):
            return False

    def names(self, directory: str) -> Iterator[str]:
        """Names in a directory, sorted; nothing where it is no directory or cannot be read.

        Names that are no UTF-8 are left out: nothing could print them.
        """
        try:
            listing = self.listing(directory)
        except ManifestError:
            return
        yield from (name for name in listing if _writable(name) == name)

    def listing(self, directory: str) -> Mapping[str, Kind]:
        """The names in a directory, sorted, and what each is.

        Raises ManifestError where it is no directory or cannot be read.
        """
        try:
            with os.scandir(self.locate(directory)) as entries:
                return dict(sorted((entry.name, _kind(entry)) for entry in entries))
        except OSError as error:
            raise ManifestError(Origin(directory or "."), f"cannot be read: {_why(error)}") from error

    def read_head(self, path: str, size: int) -> bytes:
        """The first ``size`` bytes of a regular file. Raises ManifestError if missing, special or unreadable."""
        real = self.locate(path)
        try:
            # A pipe would block, a device would never end.
            if not real.is_file():
                raise ManifestError(Origin(path), "is no regular file" if real.exists() else "does not exist")
            with real.open("rb") as stream:
                return stream.read(size)
        except OSError as error:
            raise ManifestError(Origin(path), f"cannot be read: {_why(error)}") from error

    def read_bytes(self, path: str, limit: int = TEXT_LIMIT) -> bytes:
        """The content of a regular file. Raises ManifestError if missing, special or over ``limit``."""
        content = self.read_head(path, limit + 1)
        if len(content) > limit:
            raise ManifestError(Origin(path), f"is larger than {limit} bytes")
        return content

    def read_text(self, path: str) -> str:
        """The content as UTF-8 (a byte order mark is dropped). Raises ManifestError with the line."""
        content = self.read_bytes(path)
        if content.startswith((b"\xff\xfe", b"\xfe\xff")):
            raise ManifestError(Origin(path, 1), "is UTF-16, not UTF-8")
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            raise ManifestError(Origin(path, line), f"is not UTF-8 (byte 0x{content[error.start]:02x})") from error
        if "\0" in text:
            raise ManifestError(Origin(path, text.count("\n", 0, text.index("\0")) + 1), "holds a NUL byte")
        return text


def join(directory: str, path: str) -> str:
    """``path`` as written in a file of ``directory``, relative to the tree.

    Collapses ``.`` and ``..`` by name. Raises ManifestError where it climbs above the tree or is
    absolute.
    """
    if path.startswith("/"):
        raise ManifestError(Origin(path), "is an absolute path, outside the audited folder")
    parts: list[str] = []
    for part in f"{directory}/{path}".split("/"):
        if part == ".." and not parts:
            raise ManifestError(Origin(path), "leads out of the audited folder")
        if part == "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return "/".join(parts)


def _kind(entry: os.DirEntry[str]) -> Kind:
    if entry.is_symlink():
        return Kind.LINK
    if entry.is_dir(follow_symlinks=False):
        return Kind.FOLDER
    return Kind.FILE if entry.is_file(follow_symlinks=False) else Kind.OTHER


def _why(error: Exception) -> str:
    """What the system says of a failure, without the path that it names."""
    return getattr(error, "strerror", None) or "it is no path, or a loop of links"


def _writable(path: str) -> str:
    """A path as text that can be encoded: file names are bytes and need not be UTF-8."""
    return path.encode("utf-8", "replace").decode("utf-8")
