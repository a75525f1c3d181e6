"""Dependencies as one line of a ``.spec`` file has them (rpm.org, "Dependencies" and "Boolean dependencies")."""

from __future__ import annotations

import re
from collections.abc import Iterator

_GAP = re.compile(r"[,\s]*")
_WORD = re.compile(r"(?:%\{[^{}]*\}|%\([^()]*\)|[^\s,])+")
_RELATION = re.compile(r"\s*(?P<operator><=|>=|=<|=>|==|=|<|>)\s*(?P<version>[^\s,<>=]+)")
_OPERATORS = {"=<": "<=", "=>": ">=", "==": "="}


class RelationError(ValueError):
    """A dependency that rpm would refuse. The message is a sentence."""


def relations(text: str) -> Iterator[tuple[str, str]]:
    """Names and their constraints (``>= 1.2-3``, or nothing), which commas or blanks part.

    A rich dependency, ``(a if b)``, is one name. Raises RelationError at the first that is none.
    """
    place = _end(_GAP, text, 0)
    while place < len(text):
        if text[place] == "(":
            end = _closing(text, place)
            yield " ".join(text[place:end].split()), ""
        else:
            end = _end(_WORD, text, place)
            name = text[place:end]
            if name[0] in "<>=!&|":
                raise RelationError(f"{name[:50]!r} stands where a name must be")
            found = _RELATION.match(text, end)
            end = found.end() if found else end
            yield name, _constraint(found)
        place = _end(_GAP, text, end)


def _constraint(found: re.Match[str] | None) -> str:
    if not found:
        return ""
    sign = found["operator"]
    return f"{_OPERATORS.get(sign, sign)} {found['version']}"


def _end(pattern: re.Pattern[str], text: str, place: int) -> int:
    found = pattern.match(text, place)
    return found.end() if found else place


def _closing(text: str, start: int) -> int:
    depth = 0
    for place in range(start, len(text)):
        depth += (text[place] == "(") - (text[place] == ")")
        if depth == 0:
            return place + 1
    raise RelationError("a rich dependency is not closed")
