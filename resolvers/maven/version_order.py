"""The order of versions as Maven 3.8's ``ComparableVersion`` has it (POM reference, "Version Order Specification").

A version is a list of numbers and qualifiers; a hyphen, or a change between digits and letters, opens a list
inside the list. Since an opened list is always the last item, a version is kept as its levels.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cmp_to_key, lru_cache
from itertools import zip_longest

Level = tuple[int | str, ...]
_QUALIFIERS = ("alpha", "beta", "milestone", "rc", "snapshot", "", "sp")
_RELEASE = _QUALIFIERS.index("")
_ALIASES = {"ga": "", "final": "", "release": "", "cr": "rc"}
_SHORT = {"a": "alpha", "b": "beta", "m": "milestone"}
_TOKEN = re.compile(r"[0-9]+|[^0-9.-]+|[.-]")
_NUMERALS = "0123456789"
_DIGITS = 4000
"""Digits of the longest number that is read as one (``sys.get_int_max_str_digits`` admits 4300)."""


class _Opened:
    """Stands for the list that the next level is."""


_LIST = _Opened()
_Item = int | str | _Opened | None


@lru_cache(maxsize=2**16)
def levels(version: str) -> tuple[Level, ...]:
    """A version's numbers and qualifiers, level by level, without what counts as nothing (``.0``, ``.ga``)."""
    found: list[list[int | str]] = [[]]
    before = "."
    for piece, after in _tokens(version):
        if piece in ".-":
            if before in ".-":
                found[-1].append(0)
            if piece == "-":
                found.append([])
        else:
            _add(found, piece, before, after)
        before = piece
    return _normal(found)


def _tokens(version: str) -> Sequence[tuple[str, str]]:
    tokens = _TOKEN.findall(version.lower())
    return list(zip(tokens, [*tokens[1:], ""], strict=False))


def _add(found: list[list[int | str]], token: str, before: str, after: str) -> None:
    number = token[0] in _NUMERALS
    if before not in ".-" or (not number and found[-1] and (not after or after[0] in _NUMERALS)):
        found.append([])
    found[-1].append(_number(token) if number else _qualifier(token, followed_by_digit=after[:1].isdecimal()))


def _number(digits: str) -> int:
    return int(digits[:_DIGITS])


def _qualifier(text: str, *, followed_by_digit: bool) -> str:
    known = _SHORT.get(text, text) if followed_by_digit else text
    return _ALIASES.get(known, known)


def _normal(found: list[list[int | str]]) -> tuple[Level, ...]:
    for level in found:
        while level and level[-1] in (0, ""):
            level.pop()
    while len(found) > 1 and not found[-1]:
        found.pop()
    return tuple(map(tuple, found))


def compare(one: str, other: str) -> int:
    """-1, 0 or 1, as Maven's ``ComparableVersion.compareTo``."""
    left, right = levels(one), levels(other)
    for depth in range(max(len(left), len(right))):
        for mine, theirs in zip_longest(_items(left, depth), _items(right, depth)):
            if mine is theirs is _LIST:
                break
            found = _difference(mine, theirs, left, right, depth)
            if found:
                return found
        else:
            return 0
    return 0


key = cmp_to_key(compare)
"""A sort key of versions."""


def _items(version: tuple[Level, ...], depth: int) -> tuple[int | str | _Opened, ...]:
    return (*version[depth], _LIST) if depth + 1 < len(version) else version[depth]


def _difference(mine: _Item, theirs: _Item, left: tuple[Level, ...], right: tuple[Level, ...], depth: int) -> int:
    if theirs is None:
        return _beyond(mine, left, depth)
    if mine is None:
        return -_beyond(theirs, right, depth)
    one, two = _rank(mine), _rank(theirs)
    return (one > two) - (one < two)


def _beyond(item: _Item, version: tuple[Level, ...], depth: int) -> int:
    """How what a version has more compares with nothing."""
    rest = (item,) if item is not _LIST else (each for level in version[depth + 1 :] for each in level)
    return next((sign for each in rest if (sign := _against_nothing(each))), 0)


def _against_nothing(item: _Item) -> int:
    if isinstance(item, str):
        return (_rank(item) > _rank("")) - (_rank(item) < _rank(""))
    return 1 if item else 0


def _rank(item: _Item) -> tuple[int, int, str]:
    """Qualifiers come before lists, these before numbers; unknown qualifiers after known ones."""
    if isinstance(item, str):
        return (0, _QUALIFIERS.index(item), "") if item in _QUALIFIERS else (0, len(_QUALIFIERS), item)
    return (1, 0, "") if not isinstance(item, int) else (2, item, "")
