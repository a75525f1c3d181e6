from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.pip.projects.poetry_constraint import (
    TERMS_LIMIT,
    alternatives,
    constraint,
    interpreter,
    platform_marker,
    python_marker,
)
from resolvers.pip.requirements.requirement_line import LENGTH_LIMIT

HERE = Origin("pyproject.toml", 7)
TRUTH = json.loads((Path(__file__).parents[4] / "fixtures/pypi/projects/poetry_constraints.json").read_text())

TABLE = {
    "*": "",
    "x": "",
    "^1.2.3": ">=1.2.3,<2.0",
    "^1.2": ">=1.2,<2.0",
    "^1": ">=1,<2.0",
    "^0.2.3": ">=0.2.3,<0.3",
    "^0.0.3": ">=0.0.3,<0.0.4",
    "^0.0": ">=0.0,<0.1",
    "^0": ">=0,<1.0",
    "^0.0.0": ">=0.0.0,<0.0.1",
    "^1.2.3.4": ">=1.2.3.4,<2.0",
    "^1.0a1": ">=1.0a1,<2.0",
    "^1!2.3": ">=1!2.3,<1!3.0",
    "^v1.2": ">=1.2,<2.0",
    "^ 1.2": ">=1.2,<2.0",
    "~1.2.3": ">=1.2.3,<1.3",
    "~1.2": ">=1.2,<1.3",
    "~1": ">=1,<2.0",
    "~1.2.3.4": ">=1.2.3.4,<1.3",
    "~0.0.1": ">=0.0.1,<0.1",
    "~=1.4": ">=1.4,<2.0",
    "~=1": ">=1,<2.0",
    "~=1.4.5": ">=1.4.5,<1.5",
    "1.*": "==1.*",
    "1.2.*": "==1.2.*",
    "==1.2.*": "==1.2.*",
    "!=1.2.*": "!=1.2.*",
    ">=1.2.*": ">=1.2",
    "1.2.*.*": "==1.2.*",
    "1.2.3": "==1.2.3",
    "=1.2": "==1.2",
    "==1.2": "==1.2",
    "!=1.2.3": "!=1.2.3",
    "<2": "<2",
    "<=1.4.5": "<=1.4.5",
    ">1.4.5": ">1.4.5",
    ">=1.2-alpha": ">=1.2a0",
    ">=1,<2": ">=1,<2",
    ">=1 <2": ">=1,<2",
    ">= 1.0, < 2.0": ">=1.0,<2.0",
    ">1,!=1.5,<2": ">1,!=1.5,<2",
    "^1.2,": ">=1.2,<2.0",
    "^1 || ^2": ">=1,<3.0",
    "^1 || ^3": ">=1,<4.0,!=2.*",
    "^1.2 || ^3.4": ">=1.2,<4.0,!=2.*,!=3.0.*,!=3.1.*,!=3.2.*,!=3.3.*",
    "<2 || >=3,<4": "<4,!=2.*",
    "==1.* || ==3.*": "<4,!=0.*,!=2.*",
    "* || ^1": "",
    ">=1,<3 || >=2,<4": ">=1,<4",
    "~1.2 || ~1.4": ">=1.2,<1.5,!=1.3.*",
}
HULLS = {"1.2.3 || 2.0": ">=1.2.3,<=2.0", "~2.7 || ^3.6": ">=2.7,<4.0", "<1.4 || >1.4": ""}


@pytest.mark.parametrize(("text", "specifier"), TABLE.items())
def test_a_constraint_becomes_a_specifier_set(text: str, specifier: str) -> None:
    converted = constraint(text, HERE)
    assert (converted.specifier, converted.exact) == (specifier, True)


@pytest.mark.parametrize(("text", "specifier"), HULLS.items())
def test_what_pep_440_cannot_say_becomes_its_hull_and_says_so(text: str, specifier: str) -> None:
    converted = constraint(text, HERE)
    assert (converted.specifier, converted.exact) == (specifier, False)


@pytest.mark.parametrize(("text", "allowed"), TRUTH["allowed"].items())
def test_the_versions_are_those_that_poetry_admits(text: str, allowed: list[str]) -> None:
    converted = constraint(text, HERE)
    specifiers = SpecifierSet(converted.specifier, prereleases=True)
    admitted = {version for version in TRUTH["versions"] if specifiers.contains(version)}
    extra = admitted - set(allowed)
    assert set(allowed) <= admitted
    assert not converted.exact or all("||" in text and Version(version).is_prerelease for version in extra)


