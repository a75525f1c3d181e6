"""CycloneDX JSON, versions 1.2 to 1.7 (ECMA-424)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.json_file import JsonFile, Keys
from resolvers.sbom.component import Bill, Component

FORMAT = "CycloneDX"
VERSIONS = frozenset({"1.2", "1.3", "1.4", "1.5", "1.6", "1.7"})
DEPTH_LIMIT = 20
"""Components in one another; what lies deeper is left out with a reason."""

_DEVELOPMENT = "cdx:npm:package:development"


class Property(msgspec.Struct):
    """A name and a value; the name's meaning is by CycloneDX's property taxonomy."""

    name: str = ""
    value: Any = ""


class Shape(msgspec.Struct):
    """One component, and those that it is made of."""

    type: str = "library"
    name: str = ""
    version: str = ""
    purl: str = ""
    scope: str = ""
    properties: list[Property] = []
    components: "list[Shape]" = []  # noqa: UP037 - msgspec resolves a recursive type by this name

    @property
    def is_left_out(self) -> bool:
        """Whether it is not there in production."""
        return self.scope == "excluded" or any(p.name == _DEVELOPMENT and p.value == "true" for p in self.properties)


class Document(msgspec.Struct, rename="camel"):
    """The fields that matter here."""

    spec_version: str = ""
    components: list[Shape] = []


def read_cyclonedx(file: JsonFile) -> Bill:
    """Raises ManifestError where the document is of a version that is not known, or its types are not."""
    document = file.convert(Document)
    if document.spec_version not in VERSIONS:
        raise ManifestError(file.origin("specVersion"), "is CycloneDX of a version that cohabit does not know")
    return Bill(file.path, list(_components(file, document.components, ("components",))))


def _components(file: JsonFile, shapes: Sequence[Shape], above: Keys) -> Iterator[Component]:
    if len(above) > 2 * DEPTH_LIMIT:
        raise ManifestError(Origin(file.path), f"has components more than {DEPTH_LIMIT} deep in one another")
    for number, shape in enumerate(shapes):
        if not shape.is_left_out:
            yield Component(shape.name, shape.version, shape.purl, _origin(file, (*above, number)), shape.type)
            yield from _components(file, shape.components, (*above, number, "components"))


def _origin(file: JsonFile, keys: Keys) -> Origin:
    """The line of the purl, which tells more than that of a bracket."""
    return file.origin(*keys, "purl")
