"""One PEP 508 line: what the context leaves of it."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analyzer.origin import Origin
from analyzer.requirement import Force, Requirement
from analyzer.service import Platform, Skipped
from resolvers.pip import target
from resolvers.pip.declared import Context
from resolvers.pip.requirements.requirement_line import read_requirement, read_unnamed
from resolvers.tree import Tree

HERE = Origin("svc/pyproject.toml", 4)
CONTEXT = Context(Tree(Path("nowhere")), Platform(), ("3.9", "3.12"), "3.12")


def requirement(text: str, **options: object) -> Requirement:
    found = read_requirement(text, HERE, CONTEXT, **options)  # type: ignore[arg-type]
    assert isinstance(found, Requirement)
    return found


@pytest.mark.parametrize(
    ("text", "extras", "marker"),
    [
        ("a ; extra == 'web'", ("",), None),
        ("a ; extra == 'web'", ("", "web"), ""),
        ("a ; extra == 'Web_UI'", ("web-ui",), ""),
        ("a ; extra == 'web' and python_version < '3.10'", ("web",), 'python_version == "3.9"'),
        ("a ; extra == 'web' or python_version < '3.10'", ("",), 'python_version == "3.9"'),
        ("a ; extra != 'web' and python_version >= '3'", ("",), ""),
    ],
)
def test_extras_are_settled_and_leave_no_trace_in_the_marker(
    text: str, extras: tuple[str, ...], marker: str | None
) -> None:
    found = read_requirement(text, HERE, CONTEXT, extras=extras)
    assert (found.marker if isinstance(found, Requirement) else None) == marker


@given(
    st.sets(st.sampled_from(target.PYTHONS), min_size=1),
    st.sampled_from(["<", "<=", "==", "!=", ">="]),
    st.sampled_from(target.PYTHONS),
)
def test_what_is_left_of_a_marker_holds_where_the_marker_held(pythons: set[str], operator: str, bound: str) -> None:
    marker = f"python_version {operator} '{bound}' and extra == 'x'"
    context = Context(Tree(Path("nowhere")), Platform(), tuple(sorted(pythons)), "3.12")
    found = read_requirement(f"a ; {marker}", HERE, context, extras=("x",))
    for python in pythons:
        applies = isinstance(found, Requirement) and target.holds(found.marker, Platform(), python)
        assert applies == target.holds(marker, Platform(), python, ("x",))


def test_force_is_kept() -> None:
    assert requirement("a<2", force=Force.OVERRIDES).force is Force.OVERRIDES


def test_nothing_secret_reaches_a_value() -> None:
    text = "a @ https://u:S3CRET@h.example/a.zip?token=S3CRET"
    for line in (text, text.replace("a.zip", "b-1-py3-none-any.whl"), text + " ; nonsense", text.replace("h.", "[")):
        assert "S3CRET" not in repr(read_requirement(line, Origin("svc/x", 1, line), CONTEXT))


def test_a_wheel_of_another_name_is_refused() -> None:
    found = read_requirement("a @ https://h.example/b-1-py3-none-any.whl", HERE, CONTEXT)
    assert isinstance(found, Skipped) and found.reason == "asks for a where b lies"


def test_the_name_in_front_outweighs_the_egg() -> None:
    assert str(requirement("a @ https://h.example/x.zip#egg=b")) == "a @ https://h.example/x.zip"


def test_a_url_without_a_name_is_no_requirement_of_pep_508() -> None:
    assert isinstance(read_requirement("https://h.example/b-1-py3-none-any.whl", HERE, CONTEXT), Skipped)
    assert isinstance(read_unnamed("https://h.example/b-1-py3-none-any.whl", HERE, CONTEXT), Requirement)


@given(st.one_of(st.text(), st.text(alphabet="a1[]()<>=!~;@'\"., #:/\\pythonversion_extra")))
def test_any_text_is_a_requirement_or_skipped(text: str) -> None:
    for read in (read_requirement, read_unnamed):
        found = read(text, HERE, CONTEXT)
        assert found is None or found.origin == HERE
