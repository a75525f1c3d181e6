"""Data as HTML text: every character seen, no word so long that it hides the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable

from markupsafe import Markup, escape

WORD = 400
"""Characters of the longest word shown whole (a wheel's URL with its hash has about 250)."""

# Default_Ignorable_Code_Point (Unicode, DerivedCoreProperties.txt) and the blank Braille cell, as
# far as str.isprintable lets them through: they take no room, so two names could look the same.
_IGNORABLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
_LONG = re.compile(rf"\S{{{WORD},}}")


def visible(text: str) -> str:
    """``text`` with control, bidi, invisible and unassigned characters written out; it is idempotent.

    They read ``⟨U+202E⟩``; a tab is a space.
    """
    if not text.isprintable():
        text = "".join(c if c.isprintable() else _written(c) for c in text)
    return _IGNORABLE.sub(lambda match: _written(match[0]), text)


def _written(character: str) -> str:
    return " " if character == "\t" else f"⟨U+{ord(character):04X}⟩"


def shown(value: object) -> object:
    """What Jinja puts into the page for a value: visible, and long words shortened in the middle."""
    if isinstance(value, Markup):
        return value
    return _LONG.sub(_shorten, visible(str(value)))


def exact(text: str) -> Markup:
    """As ``shown``, but nothing shortened: for commands that will be copied."""
    return escape(visible(text))


def abridged(text: str, length: int) -> str:
    """At most ``length`` visible characters, the middle left out: both ends of a path tell it apart."""
    text = visible(text)
    if len(text) <= length:
        return text
    tail = length // 2
    return f"{text[: length - tail - 1]}…{text[-tail:]}"


def joined(services: Iterable[str]) -> str:
    """A set of services, as the matrix crosses them."""
    return " \u00d7 ".join(services)


def _shorten(match: re.Match[str]) -> str:
    return f"{abridged(match[0], WORD // 2)} ({len(match[0])} characters)"
