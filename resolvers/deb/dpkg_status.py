"""What is installed, as dpkg records it (``/var/lib/dpkg/status``) or prints it: ``dpkg -l``,
``dpkg --get-selections``, ``dpkg-query -W``, ``apt list --installed``."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from analyzer.package import Candidate
from analyzer.requirement import Locked, Requirement
from resolvers.deb.architecture import ALL
from resolvers.deb.deb822 import paragraphs, value
from resolvers.deb.declared import Context, Declared
from resolvers.deb.wanted import qualified
from resolvers.tree import Tree

STATUS_LIMIT = 64 * 2**20
"""Bytes of the largest record that is read (of 5,000 packages it has 5 MB)."""

_HEAD = 4096
_NAME = r"(?P<name>[a-z0-9][a-z0-9+.-]{1,200})"
_ARCHITECTURE = r"(?::(?P<architecture>[a-z0-9-]{1,40}))?"
_VERSION = r"(?P<version>[A-Za-z0-9.+:~-]{1,400})"
_TERMINAL = 80
"""Columns of ``dpkg -l`` where nothing tells the width of a terminal; what is longer is cut off."""


@dataclass(frozen=True, slots=True)
class Installed:
    """A package that is installed. ``version`` is empty where the record does not tell it."""

    name: str
    version: str
    architecture: str
    line: int
    automatic: bool = False


_THERE = frozenset({"installed", "triggers-awaited", "triggers-pending", "unpacked", "half-configured"})
"""States in which a package's files are there (dpkg(1))."""

Reader = Callable[[str, str], Iterator[Installed | str]]
"""The packages in a text and, as text, reasons for what is not known; the second argument is the file."""


def read_status(context: Context, path: str, automatic: Collection[tuple[str, str]] = ()) -> Declared:
    """What a record of installed packages says. ``automatic`` are the names and architectures of those
    that were installed as a dependency only. Raises ManifestError where it is no such record."""
    text = context.tree.read_bytes(path, STATUS_LIMIT).decode("utf-8-sig", "replace")
    reader = _reader(text[:_HEAD])
    if reader is None:
        raise ManifestError(Origin(path), "is no record of installed packages that is known")
    found = list(reader(text, path))
    return declared(context, path, [f for f in found if isinstance(f, Installed)], automatic, found)


def declared(
    context: Context,
    path: str,
    installed: Collection[Installed],
    automatic: Collection[tuple[str, str]],
    notes: Collection[Installed | str] = (),
) -> Declared:
    """Installed packages as what is locked, those that someone asked for as what is required."""
    requirements = []
    locked = []
    for one in installed:
        package = context.package(qualified(context, one.name, one.architecture))
        origin = Origin(path, one.line, f"{one.name} {one.version}".strip())
        if one.version:
            locked.append(Locked(Candidate(package, one.version), origin))
        # apt records packages for all architectures under the machine's own.
        recorded = context.architecture if one.architecture == ALL else one.architecture
        if not one.automatic and (one.name, recorded) not in automatic:
            requirements.append(Requirement(package, "", origin))
    return Declared(
        tuple(requirements),
        tuple(locked) if locked else None,
        unknown=tuple(note for note in notes if isinstance(note, str)),
    )


def is_status(tree: Tree, path: str) -> bool:
    """Whether a file begins as a record of installed packages does."""
    try:
        head = tree.read_head(path, _HEAD)
    except ManifestError:
        return False
    return _reader(head.decode("utf-8-sig", "replace")) is not None


def automatic_packages(tree: Tree, path: str) -> frozenset[tuple[str, str]]:
    """Names and architectures that apt's ``extended_states`` calls automatic. Raises ManifestError."""
    text = tree.read_bytes(path, STATUS_LIMIT).decode("utf-8", "replace")
    return frozenset(
        (value(one, "package"), value(one, "architecture"))
        for one in paragraphs(text, path)
        if value(one, "auto-installed") == "1"
    )


