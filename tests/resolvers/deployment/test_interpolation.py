"""Variables of Compose files, by the table of the Compose specification."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from resolvers.deployment.interpolation import Expansion, interpolated, parse_environment
from resolvers.deployment.yaml_file import documents, parse
from tests.hostile import EXAMPLES

SET = {"VAR": "value", "EMPTY": "", "FOO": "foo"}
CASES = {
    "$VAR": "value",
    "${VAR}": "value",
    "a-$VAR-b": "a-value-b",
    "${VAR:-x}": "value",
    "${EMPTY:-x}": "x",
    "${EMPTY-x}": "",
    "${NONE:-x}": "x",
    "${NONE-x}": "x",
    "${NONE:-${FOO}}": "foo",
    "${NONE:-${ALSO:-default}}": "default",
    "${VAR:+y}": "y",
    "${EMPTY:+y}": "",
    "${EMPTY+y}": "y",
    "${NONE+y}": "",
    "${VAR:?must}": "value",
    "$$VAR": "$VAR",
    "$${VAR}": "${VAR}",
    "$1 and $": "$1 and $",
    "${VAR/foo/bar}": "${VAR/foo/bar}",
    "${": "${",
    "${VAR": "${VAR",
}


@pytest.mark.parametrize("text", CASES)
def test_forms(text: str) -> None:
    assert Expansion(SET).expand(text) == CASES[text]


@pytest.mark.parametrize("text", ["$NONE", "${NONE}", "${NONE:?must}", "${NONE?must}"])
def test_what_nothing_sets_is_empty_and_told(text: str) -> None:
    expansion = Expansion(SET)
    assert (expansion.expand(text), list(expansion.unset)) == ("", ["NONE"])


def test_environment_files() -> None:
    text = """# comment
A=1
export B='x y' # comment
C="a\\n$A"
D=${A}x # comment
E=a#b
  F = spaced
NOTHING
G=
H: yaml
I='${A}'
J="two
lines"
K=https://user@git.example/
"""
    assert parse_environment(text, ".env") == {
        "A": "1", "B": "x y", "C": "a\n1", "D": "1x", "E": "a#b", "F": "spaced", "G": "", "H": "yaml", "I": "${A}",
        "J": "two\nlines", "K": "https://user@git.example/",
    }  # fmt: skip


def test_doubling_ends() -> None:
    lines = [
        "A=" + "x" * 100,
        *(f"A{'' if n < 0 else n}=$A{n - 1 if n else ''}$A{n - 1 if n else ''}" for n in range(60)),
    ]
    assert parse_environment("\n".join(lines), ".env")["A59"] == ""
    bomb = parse(next(documents("a: " + "$B" * 200, "f.yaml")))
    with pytest.raises(ManifestError, match="too long once its variables are put in"):
        interpolated(bomb, {"B": "x" * 1000})


def test_depth_ends() -> None:
    with pytest.raises(ManifestError, match="nested too deeply"):
        interpolated(parse(next(documents("a: '" + "${A:-" * 50 + "}" * 50 + "'", "f.yaml"))), {})


@given(st.text() | st.text("$ {}:-?+AB=\n'\"\\# ", max_size=60))
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_text_is_expanded(text: str) -> None:
    assert all(isinstance(value, str) for value in parse_environment(text, ".env").values())
    try:
        Expansion({"A": "$B", "B": ""}).expand(text)
    except ValueError as error:
        assert str(error) in ("too long", "nested too deeply")
