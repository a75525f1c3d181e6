"""Clashes of pins that no metadata is needed for."""

from __future__ import annotations

import pytest

from analyzer.origin import Origin
from analyzer.package import Package
from analyzer.requirement import Requirement
from resolvers.rpm.direct import pins_differ


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ("=1.2-3.el9", "=1.2-4.el9", True),
        ("=1.2-3.el9", "=1.2-3.el9", False),
        ("=1.2", "=1.2-3.el9", False),
        ("=1.2", "=1.3", True),
        ("=1.2", "=1.02", False),
        ("=1:1.2-3", "=1.2-3", False),
        ("=1:1.2-3", "=2:1.2-3", True),
        ("==1.2-3.el9.x86_64", "=1.2-3.el9", False),
        ("==1.2-3.el9", "==1.2-4.el9", True),
        (">= 2", "< 1", False),
        ("", "=1", False),
        ("= 1", "=2", False),
    ],
)
def test_pins(one, other, clash):
    asked = [Requirement(Package("rpm", "openssl"), constraint, Origin("a")) for constraint in (one, other)]
    assert pins_differ(*asked) is pins_differ(*asked[::-1]) is clash
