"""Debian packages that ship a Python distribution, and the version of it (Debian Python Policy 4.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from packaging.version import InvalidVersion, Version

from analyzer.package import Candidate, pypi

SYSTEM_PYTHON = {
    "debian:10": "3.7",
    "debian:11": "3.9",
    "debian:12": "3.11",
    "debian:13": "3.13",
    "ubuntu:20.04": "3.8",
    "ubuntu:22.04": "3.10",
    "ubuntu:24.04": "3.12",
}
"""The Python that ``/usr/bin/python3`` is, by release: the one that sees what ``python3-*`` packages ship."""

_TABLE = Path(__file__).with_suffix(".txt")
_REPACKED = re.compile(r"[+~](?:dfsg|ds|repack|really|git|svn|hg).*$", re.IGNORECASE)
_PREVIEW = re.compile(r"~(?=(?:a|b|c|rc|alpha|beta|pre|dev)\d*)")


def shipped(package: str, version: str) -> Candidate | None:
    """What a Debian package at one version is on PyPI; None where it ships no distribution of its own, or its
    version does not tell that of the distribution."""
    name = _names().get(package.partition(":")[0])
    upstream = _upstream(version)
    return Candidate(pypi(name), upstream) if name and upstream else None


def _upstream(version: str) -> str:
    """A Debian version without epoch, revision and marks of repacking (Debian Policy 5.6.12)."""
    bare = version.partition(":")[2] if ":" in version else version
    bare = _PREVIEW.sub("", _REPACKED.sub("", bare.rpartition("-")[0] or bare))
    try:
        return bare if Version(bare) and "really" not in version else ""
    except InvalidVersion:
        return ""


@cache
def _names() -> Mapping[str, str]:
    lines = (line.split() for line in _TABLE.read_text().splitlines() if not line.startswith("#"))
    return {words[0]: words[-1].removeprefix("python3-") if len(words) == 1 else words[1] for words in lines}
