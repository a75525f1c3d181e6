"""The table of images (``images.toml``) as values."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import tomli

Version = tuple[int, ...]

LATEST = 10**9
"""What ``*`` counts in a version: above all known."""

_FILE = Path(__file__).with_name("images.toml")
_VERSION = re.compile(
    r"v?(?P<release>[0-9]{1,9}(?:\.[0-9]{1,9}){0,8})(?:u(?P<update>[0-9]{1,9}))?(?:[_+][0-9]+)?"
    r"(?:(?:a|b|rc|alpha|beta|preview)\.?[0-9]*)?",
    re.ASCII | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Since:
    """The release that an image stands on from a version on; empty where that is not known."""

    version: Version
    release: str


Lines = Mapping[Version, tuple[Since, ...]]
"""By the version that all of a line begin with."""


@dataclass(frozen=True, slots=True)
class Row:
    """One image, as the head of ``images.toml`` explains."""

    distribution: str = ""
    aliases: Mapping[str, str] = field(default_factory=dict)
    words: tuple[re.Pattern[str], ...] = ()
    flavours: Mapping[str, Lines] = field(default_factory=dict)
    within: bool = False
    empty: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """The rows by the images' names, the words that name a release, and the day on which all that held."""

    date: str
    codenames: Mapping[str, str]
    prefixes: Mapping[str, str]
    parts: Mapping[str, int]
    rows: Mapping[str, Row]

    def release(self, distribution: str, version: str) -> str:
        """The release that a version of a distribution belongs to; empty where it is too short for one."""
        wanted, numbers = self.parts.get(distribution, 1), version.split(".")
        return f"{distribution}:{'.'.join(numbers[:wanted])}" if len(numbers) >= wanted else ""


@cache
def table() -> Table:
    """The table, read once."""
    data = tomli.loads(_FILE.read_text(encoding="utf-8"))
    rows = {name: _row(row) for name, row in data["image"].items()}
    return Table(data["date"].isoformat(), data["codenames"], data["prefixes"], data["parts"], rows)


def parse_version(word: str) -> Version | None:
    """The version that a word of a tag is (``3.12``, ``8u412``, ``11.0.23_9``, ``3.15.0rc1``), or None."""
    found = _VERSION.fullmatch(word)
    if found is None:
        return None
    update = (int(found["update"]),) if found["update"] else ()
    return (*(int(number) for number in found["release"].split(".")), *update)


def _row(data: Mapping[str, Any]) -> Row:
    known = ("distribution", "aliases", "words", "within", "empty")
    return Row(
        data.get("distribution", ""),
        data.get("aliases", {}),
        tuple(re.compile(word, re.ASCII) for word in data.get("words", ())),
        {name: _lines(lines) for name, lines in data.items() if name not in known},
        data.get("within", False),
        data.get("empty", False),
    )


def _lines(data: Mapping[str, Sequence[str]]) -> Lines:
    return {_exact(key): tuple(_since(text) for text in texts) for key, texts in data.items()}


def _since(text: str) -> Since:
    version, _, release = text.partition(" ")
    return Since(_exact(version), "" if release == "?" else release)


def _exact(text: str) -> Version:
    if text.endswith(".*"):
        return (*_exact(text.removesuffix(".*")), LATEST)
    return (parse_version(text) or ()) if text else ()
