"""Where a fact was read: a file, a line, and the text there."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Origin:
    """A place in an input.

    ``file`` is relative to the audited folder with ``/`` separators; ``line`` counts from 1,
    0 means the file as a whole (an archive member, a binary). ``text`` is what stands there,
    without credentials.
    """

    file: str
    line: int = 0
    text: str = ""

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file
