"""Where a quotation, a substitution or an expansion ends (POSIX 2.2 and 2.6)."""

from __future__ import annotations

import re

DEPTH_LIMIT = 200
"""How deep what is open may be nested; a text that goes deeper counts as one that does not end."""

_MARK = re.compile(r"""\\.|\$\(|\$\{|[()}'"`]""", re.DOTALL)
_OPENS = {"(": ")", "$(": ")", "${": "}", '"': '"', "`": "`"}
_IN_QUOTES = frozenset({"$(", "${", "`"})
_ESCAPED = re.compile(r"(?:[^'\\]|\\.)*", re.DOTALL)

ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v", "e": "\x1b"}
"""What a letter after a backslash means in ``$'…'`` (POSIX 2024, 2.2.4)."""


def closing(text: str, start: int, closer: str) -> int:
    """The offset of the ``closer`` (``)``, ``}``, ``"`` or a backquote) of what is open at ``start``;
    -1 where the text ends before."""
    stack, position = [closer], start
    while mark := _MARK.search(text, position):
        position = mark.end()
        if mark.group() == stack[-1]:
            stack.pop()
            if not stack:
                return mark.start()
        elif opened := _opened(mark.group(), stack[-1]):
            stack.append(opened)
            if len(stack) > DEPTH_LIMIT:
                return -1
        elif mark.group() == "'" and stack[-1] != '"':
            position = text.find("'", position) + 1
            if not position:
                return -1
    return -1


def _opened(mark: str, within: str) -> str:
    if within == '"' and mark not in _IN_QUOTES:
        return ""
    return _OPENS.get(mark, "")


def closing_escaped(text: str, start: int) -> int:
    """The offset of the quote that ends a ``$'…'`` whose content begins at ``start``; -1 for none."""
    match = _ESCAPED.match(text, start)
    end = match.end() if match else start
    return end if text.startswith("'", end) else -1


def unescape(text: str) -> str:
    """The content of ``$'…'`` without its backslashes; numbers of characters stay as written."""
    return re.sub(r"\\(.)", lambda m: ESCAPES.get(m.group(1), m.group(1)), text, flags=re.DOTALL)
