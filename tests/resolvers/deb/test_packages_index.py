"""Indexes of packages: where they lie, how they are read, and what becomes of broken ones."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
from collections.abc import Callable
from pathlib import Path

import lz4.frame
import pytest
import zstandard
from debian.deb822 import Packages
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from resolvers.deb.index_places import find_indexes
from resolvers.deb.packages_index import parse_index
from resolvers.deb.release_file import parse_release
from resolvers.deb.universe import DebianUniverse, read_universe
from tests.debian_judges import inflated
from tests.debian_universe import DEBIAN, index
from tests.hostile import EXAMPLES

TEXT = index("a 1; Depends: b", "b 2 all; Multi-Arch: foreign", "c 1:3-1 i386")
PACKED: dict[str, Callable[[bytes], bytes]] = {
    "": lambda data: data,
    ".gz": gzip.compress,
    ".bz2": bz2.compress,
    ".xz": lzma.compress,
    ".lz4": lz4.frame.compress,
    ".zst": zstandard.compress,
}
RELEASE = "Origin: Debian\nSuite: stable\nCodename: bookworm\nVersion: 12.5\n"
HEAD = "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\n"


def put(path: Path, content: str | bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def units(universe: DebianUniverse) -> list[str]:
    return [f"{unit} {unit.architecture}" for unit in universe.units]


def suites(universe: DebianUniverse) -> list[str]:
    return sorted({suite for unit in range(len(universe.units)) for suite in universe.suites(unit)})


@pytest.mark.parametrize("suffix", PACKED)
def test_a_saved_index_is_read_whatever_its_compression(tmp_path: Path, suffix: str) -> None:
    place = put(tmp_path / f"saved{suffix}", PACKED[suffix](TEXT.encode()))
    assert units(read_universe([place])) == ["a 1 amd64", "b 2 all", "c 1:3-1 i386"]


def test_the_extract_is_read_as_python_debian_reads_it() -> None:
    text = inflated(DEBIAN / "Packages.xz")
    ours = parse_index(text.encode(), "Packages").stanzas
    fields = ["Package", "Version", "Architecture", "Depends", "Pre-Depends", "Provides", "Conflicts", "Breaks"]
    theirs = [
        [stanza.get(field, "") for field in [*fields, "Multi-Arch", "Essential"]]
        for stanza in Packages.iter_paragraphs(text, use_apt_pkg=False)
    ]
    assert [
        [
            s.name,
            s.version,
            s.architecture,
            s.depends,
            s.pre_depends,
            s.provides,
            s.conflicts,
            s.breaks,
            s.multi_arch,
            s.essential,
        ]
        for s in ours
    ] == theirs


def test_apt_s_lists_come_with_their_release_files(tmp_path: Path) -> None:
    debian, other = "mirror.example_debian_dists_bookworm", "docker.example_linux_debian_._"
    put(tmp_path / f"{debian}_InRelease", HEAD + RELEASE + "MD5Sum:\n abc 1 main/Suite: x\n")
    put(tmp_path / f"{debian}_main_binary-amd64_Packages.lz4", lz4.frame.compress(index("a").encode()))
    put(tmp_path / f"{debian}_main_binary-amd64_Packages", index("a"))
    put(tmp_path / f"{debian}_main_binary-i386_Packages", index("a 1 i386"))
    put(tmp_path / f"{debian}_main_i18n_Translation-en", "Package: x\n")
    put(tmp_path / f"{debian}-backports_main_binary-amd64_Packages", index("back"))
    put(tmp_path / f"{debian}-backports_Release", RELEASE.replace("bookworm", "backports") + "NotAutomatic: yes\n")
    put(tmp_path / f"{other}Packages", index("docker"))
    put(tmp_path / "partial" / "x_Packages", "garbage")
    universe = read_universe([tmp_path])
    assert sorted(units(universe)) == ["a 1 amd64", "a 1 i386", "back 1 amd64", "docker 1 amd64"]
    assert suites(universe) == [str(tmp_path / f"{other}Packages"), "backports", "bookworm"]


def mirror(folder: Path) -> Path:
    for suite, package in (("bookworm", "a"), ("bookworm-updates", "b")):
        top = folder / "dists" / suite
        put(top / "Release", RELEASE.replace("bookworm", suite))
        put(top / "main" / "binary-amd64" / "Packages.xz", lzma.compress(index(package).encode()))
        put(top / "main" / "binary-amd64" / "Packages.bz2", b"not looked at")
        put(top / "main" / "binary-amd64" / "Release", "Archive: stable\nOrigin: Debian\n")
        put(top / "main" / "binary-arm64" / "Packages", index("arm 1 arm64"))
        put(top / "main" / "debian-installer" / "binary-amd64" / "Packages", index("udeb"))
        put(top / "contrib" / "binary-all" / "Packages", index("all 1 all"))
    (folder / "dists" / "stable").symlink_to("bookworm")
    put(folder / "pool" / "main" / "binary-amd64" / "Packages", index("pool"))
    return folder


@pytest.mark.parametrize("below", ["", "dists"])
def test_a_mirror_has_suites_components_and_architectures(tmp_path: Path, below: str) -> None:
    universe = read_universe([mirror(tmp_path) / below])
    assert sorted(units(universe)) == ["a 1 amd64", "all 1 all", "b 1 amd64"]
    assert suites(universe) == ["bookworm", "bookworm-updates"]
    assert sorted(units(read_universe([tmp_path], "aarch64"))) == ["all 1 all", "arm 1 arm64"]


@pytest.mark.parametrize("below", ["dists/bookworm", "dists/bookworm/main/binary-amd64", "dists/bookworm/main"])
def test_a_part_of_a_mirror_is_a_place_too(tmp_path: Path, below: str) -> None:
    universe = read_universe([mirror(tmp_path) / below])
    assert "a 1 amd64" in units(universe) and "b 1 amd64" not in units(universe)


def test_a_flat_repository_has_its_release_file_beside(tmp_path: Path) -> None:
    put(tmp_path / "Packages", TEXT)
    put(tmp_path / "Release", RELEASE)
    assert suites(read_universe([tmp_path])) == ["bookworm"]


def test_of_dpkg_s_status_only_what_is_installed_counts(tmp_path: Path) -> None:
    status = put(
        tmp_path / "status",
        index(
            "a 1; Status: install ok installed",
            "b 1; Status: deinstall ok config-files",
            "c 1; Status: hold ok installed",
            "d 1; Status: install ok half-configured",
            "e 1; Status: install reinstreq installed",
        )
        + "Package: f\nStatus: purge ok not-installed\nArchitecture: amd64\n\n",
    )
    universe = read_universe([status])
    assert units(universe) == ["a 1 amd64", "c 1 amd64"]
    assert universe.skipped == ()


def test_fields_are_read_as_deb822_writes_them() -> None:
    text = "\n \npackage: a\nVERSION:1\nArchitecture:\tall \nDescription: x\n Package: y\n"
    text += "Depends: b,\n c,\n\td\r\n\nPackage: z\n"
    listing = parse_index(text.encode(), "Packages")
    [stanza] = listing.stanzas
    assert (stanza.name, stanza.version, stanza.architecture, stanza.depends) == ("a", "1", "all", "b, c, d")
    assert [(item.what, item.reason, item.line) for item in listing.omitted] == [("z", "has no Version", 12)]


@pytest.mark.parametrize(
    ("stanza", "reason"),
    [
        ("Package: x\nVersion: 1\n", "has no Architecture"),
        ("Version: 1\nArchitecture: all\n", "has no Package"),
        ("Package: x\nPackage: y\nVersion: 1\nArchitecture: all\n", "has Package twice"),
        ("Package: x\nVersion: 1_1\nArchitecture: all\n", "has a version that is none"),
        (f"Package: x\nVersion: {'1' * 5000}\nArchitecture: all\n", "has a version that is none"),
        ("Package: x y\nVersion: 1\nArchitecture: all\n", "has a name or an architecture that is none"),
        ("Package: x\nVersion: 1\nArchitecture: amd64 i386\n", "has a name or an architecture that is none"),
        ("Package: x\nVersion: 1\nArchitecture: all\nDepends: a\x1b[2J\n", "holds control characters"),
        ("Package: x\nVersion: 1\nArchitecture: all\nDepends: a\0\n", "holds control characters"),
        ("Package: x\nVersion: 1\nArchitecture: all\nDepends: \udcff\n", "is not UTF-8"),
    ],
)
def test_a_broken_stanza_is_left_out_and_told(stanza: str, reason: str) -> None:
    content = (index("a") + stanza + "\n" + index("b")).encode("utf-8", "surrogateescape")
    listing = parse_index(content, "Packages")
    assert [item.name for item in listing.stanzas] == ["a", "b"]
    [omitted] = listing.omitted
    assert (omitted.reason, omitted.line) == (reason, 5)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"<html>no index</html>\n", "is no index of Debian packages"),
        (TEXT.encode()[:-25], "ends in the middle of a line"),
        (gzip.compress(TEXT.encode(), mtime=0)[:-12], "is a damaged file"),
        (lzma.compress(TEXT.encode())[:-20], "ends before its compressed stream does"),
        (zstandard.compress(TEXT.encode())[:-2], "ends before its compressed stream does"),
        (lzma.compress(b"\n" * 2**28), "times its size"),
        (b"\x8f\x01\xfe\x10\xc3", "is no index|in the middle of a line"),
    ],
)
def test_a_broken_index_is_an_error_with_its_file(tmp_path: Path, content: bytes, reason: str) -> None:
    place = put(tmp_path / "Packages", content)
    with pytest.raises(ManifestError, match=reason) as caught:
        read_universe([place])
    assert caught.value.origin.file == str(place)


@pytest.mark.parametrize("name", ["missing", "empty-folder", "pipe"])
def test_a_place_without_an_index_is_an_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "empty-folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ManifestError):
        read_universe([tmp_path / name])


def test_an_empty_index_has_no_packages(tmp_path: Path) -> None:
    assert units(read_universe([put(tmp_path / "Packages", "")])) == []


def test_a_release_file_that_is_none_is_an_error(tmp_path: Path) -> None:
    put(tmp_path / "Packages", TEXT)
    release = put(tmp_path / "Release", "garbage")
    with pytest.raises(ManifestError, match="is no Release file") as caught:
        read_universe([tmp_path])
    assert caught.value.origin.file == str(release)


def test_a_second_reading_comes_from_the_cache(tmp_path: Path) -> None:
    place, cache = put(tmp_path / "Packages", TEXT + "Package: broken\n"), tmp_path / "cache"
    first = read_universe([place], cache=cache)
    [entry] = (path for path in cache.rglob("*") if path.is_file())
    before = entry.stat().st_mtime_ns
    second = read_universe([place], cache=cache)
    assert units(first) == units(second) and first.skipped == second.skipped != ()
    assert entry.stat().st_mtime_ns == before


def test_the_cache_knows_another_content(tmp_path: Path) -> None:
    place, cache = put(tmp_path / "Packages", index("a 1")), tmp_path / "cache"
    read_universe([place], cache=cache)
    stamp = place.stat()
    put(place, index("a 2"))
    os.utime(place, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
    assert units(read_universe([place], cache=cache)) == ["a 2 amd64"]


@pytest.mark.parametrize("damage", [b"", b"garbage", b"\xc1" * 100])
def test_a_damaged_cache_costs_time_only(tmp_path: Path, damage: bytes) -> None:
    place, cache = put(tmp_path / "Packages", TEXT), tmp_path / "cache"
    read_universe([place], cache=cache)
    [entry] = (path for path in cache.rglob("*") if path.is_file())
    entry.write_bytes(damage)
    assert len(read_universe([place], cache=cache).units) == 3


def test_a_cache_that_cannot_be_written_is_none(tmp_path: Path) -> None:
    place, cache = put(tmp_path / "Packages", TEXT), put(tmp_path / "cache", "a file")
    assert len(read_universe([place], cache=cache).units) == 3


def test_each_index_counts_once(tmp_path: Path) -> None:
    place = put(tmp_path / "Packages", TEXT)
    assert len(find_indexes([place, tmp_path, place], "amd64")) == 1


LINES = st.sampled_from(
    [
        "",
        " ",
        "Package: a",
        "Package: b",
        "Version: 1",
        "Version: -",
        "Architecture: all",
        "Depends: b |",
        " more",
        "Status: x",
    ]
)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(LINES | st.text(max_size=12), max_size=20).map("\n".join) | st.text(max_size=60), st.binary(max_size=3))
def test_hostile_indexes_are_read_or_refused(text: str, tail: bytes) -> None:
    content = text.encode("utf-8", "surrogatepass") + tail
    try:
        listing = parse_index(content, "Packages")
    except ManifestError as error:
        assert error.origin.file == "Packages"
        return
    lines = content.count(b"\n") + 1
    assert all(1 <= item.line <= lines and item.what.isprintable() for item in listing.omitted)
    assert all(stanza.name and stanza.version and stanza.architecture for stanza in listing.stanzas)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text(st.sampled_from("Suite:Version Origin\n12.-é\0"), max_size=60) | st.binary(max_size=60).map(repr))
def test_hostile_release_files_are_read_or_refused(text: str) -> None:
    try:
        parse_release(text.encode(), "Release")
    except ManifestError as error:
        assert error.origin.file == "Release"


def test_a_loop_of_links_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "one").symlink_to("two")
    (tmp_path / "two").symlink_to("one")
    with pytest.raises(ManifestError, match="link to itself"):
        find_indexes([tmp_path / "one"], "amd64")