def _database(text: str, file: str) -> Iterator[Installed | str]:
    for one in paragraphs(text, file):
        if value(one, "status").rpartition(" ")[2] in _THERE and (name := one.get("package")):
            yield _checked(name.value, value(one, "version"), value(one, "architecture"), name.line, file)


def _checked(name: str, version: str, architecture: str, line: int, file: str) -> Installed | str:
    if re.fullmatch(_NAME, name) and re.fullmatch(_VERSION, version):
        return Installed(name, version, architecture, line)
    return f"{Origin(file, line)}: has a package whose name or version is none"


def _lines(pattern: str) -> Reader:
    """A reader of one package a line; other lines are left out."""
    compiled = re.compile(pattern, re.ASCII)

    def read(text: str, file: str) -> Iterator[Installed | str]:
        for number, line in enumerate(text.splitlines(), start=1):
            if match := compiled.fullmatch(line.rstrip()):
                found = match.groupdict(default="")
                yield Installed(
                    found["name"], found.get("version", ""), found["architecture"], number, bool(found.get("auto"))
                )

    return read


def _table(text: str, file: str) -> Iterator[Installed | str]:
    """``dpkg -l``. A narrow table may have cut names and versions off."""
    widths: list[int] = []
    for number, line in enumerate(text.splitlines(), start=1):
        if line.startswith("+++-"):
            widths = [len(column) for column in line[4:].split("-")] if len(line.rstrip()) <= _TERMINAL else []
        match = _ROW.fullmatch(line.rstrip())
        if match is None:
            continue
        name, _, version, _ = cells = match.group("name", "architecture", "version", "machine")
        if widths and (len(line[4:].split()[0]) >= widths[0] or len(version) >= [*widths, 0, 0][1]):
            yield f"{Origin(file, number)}: {name} may be cut off in this table"
        else:
            yield Installed(name, version, cells[1] or cells[3] or "", number)


_MACHINES = "all|amd64|arm64|armel|armhf|i386|loong64|mips64el|mipsel|ppc64el|riscv64|s390x"
_ROW = re.compile(
    rf"[ihurp][iUFWt][ R]?\s+{_NAME}{_ARCHITECTURE}\s+{_VERSION}(?:\s+(?P<machine>{_MACHINES}))?(?:\s.*)?", re.ASCII
)
_TABLE = re.compile(
    r"^(?:Desired=Unknown/Install|\+\+\+-=|[ihurp][iUFWt][ R] +[a-z0-9][a-z0-9+.:-]+ +\S+ )", re.MULTILINE
)
_SELECTIONS = rf"{_NAME}{_ARCHITECTURE}\s+(?:install|hold)"
_QUERY = rf"{_NAME}{_ARCHITECTURE}\t{_VERSION}"
_APT_LIST = rf"{_NAME}/\S+ {_VERSION} (?P<architecture>[a-z0-9-]+) \[(?:[^\]]*,)?installed(?P<auto>,automatic)?[^\]]*\]"
_FORMS: tuple[tuple[re.Pattern[str], Reader], ...] = (
    (re.compile(r"\A\s*Package: .+(?:\n.+)*\nStatus: ", re.ASCII), _database),
    (_TABLE, _table),
    (re.compile(rf"\A(?:Listing\.\.\..*\n)?{_APT_LIST}", re.ASCII), _lines(_APT_LIST)),
    (re.compile(r"\A[a-z0-9][a-z0-9+.:-]+\s+(?:install|deinstall|hold|purge)\s*$", re.MULTILINE), _lines(_SELECTIONS)),
    (re.compile(r"\A[a-z0-9][a-z0-9+.:-]+\t[A-Za-z0-9.+:~-]*\s*$", re.MULTILINE), _lines(_QUERY)),
)


def _reader(head: str) -> Reader | None:
    return next((reader for form, reader in _FORMS if form.search(head)), None)
