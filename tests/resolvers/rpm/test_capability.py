from __future__ import annotations

import pytest

from resolvers.rpm.capability import Capability, Sense, overlap, ranged, within


def capability(text: str) -> Capability:
    name, _, constraint = text.partition(" ")
    found = ranged(name, constraint)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("provided", "wanted", "expected"),
    [
        ("a", "a", True),
        ("a", "a >= 5", True),
        ("a = 1", "a", True),
        ("a = 1", "a = 1", True),
        ("a = 1-1", "a = 1", True),
        ("a = 1", "a = 1-1", True),
        ("a = 1-1", "a = 1-2", False),
        ("a = 1-1", "a >= 1", True),
        ("a = 1-1", "a <= 1", True),
        ("a = 1-1", "a > 1", False),
        ("a = 1-1", "a < 1", False),
        ("a = 0:1-1", "a = 1-1", True),
        ("a = 1:1-1", "a = 1-1", False),
        ("a = 1:1-1", "a > 9", True),
        ("a = 1~rc-1", "a < 1", True),
        ("a = 1^git-1", "a > 1", True),
        ("a = 1^git-1", "a < 1.1", True),
        ("a >= 2", "a <= 1", False),
        ("a >= 2", "a < 3", True),
        ("a >= 2", "a >= 9", True),
        ("a < 2", "a > 1", True),
        ("a < 2", "a > 2", False),
        ("a < 2", "a = 2", False),
        ("a <= 2", "a >= 2", True),
        # Where only what is provided lacks a release, libsolv takes any of it to be meant.
        ("a = 1", "a > 1-5", True),
        ("a = 1", "a < 1-5", True),
    ],
)
def test_ranges_overlap(provided: str, wanted: str, expected: bool) -> None:
    assert overlap(capability(provided), capability(wanted)) is expected


@pytest.mark.parametrize(
    ("evr", "wanted", "expected"),
    [
        ("1-1", "a", True),
        ("1-1", "a < 2", True),
        ("2-1", "a < 2", False),
        ("2-1", "a <= 2", True),
        ("1:1-1", "a < 2", False),
        ("2~rc1-1", "a < 2", True),
    ],
)
def test_a_package_is_within_a_range(evr: str, wanted: str, expected: bool) -> None:
    assert within(evr, capability(wanted)) is expected


@pytest.mark.parametrize(
    ("constraint", "expected"),
    [
        ("", Capability("a")),
        (">= 1.2-3", Capability("a", Sense.GREATER | Sense.EQUAL, "1.2-3")),
        ("<2:1", Capability("a", Sense.LESS, "2:1")),
        ("=> 1", Capability("a", Sense.GREATER | Sense.EQUAL, "1")),
        ("1.2", None),
        (">=", None),
        (">= 1 2", None),
        ("<<= 1", None),
        (">< 1", None),
    ],
)
def test_reads_a_range(constraint: str, expected: Capability | None) -> None:
    assert ranged("a", constraint) == expected


@pytest.mark.parametrize("text", ["a", "a >= 1:2-3", "lib(x86-64) = 1", "a < 1~rc", "a <> 1"])
def test_is_written_as_read(text: str) -> None:
    assert str(capability(text)) == text
