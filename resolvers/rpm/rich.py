"""Rich (boolean) dependencies, rpm-dependencies(7): ``(kernel-devel if kernel)``.

Operators are ``and``, ``or``, ``if … else``, ``unless … else`` (of whole installations) and ``with``,
``without`` (of one package). ``clauses`` turns an expression into conjunctive form.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from functools import reduce
from typing import TypeAlias

from resolvers.rpm.capability import Capability, sense

DEPTH_LIMIT = 24
"""Brackets inside brackets; real ones stay under 4."""
LENGTH_LIMIT = 2**14
"""Characters of one dependency."""
CLAUSE_LIMIT = 20_000
"""Clauses that one dependency may come to; real ones stay under 100."""
_NEVER = frozenset((frozenset[int](),))
_TOO_MANY = f"comes to more than {CLAUSE_LIMIT} clauses"

_CHAINS = ("and", "or", "with")
_CONDITIONS = ("if", "unless")
_OPERATORS = (*_CHAINS, *_CONDITIONS, "without")
_SIGN = re.compile(r"[<=>]+")


class RichDependencyError(ValueError):
    """A text that is no rich dependency, or one that is too large. The message is a sentence."""


@dataclass(frozen=True, slots=True)
class Operation:
    """An operator and what it joins: two or more operands, of ``if`` and ``unless`` the dependency, the
    condition and, behind ``else``, what else is needed."""

    operator: str
    operands: tuple[Expression, ...]


Expression: TypeAlias = Capability | Operation
Clause = frozenset[int]
"""Literals of which one must hold: ``n + 1`` for "unit n is installed", ``-n - 1`` for "it is not"."""
Clauses = frozenset[Clause]
Providers = Callable[[Capability], Collection[int]]


def is_rich(name: str) -> bool:
    """Whether a dependency's name is a rich dependency."""
    return name.startswith("(")


def parse(text: str) -> Expression:
    """The expression of a text in brackets. Raises RichDependencyError."""
    if len(text) > LENGTH_LIMIT:
        raise RichDependencyError(f"is longer than {LENGTH_LIMIT} characters")
    reader = _Reader(text)
    found = reader.bracketed(0)
    if reader.rest():
        raise RichDependencyError("has text behind its last bracket")
    return found


def capabilities(expression: Expression) -> Iterator[Capability]:
    """Every capability that is named in an expression."""
    if isinstance(expression, Capability):
        yield expression
        return
    for operand in expression.operands:
        yield from capabilities(operand)


def clauses(expression: Expression, providers: Providers, holds: bool = True) -> Clauses:
    """The conjunctive form of an expression, or of its contrary where ``holds`` is false.

    No clause where it always holds, an empty clause where it never does. Raises RichDependencyError
    where it comes to more than ``CLAUSE_LIMIT`` clauses.
    """
    return _Normaliser(providers).clauses(expression, holds)


def matching(expression: Expression, providers: Providers) -> frozenset[int]:
    """The single packages that an operand of ``with`` and ``without`` stands for."""
    if isinstance(expression, Capability):
        return frozenset(providers(expression))
    found = [matching(operand, providers) for operand in expression.operands]
    match expression.operator:
        case "with":
            return frozenset.intersection(*found)
        case "without":
            return found[0].difference(*found[1:])
        case "if" | "unless":
            return found[0].union(*found[2:])
        case _:
            return frozenset.union(*found)