def test_truth_covers_the_table() -> None:
    assert len(TABLE) >= 40
    assert TRUTH["allowed"].keys() >= TABLE.keys()


@pytest.mark.parametrize(
    ("text", "specifier"),
    [
        ("^3.8", ">=3.8,<4.0"),
        ("~3.11", ">=3.11,<3.12"),
        ("3.11.*", "==3.11.*"),
        ("~2.7 || ^3.6", ">=2.7,<4.0,!=3.0.*,!=3.1.*,!=3.2.*,!=3.3.*,!=3.4.*,!=3.5.*"),
        ("^3.8 || ^3.10", ">=3.8,<4.0"),
        ("3.8.* || 3.10.*", ">=3.8.dev0,<3.11,!=3.9.*"),
        ("*", ""),
    ],
)
def test_unions_of_python_versions_are_exact_for_those_that_exist(text: str, specifier: str) -> None:
    assert interpreter(text, HERE) == specifier


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        ("*", ""),
        ("^3.8", '(python_version >= "3.8" and python_version < "4.0")'),
        ("<3.8.1", '(python_full_version < "3.8.1")'),
        ("3.8.* || >=3.11", '(python_version == "3.8.*") or (python_version >= "3.11")'),
    ],
)
def test_python_becomes_a_marker(text: str, marker: str) -> None:
    assert python_marker(text, HERE) == marker


@pytest.mark.parametrize(
    ("text", "marker"),
    [
        ("linux", '(sys_platform == "linux")'),
        ("!=win32", '(sys_platform != "win32")'),
        ("linux || darwin", '(sys_platform == "linux") or (sys_platform == "darwin")'),
        ("!=win32,!=darwin", '(sys_platform != "win32" and sys_platform != "darwin")'),
    ],
)
def test_platform_becomes_a_marker(text: str, marker: str) -> None:
    assert platform_marker(text, HERE) == marker


BROKEN = [
    "",
    "^",
    "~",
    ">=",
    "foo",
    "1.x",
    "1*",
    "^1.*",
    "~1.*",
    "===1",
    "<>1",
    "^1 ||",
    "|| ^1",
    "^1,,<2",
    "^1 - 2",
    "1" * 5000,
    "^" + "9" * 4300,
    "^1\x00",
    ">=1.0+local",
    "^1 || " * TERMS_LIMIT + "^1",
    ">=1," * TERMS_LIMIT + "<9",
    "1 " * LENGTH_LIMIT,
    "^１²",
]


@pytest.mark.parametrize("text", BROKEN)
@pytest.mark.parametrize("read", [alternatives, constraint, interpreter, python_marker])
def test_what_is_no_constraint_is_refused_with_its_place(text: str, read: object) -> None:
    assert callable(read)
    with pytest.raises(ManifestError) as caught:
        read(text, HERE)
    assert caught.value.origin == HERE
    assert len(caught.value.reason) < 300


@pytest.mark.parametrize("text", ["", "linux win32", "'linux'", 'x" or "', "!=", "linux ||"])
def test_what_is_no_platform_is_refused(text: str) -> None:
    with pytest.raises(ManifestError):
        platform_marker(text, HERE)


@given(st.text(st.sampled_from("^~=<>!|,. *x0123456789abrcdevpost-+v") | st.characters(), max_size=30))
def test_any_text_is_converted_or_refused(text: str) -> None:
    try:
        converted = constraint(text, HERE)
    except ManifestError:
        return
    SpecifierSet(converted.specifier)
    SpecifierSet(interpreter(text, HERE))


VERSIONS = st.lists(st.integers(0, 4), min_size=1, max_size=3).map(lambda parts: ".".join(map(str, parts)))
TERMS = st.builds(str.__add__, st.sampled_from(["^", "~", ">=", "<", ">", "<=", "==", "!="]), VERSIONS)


@given(st.lists(st.lists(TERMS, min_size=1, max_size=2), min_size=1, max_size=3), VERSIONS)
def test_a_union_admits_what_its_alternatives_admit(options: list[list[str]], version: str) -> None:
    converted = constraint(" || ".join(",".join(option) for option in options), HERE)
    singles = (SpecifierSet(constraint(",".join(option), HERE).specifier) for option in options)
    admitted = any(single.contains(version) for single in singles)
    whole = SpecifierSet(converted.specifier).contains(version)
    assert whole >= admitted
    assert whole == admitted or not converted.exact
