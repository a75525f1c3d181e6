"""Clashes of pins that no index is needed for."""

from __future__ import annotations

import pytest

from analyzer.origin import Origin
from analyzer.package import Package
from analyzer.requirement import Requirement
from resolvers.deb.direct import pins_differ
from resolvers.deb.replay import replay


def asking(constraint, name="nginx"):
    return Requirement(Package("deb", name), constraint, Origin("a"))


@pytest.mark.parametrize(
    ("one", "other", "clash"),
    [
        ("=1.22.1-9", "=1.22.1-9+deb12u1", True),
        ("=1.22.1-9", "==1.22.1-9", False),
        ("=0:1.0", "=1.0", False),
        ("=1.0", "=1.00", False),
        ("=1:1.0", "=1.0", True),
        ("=1.22.*", "=1.18.*", False),
        ("/bookworm-backports", "=1.0", False),
        ("(>= 2)", "(<< 1)", False),
        ("", "=1", False),
    ],
)
def test_pins(one, other, clash):
    assert pins_differ(asking(one), asking(other)) is pins_differ(asking(other), asking(one)) is clash


def test_what_apt_install_cannot_say_is_replayed_by_satisfy():
    plain = replay((asking("=1.22"), asking("", "curl"), asking("/bookworm-backports", "git")))
    assert plain.endswith("install nginx=1.22 curl git/bookworm-backports")
    control = replay((asking("==1.22"), asking("(>= 2) | nginx-light", "nginx-full")))
    assert control.endswith("satisfy 'nginx (= 1.22)' 'nginx-full (>= 2) | nginx-light'")
    twice = replay((asking("=1.22"), asking("=1.18")))
    assert twice.endswith("satisfy 'nginx (= 1.22)' 'nginx (= 1.18)'")
