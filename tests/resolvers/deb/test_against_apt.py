"""Verdicts against apt-get on the extract of Debian 12, and on what apt alone decides."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.debian_judges import Apt, inflated
from tests.debian_universe import DEBIAN, asked, fits, frozen_judge, index, universe

KNOWN = {
    "postfix exim4-daemon-light": False,
    "exim4 postfix": False,
    "chrony ntpsec": False,
    "libcurl4-gnutls-dev libcurl4-openssl-dev": False,
    "libboost1.74-dev libboost1.81-dev": False,
    "nginx apache2": True,
    "docker.io podman": True,
    "gcc-11 gcc-12": True,
    "mariadb-server default-mysql-server": True,
    "network-manager systemd-resolved sysvinit-core": False,
    "network-manager systemd-resolved": True,
    "rsyslog openssh-server": True,
}
ANY = {
    "a": "Depends: one:any",
    "b": "Depends: two:any",
    "c": "Depends: v:any",
    "d": "Depends: w:any",
    "e": "Depends: all:any",
}
OFFERED = ["one; Provides: v", "two; Multi-Arch: allowed; Provides: w", "all 1 all"]


@pytest.fixture(scope="module")
def debian(tmp_path_factory: pytest.TempPathFactory) -> Apt:
    return Apt(inflated(DEBIAN / "Packages.xz"), tmp_path_factory.mktemp("apt"))


@pytest.mark.parametrize(("names", "together"), KNOWN.items(), ids=KNOWN)
def test_known_sets_are_judged_as_apt_judges_them(debian: Apt, names: str, together: bool) -> None:
    assert debian.installs(*names.split()) is together
    assert frozen_judge().fit([asked(name) for name in names.split()]) is together


def test_any_architecture_is_for_packages_that_allow_it(tmp_path: Path) -> None:
    """dose-debcheck is more lenient here: it takes ``:any`` for the package itself too."""
    text = index(*(f"{name}; {field}" for name, field in ANY.items()), *OFFERED)
    apt, place = Apt(text, tmp_path, ("amd64", "i386")), universe(text)
    theirs = {name: apt.installs(name) for name in ANY}
    assert theirs == {"a": False, "b": True, "c": False, "d": True, "e": False}
    assert {name: fits(place, [name]) for name in ANY} == theirs


def test_a_named_architecture_is_meant(tmp_path: Path) -> None:
    """Even where a package answers for foreign ones; dose-debcheck is more lenient here too."""
    text = index("a; Depends: c:i386", "b; Depends: c", "d; Depends: v:i386", "c; Multi-Arch: foreign; Provides: v")
    apt, place = Apt(text, tmp_path, ("amd64", "i386")), universe(text)
    assert [apt.installs(name) for name in "abd"] == [fits(place, [name]) for name in "abd"] == [False, True, False]


def test_withdrawn_operators_include_the_bound(tmp_path: Path) -> None:
    """As Policy 7.1 says; dose-debcheck takes them literally."""
    text = index("a; Depends: c (< 1)", "b; Depends: c (> 1)", "c 1")
    apt = Apt(text, tmp_path)
    assert [apt.installs(name) for name in "ab"] == [fits(universe(text), [name]) for name in "ab"] == [True, True]


@pytest.mark.parametrize(
    ("word", "installable"),
    [
        ("real", False),
        ("virtual", True),
        ("real=1", False),
        ("other", True),
        ("other=1", False),
        ("other=2", True),
        ("other=2*", True),
        ("other=3", False),
    ],
)
def test_words_are_read_as_apt_reads_them(tmp_path: Path, word: str, installable: bool) -> None:
    text = index(
        "real 1; Depends: nowhere", "fake; Provides: real, virtual", "other 1; Depends: nowhere", "other 2.0", "other 2"
    )
    name, _, version = word.partition("=")
    assert Apt(text, tmp_path).installs(word) is installable
    assert fits(universe(text), [(name, f"={version}" if version else "")]) is installable
