"""Debian packages that ship Python distributions, and the versions of these (Debian Python Policy 4.3)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from packaging.version import Version

from analyzer.package import Candidate, pypi
from resolvers.deb.shipped_table import Table, read_table, shipped_by

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


def distributions(package: str, version: str) -> Iterator[Candidate]:
    """What a Debian package at one version is on PyPI, as its metadata says; nothing where its version does
    not tell that of the distribution."""
    for name, found in shipped_by(_table(), package, version):
        if _is_version(found):
            yield Candidate(pypi(name), found)


def _is_version(text: str) -> bool:
    try:
        return bool(Version(text))
    except ValueError:
        return False


@cache
def _table() -> Table:
    return read_table(Path(__file__).with_suffix(".txt"))