class _Normaliser:
    """Turns expressions into conjunctive form, each part of them once."""

    def __init__(self, providers: Providers) -> None:
        self._providers = providers
        self._known: dict[tuple[Expression, bool], Clauses] = {}

    def clauses(self, expression: Expression, holds: bool) -> Clauses:
        key = expression, holds
        if key not in self._known:
            self._known[key] = self._worked_out(expression, holds)
        return self._known[key]

    def _worked_out(self, expression: Expression, holds: bool) -> Clauses:
        if isinstance(expression, Capability) or expression.operator in ("with", "without"):
            literals = [unit + 1 for unit in matching(expression, self._providers)]
            return frozenset((frozenset(literals),)) if holds else frozenset(frozenset((-n,)) for n in literals)
        if expression.operator in _CONDITIONS:
            return self._conditional(expression, holds)
        parts = [self.clauses(operand, holds) for operand in expression.operands]
        return reduce(_both if (expression.operator == "and") == holds else _either, parts)

    def _conditional(self, expression: Operation, holds: bool) -> Clauses:
        """``a if b else c`` is (a or not b) and (c or b), ``a unless b else c`` (a and not b) or (c and b);
        their contraries are formed of the contraries of a and c."""
        condition = expression.operands[1]
        positive = expression.operator == "if"
        fulfilled, failed = self.clauses(condition, positive), self.clauses(condition, not positive)
        wanted, *otherwise = (self.clauses(operand, holds) for operand in expression.operands[::2])
        if positive == holds:
            return _both(_either(wanted, failed), *(_either(other, fulfilled) for other in otherwise))
        first = _both(wanted, fulfilled)
        return _either(first, _both(otherwise[0], failed)) if otherwise else first


def _both(*parts: Clauses) -> Clauses:
    found = frozenset[Clause]().union(*parts)
    if len(found) > CLAUSE_LIMIT:
        raise RichDependencyError(_TOO_MANY)
    return _NEVER if not all(found) else found


def _either(one: Clauses, two: Clauses) -> Clauses:
    if len(one) * len(two) > CLAUSE_LIMIT:
        raise RichDependencyError(_TOO_MANY)
    joined = (a | b for a in one for b in two)
    return frozenset(clause for clause in joined if not any(-literal in clause for literal in clause))


class _Reader:
    """A recursive descent over rpm's grammar (``rpmrichParse``)."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0

    def rest(self) -> str:
        return self._text[self._at :]

    def bracketed(self, depth: int) -> Expression:
        if depth > DEPTH_LIMIT:
            raise RichDependencyError(f"is nested deeper than {DEPTH_LIMIT} brackets")
        if not self._take("("):
            raise RichDependencyError("does not begin with a bracket")
        return self._chain(depth)

    def _chain(self, depth: int, behind_else: bool = False) -> Expression:
        """Operands up to the closing bracket. What follows ``else`` may be a chain of its own
        (``a if b else c or d``)."""
        operands, operator = [self._operand(depth)], ""
        while not self._take(")"):
            following = self._operator()
            if following == "else" and operator in _CONDITIONS and not behind_else:
                return Operation(operator, (*operands, self._chain(depth, behind_else=True)))
            if following == "else" or (operator and (following != operator or following not in _CHAINS)):
                raise RichDependencyError("mixes operators without brackets")
            operator = following
            operands.append(self._operand(depth))
        return Operation(operator, tuple(operands)) if operator else operands[0]

    def _operand(self, depth: int) -> Expression:
        self._skip_blanks()
        if self.rest().startswith("("):
            return self.bracketed(depth + 1)
        name = self._word()
        if not name:
            raise RichDependencyError("lacks a capability")
        self._skip_blanks()
        sign = _SIGN.match(self._text, self._at)
        if not sign:
            return Capability(name)
        self._at = sign.end()
        self._skip_blanks()
        relation, evr = sense(sign[0]), self._word()
        if not relation or not evr:
            raise RichDependencyError("has a relation without a version, or one that is none")
        return Capability(name, relation, evr.removeprefix("0:"))

    def _operator(self) -> str:
        start = self._at
        while self._at < len(self._text) and self._text[self._at] not in " (":
            self._at += 1
        word = self._text[start : self._at]
        if word not in _OPERATORS and word != "else":
            raise RichDependencyError("lacks an operator or its last bracket")
        return word

    def _word(self) -> str:
        """A name or a version; brackets inside are part of it where they are closed there."""
        start, depth = self._at, 0
        while self._at < len(self._text) and self._text[self._at] not in " ,":
            depth += {"(": 1, ")": -1}.get(self._text[self._at], 0)
            if depth < 0:
                break
            self._at += 1
        return self._text[start : self._at]

    def _take(self, char: str) -> bool:
        self._skip_blanks()
        found = self._text.startswith(char, self._at)
        self._at += found
        return found

    def _skip_blanks(self) -> None:
        while self._text.startswith(" ", self._at):
            self._at += 1
