"""``primary.xml`` of an RPM repository (createrepo_c): its packages with their strong dependencies.

Each dependency is kept once and referred to by its number. Recommends, Suggests, Supplements and
Enhances are left out, and so are source packages.
"""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from resolvers.metadata_file import MetadataFile
from resolvers.rpm.capability import Sense
from resolvers.rpm.rich import RichDependencyError, is_rich, parse
from resolvers.rpm.strict_xml import Attributes, Document, as_mapping

PACKAGE_LIMIT = 1_000_000
TEXT_LIMIT = 2**14
"""Characters of the longest name, version or path."""

_SENSES: dict[str, int] = {
    "LT": int(Sense.LESS),
    "LE": int(Sense.LESS | Sense.EQUAL),
    "EQ": int(Sense.EQUAL),
    "GE": int(Sense.GREATER | Sense.EQUAL),
    "GT": int(Sense.GREATER),
    "NE": int(Sense.LESS | Sense.GREATER),
}
_SOURCES = ("src", "nosrc")
_ENTRY = "rpm:entry"


class Package(msgspec.Struct, array_like=True, gc=False):
    """A package; ``evr`` is ``[epoch:]version-release`` without an epoch of 0. Dependencies are numbers
    into ``Listing.capabilities``."""

    name: str = ""
    architecture: str = ""
    evr: str = ""
    provides: list[int] = []
    requires: list[int] = []
    conflicts: list[int] = []
    obsoletes: list[int] = []
    files: list[str] = []


class Listing(msgspec.Struct, array_like=True):
    """The packages of one repository. ``capabilities`` are (name, sense, evr); ``skipped`` holds what
    was left out, why, and the line."""

    capabilities: list[tuple[str, int, str]] = []
    packages: list[Package] = []
    skipped: list[tuple[str, str, int]] = []


def read_primary(file: MetadataFile) -> Listing:
    """The packages of a ``primary.xml``, compressed or not. Raises ManifestError with the line."""
    reader = _Reader(file.origin)
    with file.inflated() as source:
        reader.document.read(source)
    reader.finish_package()
    return reader.listing


def evr(attributes: Mapping[str, str]) -> str:
    """``epoch``, ``ver`` and ``rel`` as ``[epoch:]version[-release]``."""
    version, release = attributes.get("ver", ""), attributes.get("rel", "")
    text = f"{version}-{release}" if release else version
    epoch = attributes.get("epoch", "0") or "0"
    # A version that begins like an epoch needs one in front.
    needed = epoch != "0" or (":" in version and version.partition(":")[0].isdigit())
    return f"{epoch}:{text}" if needed else text


class _Reader:
    def __init__(self, origin: str) -> None:
        self.listing = Listing([], [], [])
        self.document = Document(origin, self._start, self._end)
        self._package: Package | None = None
        self._line = 0
        self._section: list[int] | None = None
        self._raw: dict[tuple[str, ...], int] = {}
        self._numbers: dict[tuple[str, int, str], int] = {}

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == _ENTRY:
            if self._section is not None:
                raw = tuple(attributes)
                number = self._raw.get(raw)
                self._section.append(self._number(raw) if number is None else number)
        elif name == "package":
            self.finish_package()
            self._begin_package()
        elif self._package is not None:
            self._part(self._package, name, attributes)

    def _part(self, package: Package, name: str, attributes: Attributes) -> None:
        if name in ("name", "arch", "file"):
            self.document.take_text()
        elif name == "version":
            package.evr = self._bounded(evr(as_mapping(attributes)))
        elif name.startswith("rpm:"):
            self._section = _section(package, name)

    def _end(self, name: str, text: str) -> None:
        package = self._package
        if package is None:
            return
        text = self._bounded(text)
        if name == "file":
            package.files.append(text)
        elif name == "name":
            package.name = text
        elif name == "arch":
            package.architecture = text

    def _begin_package(self) -> None:
        if len(self.listing.packages) >= PACKAGE_LIMIT:
            raise self.document.fault(f"has more than {PACKAGE_LIMIT} packages")
        self._package = Package("", "", "", [], [], [], [], [])
        self._line = self.document.line

    def finish_package(self) -> None:
        """Take the package at hand, if there is one."""
        package, self._package, self._section = self._package, None, None
        if package is None or package.architecture in _SOURCES:
            return
        if package.name and package.evr and package.architecture:
            self.listing.packages.append(package)
        else:
            what = package.name or "a package"
            self.listing.skipped.append((what, "lacks its name, version or architecture", self._line))

    def _number(self, raw: tuple[str, ...]) -> int:
        capability = self._capability(as_mapping(raw))
        number = self._numbers.setdefault(capability, len(self._numbers))
        if number == len(self.listing.capabilities):
            self.listing.capabilities.append(capability)
            self._check(capability[0])
        self._raw[raw] = number
        return number

    def _capability(self, attributes: Mapping[str, str]) -> tuple[str, int, str]:
        name = self._bounded(attributes.get("name", ""))
        if not name:
            raise self.document.fault("has a dependency without a name")
        flags = attributes.get("flags", "")
        if not flags:
            return name, 0, ""
        if flags not in _SENSES:
            raise self.document.fault(f"has a dependency with the unknown relation {flags[:20]!r}")
        return name, _SENSES[flags], self._bounded(evr(attributes))

    def _check(self, name: str) -> None:
        if is_rich(name):
            try:
                parse(name)
            except RichDependencyError as error:
                self.listing.skipped.append((name, f"is no rich dependency: it {error}", self.document.line))

    def _bounded(self, text: str) -> str:
        if len(text) > TEXT_LIMIT:
            raise self.document.fault(f"has a name of more than {TEXT_LIMIT} characters")
        return text


def _section(package: Package, name: str) -> list[int] | None:
    match name:
        case "rpm:provides":
            return package.provides
        case "rpm:requires":
            return package.requires
        case "rpm:conflicts":
            return package.conflicts
        case "rpm:obsoletes":
            return package.obsoletes
        case _:
            return None
