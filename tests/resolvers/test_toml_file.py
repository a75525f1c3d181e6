from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import tomli
from hypothesis import given
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.toml_file import ORIGIN_LIMIT, TomlFile, parse_toml, read_toml
from resolvers.tree import Tree

TEXT = '''\
title = "first"          # line 1 [not] a {bracket}
dotted.key.deep = 2
dotted."quoted.key" = 3
'literal key' = 4
"esc\\u0041ped" = 5

[project]                # [project.optional-dependencies]
dependencies = [         # "]"
    "a#1",   "b]2",
    # "commented",
    'c[3',  # ] }
    "d=4",
    """
multi ] " # line
""", "after",
]
description = """
[fake]
name = "no"
"""
literal = \'\'\'
[[fake]]
\'\'\'\'
name = "real"
numbers = [1, 2.5,
  1979-05-27 07:32:00, true]
nested = [
  ["x", "y"],
  [ { k = "v", list = [
      "deep"
  ] } ],
]

[tool.inline]
source = { git = "https://h", sub.key = "s", "odd key" = { very = "deep" } }
empty = {}
none = []
spread = {
    one = 1, # a comment, with = and }
    two = [
        "t",
    ],
}

[[package]]
name = "p0"
[package.metadata]
size = 1

[[ package ]]
name = "p1"
[[package.wheels]]
url = "w0"
[[package.wheels]]
url = "w1"
[package.wheels.inner]
x = 1

[a.b.c]
y = 1
[a.b]
z = 1
[a."quoted]header"]
q = 1
'''

LINES: list[tuple[tuple[str | int, ...], int]] = [
    ((), 0),
    (("absent",), 0),
    (("title",), 1),
    (("dotted",), 2),
    (("dotted", "key", "deep"), 2),
    (("dotted", "quoted.key"), 3),
    (("literal key",), 4),
    (("escAped",), 5),
    (("project",), 7),
    (("project", "absent"), 7),
    (("project", "dependencies"), 8),
    (("project", "dependencies", 0), 9),
    (("project", "dependencies", 1), 9),
    (("project", "dependencies", 2), 11),
    (("project", "dependencies", 3), 12),
    (("project", "dependencies", 4), 13),
    (("project", "dependencies", 5), 15),
    (("project", "dependencies", 6), 8),
    (("project", "description"), 17),
    (("project", "literal"), 21),
    (("project", "name"), 24),
    (("project", "numbers", 1), 25),
    (("project", "numbers", 2), 26),
    (("project", "numbers", 3), 26),
    (("project", "nested", 0, 1), 28),
    (("project", "nested", 1, 0, "k"), 29),
    (("project", "nested", 1, 0, "list", 0), 30),
    (("tool",), 34),
    (("tool", "inline", "source", "git"), 35),
    (("tool", "inline", "source", "sub", "key"), 35),
    (("tool", "inline", "source", "odd key", "very"), 35),
    (("tool", "inline", "empty", "absent"), 36),
    (("tool", "inline", "none", 0), 37),
    (("tool", "inline", "spread", "one"), 39),
    (("tool", "inline", "spread", "two", 0), 41),
    (("package",), 45),
    (("package", 0), 45),
    (("package", 0, "name"), 46),
    (("package", 0, "metadata"), 47),
    (("package", 0, "metadata", "size"), 48),
    (("package", 1), 50),
    (("package", 1, "name"), 51),
    (("package", 1, "wheels", 0, "url"), 53),
    (("package", 1, "wheels", 1, "url"), 55),
    (("package", 1, "wheels", 1, "inner", "x"), 57),
    (("package", 2, "name"), 45),
    (("a",), 59),
    (("a", "b"), 61),
    (("a", "b", "c", "y"), 60),
    (("a", "b", "z"), 62),
    (("a", "quoted]header", "q"), 64),
]


@pytest.mark.parametrize(("keys", "line"), LINES)
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_lines_are_exact(keys: tuple[str | int, ...], line: int, end: str) -> None:
    file = parse_toml(TEXT.replace("\n", end), "x.toml")
    text = TEXT.split("\n")[line - 1].strip() if line else ""
    assert file.origin(*keys) == Origin("x.toml", line, text)


@pytest.mark.parametrize(
    ("text", "line", "reason"),
    [
        ("a = 1\nb = [1,\n  2\n", 3, "Unclosed array"),
        ("a = 1\r\nb =\r\n", 2, "Invalid value"),
        ("a = 1\na = 2\n", 2, "Cannot overwrite a value"),
        ("[a]\n[b]\n[a]\n", 3, "twice"),
        ("a = 'x\n", 1, 'Expected "\'"'),
        ('a = """\n\n', 1, "Unterminated string"),
        ("x = 1\ny = " + "9" * 5000, 2, "too long"),
        ("a = " + "[" * 2000 + "]" * 2000, 0, "nested too deeply"),
        (".".join("a" * 5000) + " = 1", 0, "nested too deeply"),
        ("a = '\x01'", 1, "invalid character"),
        ("a = 1979-13-45", 1, ""),
        ("\ufeff[a]", 1, "Invalid"),
        ("\ud800 = 1", 1, "Invalid"),
        ("a = 1 \r b = 2", 1, ""),
        ("a = {b = 1, b = 2}", 1, "Duplicate"),
    ],
)
def test_broken_text_is_a_manifest_error_with_its_line(text: str, line: int, reason: str) -> None:
    with pytest.raises(ManifestError) as caught:
        parse_toml(text, "x.toml")
    assert caught.value.origin.file == "x.toml"
    assert caught.value.origin.line == line
    assert reason in caught.value.reason
    assert len(caught.value.reason) < 300


