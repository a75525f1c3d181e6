"""Where the formats of one run of ``cohabit check`` go."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from pathlib import Path

from analyzer.errors import CohabitError

STANDARD_OUTPUT = "-"
_LIKE_A_FORMAT = re.compile(r"[A-Za-z][A-Za-z0-9-]*")


def destinations(form: str, outputs: Sequence[str], forms: Collection[str]) -> tuple[tuple[str, Path | None], ...]:
    """Pairs of a format and a file, None for standard output.

    An output is ``FORMAT=FILE``, or a file for ``form``; ``-`` is standard output. What no output speaks of is printed:
    ``form``, unless another format is. Raises CohabitError where there is no such format, where one place is
    written twice, or where a file cannot be written.
    """
    found: list[tuple[str, Path | None]] = []
    printed = True
    for output in outputs:
        named, separator, file = output.partition("=")
        beside = bool(separator) and named in forms
        if separator and not beside and _LIKE_A_FORMAT.fullmatch(named):
            raise CohabitError(f"--output {output}: there is no format {named}; a file that is called so is ./{output}")
        place = _place(file if beside else output)
        found.append((named if beside else form, place))
        printed = printed and beside and place is not None
    _written_once([place for _, place in found])
    return (*found, (form, None)) if printed else tuple(found)


def _place(text: str) -> Path | None:
    """The file, as far as can be told that it can be written: nobody wants to hear of it after a long run."""
    if text == STANDARD_OUTPUT:
        return None
    file = Path(text)
    if not text:
        raise CohabitError("--output names no file")
    if file.is_dir():
        raise CohabitError(f"--output {text}: is a folder")
    if not file.parent.is_dir():
        raise CohabitError(f"--output {text}: there is no folder {file.parent}")
    return file


def _written_once(places: Sequence[Path | None]) -> None:
    real = [place and place.resolve() for place in places]
    for place, at in zip(places, real, strict=True):
        if real.count(at) > 1:
            raise CohabitError(f"--output: {place or 'standard output'} would be written twice")
