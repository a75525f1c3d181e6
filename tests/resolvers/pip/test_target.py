"""Markers on a service's platform, and which Python versions constraints admit."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from packaging.markers import InvalidMarker
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from analyzer.origin import Origin
from analyzer.package import PYTHON
from analyzer.requirement import Requirement
from analyzer.service import Platform
from resolvers.pip.target import PYTHONS, admitted, environment, holds, nearest, reduce

LINUX = Platform()
HUGE = "1" * 5000

MARKERS = [
    ("", LINUX, "3.12", True),
    ('python_version >= "3.10"', LINUX, "3.9", False),
    ('python_version < "3.10"', LINUX, "3.9", True),
    ('python_full_version >= "3.12.0"', LINUX, "3.12", True),
    ('sys_platform == "linux"', Platform(os="debian:12"), "3.12", True),
    ('sys_platform == "win32"', Platform(os="windows"), "3.12", True),
    ('platform_machine == "aarch64"', Platform(arch="aarch64"), "3.12", True),
    ('platform_machine == "arm64"', Platform(os="macos", arch="aarch64"), "3.12", True),
    ('platform_machine == "AMD64"', Platform(os="windows"), "3.12", True),
    ('extra == "gpu"', LINUX, "3.12", False),
    (f'python_version < "{HUGE}"', LINUX, "3.12", True),
]


@pytest.mark.parametrize(("marker", "platform", "python", "truth"), MARKERS)
def test_markers(marker: str, platform: Platform, python: str, truth: bool) -> None:
    assert holds(marker, platform, python) is truth


def test_any_of_the_extras_will_do() -> None:
    assert holds('extra == "gpu"', LINUX, "3.12", ("", "gpu"))


NESTED = f"""{"(" * 20_000}os_name == "posix"{")" * 20_000}"""


@pytest.mark.parametrize("text", ["python_version", "nonsense == 1", NESTED])
def test_what_is_no_marker(text: str) -> None:
    with pytest.raises(InvalidMarker):
        holds(text, LINUX, "3.12")


@given(st.text(max_size=60))
def test_any_text_holds_or_is_no_marker(text: str) -> None:
    try:
        holds(text, LINUX, "3.12")
    except InvalidMarker:
        assert text


@pytest.mark.parametrize(
    ("marker", "left"),
    [
        ('sys_platform == "linux"', ""),
        ('sys_platform == "win32"', None),
        ('python_version < "3.11"', 'python_version < "3.11"'),
    ],
)
def test_what_a_platform_leaves_of_a_marker(marker: str, left: str | None) -> None:
    assert reduce(marker, LINUX, ("3.10", "3.12")) == left


ADMITTED = [
    (">=3.9.2", "3.9", "3.15"),
    ("==3.10.4", "3.10", "3.10"),
    ("==3.10.*", "3.10", "3.10"),
    ("<3.9.1,>=3.9.0", "3.9", "3.9"),
    (">3.9.5,<3.9.7", "3.9", "3.9"),
    ("~=3.9.2", "3.9", "3.9"),
    ("===3.11.2", "3.11", "3.11"),
    (">=3.12rc1", "3.12", "3.15"),
    ("<3.12.0", "3.8", "3.11"),
    ("==3.11", "3.11", "3.11"),
    ("", "3.8", "3.15"),
]


def demand(constraint: str) -> Requirement:
    return Requirement(PYTHON, constraint, Origin("pyproject.toml", 3))


@pytest.mark.parametrize(("constraint", "first", "last"), ADMITTED)
def test_admitted_series(constraint: str, first: str, last: str) -> None:
    expected = PYTHONS[PYTHONS.index(first) : PYTHONS.index(last) + 1]
    assert admitted([demand(constraint)]) == expected


def test_nothing_is_admitted_beyond_what_is_known_or_by_constraints_that_exclude_each_other() -> None:
    assert admitted([demand(">=3.99")]) == ()
    assert admitted([demand("<3.9"), demand(">=3.12")]) == ()


@given(st.lists(st.sampled_from(["<", "<=", ">", ">=", "!="]), min_size=1, max_size=3), st.data())
def test_a_series_is_admitted_if_and_only_if_one_of_its_releases_is(operators: list[str], data: st.DataObject) -> None:
    bounds = [f"{operator}3.{data.draw(st.integers(9, 11))}.{data.draw(st.integers(0, 20))}" for operator in operators]
    constraint = ",".join(bounds)
    releases = {p: [Version(f"{p}.{patch}") for patch in range(30)] for p in PYTHONS}
    expected = tuple(p for p in PYTHONS if any(SpecifierSet(constraint).contains(v) for v in releases[p]))
    assert admitted([demand(constraint)]) == expected


@pytest.mark.parametrize(
    ("pythons", "preferred", "expected"),
    [
        (("3.9", "3.13"), "3.11", "3.13"),
        (("3.9", "3.10"), "3.12", "3.10"),
        (PYTHONS, "3.12", "3.12"),
        (("3.7",), "3.12", "3.7"),
        (("3.8", "3.9"), "2.7", "3.8"),
        ((), "3.12", None),
    ],
)
def test_nearest(pythons: tuple[str, ...], preferred: str, expected: str | None) -> None:
    assert nearest(pythons, preferred) == expected


def test_an_environment_is_of_cpython() -> None:
    known = environment(LINUX, "3.12", "gpu")
    assert (known["python_full_version"], known["implementation_name"], known["extra"]) == ("3.12.0", "cpython", "gpu")
