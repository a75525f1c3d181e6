"""The version that upstream gave what a Debian package ships (Debian Policy 5.6.12)."""

from __future__ import annotations

import re

_REPACKED = re.compile(r"[+~.](?:dfsg|ds|repack|really|git|svn|hg|nmu|debian).*$", re.IGNORECASE)
_PREVIEW = re.compile(r"~(?=(?:a|b|c|rc|alpha|beta|pre|dev)\d*)")


def unrevised(version: str) -> str:
    """A Debian version without epoch and revision."""
    bare = version.partition(":")[2] if ":" in version else version
    return bare.rpartition("-")[0] or bare


def upstream_version(version: str) -> str:
    """A Debian version without epoch, revision and marks of repacking; empty where it hides another one
    (``1.2+really1.1``)."""
    return "" if "really" in version else _PREVIEW.sub("", _REPACKED.sub("", unrevised(version)))
