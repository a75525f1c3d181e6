"""Whether ``(( … ))`` is arithmetic or a subshell in a subshell.

Bash takes it for arithmetic where both parentheses close together, dash knows no such command, and POSIX (2.9.4)
leaves it open. So what cannot be an expression is read as commands, as dash does: bash would only fail.
"""

from __future__ import annotations

import re

_SUBSTITUTED = re.compile(r"\$\([^()]*\)|\$\{[^{}]*\}|`[^`]*`")
_NO_EXPRESSION = re.compile(r"[\w)\]\"'][ \t\n]+[\w$(\"']|[;{}.]|^\s*/")
"""Two operands with nothing between them, or what no operator is (POSIX 2.6.4, and bash's own)."""


def is_arithmetic(text: str) -> bool:
    """Whether what stands within ``((`` and ``))`` can be an expression."""
    return _NO_EXPRESSION.search(_SUBSTITUTED.sub("0", text)) is None
