"""``filelists.xml`` of an RPM repository: which packages hold given files.

It is many times larger than ``primary.xml``, which names the files that packages usually require
(``/etc``, ``bin`` folders); so it is read only for others, and only their owners are kept.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping

from resolvers.metadata_file import MetadataFile
from resolvers.rpm.primary import evr
from resolvers.rpm.strict_xml import Attributes, Document, as_mapping

Owner = tuple[str, str, str]
"""Name, architecture and EVR of a package."""


def owners(file: MetadataFile, paths: Collection[str]) -> Mapping[str, list[Owner]]:
    """The packages that hold each of ``paths``. Raises ManifestError with the line."""
    reader = _Reader(file.origin, paths)
    with file.inflated() as source:
        reader.document.read(source)
    return reader.owners


class _Reader:
    def __init__(self, origin: str, paths: Collection[str]) -> None:
        self.document = Document(origin, self._start, self._end)
        self.owners: dict[str, list[Owner]] = {path: [] for path in paths}
        self._name = self._architecture = self._evr = ""

    def _start(self, name: str, attributes: Attributes) -> None:
        if name == "file":
            self.document.take_text()
        elif name == "package":
            found = as_mapping(attributes)
            self._name, self._architecture = found.get("name", ""), found.get("arch", "")
        elif name == "version":
            self._evr = evr(as_mapping(attributes))

    def _end(self, name: str, text: str) -> None:
        if text in self.owners:
            self.owners[text].append((self._name, self._architecture, self._evr))
