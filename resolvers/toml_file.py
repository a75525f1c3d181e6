"""A TOML file whose values know their lines, read through accessors that check types."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import tomli

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.credentials import without_credentials
from resolvers.toml_positions import Positions
from resolvers.tree import Tree

ORIGIN_LIMIT = 200
"""Characters of a source line that an Origin carries."""

T = TypeVar("T")

_LONG_NUMBER = re.compile(r"[0-9_]{4300}")

_NAMES = {dict: "a table", list: "a list", str: "a string", bool: "a boolean", int: "an integer", float: "a number"}


@dataclass(frozen=True)
class TomlFile:
    """A parsed TOML file.

    A key path is a sequence of keys and, for the members of an array or the n-th ``[[table]]``,
    numbers from 0. The accessors return an empty value where the path leads nowhere, and raise
    ManifestError with the line where something of another type stands on it.
    """

    path: str
    data: dict[str, Any] = field(repr=False)
    text: str = field(repr=False)

    def origin(self, *keys: str | int) -> Origin:
        """The line of a key path, or of what is nearest to it from outside; line 0 for the file."""
        offset = self._positions.offset(keys)
        if offset < 0:
            return Origin(self.path)
        return self._lines.at(offset)

    def get(self, *keys: str | int) -> Any:
        """The value at a key path, None where there is none."""
        value: Any = self.data
        for depth, key in enumerate(keys):
            if isinstance(key, int):
                value = value[key] if isinstance(value, list) and 0 <= key < len(value) else None
            elif isinstance(value, dict):
                value = value.get(key)
            else:
                raise self.wrong(keys[:depth], value, "a table")
            if value is None:
                return None
        return value

    def table(self, *keys: str | int) -> dict[str, Any]:
        """The table at a key path."""
        return self._typed(keys, dict, {})

    def tables(self, *keys: str | int) -> list[dict[str, Any]]:
        """The array of tables at a key path."""
        members = self.array(*keys)
        return [self._check((*keys, number), member, dict) for number, member in enumerate(members)]

    def array(self, *keys: str | int) -> list[Any]:
        """The array at a key path, its members of any type."""
        return self._typed(keys, list, [])

    def strings(self, *keys: str | int) -> list[str]:
        """The array of strings at a key path."""
        return [self._check((*keys, number), member, str) for number, member in enumerate(self.array(*keys))]

    def string(self, *keys: str | int) -> str:
        """The string at a key path."""
        return self._typed(keys, str, "")

    def boolean(self, *keys: str | int) -> bool:
        """The boolean at a key path."""
        return self._typed(keys, bool, False)

    def wrong(self, keys: tuple[str | int, ...], value: object, expected: str) -> ManifestError:
        """The error that says what stands at a key path instead of ``expected``."""
        name = "".join(f"[{key}]" if isinstance(key, int) else f".{key}" for key in keys).lstrip(".")
        stands = f"{_short(without_credentials(name))} is {_NAMES.get(type(value), 'a date')}"
        return ManifestError(self.origin(*keys), f"{stands}, not {expected}")

    def _typed(self, keys: tuple[str | int, ...], kind: type[T], default: T) -> T:
        value = self.get(*keys)
        return default if value is None else self._check(keys, value, kind)

    def _check(self, keys: tuple[str | int, ...], value: object, kind: type[T]) -> T:
        if not isinstance(value, kind):
            raise self.wrong(keys, value, _NAMES[kind])
        return value

    @cached_property
    def _positions(self) -> Positions:
        return Positions(_unix(self.text))

    @cached_property
    def _lines(self) -> _Lines:
        return _Lines(self.path, _unix(self.text))


class _Lines:
    """Origins by offset. A line's text is cleaned once, however many values stand on it."""

    def __init__(self, path: str, text: str) -> None:
        self._path = path
        self._text = text
        self._starts = [0, *(found.end() for found in re.finditer("\n", text))]
        self._known: dict[int, Origin] = {}

    def at(self, offset: int) -> Origin:
        line = bisect_right(self._starts, offset)
        if line not in self._known:
            end = self._text.find("\n", offset)
            text = self._text[self._starts[line - 1] : end if end >= 0 else len(self._text)]
            self._known[line] = Origin(self._path, line, _short(without_credentials(text.strip())))
        return self._known[line]


def read_toml(tree: Tree, path: str) -> TomlFile:
    """The TOML file at ``path``. Raises ManifestError, with the line of a syntax error."""
    return parse_toml(tree.read_text(path), path)


def parse_toml(text: str, path: str) -> TomlFile:
    """The TOML in ``text``, as the file ``path``. Raises ManifestError, with the line of a syntax error."""
    try:
        return TomlFile(path, tomli.loads(text), text)
    except tomli.TOMLDecodeError as error:
        # What is missing at the end of the text is missed on its last line.
        last = max(len(error.doc.rstrip()) - 1, 0)
        origin = _Lines(path, error.doc).at(min(error.pos, last))
        raise ManifestError(origin, f"is no valid TOML: {_short(error.msg)}") from error
    except RecursionError as error:
        raise ManifestError(Origin(path), "is nested too deeply") from error
    except ValueError as error:
        # int() refuses long numbers without saying where.
        found = _LONG_NUMBER.search(_unix(text))
        origin = _Lines(path, _unix(text)).at(found.start()) if found else Origin(path)
        raise ManifestError(origin, "holds a number that is too long") from error


def _unix(text: str) -> str:
    # tomli counts lines and offsets after this replacement too.
    return text.replace("\r\n", "\n")


def _short(text: str) -> str:
    return text if len(text) <= ORIGIN_LIMIT else f"{text[: ORIGIN_LIMIT - 1]}…"
