"""References to container images: ``registry.example:5000/team/app:1.2@sha256:…``."""

from __future__ import annotations

import re
from dataclasses import dataclass

LENGTH_LIMIT = 1024
"""Characters of the longest reference that is looked at."""

_HUB = frozenset({"docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"})
_OFFICIAL = "library"
_ARCHITECTURES = {
    "amd64": "x86_64",
    "arm64v8": "aarch64",
    "arm32v5": "armv5l",
    "arm32v6": "armv6l",
    "arm32v7": "armv7l",
    "i386": "i686",
    "ppc64le": "ppc64le",
    "riscv64": "riscv64",
    "s390x": "s390x",
}
"""Where the official images of one architecture are, and what uname calls it."""

_PART = r"[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*"
_REFERENCE = re.compile(
    rf"""(?:(?P<host>localhost(?::[0-9]{{1,5}})?|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+(?::[0-9]{{1,5}})?
                   |[A-Za-z0-9-]+:[0-9]{{1,5}})/)?
         (?P<path>{_PART}(?:/{_PART})*)
         (?::(?P<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{{0,127}}))?
         (?:@(?P<digest>[A-Za-z][A-Za-z0-9+._-]{{0,31}}:[0-9a-fA-F]{{32,128}}))?""",
    re.VERBOSE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Reference:
    """An image by name. ``name`` is its path at Docker Hub (``library/debian``), with the host elsewhere.

    ``tag`` is empty where none is written; ``architecture`` is uname's where the name fixes one.
    """

    name: str
    tag: str = ""
    digest: str = ""
    architecture: str = ""


def parse_reference(text: str) -> Reference | None:
    """The Reference that ``text`` is (distribution/reference's grammar); None where it is none.

    The path of an official image counts as that below any host and folder: mirrors keep it.
    """
    found = _REFERENCE.fullmatch(text) if len(text) <= LENGTH_LIMIT else None
    if found is None:
        return None
    tag, digest = found["tag"] or "", found["digest"] or ""
    parts = found["path"].split("/")
    if (found["host"] or "docker.io") not in _HUB:
        official = len(parts) > 1 and parts[-2] == _OFFICIAL
        return Reference("/".join(parts[-2:] if official else [found["host"], *parts]), tag, digest)
    if len(parts) == 2 and parts[0] in _ARCHITECTURES:
        return Reference(f"{_OFFICIAL}/{parts[1]}", tag, digest, _ARCHITECTURES[parts[0]])
    return Reference("/".join(parts if len(parts) > 1 else [_OFFICIAL, *parts]), tag, digest)
