"""What a shell knows while it runs (POSIX 2.13): variables, functions, its directory."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from posixpath import normpath

from analyzer.origin import Origin
from resolvers.shell.passage import Passage, Span, Value, is_known, text_of
from resolvers.shell.syntax import Node


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable's value, or the values of an array."""

    values: tuple[Value, ...]
    array: bool = False


@dataclass(slots=True)
class Environment:
    """Changes as the script goes on. ``positional`` is None where nobody knows the arguments,
    ``directory`` empty where nobody knows it; ``script`` is ``$0``."""

    variables: dict[str, Variable] = field(default_factory=dict)
    functions: dict[str, Node] = field(default_factory=dict)
    positional: tuple[Value, ...] | None = None
    directory: str = ""
    script: Value | None = None

    def copy(self) -> Environment:
        """One whose changes are not seen here: a subshell's."""
        return Environment(dict(self.variables), dict(self.functions), self.positional, self.directory, self.script)

    def locate(self, path: str) -> str:
        """A path as seen from the directory."""
        if not self.directory and not path.startswith("/"):
            return path
        return "/" + normpath(f"{self.directory}/{path}" if not path.startswith("/") else path).lstrip("/")


def either(environments: Sequence[Environment]) -> Environment:
    """What is known where any one of these may be the case.

    What a variable holds in all of them is known. What only some of them append is there, but not
    known: ``if …; then PKGS="$PKGS gdb"; fi``.
    """
    first = environments[0].copy()
    for environment in environments[1:]:
        first.functions.update(environment.functions)
        if environment.directory != first.directory:
            first.directory = ""
    names = dict.fromkeys(name for environment in environments for name in environment.variables)
    for name in names:
        found = [environment.variables.get(name, Variable(((),))) for environment in environments]
        if any(variable != found[0] for variable in found):
            first.variables[name] = _either(name, found)
        else:
            first.variables[name] = found[0]
    return first


def _either(name: str, found: Sequence[Variable]) -> Variable:
    if any(variable.array for variable in found):
        return _either_array(name, found)
    values = sorted((variable.values[0] for variable in found), key=lambda value: len(text_of(value)))
    base = text_of(values[0])
    rests = [text_of(value)[len(base) :] for value in values]
    appended = all(text_of(value).startswith(base) for value in values)
    apart = all(rest[0].isspace() for rest in rests if rest) if base else len({rest for rest in rests if rest}) == 1
    if appended and apart:
        return Variable((values[0] + tuple(span for value in values for span in _doubtful(value, len(base))),))
    return Variable((_unknown(name, values),))


def _either_array(name: str, found: Sequence[Variable]) -> Variable:
    arrays = sorted((v.values if v.array or any(v.values) else () for v in found), key=len)
    base = arrays[0]
    if any(array[: len(base)] != base for array in arrays):
        return Variable((_unknown(name, [value for array in arrays for value in array]),), array=True)
    more = dict.fromkeys(value for array in arrays for value in array[len(base) :])
    return Variable((*base, *(_doubtful(value, 0) for value in more)), array=True)


def _doubtful(value: Value, start: int) -> Value:
    passage = Passage.of(value)
    spans = passage.cut(start, len(passage.text))
    return tuple(Span(span.text, span.origin, False) for span in spans)


def _unknown(name: str, values: Sequence[Value]) -> Value:
    origins = [span.origin for value in values for span in value]
    return (Span(f"${name}", origins[0] if origins else Origin(""), False),)


def is_empty(values: Sequence[Value]) -> bool:
    """Whether it is known that nothing stands there."""
    return not any(text_of(value) for value in values) and all(is_known(value) for value in values)
