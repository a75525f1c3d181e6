"""The Debian universe: what Requirements ask for, which versions apt would choose, what excludes what."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.universe import Exclusion, Need
from resolvers.deb.release_file import Release
from resolvers.deb.universe import read_universe, release_of
from tests.debian_universe import DEBIAN, asked, fits, frozen, index, numbers, universe

STABLE = Release("stable", "bookworm", "12.5", "debian:12")
BACKPORTS = Release("stable-backports", "bookworm-backports", "", "debian:12", priority=100)
EXPERIMENTAL = Release("experimental", "rc-buggy", "", "", priority=1)
SUITES = (
    (index("tool 1; Depends: lib", "lib 1", "old 1"), STABLE),
    (index("tool 2; Depends: lib (>= 2)", "lib 2; Depends: more (>= 2)", "more 2"), BACKPORTS),
    (index("tool 3", "new 3"), EXPERIMENTAL),
)
SMALL = universe(
    index(
        "exim4 4.96; Depends: libc6 (>= 2.36), exim4-daemon | none; Provides: mta",
        "postfix 3.7; Provides: mta; Conflicts: mta",
        "libc6 2.36",
        "libc6 2.36 i386",
        "exim4-daemon 1:4.96-15 all; Breaks: postfix (<< 4)",
        "winetricks 1 i386",
    )
)


@pytest.mark.parametrize(
    ("name", "constraint", "units"),
    [
        ("exim4", "", ["exim4 4.96 amd64"]),
        ("mta", "", ["exim4 4.96 amd64", "postfix 3.7 amd64"]),
        ("libc6", "", ["libc6 2.36 amd64"]),
        ("libc6:i386", "", ["libc6 2.36 i386"]),
        ("libc6:amd64", "=2.36", ["libc6 2.36 amd64"]),
        ("exim4-daemon", "", ["exim4-daemon 1:4.96-15 all"]),
        ("exim4-daemon", "=1:4.96-15", ["exim4-daemon 1:4.96-15 all"]),
        ("exim4-daemon", "=1:4.96*", ["exim4-daemon 1:4.96-15 all"]),
        ("exim4-daemon", "=4.96-15", []),
        ("exim4", "==4.96", ["exim4 4.96 amd64"]),
        ("exim4", "(>= 4)", ["exim4 4.96 amd64"]),
        ("exim4", "(>= 5)", []),
        ("exim4", "(>= 5) | postfix (<< 4)", ["postfix 3.7 amd64"]),
        ("nowhere", "| mta", ["exim4 4.96 amd64", "postfix 3.7 amd64"]),
        ("winetricks", "", ["winetricks 1 i386"]),
    ],
)
def test_a_requirement_asks_for_units(name: str, constraint: str, units: list[str]) -> None:
    needs = SMALL.demanded(asked(name, constraint))
    assert needs is not None
    [need] = needs
    assert numbers(SMALL, need.any_of) == units
    assert need.text == str(asked(name, constraint))


@pytest.mark.parametrize(
    ("name", "constraint"),
    [
        ("nowhere", ""),
        ("nowhere", "(>= 1) | neither"),
        ("exim4", "==4.97"),
        ("exim4", "/bookworm-backports"),
        ("exim4", "(>= "),
        ("-", ""),
    ],
)
def test_nothing_is_known_of_what_is_not_there(name: str, constraint: str) -> None:
    assert SMALL.demanded(asked(name, constraint)) is None
    assert SMALL.permitted(asked(name, constraint)) == frozenset()


def test_units_say_what_they_need_and_exclude() -> None:
    exim, postfix, libc, foreign, daemon, _ = range(6)
    assert SMALL.needs(exim) == (
        Need("Depends", "libc6 (>= 2.36)", (libc,)),
        Need("Depends", "exim4-daemon | none", (daemon,)),
    )
    assert SMALL.exclusions(postfix) == (Exclusion("Conflicts", "mta", (exim,)),)
    assert SMALL.exclusions(daemon) == (Exclusion("Breaks", "postfix (<< 4)", (postfix,)),)
    assert SMALL.exclusions(libc) == (Exclusion("", "", (foreign,)),)


def test_what_cannot_be_read_is_met_by_nothing() -> None:
    place = universe(index("a; Depends: b (>> , c [; Conflicts: )(", "b"))
    assert [need.any_of for need in place.needs(0)] == [(), ()]
    assert place.exclusions(0) == ()


@pytest.mark.parametrize(
    ("name", "candidate", "reserved"),
    [("tool", "1", {"2", "3"}), ("lib", "1", {"2"}), ("more", "2", set()), ("new", "3", set()), ("old", "1", set())],
)
def test_apt_takes_the_highest_version_of_the_highest_priority(name: str, candidate: str, reserved: set[str]) -> None:
    place = universe(*SUITES)
    units = [(number, unit) for number, unit in enumerate(place.units) if unit.name == name]
    assert [unit.version for _, unit in units if unit.rank == 0] == [candidate]
    assert {unit.version for number, unit in units if number in place.reserved} == reserved


@pytest.mark.parametrize(
    ("constraint", "versions", "permitted"),
    [
        ("", ["1", "2", "3"], set()),
        ("=2", ["2"], {"tool 2"}),
        ("==2", ["2"], {"tool 2"}),
        ("/bookworm", ["1"], set()),
        ("/stable-backports", ["2"], {"tool 2", "lib 2"}),
        ("/rc-buggy", ["3"], {"tool 3"}),
        ("(>= 2)", ["2", "3"], set()),
    ],
)
def test_other_versions_are_there_for_who_names_them(constraint: str, versions: list[str], permitted: set[str]) -> None:
    place = universe(*SUITES)
    needs = place.demanded(asked("tool", constraint))
    assert needs is not None
    assert [place.units[unit].version for need in needs for unit in need.any_of] == versions
    assert {str(place.units[unit]) for unit in place.permitted(asked("tool", constraint))} == permitted


@pytest.mark.parametrize(
    ("wanted", "together"),
    [
        ([("tool", "")], True),
        ([("tool", "=2")], False),
        ([("tool", "=2"), ("lib", "=2")], True),
        ([("tool", "/bookworm-backports")], True),
        ([("tool", "/bookworm-backports"), ("old", "")], True),
        ([("tool", "/bookworm-backports"), ("lib", "=1")], False),
        ([("tool", "=1"), ("tool", "=3")], False),
        ([("tool", "(>= 2)")], False),
    ],
)
def test_suites_join_where_they_are_asked_for(wanted: list[tuple[str, str]], together: bool) -> None:
    assert fits(universe(*SUITES), wanted) is together


def test_one_version_of_two_suites_is_one_unit() -> None:
    place = universe((index("a 1", "b 1"), EXPERIMENTAL), (index("a 1"), STABLE), index("a 1"))
    assert [*map(str, place.units)] == ["a 1", "b 1"]
    assert [place.suites(unit) for unit in range(2)] == [("rc-buggy", "bookworm", "index-2"), ("rc-buggy",)]


def test_what_is_installed_is_not_replaced_by_something_older() -> None:
    status = index("a 3; Status: install ok installed", "b 1; Status: install ok installed")
    place = universe((index("a 2", "b 2"), STABLE), status)
    assert sorted(str(unit) for unit in place.units if unit.rank == 0) == ["a 3", "b 2"]


def test_the_base_is_what_is_essential() -> None:
    place = universe(
        index("sh 1; Essential: yes", "sh 2", "awk 1; Essential: yes", "awk 1 i386; Essential: yes", "x 1")
    )
    assert [(need.field, need.text, numbers(place, need.any_of)) for need in place.base] == [
        ("Essential", "awk", ["awk 1 amd64"])
    ]


def test_a_universe_has_a_name() -> None:
    assert universe(*SUITES).name == "debian:12, 8 packages"
    assert universe(index("a")).name == "1 packages"
    assert read_universe([DEBIAN / "Packages.xz"], release="debian:12").name == "debian:12, 2,259 packages"


def test_the_machine_decides_what_is_native() -> None:
    text = index("a 1 arm64; Depends: b", "b 1 all")
    assert fits(universe(text, architecture="arm64"), ["a"])
    assert not fits(universe(text), ["a:arm64"])


def test_answers_stay_the_same() -> None:
    place = frozen()
    for unit in range(0, len(place.units), 100):
        assert place.needs(unit) is place.needs(unit)
        assert place.exclusions(unit) is place.exclusions(unit)
        assert unit not in {other for exclusion in place.exclusions(unit) for other in exclusion.others}
    assert len(place.base) == 23


def test_stanzas_left_out_are_told() -> None:
    place = universe(index("a 1", "b 1_2"))
    assert [(item.what, str(item.origin)) for item in place.skipped] == [("b", "index-0:5")]
    assert place.name.endswith(", 1 not readable")


def release(folder: Path, text: str) -> Path:
    folder.mkdir()
    (folder / "Release").write_text(text)
    (folder / "Packages").write_text(index("a"))
    return folder


@pytest.mark.parametrize(
    ("texts", "named"),
    [
        (["Origin: Debian\nCodename: bookworm\nVersion: 12.5\n"], "debian:12"),
        (["Origin: Debian\nSuite: stable-updates\nCodename: bookworm-updates\nVersion: 12-updates\n"], "debian:12"),
        (["Origin: Debian Backports\nCodename: bookworm-backports\n"], "debian:12"),
        (["Origin: Debian\nSuite: unstable\nCodename: sid\n"], "debian:sid"),
        (["Origin: Ubuntu\nVersion: 24.04\nCodename: noble\n"], "ubuntu:24.04"),
        (["Origin: Docker\nLabel: Docker CE\nSuite: bookworm\n"], ""),
        (["Origin: Debian\nVersion: 12\n", "Origin: Debian\nVersion: 11\n"], ""),
        (["Origin: Debian\nVersion: 12\n", "Origin: Docker\nSuite: bookworm\n"], "debian:12"),
    ],
)
def test_release_files_say_which_release_it_is(tmp_path: Path, texts: list[str], named: str) -> None:
    places = [release(tmp_path / str(number), text) for number, text in enumerate(texts)]
    assert release_of(places) == named
    assert read_universe(places).name == f"{named}, 1 packages".removeprefix(", ")
