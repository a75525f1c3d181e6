from __future__ import annotations

import contextlib
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.rpm.capability import Capability, Sense
from resolvers.rpm.rich import (
    CLAUSE_LIMIT,
    Expression,
    Operation,
    RichDependencyError,
    capabilities,
    clauses,
    matching,
    parse,
)
from tests.hostile import EXAMPLES

A, B, C = Capability("a"), Capability("b"), Capability("c")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(a)", A),
        ("((a))", A),
        ("(a and b)", Operation("and", (A, B))),
        ("( a  or b or c )", Operation("or", (A, B, C))),
        ("(a if b)", Operation("if", (A, B))),
        ("(a if b else c)", Operation("if", (A, B, C))),
        ("(a unless b else c)", Operation("unless", (A, B, C))),
        ("(a if b else c or a)", Operation("if", (A, B, Operation("or", (C, A))))),
        ("(a with b with c)", Operation("with", (A, B, C))),
        ("(a without b)", Operation("without", (A, B))),
        ("((a and b) or c)", Operation("or", (Operation("and", (A, B)), C))),
        ("(a or(b and c))", Operation("or", (A, Operation("and", (B, C))))),
        ("(a >= 1.2-3 with a < 2)", Operation("with", (Capability("a", 6, "1.2-3"), Capability("a", 1, "2")))),
        (
            "(lib.so.1()(64bit) if p(x86-64))",
            Operation("if", (Capability("lib.so.1()(64bit)"), Capability("p(x86-64)"))),
        ),
        ("(python(abi) = 0:3.9 if a)", Operation("if", (Capability("python(abi)", Sense.EQUAL, "3.9"), A))),
    ],
)
def test_reads_expressions(text: str, expected: Expression) -> None:
    assert parse(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "()",
        "(",
        "(a",
        "(a b)",
        "(a and)",
        "(and and b",
        "(a and b or c)",
        "(a if b if c)",
        "(a without b without c)",
        "(a else b)",
        "(a if b else c else a)",
        "(a and b else c)",
        "(a >= )",
        "(a >< 1)",
        "(a) b",
        "(a xor b)",
        "(" * 30 + "a" + ")" * 30,
        "(" + " or ".join(["a"] * 5000) + ")",
    ],
)
def test_refuses_what_is_none(text: str) -> None:
    with pytest.raises(RichDependencyError):
        parse(text)


def test_names_all_capabilities() -> None:
    assert list(capabilities(parse("((a and b) if c else /usr/bin/x)"))) == [A, B, C, Capability("/usr/bin/x")]


# Who provides a, b and c; nobody provides d.
PROVIDED = {"a": {0, 1}, "b": {1, 2}, "c": {3}}


def providers(capability: Capability) -> set[int]:
    return PROVIDED.get(capability.name, set())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(a with b)", {1}),
        ("(a without b)", {0}),
        ("((a or c) without b)", {0, 3}),
        ("((a without b) with a)", {0}),
        ("(a with d)", set()),
        ("((a if b else c) with a)", {0, 1}),
    ],
)
def test_one_package_matches(text: str, expected: set[int]) -> None:
    assert matching(parse(text), providers) == expected


def met(expression: Expression, installed: frozenset[int]) -> bool:
    """What an expression means, without normal forms."""
    if isinstance(expression, Capability) or expression.operator in ("with", "without"):
        return not installed.isdisjoint(matching(expression, providers))
    values = [met(operand, installed) for operand in expression.operands]
    match expression.operator:
        case "and":
            return all(values)
        case "or":
            return any(values)
        case "if":
            return values[0] if values[1] else all(values[2:])
        case _:
            return any(values[2:]) if values[1] else values[0]


def names() -> st.SearchStrategy[Expression]:
    return st.sampled_from([A, B, C, Capability("d")])


def joined(inner: st.SearchStrategy[Expression]) -> st.SearchStrategy[Expression]:
    return st.one_of(
        st.builds(Operation, st.sampled_from(("and", "or")), st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(Operation, st.sampled_from(("if", "unless")), st.lists(inner, min_size=2, max_size=3).map(tuple)),
        st.builds(
            Operation, st.sampled_from(("with", "without")), st.lists(names(), min_size=2, max_size=2).map(tuple)
        ),
    )


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.recursive(names(), joined, max_leaves=7))
def test_clauses_mean_what_the_expression_means(expression: Expression) -> None:
    for holds in (True, False):
        found = clauses(expression, providers, holds)
        for bits in product((False, True), repeat=4):
            installed = frozenset(unit for unit, there in enumerate(bits) if there)
            hold = all(
                any((literal - 1 in installed) if literal > 0 else (-literal - 1 not in installed) for literal in c)
                for c in found
            )
            assert hold == (met(expression, installed) == holds)


def test_refuses_more_clauses_than_the_limit() -> None:
    text = "(" + " or ".join(f"(a{n} and b{n})" for n in range(20)) + ")"
    assert CLAUSE_LIMIT < 2**20
    with pytest.raises(RichDependencyError, match="clauses"):
        clauses(parse(text), lambda capability: [hash(capability.name) % 10**6])


def test_conditions_in_conditions_stay_cheap() -> None:
    text = "a"
    for _ in range(22):
        text = f"(b if {text})"
    assert clauses(parse(text), providers)


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.lists(st.sampled_from(["(", ")", " ", "a", "b()", ">=", "1", "if", "else", "and", "or", "with", "é", ","])).map(
        "".join
    )
)
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(RichDependencyError):
        clauses(parse(text), providers)
