"""Commands that run the command behind them: ``sudo``, ``env``, ``nice``, ``timeout``, …"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from resolvers.shell.passage import Value, is_known, text_of


@dataclass(frozen=True, slots=True)
class _Prefix:
    """``valued`` are the options that take a value as a word of its own, ``operands`` the number of words
    between the options and the command."""

    valued: frozenset[str] = frozenset()
    operands: int = 0
    asking: frozenset[str] = frozenset()
    """Options with which it only asks about the command (``command -v``)."""


def _prefix(valued: str = "", operands: int = 0, asking: str = "") -> _Prefix:
    return _Prefix(frozenset(valued.split()), operands, frozenset(asking.split()))


_PREFIXES = {
    "sudo": _prefix("-u -g -h -p -C -r -t -T -U -D -R --user --group --host --prompt --chdir --chroot"),
    "doas": _prefix("-u -C"),
    "env": _prefix("-u -C --unset --chdir"),
    "exec": _prefix("-a"),
    "command": _prefix(asking="-v -V"),
    "builtin": _prefix(),
    "time": _prefix("-f -o --format --output"),
    "nice": _prefix("-n --adjustment"),
    "ionice": _prefix("-c -n --class --classdata"),
    "nohup": _prefix(),
    "setsid": _prefix(),
    "eatmydata": _prefix(),
    "fakeroot": _prefix(),
    "stdbuf": _prefix("-i -o -e"),
    "timeout": _prefix("-k -s --kill-after --signal", operands=1),
    "chroot": _prefix(operands=1),
    "gosu": _prefix(operands=1),
    "su-exec": _prefix(operands=1),
    "flock": _prefix("-w -E --timeout --wait --conflict-exit-code", operands=1),
    "linux32": _prefix(),
    "linux64": _prefix(),
    "setarch": _prefix(operands=1),
    "retry": _prefix("-t -d -n --times --delay"),
}

_ASSIGNMENT = re.compile(r"[A-Za-z_]\w*=", re.ASCII)
_SUDO = re.compile(r"\$\{?\w*sudo\w*\}?|\s*sudo.*", re.IGNORECASE | re.ASCII)


def stripped(words: Sequence[Value]) -> tuple[Value, ...]:
    """The command that is run in the end, without those that only run it, and without assignments."""
    rest = tuple(words)
    while rest:
        prefix = _PREFIXES.get(name(rest))
        if not is_known(rest[0]) and _SUDO.fullmatch(text_of(rest[0])):
            rest = rest[1:]
        elif prefix is None or (after := _after(prefix, rest)) is None:
            break
        else:
            rest = after
    return rest


def name(words: Sequence[Value]) -> str:
    """The command's name without its folder; empty where it is not known."""
    return text_of(words[0]).rpartition("/")[2] if words and is_known(words[0]) else ""


def _after(prefix: _Prefix, words: tuple[Value, ...]) -> tuple[Value, ...] | None:
    """The words behind a prefix with its options; None where it runs nothing."""
    index, operands = 1, prefix.operands
    while index < len(words):
        text = text_of(words[index])
        if text in prefix.asking:
            return None
        if text.startswith("-") and len(text) > 1:
            index += 1 + (text in prefix.valued)
        elif _ASSIGNMENT.match(text):
            index += 1
        elif operands:
            operands, index = operands - 1, index + 1
        else:
            return words[index:]
    return ()
