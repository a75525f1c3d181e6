"""What words stand for: expansions, splitting, quote removal (POSIX 2.6)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from resolvers.shell.braces import expand
from resolvers.shell.budget import VALUE_LIMIT, Budget
from resolvers.shell.environment import Environment, Variable, is_empty
from resolvers.shell.passage import Passage, Span, Value, is_known, joined, text_of
from resolvers.shell.syntax import Assignment, Literal, Parameter, Part, Raw

PATTERN_LIMIT = 40
"""Characters of the longest pattern that is matched (``${VERSION%%.*}``)."""
SUBJECT_LIMIT = 400
"""Characters of the longest value that a pattern is matched with."""

_BLANKS = re.compile(r"[ \t\n]+")


@dataclass(slots=True)
class Expander:
    """Expands words. ``substitute`` runs a command substitution; None says that only a run can."""

    environment: Environment
    budget: Budget
    substitute: Callable[[Passage], Value | None]

    def fields(self, word: Raw) -> list[Value]:
        """The words that a word becomes: none, one, or several."""
        found = _Fields()
        for parts in expand(word.parts):
            for part in parts:
                self._add(found, part)
            found.close()
        self.budget.spend(sum(1 + len(span.text) for value in found.done for span in value))
        return found.done

    def value(self, parts: tuple[Part, ...]) -> Value:
        """What a word becomes where it is not split: on the right of an assignment, in quotes."""
        found = joined(span for part in parts for span in self._unsplit(part))
        size = len(text_of(found))
        self.budget.spend(1 + len(found) + size)
        if size > VALUE_LIMIT:
            return (Span("$(...)", found[0].origin, False),)
        return found

    def assign(self, assignment: Assignment) -> None:
        """Set a variable."""
        old = self.environment.variables.get(assignment.name)
        if assignment.array:
            values = tuple(field for word in assignment.words for field in self.fields(word))
            before = old.values if old and assignment.append else ()
        else:
            values, before = (self.value(assignment.words[0].parts),), ()
            if old and assignment.append:
                values = (joined((old.values or ((),))[0] + values[0]),)
        self.budget.spend(len(before))
        self.environment.variables[assignment.name] = Variable(before + values, assignment.array)

    def _add(self, found: _Fields, part: Part) -> None:
        if isinstance(part, Literal):
            found.add(part.value)
        elif isinstance(part, Parameter):
            self._add_parameter(found, part)
        elif part.quoted:
            found.add(self._unsplit(part))
        else:
            found.split(self._unsplit(part))

    def _add_parameter(self, found: _Fields, part: Parameter) -> None:
        values = self._resolve(part)
        if not part.quoted:
            for index, value in enumerate(values):
                if index:
                    found.close()
                found.split(value)
        elif "@" in (part.name, part.index):
            found.drop_empty()
            for index, value in enumerate(values):
                if index:
                    found.close()
                found.add(value)
        else:
            found.add(_with_blanks(values))

    def _unsplit(self, part: Part) -> Value:
        if isinstance(part, Literal):
            return part.value
        if isinstance(part, Parameter):
            return _with_blanks(self._resolve(part))
        written = self.substitute(part.body) if part.body else None
        return _unknown(part.written) if written is None else _without_end(written)

    def _resolve(self, part: Parameter) -> tuple[Value, ...]:
        """What a parameter expands to, with its operator."""
        found = self._elements(part)
        operator = part.operator.lstrip(":") if part.operator != ":" else ":"
        if found is not None and part.operator.startswith(":") and is_empty(found):
            found = None if operator in ("-", "=", "+") else found
        if operator in ("-", "=") and found is None:
            return self._default(part)
        if operator == "+":
            return () if found is None else (self.value(part.argument),)
        if found is None:
            return (_unknown(part.written),)
        if operator in ("", "-", "=", "?"):
            self.budget.spend(sum(1 + len(value) for value in found))
            return found
        return tuple(self._changed(part, value) for value in found)

    def _default(self, part: Parameter) -> tuple[Value, ...]:
        value = self.value(part.argument)
        if part.operator.endswith("=") and not part.index and not part.name.isdigit():
            self.environment.variables[part.name] = Variable((value,))
        return (value,)

    def _elements(self, part: Parameter) -> tuple[Value, ...] | None:
        """The values of a parameter; None where nobody knows whether it is set."""
        if part.odd:
            return None
        if part.name in ("@", "*"):
            return self.environment.positional
        if part.name.isdigit():
            return self._positional(part.name)
        variable = self.environment.variables.get(part.name)
        if variable is None:
            return None
        if part.index in ("@", "*"):
            return variable.values
        if part.index and not re.fullmatch(r"\d{1,4}", part.index, re.ASCII):
            return None
        index = int(part.index or 0)
        return variable.values[index : index + 1] or None

    def _positional(self, name: str) -> tuple[Value, ...] | None:
        if name == "0":
            return None if self.environment.script is None else (self.environment.script,)
        if self.environment.positional is None or len(name) > 3:
            return None
        return self.environment.positional[int(name) - 1 : int(name)] or ((),)

    def _changed(self, part: Parameter, value: Value) -> Value:
        """``${NAME%pattern}`` and the like."""
        argument = self.value(part.argument)
        subject, pattern, change = text_of(value), text_of(argument), _CHANGES.get(part.operator)
        small = len(pattern) <= PATTERN_LIMIT and len(subject) <= SUBJECT_LIMIT
        self.budget.spend(len(subject) * 10)
        if change is None or not small or not is_known(value + argument):
            return _unknown(part.written)
        text = change(subject, pattern)
        if text is None:
            return _unknown(part.written)
        return (Span(text, value[0].origin),) if value else ()


@dataclass(slots=True)
class _Fields:
    """Words being put together. ``current`` is None between words."""

    done: list[Value] = field(default_factory=list)
    current: list[Span] | None = None

    def add(self, value: Value) -> None:
        """Append to the present word, beginning one if there is none."""
        if self.current is None:
            self.current = []
        self.current += value

    def split(self, value: Value) -> None:
        """Append, beginning a new word at each blank."""
        for span in value:
            if not span.known and ("$" in span.text or "`" in span.text):
                self.add((span,))
                continue
            for index, text in enumerate(_BLANKS.split(span.text)):
                if index:
                    self.close()
                if text:
                    self.add((Span(text, span.origin, span.known),))

    def drop_empty(self) -> None:
        """Forget that a quotation began: ``"$@"`` is no word where there are no parameters."""
        self.current = self.current or None

    def close(self) -> None:
        """End the present word."""
        if self.current is not None:
            self.done.append(joined(self.current))
        self.current = None


def _unknown(written: Value) -> Value:
    return (Span(text_of(written), written[0].origin, False),) if written else ()


def _with_blanks(values: tuple[Value, ...]) -> Value:
    found: list[Span] = []
    for value in values:
        if found:
            found.append(Span(" ", found[-1].origin))
        found += value
    return tuple(found)


def _without_end(value: Value) -> Value:
    """Without the line ends behind it, as a command substitution has it."""
    spans = list(value)
    while spans and not (text := spans[-1].text.rstrip("\n")):
        spans.pop()
    if spans:
        spans[-1] = Span(text, spans[-1].origin, spans[-1].known)
    return tuple(spans)


def _shortest_head(text: str, pattern: str) -> str:
    return next((text[n:] for n in range(len(text) + 1) if fnmatchcase(text[:n], pattern)), text)


def _longest_head(text: str, pattern: str) -> str:
    return next((text[n:] for n in range(len(text), -1, -1) if fnmatchcase(text[:n], pattern)), text)


def _shortest_tail(text: str, pattern: str) -> str:
    return next((text[:n] for n in range(len(text), -1, -1) if fnmatchcase(text[n:], pattern)), text)


def _longest_tail(text: str, pattern: str) -> str:
    return next((text[:n] for n in range(len(text) + 1) if fnmatchcase(text[n:], pattern)), text)


def _replaced(text: str, pattern: str, count: int) -> str | None:
    old, _, new = pattern.partition("/")
    return None if not old or any(char in old for char in "*?[\\#%") else text.replace(old, new, count)


_CHANGES: dict[str, Callable[[str, str], str | None]] = {
    "#": _shortest_head,
    "##": _longest_head,
    "%": _shortest_tail,
    "%%": _longest_tail,
    "/": lambda text, pattern: _replaced(text, pattern, 1),
    "//": lambda text, pattern: _replaced(text, pattern, -1),
    "^^": lambda text, pattern: None if pattern else text.upper(),
    ",,": lambda text, pattern: None if pattern else text.lower(),
}
