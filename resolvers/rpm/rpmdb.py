"""The packages of a root filesystem, as rpm's own database has them, and which of them someone asked for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.requirement import Locked
from analyzer.service import Skipped
from resolvers.rpm.declared import Declared, Target
from resolvers.rpm.header_blob import Header, HeaderError, Tag, read_header
from resolvers.rpm.installed import installed
from resolvers.rpm.read_only_database import read_only
from resolvers.rpm.user_installed import dependencies
from resolvers.tree import Tree, join

FOLDERS = ("var/lib/rpm", "usr/lib/sysimage/rpm", "usr/share/rpm")
"""Where rpm keeps its database: of old, since Fedora 36 (and SUSE), and in images made by ostree."""

SQLITE = "rpmdb.sqlite"
OLD_FORMATS: Mapping[str, str] = {"Packages": "Berkeley DB", "Packages.db": "ndb"}
PACKAGE_LIMIT = 100_000


def database(tree: Tree, root: str) -> str:
    """The path of the rpmdb of a root filesystem, ``""`` where there is none."""
    names = (SQLITE, *OLD_FORMATS)
    places = (join(root, f"{folder}/{name}") for folder in FOLDERS for name in names)
    return next((place for place in places if tree.exists(place) and not tree.is_folder(place)), "")


def read_rpmdb(tree: Tree, root: str, path: str, target: Target) -> Declared:
    """The packages of the database at ``path``, which belongs to the root filesystem ``root``.

    Raises ManifestError where it cannot be read.
    """
    form = OLD_FORMATS.get(path.rpartition("/")[2])
    if form:
        raise ManifestError(Origin(path), f"is an rpmdb in the format {form}; 'rpmdb --rebuilddb' makes it SQLite")
    skipped: list[Skipped] = []
    pins = tuple(_pins(tree, path, target, skipped))
    found = installed(pins)
    unasked = _unasked(tree, root, skipped)
    asked = tuple(r for r in found.requirements if r.package.name not in unasked)
    return Declared(asked, found.locked, (*skipped, *found.skipped))


def _pins(tree: Tree, path: str, target: Target, skipped: list[Skipped]) -> Iterator[Locked]:
    with read_only(tree, path) as database:
        for number, blob in database.rows("Packages", ("hnum", "blob"), PACKAGE_LIMIT):
            try:
                header = _header(blob)
                name, version, arch = header.text(Tag.NAME), header.version, header.text(Tag.ARCH)
            except HeaderError as error:
                skipped.append(Skipped(f"package {number}", str(error), Origin(path)))
                continue
            yield target.locked(name, version, Origin(path, 0, f"{name}-{version}.{arch}"), arch)


def _header(blob: object) -> Header:
    if not isinstance(blob, bytes):
        raise HeaderError("is no header")
    header = read_header(blob)
    if not header.text(Tag.NAME) or not header.text(Tag.VERSION):
        raise HeaderError("has no name or no version")
    return header


def _unasked(tree: Tree, root: str, skipped: list[Skipped]) -> frozenset[str]:
    """The names of the packages that came as dependencies; none where that cannot be read."""
    try:
        return dependencies(tree, root)
    except ManifestError as error:
        reason = f"{error.reason}; every package counts as asked for"
        skipped.append(Skipped(error.origin.file, reason, error.origin, incomplete=False))
        return frozenset()