TYPES = """\
list = ["a",
  1]
tables = [{}, 3]
table.inner = 1
text = "t"
day = 1979-05-27
deep = [[{ x = 1 }]]
"""


@pytest.mark.parametrize(
    ("ask", "line", "reason"),
    [
        (lambda f: f.table("list"), 1, "list is a list, not a table"),
        (lambda f: f.strings("list"), 2, "list[1] is an integer, not a string"),
        (lambda f: f.tables("tables"), 3, "tables[1] is an integer, not a table"),
        (lambda f: f.string("table", "inner"), 4, "table.inner is an integer, not a string"),
        (lambda f: f.array("text"), 5, "text is a string, not a list"),
        (lambda f: f.get("text", "below"), 5, "text is a string, not a table"),
        (lambda f: f.boolean("day"), 6, "day is a date, not a boolean"),
        (lambda f: f.string("deep", 0, 0, "x"), 7, "deep[0][0].x is an integer, not a string"),
    ],
)
def test_accessors_refuse_wrong_types(ask: Any, line: int, reason: str) -> None:
    file = parse_toml(TYPES, "x.toml")
    with pytest.raises(ManifestError) as caught:
        ask(file)
    assert (caught.value.origin.line, caught.value.reason) == (line, reason)


def test_accessors_return_what_is_there_and_empty_values_where_nothing_is() -> None:
    file = parse_toml('a = { b = [{ c = "x" }], on = true, s = ["1", "2"] }', "x.toml")
    assert file.string("a", "b", 0, "c") == "x"
    assert file.tables("a", "b") == [{"c": "x"}]
    assert file.strings("a", "s") == ["1", "2"]
    assert file.boolean("a", "on")
    assert (file.string("no"), file.strings("no"), file.table("no"), file.boolean("no")) == ("", [], {}, False)
    assert file.get("a", "b", 7, "c") is None


def test_credentials_do_not_reach_an_origin() -> None:
    long = "x" * ORIGIN_LIMIT
    file = parse_toml(f'a = "https://{long}:secret@index.example/"\nb = "https://me:secret@index.example/"\n', "x.toml")
    assert "secret" not in file.origin("a").text + file.origin("b").text
    assert file.origin("b").line == 2


def test_the_text_of_an_origin_is_bounded() -> None:
    file = parse_toml(f'a = "{"x" * 5000}"', "x.toml")
    assert len(file.origin("a").text) == ORIGIN_LIMIT


def test_read_toml_reads_from_the_tree(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("\ufeffa = 1\n")
    assert read_toml(Tree(tmp_path), "a.toml") == TomlFile("a.toml", {"a": 1}, "a = 1\n")
    with pytest.raises(ManifestError, match="does not exist"):
        read_toml(Tree(tmp_path), "b.toml")


@given(st.text(st.sampled_from("[]{}\"'=.,# \n\\abc1")))
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        file = parse_toml(text, "x.toml")
    except ManifestError:
        return
    assert file.data == tomli.loads(text)
    assert all(file.origin(*path).line >= 1 for path in _paths(file.data))


KEYS = st.text(st.sampled_from("ab.\"' ]#=é"), max_size=4)
VALUES = st.recursive(
    st.booleans() | st.integers(-9, 9) | st.text(st.sampled_from("ab\"']}[{#=,\n\\"), max_size=6),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(KEYS, VALUES, max_size=3))
def test_every_value_is_found_where_it_was_written(data: dict[str, Any]) -> None:
    writer = _Writer()
    writer.table(data)
    file = parse_toml("".join(writer.out), "x.toml")
    assert file.data == data
    assert {path: file.origin(*path).line for path in _paths(data)} == writer.lines


class _Writer:
    """Writes every value on a line of its own and notes which."""

    def __init__(self) -> None:
        self.out: list[str] = []
        self.lines: dict[tuple[str | int, ...], int] = {}

    def table(self, data: dict[str, Any], path: tuple[str | int, ...] = (), end: str = "\n") -> None:
        for key, value in data.items():
            self._note((*path, key))
            self.out.append(f"{_quoted(key)} = ")
            self._value(value, (*path, key))
            self.out.append(end)

    def _value(self, value: Any, path: tuple[str | int, ...]) -> None:
        if isinstance(value, dict):
            self.out.append("{ # ] }\n")
            self.table(value, path, ",\n")
            self.out.append("}")
        elif isinstance(value, list):
            self.out.append('[ # "\n')
            for number, member in enumerate(value):
                self._note((*path, number))
                self._value(member, (*path, number))
                self.out.append(" , # , [\n")
            self.out.append("]")
        elif isinstance(value, str):
            self.out.append(_quoted(value))
        else:
            self.out.append(str(value).lower())

    def _note(self, path: tuple[str | int, ...]) -> None:
        self.lines[path] = "".join(self.out).count("\n") + 1


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
    return f'"{escaped}"'


def _paths(value: Any, path: tuple[str | int, ...] = ()) -> list[tuple[str | int, ...]]:
    members: Any = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    found = [p for key, member in members for p in _paths(member, (*path, key))]
    return ([path] if path else []) + found
