"""A simple command of a shell script (POSIX 2.9.1), as far as it can be known without running it."""

from __future__ import annotations

from dataclasses import dataclass, field

from analyzer.origin import Origin


@dataclass(frozen=True, slots=True)
class Word:
    """One word after expansion. ``known`` is false where part of it depends on what only a run tells (a
    variable without a value, a command substitution); ``text`` then shows it as written."""

    text: str
    known: bool = True


@dataclass(frozen=True, slots=True)
class Command:
    """A command's words, its name first, assignments before it left out. ``origins`` has a place for
    each word: continued lines count on, so that a package has the line on which it is named.

    ``conditional`` is true where it is run only if something else says so (``if``, ``case``, after
    ``||``): what it installs may not be there. ``directory`` is where it is run, empty where nobody knows.
    """

    words: tuple[Word, ...]
    origins: tuple[Origin, ...]
    conditional: bool = False
    directory: str = field(default="", compare=False)
