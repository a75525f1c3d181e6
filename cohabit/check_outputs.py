"""Where the formats of one run of ``cohabit check`` go."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from pathlib import Path

from analyzer.errors import CohabitError


def destinations(form: str, outputs: Sequence[str], forms: Collection[str]) -> tuple[tuple[str, Path | None], ...]:
    """Pairs of a format and a file, None for standard output.

    An output is ``FORMAT=FILE``, or a file for ``form``, which then is not printed. Raises CohabitError where one
    file is written twice.
    """
    found: list[tuple[str, Path | None]] = []
    printed = True
    for output in outputs:
        named, separator, file = output.partition("=")
        beside = bool(separator) and named in forms
        found.append((named, Path(file)) if beside else (form, Path(output)))
        printed = printed and beside
    files = [file for _, file in found]
    twice = next((file for file in files if files.count(file) > 1), None)
    if twice is not None:
        raise CohabitError(f"--output: {twice} would be written twice")
    return (*found, (form, None)) if printed else tuple(found)
