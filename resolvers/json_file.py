"""A JSON file whose values know their lines, converted to typed values on demand."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import msgspec

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.credentials import without_credentials
from resolvers.tree import TEXT_LIMIT, Tree

DEPTH = 8
"""Levels of nesting on which values know their lines; what lies deeper has that of what holds it."""
SHOWN = 200
"""Characters of a source line that an Origin carries."""

Keys = tuple[str | int, ...]
T = TypeVar("T")

_MARK = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],\n]')
_STRING = rb'"[^"\\\n]*(?:\\.[^"\\\n]*)*"?'
_COMMENT = re.compile(_STRING + rb"|//[^\n]*|/\*(?:.*?\*/|.*)", re.DOTALL)
_IDLE_COMMA = re.compile(_STRING + rb"|,(?=\s*[}\]])", re.DOTALL)
_BYTE = re.compile(r"\(byte (\d+)\)")


@dataclass(frozen=True)
class JsonFile:
    """A parsed JSON file."""

    path: str
    data: Any = field(repr=False)
    text: str = field(repr=False)

    def origin(self, *keys: str | int) -> Origin:
        """The line of a path of keys and indices, or of what is nearest to it from outside; line 0 for the file."""
        for depth in range(min(len(keys), DEPTH), 0, -1):
            if line := self._lines.get(keys[:depth]):
                return Origin(self.path, line, _shown(self._text_lines[line - 1]))
        return Origin(self.path)

    def convert(self, shape: type[T]) -> T:
        """The content as a ``shape``; ManifestError with the path inside the JSON where it is none."""
        try:
            return msgspec.convert(self.data, shape)
        except msgspec.ValidationError as error:
            raise ManifestError(Origin(self.path), str(error)) from error
        except RecursionError as error:
            raise ManifestError(Origin(self.path), "is nested too deeply") from error

    @cached_property
    def _lines(self) -> Mapping[Keys, int]:
        return _positions(self.text)

    @cached_property
    def _text_lines(self) -> list[str]:
        return self.text.split("\n")


def read_json(tree: Tree, path: str, limit: int = TEXT_LIMIT) -> JsonFile:
    """The JSON file at ``path``. Raises ManifestError, with the line of a syntax error."""
    return parse_json(tree.read_bytes(path, limit).removeprefix(b"\xef\xbb\xbf"), path)


def read_jsonc(tree: Tree, path: str, limit: int = TEXT_LIMIT) -> JsonFile:
    """A JSON file with comments and commas before closing brackets. Raises ManifestError as ``read_json`` does."""
    content = tree.read_bytes(path, limit).removeprefix(b"\xef\xbb\xbf")
    return parse_json(_IDLE_COMMA.sub(_kept, _COMMENT.sub(_kept, content)), path)


def parse_json(content: bytes, path: str) -> JsonFile:
    """The JSON in a text. Raises ManifestError as ``read_json`` does."""
    try:
        return JsonFile(path, msgspec.json.decode(content), content.decode())
    except msgspec.DecodeError as error:
        found = _BYTE.search(str(error))
        line = content.count(b"\n", 0, int(found[1])) + 1 if found else 0
        raise ManifestError(Origin(path, line), "is no valid JSON") from error
    except UnicodeDecodeError as error:
        raise ManifestError(Origin(path, content.count(b"\n", 0, error.start) + 1), "is not UTF-8") from error
    except RecursionError as error:
        raise ManifestError(Origin(path), "is nested too deeply") from error


@dataclass(slots=True)
class _Frame:
    """An object or array that is open: the key or the index at which the text stands."""

    key: str | int
    awaits_key: bool


def _positions(text: str) -> Mapping[Keys, int]:
    """The lines of keys and of the members of arrays that are no numbers, in a text that is valid JSON."""
    lines: dict[Keys, int] = {}
    frames: list[_Frame] = []
    line = 1
    for match in _MARK.finditer(text):
        mark = match[0]
        if mark == "\n":
            line += 1
            continue
        if mark not in ",]}" and frames and _steps(frames[-1], mark) and len(frames) <= DEPTH:
            lines.setdefault(tuple(frame.key for frame in frames), line)
        _follow(frames, mark)
    return lines


def _steps(frame: _Frame, mark: str) -> bool:
    """Whether a mark is a key, which the frame takes, or a member of an array."""
    if isinstance(frame.key, int):
        return True
    if not frame.awaits_key:
        return False
    frame.key, frame.awaits_key = str(json.loads(mark)), False
    return True


def _follow(frames: list[_Frame], mark: str) -> None:
    if mark == "{":
        frames.append(_Frame("", True))
    elif mark == "[":
        frames.append(_Frame(0, False))
    elif mark in "}]":
        frames.pop()
    elif mark == ",":
        frame = frames[-1]
        if isinstance(frame.key, int):
            frame.key += 1
        else:
            frame.awaits_key = True


def _kept(match: re.Match[bytes]) -> bytes:
    """A string as it is; of a comment or a comma the line breaks."""
    return match[0] if match[0].startswith(b'"') else b" " + b"\n" * match[0].count(b"\n")


def _shown(line: str) -> str:
    # A file without line breaks is one line of megabytes.
    return without_credentials(line[: 4 * SHOWN].strip())[:SHOWN]
