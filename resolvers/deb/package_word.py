"""One word of apt's command line that says which package is meant (apt-get(8), aptitude(8)).

Package lists that are handed to apt line by line hold the same words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_WORD = re.compile(
    r"(?P<name>[a-z0-9][a-z0-9+.-]+)"
    r"(?::(?P<architecture>[a-z0-9][a-z0-9-]*))?"
    r"(?:=(?P<version>[A-Za-z0-9.+:~*-]+)|/(?P<suite>[A-Za-z0-9][A-Za-z0-9._/+-]*))?",
    re.ASCII,
)
_LITERAL_NAME = re.compile(r"([a-z0-9][a-z0-9+.-]+)(?::[a-z0-9-]+)?[=/]", re.ASCII)
_ENDS_IN_PLUS = re.compile(r".*[^+]\+\+|memtest86\+|minisat\+|ncbi-blast\+|wmweather\+|impose\+|elpa-.*\+")
"""Names of packages that apt finds before it takes the plus sign for a wish."""
_PATTERN = re.compile(r"[*?^$|\[\](){}~!]")
LONGEST = 400
"""Characters of the longest word that counts; names stay under 100, versions too."""


class WordError(ValueError):
    """A word that names no package for certain. The message says what it is instead."""


@dataclass(frozen=True, slots=True)
class PackageWord:
    """A package as the command line names it. ``architecture`` and ``constraint`` (``=1.2-3``,
    ``/bookworm-backports``) are empty where the word is only a name; ``removed`` is apt's ``name-``."""

    name: str
    architecture: str = ""
    constraint: str = ""
    removed: bool = False


def is_archive(text: str) -> bool:
    """Whether apt would take the word for the path of a ``.deb`` (it wants a slash in it)."""
    return text.startswith(("/", "./", "../", "~/")) or text.endswith(".deb") or "://" in text


def parse_word(text: str, suite: str = "") -> PackageWord:
    """The package that a word names; ``suite`` is that of ``-t``, for words without one.

    Raises WordError for patterns, tasks and what else only the package index can tell.
    """
    if len(text) > LONGEST:
        raise WordError("is too long for a package")
    if text.endswith("^"):
        raise WordError("is a task, whose packages only the index tells")
    stem, removed = _without_wish(text)
    match = _WORD.fullmatch(stem)
    if match is None:
        pattern = _PATTERN.search(text.partition("=")[0]) is not None
        raise WordError("is a pattern, whose packages only the index tells" if pattern else "is no package's name")
    name, architecture, version, own_suite = match.groups("")
    chosen = own_suite or suite
    constraint = f"={version}" if version else f"/{chosen}" if chosen else ""
    return PackageWord(name, architecture, constraint, removed)


def literal_name(text: str) -> str:
    """The name in a word whose version or suite is not known (``nginx=${VERSION}``), ``""`` without one."""
    match = _LITERAL_NAME.match(text)
    return match[1] if match else ""


def _without_wish(text: str) -> tuple[str, bool]:
    """The word without the sign behind it that says install (``+``) or remove (``-``)."""
    bare = not set(text) & {"=", "/"}
    if bare and text.endswith("+") and not _ENDS_IN_PLUS.fullmatch(text):
        return text[:-1], False
    return (text[:-1], True) if bare and text.endswith("-") else (text, False)
