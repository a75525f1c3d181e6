"""One place of Maven modules, whatever it is: files by coordinates."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from analyzer.package import Candidate, Package
from resolvers.maven.xml_tree import SIZE_LIMIT

FILE_LIMIT = SIZE_LIMIT
"""Bytes of the largest file that is read."""
POM, MODULE = "pom", "module"


@dataclass(frozen=True, slots=True)
class Found:
    """A file's content, and what messages call it: without credentials."""

    content: bytes = field(repr=False)
    file: str


class Place(Protocol):
    """A repository. What is asked for is locatable (``coordinates``)."""

    def read(self, candidate: Candidate, extension: str) -> Found | None:
        """The file of a version with an extension (POM, MODULE); None where there is none.

        Raises ManifestError where it cannot be read, Unreachable where nobody can tell.
        """
        ...

    def versions(self, package: Package) -> tuple[str, ...]:
        """The versions of a module. Raises as ``read`` does."""
        ...
