"""Values to JSON bytes and back: the same value gives the same bytes, and bad bytes one kind of error."""

from __future__ import annotations

import re
from typing import TypeVar

import msgspec

from analyzer.errors import ManifestError
from analyzer.origin import Origin

Document = TypeVar("Document", bound=msgspec.Struct)

_BYTE = re.compile(r"\(byte (\d+)\)")
_SURROGATE = re.compile("[\ud800-\udfff]")


def encode(document: object) -> bytes:
    """Indented UTF-8 with the keys of mappings sorted and a newline at the end.

    A lone surrogate (a file name that is no UTF-8) cannot stand in JSON that every reader accepts:
    it becomes the six characters ``\\udc80``.
    """
    return indented(compact(document))


def indented(content: bytes) -> bytes:
    """JSON that is compact, for people."""
    return msgspec.json.format(content, indent=2) + b"\n"


def compact(document: object) -> bytes:
    """As ``encode``, without any blank."""
    try:
        return msgspec.json.encode(document, order="deterministic")
    except UnicodeEncodeError:
        builtins = msgspec.to_builtins(document, order="deterministic")
        return msgspec.json.encode(_without_surrogates(builtins))


def _without_surrogates(value: object) -> object:
    if isinstance(value, str):
        return _SURROGATE.sub(lambda mark: f"\\u{ord(mark[0]):04x}", value)
    if isinstance(value, dict):
        return {_without_surrogates(key): _without_surrogates(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_surrogates(item) for item in value]
    return value


def decode(data: bytes, shape: type[Document], file: str) -> Document:
    """The document of ``shape`` in ``data``.

    Raises ManifestError with the line of a syntax error, or the path inside the JSON of a value
    that does not belong there (``$.fleet.services[0].name``). ``file`` names the input in it.
    """
    try:
        return msgspec.json.decode(data, type=shape)
    except msgspec.ValidationError as error:
        raise ManifestError(Origin(file), str(error)) from error
    except msgspec.DecodeError as error:
        raise ManifestError(Origin(file, _line(data, str(error))), str(error)) from error
    except UnicodeDecodeError as error:
        raise ManifestError(Origin(file, data.count(b"\n", 0, error.start) + 1), "is not UTF-8") from error
    except RecursionError as error:
        raise ManifestError(Origin(file), "is nested too deeply") from error


def _line(data: bytes, message: str) -> int:
    place = _BYTE.search(message)
    return data.count(b"\n", 0, int(place[1])) + 1 if place else 0
