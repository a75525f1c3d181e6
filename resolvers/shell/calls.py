"""Commands that the shell itself carries out, or that run what their words say."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise

from resolvers.shell.budget import Exhausted
from resolvers.shell.execution import DEPTH_LIMIT, Execution, Output, Scope, Words
from resolvers.shell.filters import Source, follows, output
from resolvers.shell.passage import Passage, Span, Value, is_known, text_of
from resolvers.shell.prefix import name, stripped

LINE_LIMIT = 1000
"""Lines for which ``xargs -I`` runs its command."""

_SHELLS = ("sh", "bash", "dash", "ash", "ksh", "zsh", "rbash")
_SILENT = (":", "true", "false", "[", "test", "exit", "return", "break", "continue", "trap", "umask", "ulimit", "wait")
_SHEBANG = re.compile(rf"#![^\n]*[/ \t](?:{'|'.join(_SHELLS)})(?:\s|$)")
_XARGS_VALUED = frozenset("adEILnPs")


def call(execution: Execution, words: Words, scope: Scope) -> Output:
    """Follow one command: list it, or what it runs. The result is what it writes."""
    if scope.depth > DEPTH_LIMIT:
        raise Exhausted("calls itself, or is nested too deeply")
    scope = replace(scope, depth=scope.depth + 1)
    execution.budget.spend(sum(4 + len(text_of(word)) for word in words))
    words = stripped(words)
    if not words:
        return ()
    command = name(words)
    if command in execution.environment.functions:
        return _function(execution, words, scope)
    if handler := _CALLS.get(command):
        return handler(execution, words, scope)
    if follows(command):
        written = output(command, words, Source(scope.stdin, execution.read))
        execution.budget.spend(len(written or ()))
        return written
    script = execution.read(text_of(words[0])) if "/" in text_of(words[0]) and is_known(words[0]) else None
    return _known_script(execution, script, words, words, scope)


def _function(execution: Execution, words: Words, scope: Scope) -> Output:
    """A function's body with its arguments; how often one calls itself, nobody knows."""
    environment, called = execution.environment, name(words)
    if called in execution.active:
        return None
    saved, environment.positional = environment.positional, words[1:]
    execution.uncalled.pop(called, None)
    execution.called.add(called)
    execution.active.append(called)
    written = execution.run(environment.functions[called], scope)
    execution.active.pop()
    execution.environment.positional = saved
    return written


def _script(execution: Execution, script: Passage, words: Words, scope: Scope) -> Output:
    """A script with its arguments; its name is the first of the words."""

    def inside() -> Output:
        execution.environment.positional = words[1:]
        execution.environment.script = words[0]
        return execution.script(script, scope)

    return execution.apart(inside)


def is_shell(text: str) -> bool:
    """Whether a script's first line leaves it to a shell (one without ``#!`` does)."""
    return not text.startswith("#!") or _SHEBANG.match(text) is not None


def _shell(execution: Execution, words: Words, scope: Scope) -> Output:
    """``bash -c "…" name arguments``, ``bash script arguments``, or a script on standard input."""
    index, inline, stdin = 1, False, False
    while index < len(words) and text_of(words[index])[:1] in ("-", "+") and is_known(words[index]):
        flags = text_of(words[index])
        short = not flags.startswith("--")
        inline |= short and "c" in flags
        stdin |= short and "s" in flags
        index += 1 + (short and flags.endswith(("o", "O")))
    rest = words[index:]
    if rest and inline:
        return _script(execution, Passage.of(rest[0]), rest[1:] or (words[0],), scope)
    if rest and not stdin:
        script = execution.read(text_of(rest[0])) if is_known(rest[0]) else None
        return _known_script(execution, script, words, rest, scope)
    piped = None if scope.stdin is None else Passage.of(scope.stdin)
    return _known_script(execution, piped, words, (words[0], *rest), replace(scope, stdin=None))


def _known_script(execution: Execution, script: Passage | None, words: Words, arguments: Words, scope: Scope) -> Output:
    if script is None or not is_shell(script.text):
        execution.emit(words, scope)
        return None
    return _script(execution, script, arguments, scope)


def _su(execution: Execution, words: Words, scope: Scope) -> Output:
    for flag, command in pairwise(words):
        if text_of(flag) in ("-c", "--command", "-lc"):
            return _script(execution, Passage.of(command), words[:1], scope)
    execution.emit(words, scope)
    return None


def _source(execution: Execution, words: Words, scope: Scope) -> Output:
    script = execution.read(text_of(words[1])) if len(words) > 1 and is_known(words[1]) else None
    if script is None:
        execution.emit(words, scope)
        return None
    return execution.script(script, scope)


