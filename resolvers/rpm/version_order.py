"""The order of RPM versions (rpm-version(7), rpm's ``rpmvercmp``), as sort keys.

A version is read as segments of digits and of ASCII letters; everything else only parts them, but for
``~`` and ``^``. Where two versions first differ, ``~`` is less than the end, the end less than ``^``,
that less than letters, letters less than digits; letters compare as text, digits as numbers.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_SEGMENT = re.compile(r"[0-9]+|[A-Za-z]+|[~^]")
_TILDE, _END, _CARET, _LETTERS, _DIGITS = range(5)

Segment = tuple[int, int, str]
VersionKey = tuple[Segment, ...]
_Sortable = tuple[VersionKey, VersionKey, VersionKey]


class EvrKey(NamedTuple):
    """Epoch, version and release of a package; keys compare as packages do. ``release`` is None where
    it is missing, which is less than any; a missing epoch is 0."""

    epoch: VersionKey
    version: VersionKey
    release: VersionKey | None

    def order(self, other: EvrKey) -> int:
        """-1, 0 or 1 where this is older than, as old as or newer than ``other``."""
        one, two = self._sortable, other._sortable
        return (one > two) - (one < two)

    @property
    def _sortable(self) -> _Sortable:
        return self.epoch, self.version, () if self.release is None else self.release


def version_key(version: str) -> VersionKey:
    """The sort key of a version, a release or an epoch. Numbers of any length are admitted."""
    return (*(_segment(text) for text in _SEGMENT.findall(version)), (_END, 0, ""))


def compare(one: str, two: str) -> int:
    """-1, 0 or 1, as rpm's ``rpmvercmp``."""
    first, second = version_key(one), version_key(two)
    return (first > second) - (first < second)


@lru_cache(maxsize=2**18)
def evr_key(evr: str) -> EvrKey:
    """The key of ``[epoch:]version[-release]``. An epoch is made of digits; an empty release is none."""
    before, colon, rest = evr.partition(":")
    has_epoch = bool(colon) and before.isascii() and before.isdigit()
    epoch, versions = (before, rest) if has_epoch else ("0", evr)
    version, dash, release = versions.rpartition("-")
    if not dash:
        version, release = versions, ""
    return EvrKey(version_key(epoch), version_key(version), version_key(release) if release else None)


def _segment(text: str) -> Segment:
    if text in "~^":
        return (_TILDE if text == "~" else _CARET, 0, "")
    if text[0] in "0123456789":
        digits = text.lstrip("0")
        return _DIGITS, len(digits), digits
    return _LETTERS, 0, text
