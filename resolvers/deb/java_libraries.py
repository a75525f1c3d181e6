"""Debian packages that ship jars of Maven modules in ``/usr/share/java`` (Debian Java Policy 2.4)."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from analyzer.package import Candidate, Package
from resolvers.deb.shipped_table import Table, read_table, shipped_by

_ECOSYSTEM = "maven"


def modules(package: str, version: str) -> Iterator[Candidate]:
    """The Maven modules of a Debian package at one version."""
    for name, found in shipped_by(_table(), package, version):
        group, _, artifact = name.partition(":")
        yield Candidate(Package(_ECOSYSTEM, artifact, group), found)


@cache
def _table() -> Table:
    return read_table(Path(__file__).with_suffix(".txt"))
