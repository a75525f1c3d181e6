"""The words that name a file in a Maven repository, and the paths made of them."""

from __future__ import annotations

import re

from analyzer.package import Candidate, Package
from resolvers.maven.direct import ECOSYSTEM

_LONGEST = 200
_SEGMENT = r"[A-Za-z0-9_+~-]+"
_GROUP = re.compile(rf"{_SEGMENT}(?:\.{_SEGMENT})*")
_NAME = re.compile(r"(?!\.{1,2}\Z)[A-Za-z0-9_.+~-]+")
_VERSION = re.compile(r"(?!\.{1,2}\Z)[^\\/:;\"<>|?*%#&$\[\](){},\x00-\x20\x7f-\x9f]+")
"""What Maven's model validation admits in a version (``DefaultModelValidator``), less what URLs and paths mind."""


def package(group: str, name: str) -> Package:
    """The Package of ``group:name``."""
    return Package(ECOSYSTEM, name, group)


def is_locatable(candidate: Candidate) -> bool:
    """Whether a repository can hold it: no word leads out of the folder, or to somewhere else on a server."""
    group, name, version = candidate.package.namespace, candidate.package.name, candidate.version
    return (
        is_locatable_package(candidate.package) and _short(group, name, version) and bool(_VERSION.fullmatch(version))
    )


def is_locatable_package(package: Package) -> bool:
    """Whether a repository can hold versions of it."""
    group, name = package.namespace, package.name
    return _short(group, name) and bool(_GROUP.fullmatch(group) and _NAME.fullmatch(name))


def shown(candidate: Candidate) -> str:
    """``group:name:version``, as Maven and Gradle write it."""
    return f"{candidate.package.namespace}:{candidate.package.name}:{candidate.version}"


def _short(*words: str) -> bool:
    return all(len(word) <= _LONGEST for word in words)
