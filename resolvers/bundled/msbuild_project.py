"""Projects of MSBuild (``*.csproj``, ``*.props``): what they reference of NuGet, nothing of them evaluated but plain
properties (learn.microsoft.com/nuget/consume-packages/package-references-in-project-files)."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass, field

from analyzer.origin import Origin
from resolvers.bundled.declared import shown
from resolvers.rpm.strict_xml import Attributes, Document, as_mapping
from resolvers.tree import Tree

VALUE_LIMIT = 1000

_PROPERTY = re.compile(r"\$\((\w+)\)")
_ITEMS = frozenset({"PackageReference", "PackageVersion", "GlobalPackageReference"})
_TEST = "microsoft.net.test.sdk"


@dataclass(slots=True)
class Item:
    """``<PackageReference Include="…" Version="…"/>``, its version perhaps an element within."""

    kind: str
    name: str
    version: str
    origin: Origin
    for_development: bool = False


@dataclass(slots=True)
class MsbuildProject:
    """The items of one file, in their order, and its properties."""

    items: list[Item] = field(default_factory=list)
    properties: dict[str, str] = field(default_factory=dict)

    @property
    def is_test(self) -> bool:
        """Whether it is run by a test runner."""
        return any(item.name.lower() == _TEST for item in self.items)

    def versions(self) -> dict[str, Item]:
        """The versions that are managed centrally, by the names in small letters."""
        return {item.name.lower(): item for item in self.items if item.kind == "PackageVersion"}


def read_msbuild(tree: Tree, path: str) -> MsbuildProject:
    """Raises ManifestError where the file cannot be read."""
    reading = _Reading(path)
    reading.document.read(io.BytesIO(tree.read_bytes(path).removeprefix(b"\xef\xbb\xbf")))
    for item in reading.found.items:
        item.version = substituted(item.version, reading.found.properties)
    return reading.found


def substituted(text: str, properties: dict[str, str]) -> str:
    """A text with the properties that are known in their places."""
    return _PROPERTY.sub(lambda match: properties.get(match[1].lower(), match[0])[:VALUE_LIMIT], text)[:VALUE_LIMIT]


class _Reading:
    def __init__(self, path: str) -> None:
        self.found = MsbuildProject()
        self.document = Document(path, self._start, self._end)
        self._path = path
        self._item: Item | None = None
        self._within = ""

    def _start(self, name: str, attributes: Attributes) -> None:
        values = as_mapping(attributes)
        if name in _ITEMS and (written := values.get("Include") or values.get("Update")):
            version = values.get("VersionOverride") or values.get("Version") or ""
            line = f'<{name} Include="{written}" Version="{version}"/>'
            origin = Origin(self._path, self.document.line, shown(line))
            private = values.get("PrivateAssets", "").lower() == "all"
            self._item = Item(name, written.strip()[:VALUE_LIMIT], version, origin, private)
            self.found.items.append(self._item)
            self._within = "item"
        elif name == "PropertyGroup":
            self._within = "properties"
        elif name == "ItemGroup":
            self._within = ""
        elif self._within:
            self.document.take_text()

    def _end(self, name: str, text: str) -> None:
        if self._within == "properties":
            self.found.properties.setdefault(name.lower(), text.strip()[:VALUE_LIMIT])
        elif self._item is not None and name in ("Version", "VersionOverride"):
            self._item.version = text.strip()[:VALUE_LIMIT]
        elif self._item is not None and name == "PrivateAssets":
            self._item.for_development = text.strip().lower() == "all"
