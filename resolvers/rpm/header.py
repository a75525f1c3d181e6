"""An ``.rpm`` file: what its header requires. The payload is never looked at."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.requirement import Requirement
from analyzer.service import Skipped
from resolvers.rpm.declared import Declared, Target
from resolvers.rpm.header_blob import INTRO, Header, HeaderError, Tag, read_header, size_of
from resolvers.tree import Tree

LEAD = 96
LEAD_MAGIC = b"\xed\xab\xee\xdb"
HEADER_MAGIC = b"\x8e\xad\xe8"
MAGIC = 8
"""Bytes before the counts of a header in a file: magic, version, four that are reserved."""

_LESS, _GREATER, _EQUAL, _MISSINGOK, _RPMLIB = 1 << 1, 1 << 2, 1 << 3, 1 << 19, 1 << 24
_OPERATORS = {
    _LESS: "<",
    _GREATER: ">",
    _EQUAL: "=",
    _LESS | _EQUAL: "<=",
    _GREATER | _EQUAL: ">=",
}
_TEXT_LIMIT = 200


def read_rpm(tree: Tree, path: str, target: Target) -> Declared:
    """What the package in a file requires, and what it provides itself.

    Raises ManifestError where it is no RPM package.
    """
    try:
        return _declared(read_file_header(tree, path), path, target)
    except HeaderError as error:
        raise ManifestError(Origin(path), str(error)) from error


def read_file_header(tree: Tree, path: str) -> Header:
    """The header proper of an ``.rpm`` file. Raises HeaderError, and ManifestError where it cannot be read."""
    if not tree.read_head(path, LEAD).startswith(LEAD_MAGIC):
        raise HeaderError("is no RPM package")
    start = LEAD + MAGIC
    signature = _span(tree, path, start)
    # The signature is padded to eight bytes, which the lead and the magic are as well.
    start += signature + -signature % 8 + MAGIC
    size = _span(tree, path, start)
    return read_header(tree.read_head(path, start + size)[start:])


def _span(tree: Tree, path: str, start: int) -> int:
    """Bytes of the header whose counts stand at ``start``, without its magic."""
    content = tree.read_head(path, start + INTRO.size)
    if content[start - MAGIC : start - MAGIC + len(HEADER_MAGIC)] != HEADER_MAGIC:
        raise HeaderError("has no header where one must be")
    return size_of(content[start:])


def _declared(header: Header, path: str, target: Target) -> Declared:
    label = f"{header.text(Tag.NAME)}-{header.version}"
    if not header.text(Tag.SOURCERPM):
        note = Skipped(label, "is a source package: what it requires is for building", Origin(path), incomplete=False)
        return Declared(skipped=(note,))
    own = frozenset((header.text(Tag.NAME), *header.texts(Tag.PROVIDENAME), *_files(header)))
    required = tuple(_requirements(header, path, target))
    return Declared(
        tuple(dict.fromkeys(r for r in required if r.package.name not in own)),
        skipped=tuple(_exclusions(header, path)),
        provides=own,
    )


def _requirements(header: Header, path: str, target: Target) -> Iterator[Requirement]:
    """Without what rpm itself must be able to do (``rpmlib(…)``) and what may be missing."""
    for name, flags, version in _dependencies(header):
        if not flags & (_RPMLIB | _MISSINGOK) and not name.startswith("rpmlib("):
            operator = _OPERATORS.get(flags & (_LESS | _GREATER | _EQUAL), "") if version else ""
            constraint = f"{operator} {version}" if operator else ""
            origin = Origin(path, 0, f"Requires: {name} {constraint}".rstrip()[:_TEXT_LIMIT])
            yield target.requirement(name, constraint, origin)


def _dependencies(header: Header) -> Iterator[tuple[str, int, str]]:
    names = header.texts(Tag.REQUIRENAME)
    flags = header.numbers(Tag.REQUIREFLAGS)
    versions = header.texts(Tag.REQUIREVERSION)
    if not len(names) == len(flags) == len(versions):
        raise HeaderError("has a header whose dependencies lack a name, a version or a flag")
    return zip(names, flags, versions, strict=True)


def _exclusions(header: Header, path: str) -> Iterator[Skipped]:
    for field, tag in (("Conflicts", Tag.CONFLICTNAME), ("Obsoletes", Tag.OBSOLETENAME)):
        if names := header.texts(tag):
            shown = f"{field}: {', '.join(islice(names, 5))}"[:_TEXT_LIMIT]
            yield Skipped(shown, "is said by a package that is in no repository, and not counted", Origin(path))


def _files(header: Header) -> Iterator[str]:
    """The paths that the package installs (``DIRNAMES``, ``BASENAMES``)."""
    folders = header.texts(Tag.DIRNAMES)
    for index, name in zip(header.numbers(Tag.DIRINDEXES), header.texts(Tag.BASENAMES), strict=False):
        if index >= len(folders):
            raise HeaderError("has a file in a folder that it does not name")
        yield folders[index] + name
