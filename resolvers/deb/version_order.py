"""The order of Debian versions (Debian Policy 5.6.12, deb-version(7)) as a sort key."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from functools import lru_cache

_LIMIT = 1000
"""Characters of the longest version that counts as one; the longest in Debian 12 has 52."""
_EPOCH = re.compile(r"[0-9]+", re.ASCII)
_LARGEST_EPOCH = 2**31 - 1
_REST = re.compile(r"[A-Za-z0-9.+~:-]+-[A-Za-z0-9.+~]+|[A-Za-z0-9.+~:]+", re.ASCII)
"""An upstream version, with a revision behind its last hyphen where there is one."""
_RUNS = re.compile(r"([^0-9]*)0*([0-9]*)")
_END = "\x01"
_ORDER = str.maketrans({"~": "\0", **{char: chr(ord(char) + 128) for char in "+-.:"}})
"""A tilde sorts before the end of a part, letters before everything else."""
_COMPARE: dict[str, Callable[[str, str], bool]] = {
    "<<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    ">=": operator.ge,
    ">>": operator.gt,
}


def is_version(text: str) -> bool:
    """Whether dpkg takes the text for a version (an upstream part without a leading digit included)."""
    epoch, _, rest = text.partition(":") if ":" in text else ("0", "", text)
    return (
        len(text) <= _LIMIT
        and _EPOCH.fullmatch(epoch) is not None
        and int(epoch) <= _LARGEST_EPOCH
        and _REST.fullmatch(rest) is not None
    )


@lru_cache(maxsize=2**18)
def key(version: str) -> str:
    """A text that sorts among its like as the versions do; equal where dpkg calls them equal.

    Runs of other characters and of digits take turns; a run of characters ends with ``_END``, a
    number begins with its length. No key starts with another, so that epoch, upstream version and
    revision are one behind the other.
    """
    epoch, _, rest = version.partition(":") if ":" in version else ("", "", version)
    upstream, _, revision = rest.rpartition("-") if "-" in rest else (rest, "", "")
    return _number(epoch.lstrip("0")) + _part(upstream) + _part(revision)


def satisfies(version: str, comparison: str, bound: str) -> bool:
    """Whether ``version`` is ``<<``, ``<=``, ``=``, ``>=`` or ``>>`` than ``bound``; any version is where
    ``comparison`` is empty."""
    return not comparison or _COMPARE[comparison](key(version), key(bound))


def _part(text: str) -> str:
    runs = _RUNS.findall(text)
    # The last match is the empty one at the end, and all there is of an empty part.
    pieces = [f"{other.translate(_ORDER)}{_END}{_number(digits)}" for other, digits in runs[:-1] or runs]
    return "".join(pieces) + _END


def _number(digits: str) -> str:
    return chr(min(len(digits), 0x10FFFF)) + digits
