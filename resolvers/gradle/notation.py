"""Coordinates of a module, and Gradle's ways to write a version."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from analyzer.package import Package

MAVEN = "maven"
_WORD = re.compile(r"[A-Za-z0-9_.\-]{1,200}")
_VERSION = re.compile(r"[^\s;:/\\\x00-\x1f]{1,100}(?:,[^\s;:/\\\x00-\x1f]{1,100})?")


@dataclass(frozen=True, slots=True)
class Module:
    """``group:name:version``; the version as a constraint in Gradle's words, empty where there is none."""

    package: Package
    constraint: str = ""


def module(group: str, name: str, version: str = "") -> Module | None:
    """A Module, None where a part is none. ``1.2!!`` is ``strictly 1.2``; ``_`` says that another file knows."""
    if version == "_" or not _WORD.fullmatch(group) or not _WORD.fullmatch(name):
        return None
    constraint = rich(version)
    return None if constraint is None else Module(Package(MAVEN, name, group), constraint)


def parse(notation: str) -> Module | None:
    """``group:name[:version[:classifier]][@extension]``. None where it is no module."""
    parts = notation.partition("@")[0].split(":")
    return module(*parts[:3]) if 2 <= len(parts) <= 4 else None


def rich(version: str) -> str | None:
    """A version as a constraint. None where it is none."""
    text = re.sub(r",\s+", ",", version.strip())
    strict, _, preferred = text.partition("!!")
    if not all(_VERSION.fullmatch(part) for part in (strict, preferred) if part):
        return None
    if "!!" not in text:
        return text
    return joined([f"strictly {strict}", f"prefer {preferred}" if preferred else ""])


def joined(parts: Iterable[str]) -> str:
    """Several demands on one version as one constraint."""
    return "; ".join(part for part in parts if part)
