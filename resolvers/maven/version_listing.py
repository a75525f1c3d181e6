"""``maven-metadata.xml``: the versions of a module, or the file names of a snapshot (Maven repository metadata)."""

from __future__ import annotations

import re

from resolvers.maven.xml_tree import read_xml

_MOST = 20_000
_STAMP = re.compile(r"[0-9]{8}\.[0-9]{6}-[0-9]{1,9}")


def listed_versions(content: bytes, file: str) -> tuple[str, ...]:
    """The versions that a module's metadata lists. Raises ManifestError."""
    versions = read_xml(content, file).find("versioning", "versions")
    listed = (child.text for child in versions.all("version")) if versions else ()
    return tuple(version for version, _ in zip(filter(None, listed), range(_MOST), strict=False))


def snapshot_version(content: bytes, file: str, version: str) -> str:
    """The time-stamped version of a snapshot's latest POM, as its metadata tells it; ``version`` itself where
    there is none. Raises ManifestError.
    """
    versioning = read_xml(content, file).find("versioning")
    if versioning is None:
        return version
    stamp = f"{versioning.word('snapshot', 'timestamp')}-{versioning.word('snapshot', 'buildNumber')}"
    return f"{version.removesuffix('SNAPSHOT')}{stamp}" if _STAMP.fullmatch(stamp) else version
