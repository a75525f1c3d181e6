"""Gradle's order of versions (Gradle user manual, "Version ordering"), as a sort key."""

from __future__ import annotations

import re
from functools import lru_cache

_SEPARATORS = re.compile(r"[._+-]")
_RUNS = re.compile(r"[0-9]+|[^0-9]+")
_SPECIAL = {"dev": -1, "rc": 1, "snapshot": 2, "final": 3, "ga": 4, "release": 5, "sp": 6}
_LARGEST = str(2**63 - 1)
_WORD, _END, _NUMBER = range(3)

VersionKey = tuple[tuple[int, int, str], ...]


@lru_cache(maxsize=2**18)
def key(version: str) -> VersionKey:
    """A key that sorts as Gradle does: a number is more than the end of a version, that more than a word.

    Separators are worth the same, and a change between digits and other characters parts as well.
    """
    pieces = _SEPARATORS.split(version)
    parts = [part for piece in pieces for part in _RUNS.findall(piece) or [piece]]
    if parts and not parts[-1]:
        parts.pop()
    return (*map(_part, parts), (_END, 0, ""))


def _part(text: str) -> tuple[int, int, str]:
    digits = text.lstrip("0")
    if text and text[0] in "0123456789" and (len(digits), digits) <= (len(_LARGEST), _LARGEST):
        return _NUMBER, len(digits), digits
    special = _SPECIAL.get(text.lower(), 0)
    return _WORD, special, "" if special else text
