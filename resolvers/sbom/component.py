"""What a bill of materials says, whichever its format."""

from __future__ import annotations

from dataclasses import dataclass, field

from analyzer.origin import Origin

SYSTEM = "operating-system"
"""The kind of the component that names the distribution."""


@dataclass(frozen=True, slots=True)
class Component:
    """Something that is there. ``purl`` is empty where the document gives none; ``kind`` is CycloneDX's type."""

    name: str
    version: str
    purl: str
    origin: Origin
    kind: str = "library"


@dataclass(slots=True)
class Bill:
    """The components of one document, but for what it describes itself and what is for development."""

    path: str
    components: list[Component] = field(default_factory=list)
