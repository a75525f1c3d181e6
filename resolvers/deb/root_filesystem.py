"""A root filesystem as it stands: what dpkg and apt record in it (hier(7), FILES in dpkg(1), apt-mark(8))."""

from __future__ import annotations

from collections.abc import Iterator

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.service import Skipped
from resolvers.deb.deb822 import paragraphs, value
from resolvers.deb.declared import Context, Declared, attempt, join_declared
from resolvers.deb.dpkg_status import Installed, automatic_packages, declared, read_status
from resolvers.tree import Kind, Tree, join

STATUS = "var/lib/dpkg/status"
STATUS_FOLDER = "var/lib/dpkg/status.d"
"""Where images without dpkg keep the control data of their packages (distroless)."""
EXTENDED_STATES = "var/lib/apt/extended_states"

_RECORDS = 20_000
_ENDINGS = (".md5sums", ".list", ".conffiles")


def installed_records(tree: Tree, directory: str) -> tuple[str, ...]:
    """The records of a root filesystem: its status file, its folder of records; none where it has none."""
    return tuple(place for name in (STATUS, STATUS_FOLDER) if tree.exists(place := join(directory, name)))


def read_root_filesystem(context: Context, directory: str) -> Declared:
    """What is installed in the root filesystem at ``directory``."""
    parts = []
    if context.tree.is_folder(folder := join(directory, STATUS_FOLDER)):
        parts.append(_folder(context, folder))
    if context.tree.exists(status := join(directory, STATUS)):
        automatic, note = _automatic(context.tree, join(directory, EXTENDED_STATES))
        parts += [attempt(status, lambda: read_status(context, status, automatic)), note]
    return join_declared(parts)


def _automatic(tree: Tree, path: str) -> tuple[frozenset[tuple[str, str]], Declared]:
    """Without apt's record, or with one that cannot be read, everything counts as asked for."""
    if not tree.exists(path):
        return frozenset(), Declared()
    try:
        return automatic_packages(tree, path), Declared()
    except ManifestError as error:
        reason = f"{error.reason}: every package counts as asked for"
        return frozenset(), Declared(skipped=(Skipped(path, reason, error.origin, incomplete=False),))


def _folder(context: Context, folder: str) -> Declared:
    """One record for each package."""
    try:
        listing = context.tree.listing(folder)
    except ManifestError as error:
        return Declared(skipped=(Skipped(folder, error.reason, error.origin),))
    names = [name for name, kind in listing.items() if kind is Kind.FILE and not name.endswith(_ENDINGS)]
    over = () if len(names) <= _RECORDS else (f"{Origin(folder)}: has more than {_RECORDS} records",)
    records = [_record(context, join(folder, name)) for name in names[:_RECORDS]]
    return join_declared([*records, Declared(unknown=over)])


def _record(context: Context, path: str) -> Declared:
    def read() -> Declared:
        text = context.tree.read_bytes(path).decode("utf-8", "replace")
        return declared(context, path, list(_packages(text, path)), ())

    return attempt(path, read)


def _packages(text: str, path: str) -> Iterator[Installed]:
    for one in paragraphs(text, path):
        if name := one.get("package"):
            yield Installed(name.value, value(one, "version"), value(one, "architecture"), name.line)
