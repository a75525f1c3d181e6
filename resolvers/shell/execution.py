"""Follows parsed commands as a shell would, without running anything (POSIX 2.9)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from analyzer.origin import Origin
from analyzer.service import Skipped
from resolvers.shell.budget import VALUE_LIMIT, Budget, Exhausted
from resolvers.shell.command import Command, Word
from resolvers.shell.environment import Environment, Variable, either
from resolvers.shell.expansion import Expander
from resolvers.shell.parser import parse
from resolvers.shell.passage import Passage, Span, Value, is_known, text_of
from resolvers.shell.syntax import (
    AndOr,
    Assignment,
    Branches,
    For,
    Function,
    Group,
    Literal,
    Node,
    Pipeline,
    Raw,
    Redirected,
    Redirection,
    Simple,
    Test,
    Unreadable,
    While,
)

DEPTH_LIMIT = 60
"""How deep commands, calls and scripts may lie in one another."""
SKIPPED_LIMIT = 50

Files = Callable[[str], Passage | None]
"""Looks up a file by its path in the root filesystem; None where it is not known."""
Words = tuple[Value, ...]
Output = Value | None
"""What a command writes; None where only a run tells."""

_DECLARATIONS = frozenset({"export", "local", "declare", "typeset", "readonly"})
_TESTS = frozenset(
    {"[", "test", "false", "which", "type", "hash", "grep", "egrep", "cmp", "diff", "getent", "id", "dpkg-query"}
)
_IDLE = frozenset({"exit", "return", "true", ":", "echo", "false", "break", "continue"})


@dataclass(frozen=True, slots=True)
class Scope:
    """Under what a command is run: only perhaps, with what as standard input, how deep."""

    conditional: bool = False
    stdin: Value | None = None
    depth: int = 0


@dataclass(slots=True)
class Execution:
    """What has come of a script so far. ``call`` follows one command with its words expanded."""

    environment: Environment
    files: Files
    call: Callable[[Execution, Words, Scope], Output]
    commands: list[Command] = field(default_factory=list)
    skipped: list[Skipped] = field(default_factory=list)
    budget: Budget = field(default_factory=Budget)
    written: dict[str, Value] = field(default_factory=dict)
    uncalled: dict[str, Node] = field(default_factory=dict)
    called: set[str] = field(default_factory=set)
    active: list[str] = field(default_factory=list)

    def script(self, passage: Passage, scope: Scope) -> Output:
        """Follow a script; what in it is no shell is skipped, and what is behind that may be conditional."""
        self.budget.spend(len(passage.text) // 4)
        outputs: list[Output] = []
        for node in parse(passage):
            if isinstance(node, Unreadable):
                self.skip(node.origin, node.reason)
                scope = replace(scope, conditional=True)
                outputs.append(None)
            else:
                outputs.append(self.run(node, scope))
        return _together(outputs)

    def apart(self, run: Callable[[], Output]) -> Output:
        """Run in a subshell: what is set there is not seen here."""
        saved = self.environment
        self.environment = self._copy()
        try:
            return run()
        finally:
            self.environment = saved

    def run(self, node: Node, scope: Scope) -> Output:
        """Follow one command. Raises Exhausted."""
        if scope.depth > DEPTH_LIMIT:
            raise Exhausted("calls itself, or is nested too deeply")
        self.budget.spend(4)
        return _FOLLOW[type(node)](self, node, replace(scope, depth=scope.depth + 1))

    def sequence(self, nodes: Iterable[Node], scope: Scope) -> Output:
        """Follow commands one after the other."""
        return _together([self.run(node, scope) for node in nodes])

    def expander(self, scope: Scope) -> Expander:
        """Expands words as they stand at this point."""
        return Expander(self.environment, self.budget, lambda body: self._substitute(body, scope))

    def read(self, path: str) -> Passage | None:
        """A file that the script wrote itself, or one that the caller knows."""
        place = self.environment.locate(path)
        if place in self.written:
            return Passage.of(self.written[place])
        return self.files(place)

    def emit(self, words: Words, scope: Scope) -> None:
        """List a command."""
        self.budget.spend(sum(8 + len(text_of(word)) for word in words))
        shown = tuple(Word(text_of(word), is_known(word)) for word in words)
        places = tuple(_origin(word) for word in words)
        self.commands.append(Command(shown, places, scope.conditional, self.environment.directory))

    def skip(self, origin: Origin, reason: str) -> None:
        """Note what was not followed."""
        if len(self.skipped) < SKIPPED_LIMIT:
            self.skipped.append(Skipped("a piece of a script", reason, origin))

    def _substitute(self, body: Passage, scope: Scope) -> Output:
        if scope.depth > DEPTH_LIMIT:
            raise Exhausted("substitutions are nested too deeply")
        inner = replace(scope, depth=scope.depth + 1, stdin=None)
        return self.apart(lambda: self.script(body, inner))

    def _copy(self) -> Environment:
        self.budget.spend(1 + len(self.environment.variables) + len(self.environment.functions))
        return self.environment.copy()

    def _perhaps(self, run: Callable[[], Output]) -> None:
        """Run what may not be run."""
        before = self._copy()
        run()
        self._merge([before, self.environment])

    def _merge(self, environments: Sequence[Environment]) -> None:
        self.budget.spend(sum(4 * len(environment.variables) for environment in environments))
        self.environment = either(environments)

    def _simple(self, node: Simple, scope: Scope) -> Output:
        expander = self.expander(scope)
        count = next((i for i, item in enumerate(node.items) if isinstance(item, Raw)), len(node.items))
        own, rest = node.items[:count], node.items[count:]
        if not rest:
            for assignment in own:
                if isinstance(assignment, Assignment):
                    expander.assign(assignment)
            return () if node.items else scope.stdin
        if _literal(node) in _DECLARATIONS:
            self._declare(rest[1:], expander)
            return ()
        words = tuple(value for item in rest for value in self._fields(item, expander))
        if not own:
            return self.call(self, words, scope)

        def with_own() -> Output:
            inner = self.expander(scope)
            for assignment in own:
                if isinstance(assignment, Assignment):
                    inner.assign(assignment)
            return self.call(self, words, scope)

        return self.apart(with_own)

    def _declare(self, items: Iterable[Raw | Assignment], expander: Expander) -> None:
        for item in items:
            if isinstance(item, Assignment):
                expander.assign(item)

    def _fields(self, item: Raw | Assignment, expander: Expander) -> list[Value]:
        if isinstance(item, Raw):
            return [value or (Span("", item.origin),) for value in expander.fields(item)]
        parts = tuple(part for word in item.words for part in word.parts)
        return expander.fields(Raw((item.prefix, *parts), item.prefix.value[0].origin))

    def _redirected(self, node: Redirected, scope: Scope) -> Output:
        target: Raw | None = None
        append = False
        for redirection in node.redirections:
            if redirection.descriptor in ("", "0") and redirection.operator.startswith("<"):
                scope = replace(scope, stdin=self._input(redirection, scope))
            elif redirection.descriptor in ("", "1") and redirection.operator in (">", ">>", ">|", "&>", "&>>"):
                target, append = redirection.word, redirection.operator.endswith(">>")
        written = self.run(node.body, scope)
        if target is None:
            return written
        self._write(self.expander(scope).value(target.parts), written, append=append)
        return ()

    def _input(self, redirection: Redirection, scope: Scope) -> Output:
        value = self.expander(scope).value(redirection.word.parts)
        if redirection.operator != "<":
            return value if redirection.operator in ("<<", "<<-", "<<<") else None
        content = self.read(text_of(value)) if is_known(value) else None
        return content.spans if content else None

    def _write(self, path: Value, content: Output, *, append: bool) -> None:
        place = self.environment.locate(text_of(path))
        before = self.written.pop(place, ()) if append else ()
        if content is not None and is_known(path) and len(text_of(before + content)) <= VALUE_LIMIT:
            self.budget.spend(len(before) + len(content))
            self.written[place] = before + content
        else:
            self.written.pop(place, None)

    def _pipeline(self, node: Pipeline, scope: Scope) -> Output:
        if len(node.parts) == 1:
            return self.run(node.parts[0], scope)

        def through() -> Output:
            stream = scope.stdin
            for part in node.parts:
                stream = self.run(part, replace(scope, stdin=stream))
            return stream

        return self.apart(through)

    def _and_or(self, node: AndOr, scope: Scope) -> Output:
        outputs, open_ = [self.run(node.first, scope)], _asks(node.first)
        for operator, part in node.rest:
            perhaps = replace(scope, conditional=scope.conditional or open_ or operator == "||")
            if (operator == "||" or open_) and _literal(part) not in _IDLE:
                before = self._copy()
                outputs.append(self.run(part, perhaps))
                self._merge([before, self.environment])
            else:
                outputs.append(self.run(part, perhaps))
            open_ = (open_ and _asks(part)) if operator == "||" else (open_ or _asks(part))
        return _together(outputs)

    def _group(self, node: Group, scope: Scope) -> Output:
        if node.apart:
            return self.apart(lambda: self.sequence(node.body, scope))
        return self.sequence(node.body, scope)

    def _branches(self, node: Branches, scope: Scope) -> Output:
        if node.subject:
            self.expander(scope).value(node.subject.parts)
        perhaps = replace(scope, conditional=True)
        ends: list[Environment] = []
        for index, branch in enumerate(node.branches):
            for test in node.tests[index : index + 1]:
                self.sequence(test, perhaps if index else scope)
            before = self.environment
            self.environment = self._copy()
            self.sequence(branch, perhaps)
            ends.append(self.environment)
            self.environment = before
        self._merge(ends if node.total and ends else [self.environment, *ends])
        return None

    def _for(self, node: For, scope: Scope) -> Output:
        expander = self.expander(scope)
        if node.words is None:
            values = self.environment.positional
        else:
            values = tuple(value for word in node.words for value in expander.fields(word))
        if values is None:
            self.environment.variables.pop(node.name, None)
            self._perhaps(lambda: self.sequence(node.body, replace(scope, conditional=True)))
            return None
        outputs: list[Output] = []
        for value in values:
            self.environment.variables[node.name] = Variable((value,))
            inner = replace(scope, conditional=scope.conditional or not is_known(value))
            outputs.append(self.sequence(node.body, inner))
        return _together(outputs)

    def _while(self, node: While, scope: Scope) -> Output:
        lines = _read_by(node.test)
        if lines and scope.stdin is not None:
            return self._each_line(lines, node.body, scope)
        self.sequence(node.test, scope)
        self._perhaps(lambda: self.sequence(node.body, replace(scope, conditional=True)))
        return None

    def _each_line(self, variable: str, body: Sequence[Node], scope: Scope) -> Output:
        """``while read -r variable; do …; done`` over a known text."""
        passage, start = Passage.of(scope.stdin or ()), 0
        outputs: list[Output] = []
        for line in passage.text.splitlines(keepends=True):
            self.environment.variables[variable] = Variable((_stripped(passage.cut(start, start + len(line))),))
            outputs.append(self.sequence(body, replace(scope, stdin=None)))
            start += len(line)
        return _together(outputs)

    def _define(self, node: Function, scope: Scope) -> Output:
        self.environment.functions[node.name] = node.body
        if node.name not in self.called:
            self.uncalled[node.name] = node.body
        return ()

    def _test(self, node: Test, scope: Scope) -> Output:
        return ()


_FOLLOW: dict[type[Node], Callable[[Execution, Any, Scope], Output]] = {
    Simple: Execution._simple,
    Redirected: Execution._redirected,
    Pipeline: Execution._pipeline,
    AndOr: Execution._and_or,
    Group: Execution._group,
    Branches: Execution._branches,
    For: Execution._for,
    While: Execution._while,
    Function: Execution._define,
    Test: Execution._test,
}


def _together(outputs: Iterable[Output]) -> Output:
    """What commands write one after the other."""
    found: list[Span] = []
    for output in outputs:
        if output is None:
            return None
        found += output
    return tuple(found)


def _words(node: Node) -> list[str]:
    """The words of a simple command, as far as they stand for themselves."""
    if isinstance(node, Redirected):
        return _words(node.body)
    raws = [item for item in node.items if isinstance(item, Raw)] if isinstance(node, Simple) else []
    return ["".join(text_of(part.value) for part in raw.parts if isinstance(part, Literal)) for raw in raws]


def _literal(node: Node) -> str:
    """The name of a simple command."""
    return next(iter(_words(node)), "")


def _asks(node: Node) -> bool:
    """Whether a command's answer is what it is run for, so that ``&&`` behind it says *if*."""
    match node:
        case Test():
            return True
        case Pipeline(parts, negated):
            return negated or _asks(parts[-1])
        case Group(body, _):
            return bool(body) and _asks(body[-1])
        case AndOr(_, rest):
            return any(_asks(part) for _, part in rest)
    words = _words(node)
    return bool(words) and (words[0] in _TESTS or words[:2] in (["command", "-v"], ["command", "-V"]))


def _read_by(test: Sequence[Node]) -> str:
    """The variable of ``read`` in ``while read -r NAME``; empty where the loop is another."""
    first = test[0] if test else None
    words = _words(first) if first else []
    if not words or words[0] != "read":
        return ""
    names = [word for word in words[1:] if not word.startswith("-")]
    return names[0] if len(names) == 1 else ""


def _origin(word: Value) -> Origin:
    """The place of a word. Of its parts in one file it is the last: what a variable holds is written before."""
    places = [span.origin for span in word if span.text] or [span.origin for span in word[:1]] or [Origin("")]
    return max((place for place in places if place.file == places[0].file), key=lambda place: place.line)


def _stripped(line: Value) -> Value:
    passage = Passage.of(line)
    text = passage.text
    start, end = len(text) - len(text.lstrip()), len(text.rstrip())
    return passage.cut(start, end)
