"""``.deb`` files: the control data of the package that they hold (deb(5)). Nothing else is read."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import BinaryIO

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.requirement import Requirement, Source
from resolvers.archive import read_archive_file
from resolvers.deb.deb822 import Paragraph, paragraphs, value
from resolvers.deb.declared import Context, Declared
from resolvers.deb.dependencies import declared_dependencies
from resolvers.deb.wanted import qualified
from resolvers.members import LIMITS
from resolvers.tree import Tree

_MAGIC = b"!<arch>\n"
_HEADER = 60
_CONTROL_LIMIT = 16 * 2**20
"""Bytes of the largest ``control.tar`` that is opened."""
_MEMBERS = 64
"""Members that are looked at before ``control.tar``, which is the second (deb(5))."""
_INNER = replace(LIMITS, members=10_000, inflated=64 * 2**20, free=16 * 2**20)
_CONTROL_TAR = re.compile(r"control\.tar(?:\.(?:gz|xz|zst|bz2))?/?")
_NAME = re.compile(r"[a-z0-9][a-z0-9+.-]{1,200}", re.ASCII)
_OWN_WORDS = ("conflicts", "breaks", "provides")


def read_deb(context: Context, path: str) -> Declared:
    """What the package in a ``.deb`` needs, and the package itself with the file as its source.

    Raises ManifestError where the file cannot be read.
    """
    control = read_control_data(context.tree, path)
    name, version = _identity(control, path)
    package = context.package(qualified(context, name, value(control, "architecture")))
    own = Requirement(package, f"={version}", Origin(path, 0, f"{name} {version}"), source=Source("path", path))
    needed = declared_dependencies(context, control, path)
    # The lines are those of a member of the archive.
    others = (replace(r, origin=Origin(path, 0, r.origin.text)) for r in needed.requirements)
    unknown = (*needed.unknown, *_own_words(control, path, name))
    return Declared((own, *others), skipped=needed.skipped, unknown=unknown)


def _own_words(control: Paragraph, path: str, name: str) -> Iterator[str]:
    """Reasons for what a Requirement cannot say: no index has the package, so that what it excludes
    or stands in for counts nowhere."""
    for field in _OWN_WORDS:
        if text := " ".join(value(control, field).split()):
            yield f"{path}: {name} has {field.capitalize()}: {text[:200]}; only an index with the package tells more"


def _identity(control: Paragraph, path: str) -> tuple[str, str]:
    name, version = value(control, "package"), value(control, "version")
    if not _NAME.fullmatch(name) or not version or version.split() != [version]:
        raise ManifestError(Origin(path), "has no package name and version in its control data")
    return name, version


def read_control_data(tree: Tree, path: str) -> Paragraph:
    """The paragraph of the file ``control``. Raises ManifestError."""
    real = tree.locate(path)
    try:
        if not real.is_file():
            raise ManifestError(Origin(path), "is no regular file" if real.exists() else "does not exist")
        with real.open("rb") as file:
            archive = _control_tar(file, path)
    except OSError as error:
        raise ManifestError(Origin(path), f"cannot be read: {error.strerror}") from error
    contents = read_archive_file(io.BytesIO(archive), path, lambda name: name == "control", _INNER)
    if "control" not in contents.files:
        reason = next((refused.reason for refused in contents.refused if refused.name == "control"), "is not there")
        raise ManifestError(Origin(path), f"has no control data to read: control {reason}")
    text = contents.files["control"].decode("utf-8", "replace")
    found = next(paragraphs(text, path), None)
    if found is None:
        raise ManifestError(Origin(path), "has empty control data")
    return found


def _control_tar(file: BinaryIO, path: str) -> bytes:
    """The member of the ar archive that holds the control data."""
    if file.read(len(_MAGIC)) != _MAGIC:
        raise ManifestError(Origin(path), "is no Debian package (no ar archive)")
    for _ in range(_MEMBERS):
        header = file.read(_HEADER)
        if not header:
            break
        name, size = _member(header, path)
        if not _CONTROL_TAR.fullmatch(name):
            file.seek(size + size % 2, io.SEEK_CUR)
            continue
        if size > _CONTROL_LIMIT:
            raise ManifestError(Origin(path), f"has control data of more than {_CONTROL_LIMIT} bytes")
        content = file.read(size)
        if len(content) < size:
            break
        return content
    raise ManifestError(Origin(path), "ends before its control data, or has none")


def _member(header: bytes, path: str) -> tuple[str, int]:
    digits = header[48:58].rstrip(b" ")
    if len(header) < _HEADER or header[58:] != b"`\n" or not digits.isdigit():
        raise ManifestError(Origin(path), "is a damaged ar archive")
    return header[:16].decode("ascii", "replace").rstrip(" "), int(digits)