def _eval(execution: Execution, words: Words, scope: Scope) -> Output:
    if not all(is_known(word) for word in words):
        execution.emit(words, scope)
        return None
    spans = [span for word in words[1:] for span in (*word, Span(" ", word[-1].origin))]
    return execution.script(Passage.of(spans), scope)


def _cd(execution: Execution, words: Words, scope: Scope) -> Output:
    operands = [word for word in words[1:] if not text_of(word).startswith("-")]
    environment = execution.environment
    if operands and is_known(operands[0]):
        environment.directory = environment.locate(text_of(operands[0]))
    else:
        environment.directory = ""
    return ()


def _pwd(execution: Execution, words: Words, scope: Scope) -> Output:
    directory = execution.environment.directory
    return (Span(directory, words[0][0].origin),) if directory else None


def _set(execution: Execution, words: Words, scope: Scope) -> Output:
    """``set -- words`` sets the positional parameters; options alone do not."""
    index = 1
    while index < len(words) and text_of(words[index])[:1] in ("-", "+") and text_of(words[index]) != "--":
        index += 1 + text_of(words[index]).endswith("o")
    if index < len(words):
        dashes = text_of(words[index]) == "--"
        execution.environment.positional = words[index + 1 :] if dashes else words[index:]
    return ()


def _shift(execution: Execution, words: Words, scope: Scope) -> Output:
    count = text_of(words[1]) if len(words) > 1 else "1"
    positional = execution.environment.positional
    if positional is not None:
        execution.environment.positional = positional[int(count) :] if count in "123456789" else None
    return ()


def _unset(execution: Execution, words: Words, scope: Scope) -> Output:
    for word in words[1:]:
        execution.environment.variables.pop(text_of(word), None)
    return ()


def _read(execution: Execution, words: Words, scope: Scope) -> Output:
    """``read`` and ``mapfile``: what they set, nobody knows."""
    return _unset(execution, words, scope)


def _silent(execution: Execution, words: Words, scope: Scope) -> Output:
    return ()


def _xargs(execution: Execution, words: Words, scope: Scope) -> Output:
    """The command behind ``xargs``, with the words that it reads."""
    options, command = _xargs_options(words[1:])
    file = options.get("a")
    content = scope.stdin if file is None else Source(None, execution.read).of((file,))
    inner = replace(scope, stdin=None)
    if content is None:
        shown = f"$(cat {text_of(file)})" if file else "$(cat)"
        return call(execution, (*command, (Span(shown, words[0][0].origin, False),)), inner) if command else None
    if not command:
        return content
    if pattern := options.get("I"):
        for line in _fields(content, "\n")[:LINE_LIMIT]:
            call(execution, tuple(_filled(word, text_of(pattern), line) for word in command), inner)
        return None
    return call(execution, (*command, *_fields(content)), inner)


def _xargs_options(words: Words) -> tuple[dict[str, Value], Words]:
    """The options with values, by their letter, and the command behind them."""
    found: dict[str, Value] = {}
    index = 0
    while index < len(words) and text_of(words[index]).startswith("-") and is_known(words[index]):
        text, origin = text_of(words[index]), words[index][0].origin
        if text.startswith("--arg-file="):
            found["a"] = (Span(text.partition("=")[2], origin),)
        elif text == "--arg-file" or (len(text) == 2 and text[1] in _XARGS_VALUED):
            found[text.lstrip("-")[:1]] = words[index + 1] if index + 1 < len(words) else ()
            index += 1
        elif text[1:2] and text[1] in _XARGS_VALUED:
            found[text[1]] = (Span(text[2:], origin),)
        index += 1
    return found, words[index:]


def _fields(content: Value, ends: str = " \t\n\0") -> list[Value]:
    """The words of a text, or its lines, each with its place."""
    passage, found, start = Passage.of(content), list[Value](), 0
    for position, char in enumerate(f"{passage.text}\n"):
        if char in ends:
            if passage.text[start:position].strip():
                found.append(passage.cut(start, position))
            start = position + 1
    return found


def _filled(word: Value, pattern: str, line: Value) -> Value:
    text = text_of(word)
    if text == pattern:
        return line
    if not pattern or pattern not in text:
        return word
    return (Span(text.replace(pattern, text_of(line).strip()), line[0].origin, is_known(word + line)),)


_CALLS: dict[str, Callable[[Execution, Words, Scope], Output]] = {
    **dict.fromkeys(_SHELLS, _shell),
    **dict.fromkeys(_SILENT, _silent),
    ".": _source,
    "source": _source,
    "su": _su,
    "eval": _eval,
    "cd": _cd,
    "pwd": _pwd,
    "set": _set,
    "shift": _shift,
    "unset": _unset,
    "read": _read,
    "mapfile": _read,
    "readarray": _read,
    "xargs": _xargs,
}
