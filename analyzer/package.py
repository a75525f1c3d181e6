"""Packages and their Candidates, identified as purl does (type, namespace, name)."""

from __future__ import annotations

from dataclasses import dataclass

from packaging.utils import canonicalize_name


@dataclass(frozen=True, slots=True, order=True)
class Package:
    """What can be required: ``pypi/flask``, ``deb/debian/libssl3``, ``maven/com.google.guava/guava``."""

    type: str
    name: str
    namespace: str = ""

    def __str__(self) -> str:
        return "/".join(part for part in (self.type, self.namespace, self.name) if part)


@dataclass(frozen=True, slots=True, order=True)
class Candidate:
    """A Package at one version, the version as its ecosystem writes it."""

    package: Package
    version: str

    def __str__(self) -> str:
        return f"{self.package.name}=={self.version}"


def pypi(name: str) -> Package:
    """The Package of a PyPI distribution, its name normalised (PEP 503)."""
    return Package("pypi", str(canonicalize_name(name)))


PYTHON = Package("generic", "python")
"""The interpreter: constrained by ``requires-python``, unique within a Python environment."""

JDK = Package("generic", "jdk")
"""The Java runtime, by its feature release: unique within a root filesystem."""
