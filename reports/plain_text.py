"""Text for a terminal, made from data that may try to steer it.

A name from a manifest can hold escape codes, characters that reverse or hide what follows them, and
thousands of letters. Everything that moves the cursor or is not visible is written as an escape.
"""

from __future__ import annotations

import re
import unicodedata

BRIEF_DIGEST = 12
"""Hexadecimal digits that are shown of a digest in prose."""
LONGEST_WORD = 240
"""Letters without a space that are shown whole; the middle of a longer word is left out."""

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
_BLANK = frozenset("\u115f\u1160\u2800\u3164\uffa0")
_TYPOGRAPHY = str.maketrans(
    dict(zip("\u00b7\u2013\u00d7\u2018\u2019\u201c\u201d", "--x''\"\"", strict=True))
    | {"\u2026": "...", "\u2014": "--", "\u2192": "->", "\u2264": "<=", "\u2265": ">="}
)
_COMMAND = re.compile(r"::(?=[a-zA-Z])|##(?=\w*\[)")
_COMMAND_WORD = re.compile(rf"(?:(?<!\S)|(?<=[\"'])){_COMMAND.pattern.split('|')[0]}|{_COMMAND.pattern.split('|')[1]}")
_DIGEST = re.compile(r"(?<![0-9A-Za-z])(?:[0-9a-f]{64}|[0-9a-f]{40})(?![0-9A-Za-z])")
_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")


def plain(text: str) -> str:
    """``text`` on one line, as a reader can trust it.

    Control, format (bidirectional, zero width), surrogate, private and unassigned characters, line
    and paragraph separators and blank letters become ``\\n``, ``\\x1b``, ``\\u202e``. Marks that a build
    server takes for commands lose their first character to an escape. Words longer than
    ``LONGEST_WORD`` are abridged.
    """
    return _WORD.sub(lambda word: _abridged(word[0]), _shown(text))


def whole(text: str) -> str:
    """As ``plain``, at full length and with its lines kept: for commands that are to be copied, in lines
    that nothing breaks. Only at the start of a word is a mark one that a build server obeys."""
    return "\n".join(_COMMAND_WORD.sub(_escaped_mark, _visible(line)) for line in text.split("\n"))


def brief(text: str) -> str:
    """``text`` with the digests of commits and files shortened, as git and others show them."""
    return _DIGEST.sub(lambda digest: f"{digest[0][:BRIEF_DIGEST]}…", text)


def ascii_only(text: str) -> str:
    """``text`` for an encoding that may lack anything but ASCII: typography has a plain form, other
    characters become escapes."""
    return text.translate(_TYPOGRAPHY).encode("ascii", "backslashreplace").decode("ascii")


def _shown(text: str) -> str:
    return _disarmed(_visible(text))


def _visible(text: str) -> str:
    if text.isascii() and text.isprintable():
        return text
    return "".join(_escaped(c) if _hidden(c) else c for c in text)


def _disarmed(text: str) -> str:
    # Build servers obey lines of a log that hold "::error …", "##[…]" or "##teamcity[…]".
    return _COMMAND.sub(_escaped_mark, text)


def _escaped_mark(mark: re.Match[str]) -> str:
    return f"\\x{ord(mark[0][0]):02x}{mark[0][1]}"


def _hidden(character: str) -> bool:
    return character in _BLANK or unicodedata.category(character) in _INVISIBLE


def _escaped(character: str) -> str:
    return character.encode("unicode_escape").decode("ascii")


def _abridged(word: str) -> str:
    half = LONGEST_WORD // 3
    return f"{word[:half]}[…{len(word) - 2 * half} characters…]{word[-half:]}"
