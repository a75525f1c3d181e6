"""Where things stand in a TOML text: what a parser that returns plain values has forgotten.

The text is known to be valid (tomli has read it), so that a tokenizer is enough. Statements are
indexed once; the inside of a value only when somebody asks for it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import tomli

_QUOTED = (
    r'"""(?:[^"\\]|\\.|"(?!""))*""""{0,2}'
    r"|'''(?:[^']|'(?!''))*''''{0,2}"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
)
_KEY_PART = r"""(?:[A-Za-z0-9_-]+|"(?:[^"\\\n]|\\.)*"|'[^'\n]*')"""
_KEY = rf"{_KEY_PART}(?:[ \t]*\.[ \t]*{_KEY_PART})*"

_STRING = re.compile(_QUOTED, re.DOTALL)
_TOKEN = re.compile(rf"{_QUOTED}|\#[^\n]*|[\[\]{{}}]", re.DOTALL)
_SCALAR = re.compile(r"[^,\]}#\n]*")
_PART = re.compile(_KEY_PART)
_HEADER = re.compile(rf"(\[\[?)[ \t]*({_KEY})")
_PAIR = re.compile(rf"({_KEY})[ \t]*=[ \t]*")
_BLANK = re.compile(r"(?:[ \t\n,]|#[^\n]*)*")
_REST = re.compile(r"[^\n]*\n?")


class Place:
    """One key, element or table: where it starts, where its value does (-1: it has none of its
    own), and the places inside it."""

    __slots__ = ("children", "explicit", "opened", "start", "value")

    def __init__(self, start: int, value: int = -1, *, explicit: bool = False) -> None:
        self.start = start
        self.value = value
        self.explicit = explicit
        self.opened = value < 0
        self.children: dict[str | int, Place] = {}


class Positions:
    """The places of a valid TOML text (with ``\\n`` line ends), found by key path."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._root = Place(-1)
        self._index()

    def offset(self, keys: tuple[str | int, ...]) -> int:
        """Where the deepest known place on the path starts; -1 where not even the first is known."""
        place = self._root
        for key in keys:
            self._open(place)
            child = place.children.get(key)
            if child is None:
                break
            place = child
        return place.start

    def _index(self) -> None:
        text, table = self._text, self._root
        at = _past(_BLANK, text, 0)
        while at < len(text):
            if found := _HEADER.match(text, at):
                table = self._enter(found)
                at = found.end()
            elif found := _PAIR.match(text, at):
                self._put(table, found)
                at = _after(text, found.end())
            at = _past(_BLANK, text, _past(_REST, text, at))

    def _enter(self, header: re.Match[str]) -> Place:
        place, start = self._root, header.start()
        for part in _parts(header[2]):
            if place.children and 0 in place.children:
                place = place.children[len(place.children) - 1]
            place = place.children.setdefault(part, Place(start))
        if header[1] == "[[":
            place = place.children.setdefault(len(place.children), Place(start))
        if not place.explicit:
            place.start, place.explicit = start, True
        return place

    def _put(self, table: Place, pair: re.Match[str]) -> None:
        place = table
        for part in _parts(pair[1]):
            place = place.children.setdefault(part, Place(pair.start()))
        place.value, place.opened, place.explicit = pair.end(), False, True

    def _open(self, place: Place) -> None:
        if place.opened:
            return
        place.opened = True
        bracket = self._text[place.value : place.value + 1]
        if bracket == "[":
            for number, start in enumerate(self._members(place.value + 1)):
                place.children[number] = Place(start, start, explicit=True)
        elif bracket == "{":
            for start in self._members(place.value + 1):
                if pair := _PAIR.match(self._text, start):
                    self._put(place, pair)

    def _members(self, at: int) -> Iterator[int]:
        text = self._text
        while True:
            at = _past(_BLANK, text, at)
            if at >= len(text) or text[at] in "]}":
                return
            yield at
            pair = _PAIR.match(text, at)
            at = _after(text, pair.end() if pair else at)


def _after(text: str, at: int) -> int:
    """The end of the value that starts at ``at``."""
    if found := _STRING.match(text, at):
        return found.end()
    if text[at : at + 1] not in ("[", "{"):
        return _past(_SCALAR, text, at)
    depth = 0
    for token in _TOKEN.finditer(text, at):
        depth += {"[": 1, "{": 1, "]": -1, "}": -1}.get(token[0], 0)
        if depth == 0:
            return token.end()
    return len(text)


def _past(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _parts(key: str) -> Iterator[str]:
    for part in _PART.findall(key):
        if part[0] == "'":
            yield part[1:-1]
        elif part[0] == '"':
            yield tomli.loads(f"k={part}")["k"] if "\\" in part else part[1:-1]
        else:
            yield part
