"""YAML 1.2's core schema, its lines, and what is refused; PyYAML with a core schema of its own is the judge."""

from __future__ import annotations

import re
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from resolvers.deployment.yaml_file import SIZE_LIMIT, documents, parse
from tests.hostile import EXAMPLES


def read(text: str) -> list[Any]:
    return [parse(document).value() for document in documents(text, "f.yaml")]


SCALARS = {
    "on": "on",
    "yes": "yes",
    "22:22": "22:22",
    "1:30:00": "1:30:00",
    "0o17": 15,
    "017": 17,
    "0x1F": 31,
    "1_000": "1_000",
    "2026-08-23": "2026-08-23",
    "1.10": 1.1,
    "1e3": 1000.0,
    ".5": 0.5,
    "-.inf": float("-inf"),
    "true": True,
    "True": True,
    "NULL": None,
    "~": None,
    "": None,
    "=": "=",
    "'on'": "on",
    '"5"': "5",
    "!!str 5": "5",
    "&a !!str 5": "5",
    "!!int '5'": 5,
}


@pytest.mark.parametrize("text", SCALARS)
def test_scalars(text: str) -> None:
    assert read(f"key: {text}\n") == [{"key": SCALARS[text]}]


def test_merge_keys_and_aliases() -> None:
    text = """
x-base: &base {restart: always, mem_limit: 64m}
x-more: &more {mem_limit: 32m, init: true}
services:
  a: {<<: *base, mem_limit: 128m}
  b:
    <<: [*base, *more]
  c: *more
"""
    assert read(text)[0]["services"] == {
        "a": {"restart": "always", "mem_limit": "128m"},
        "b": {"restart": "always", "mem_limit": "64m", "init": True},
        "c": {"mem_limit": "32m", "init": True},
    }


def test_documents_know_their_lines() -> None:
    text = "%YAML 1.2\n---\na: 1\n---\n# nothing\n---\nb:\n  c: [1,\n    2]\n...\n"
    found = [parse(document) for document in documents(text, "f.yaml")]
    assert [(v.origin.line, v.value()) for v in found if not v.is_null] == [(3, {"a": 1}), (7, {"b": {"c": [1, 2]}})]
    assert found[-1].get("b", "c").origin.line == 8
    assert [member.origin.line for member in found[-1].get("b", "c").list()] == [8, 9]


def test_a_mapping_is_known_by_the_line_of_its_key() -> None:
    value = parse(next(documents("services:\n  api:\n    build: .\n", "f.yaml")))
    assert str(value.get("services", "api").origin) == "f.yaml:2"


BOMB = "a: &a [1,1,1,1,1,1,1,1,1,1]\n" + "".join(
    f"b{n}: &b{n} [{','.join([f'*{chr(97)}' if n == 0 else f'*b{n - 1}'] * 10)}]\n" for n in range(8)
)
REFUSED = {
    "a: 1\na: 2\n": "f.yaml:2: has the key 'a' twice",
    "a: &a [*a]\n": "f.yaml:1: holds itself",
    "a: *b\n": "f.yaml:1: is no valid YAML: found undefined alias 'b'",
    "x: 1\n---\na: [1\n": "f.yaml:3: is no valid YAML: expected ',' or ']', but got '<stream end>'",
    "a: !Ref x\n": "f.yaml:1: has the unknown tag '!Ref'",
    "a: !!python/object/apply:os.system [x]\n": "has the unknown tag",
    "a: !!map [x]\n": "f.yaml:1: is tagged as a mapping and is a list",
    "? [a]\n: b\n": "f.yaml:1: has a key that is no text",
    "a: {<<: 5}\n": "f.yaml:1: is an integer where a mapping is expected",
    'a: "\\ud800"\n': "f.yaml:1: holds a NUL or half of a character",
    '"\\0": a\n': "f.yaml:1: holds a NUL or half of a character",
    "a: \x07": "f.yaml: is no valid YAML: a character that is not allowed",
    "[" * 10_000: "nested too deeply",
    "- " * 10_000: "nested too deeply",
    BOMB: f"holds more than {SIZE_LIMIT} values",
    "---\n" * 3_000: "holds more than 2000 documents",
    "a: " + "x" * 2**20: "is larger than",
}


@pytest.mark.parametrize("text", REFUSED, ids=lambda text: text[:20])
def test_what_is_refused(text: str) -> None:
    with pytest.raises(ManifestError) as caught:
        read(text)
    assert REFUSED[text] in str(caught.value)


@pytest.mark.parametrize(
    ("keys", "ask", "reason"),
    [
        (("a",), "mapping", "is a list where a mapping is expected"),
        (("b",), "list", "is text where a list is expected"),
        (("a",), "scalar", "is a list where text is expected"),
    ],
)
def test_values_of_another_kind(keys: tuple[str], ask: str, reason: str) -> None:
    value = parse(next(documents("a: [1]\nb: x\n", "f.yaml"))).get(*keys)
    with pytest.raises(ManifestError, match=reason):
        getattr(value, ask)()


class CoreLoader(yaml.SafeLoader):
    """PyYAML with the core schema of YAML 1.2, apart from the reader under test."""

    yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - as PyYAML has it


_FORMS = {
    "null": (r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    "bool": (r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    "int": (r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+", list("-+0123456789")),
    "float": (r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", list("-+.0123456789")),
    "merge": (r"<<", ["<"]),
}
for _name, (_form, _first) in _FORMS.items():
    CoreLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", re.compile(rf"(?:{_form})\Z"), _first)
CoreLoader.add_constructor(
    "tag:yaml.org,2002:int",
    lambda loader, node: int(node.value, 0 if node.value[:2] in ("0o", "0x") else 10),
)
CoreLoader.add_constructor("tag:yaml.org,2002:float", lambda loader, node: float(node.value))
CoreLoader.add_constructor("tag:yaml.org,2002:bool", lambda loader, node: node.value.lower() == "true")

_LEAF = st.one_of(
    st.none(), st.booleans(), st.integers(-(10**9), 10**9), st.text("ab:#-?{}[]&*!|>'\"%@ \n0x1.e", max_size=12),
    st.sampled_from(["on", "22:22", "0o17", "1.10", "yes", "2026-08-23", "1_0", "~"]),
)  # fmt: skip
_VALUES = st.recursive(
    _LEAF,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=4)
    ),
    max_leaves=20,
)


@given(_VALUES, st.booleans())
@settings(max_examples=EXAMPLES, deadline=None)
def test_what_pyyaml_writes_is_read_as_pyyaml_reads_it(value: Any, flow: bool) -> None:
    text = yaml.safe_dump({"key": value}, default_flow_style=flow)
    assert read(text) == [yaml.load(text, CoreLoader)]


@given(st.text() | st.text("a:- []{}&*!<|>'\"#?,%\n\t 01", max_size=80))
@settings(max_examples=EXAMPLES, deadline=None)
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        read(text)
    except ManifestError as error:
        assert error.origin.file == "f.yaml"
        assert error.origin.line <= text.count("\n") + text.count("\r") + 1 + len(text)
