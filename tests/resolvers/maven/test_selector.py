from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.maven.rich_version import rich_version
from resolvers.maven.selector import selector
from tests.hostile import EXAMPLES

# What is declared, what it admits, what it does not (Gradle user manual, "Declaring versions and ranges").
ADMITTED = [
    ("1.3", ["1.3"], ["1.3.0", "1.4"]),
    ("[1.0,2.0)", ["1.0", "1.9.9"], ["2.0", "2.0-dev1", "2.0-SNAPSHOT", "0.9"]),
    ("[1.0, 2.0[", ["1.0"], ["2.0-rc1"]),
    ("]1.0,2.0]", ["1.1", "2.0"], ["1.0", "2.0.1"]),
    ("(,2.0]", ["0.1", "2.0"], ["2.1"]),
    ("[1.0,)", ["1.0", "99"], ["0.9"]),
    ("[1.5]", ["1.5"], ["1.5.1"]),
    ("1.+", ["1.0", "1.9-rc1"], ["2.0", "10.0"]),
    ("1.3+", ["1.3", "1.30"], ["1.2"]),
    ("+", ["0", "9"], []),
    ("latest.release", ["0", "9"], []),
]


@pytest.mark.parametrize(("text", "inside", "outside"), ADMITTED)
def test_admits(text: str, inside: list[str], outside: list[str]) -> None:
    assert [v for v in inside if not selector(text).admits(v)] == []
    assert [v for v in outside if selector(text).admits(v)] == []


@pytest.mark.parametrize(
    ("text", "version", "below"),
    [
        ("1.3", "1.4", True),
        ("1.3", "1.3", False),
        ("1.3", "1.2", False),
        ("[1,2)", "2", True),
        ("[1,2)", "2-rc1", True),
        ("[1,2]", "2", False),
        ("[1,)", "9", False),
        ("1.+", "2.0", True),
        ("1.+", "1.9", False),
        ("1+", "2.0", False),
        ("1.+", "0.9", False),
        ("+", "9", False),
    ],
)
def test_all_that_is_admitted_may_be_too_low(text: str, version: str, below: bool) -> None:
    assert selector(text).lies_below(version) is below


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text("[](),.+-;120ax "), st.text(".-120ax"))
def test_nothing_lies_below_what_it_admits(text: str, version: str) -> None:
    known = selector(text)
    assert not (known.admits(version) and known.lies_below(version))


def test_reads_a_rich_version() -> None:
    rich = rich_version("strictly [1,2); prefer 1.5; reject 1.6; 1.2")
    assert [known.least for known in rich.require] == ["1.2"]
    assert rich.strictly == (selector("[1,2)"),)
    assert rich.reject == (selector("1.6"),)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text())
def test_reads_any_text(text: str) -> None:
    rich = rich_version(text)
    assert rich.pin or all(known.admits(known.least) for known in rich.require if known.fixed)
