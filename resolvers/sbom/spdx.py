"""SPDX JSON, versions 2.2 and 2.3 (ISO/IEC 5962 and its successor)."""

from __future__ import annotations

import msgspec

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.json_file import JsonFile
from resolvers.sbom.component import Bill, Component

VERSIONS = frozenset({"SPDX-2.2", "SPDX-2.3"})

_PURL = "purl"
_SUBJECT = "DESCRIBES"
_DEVELOPMENT = frozenset({"DEV_DEPENDENCY_OF", "TEST_DEPENDENCY_OF", "DEV_TOOL_OF", "TEST_TOOL_OF", "TEST_OF"})
_KINDS = {"OPERATING-SYSTEM": "operating-system", "OPERATING_SYSTEM": "operating-system", "FILE": "file"}


class Reference(msgspec.Struct, rename="camel"):
    """What identifies a package elsewhere (clause 7.21)."""

    reference_type: str = ""
    reference_locator: str = ""


class Shape(msgspec.Struct, rename="camel"):
    """One package."""

    identifier: str = msgspec.field(name="SPDXID", default="")
    name: str = ""
    version_info: str = ""
    external_refs: list[Reference] = []
    primary_package_purpose: str = ""


class Relationship(msgspec.Struct, rename="camel"):
    """How two elements belong together (clause 11)."""

    spdx_element_id: str = ""
    relationship_type: str = ""
    related_spdx_element: str = ""


class Document(msgspec.Struct, rename="camel"):
    """The fields that matter here."""

    spdx_version: str = ""
    packages: list[Shape] = []
    relationships: list[Relationship] = []
    document_describes: list[str] = []

    def left_out(self) -> frozenset[str]:
        """What the document is about, and what is for development."""
        subjects = {r.related_spdx_element for r in self.relationships if r.relationship_type == _SUBJECT}
        tools = {r.spdx_element_id for r in self.relationships if r.relationship_type in _DEVELOPMENT}
        return frozenset(subjects | tools | set(self.document_describes))


def read_spdx(file: JsonFile) -> Bill:
    """Raises ManifestError where the document is of a version that is not known, or its types are not."""
    if "spdxVersion" not in file.data:
        raise ManifestError(Origin(file.path), "is SPDX 3, which is not read; SPDX 2.3 and CycloneDX are")
    document = file.convert(Document)
    if document.spdx_version not in VERSIONS:
        raise ManifestError(file.origin("spdxVersion"), "is SPDX of a version that cohabit does not know")
    left_out = document.left_out() if len(document.packages) > 1 else frozenset()
    bill = Bill(file.path)
    for number, shape in enumerate(document.packages):
        if shape.identifier not in left_out:
            bill.components.append(_component(file, number, shape))
    return bill


def _component(file: JsonFile, number: int, shape: Shape) -> Component:
    keys = ("packages", number)
    kind = _KINDS.get(shape.primary_package_purpose, "library")
    for place, reference in enumerate(shape.external_refs):
        if reference.reference_type == _PURL:
            origin = file.origin(*keys, "externalRefs", place, "referenceLocator")
            return Component(shape.name, shape.version_info, reference.reference_locator, origin, kind)
    return Component(shape.name, shape.version_info, "", file.origin(*keys, "name"), kind)
