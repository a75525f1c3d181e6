"""From image references to releases, row by row; and references that are hostile or none."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
import tomli
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.container.image import Image, resolve
from resolvers.container.image_table import LATEST, parse_version, table
from resolvers.container.reference import Reference, parse_reference
from tests.hostile import EXAMPLES

EXPECTED = tomli.loads((Path(__file__).parents[3] / "fixtures" / "container" / "images.toml").read_text())
DIGEST = "sha256:" + "0123456789abcdef" * 4


@pytest.mark.parametrize(("reference", "release"), EXPECTED["exact"].items())
def test_tags_that_name_their_release(reference: str, release: str) -> None:
    found = resolve(reference)
    assert found is not None and (found.release, found.moving) == (release, False)


@pytest.mark.parametrize(("reference", "release"), EXPECTED["moving"].items())
def test_tags_that_move(reference: str, release: str) -> None:
    found = resolve(reference)
    assert found is not None and (found.release, found.moving) == (release, True)


@pytest.mark.parametrize("reference", EXPECTED["references"]["unknown"])
def test_what_the_table_does_not_know_is_not_guessed(reference: str) -> None:
    assert resolve(reference) is None


@pytest.mark.parametrize("reference", EXPECTED["references"]["without_distribution"])
def test_images_without_distribution(reference: str) -> None:
    assert resolve(reference) == Image("")


def test_every_row_is_met_by_an_expectation() -> None:
    known = [*EXPECTED["exact"], *EXPECTED["moving"], *EXPECTED["references"]["without_distribution"]]
    names = {found.name for reference in known if (found := parse_reference(reference))}
    below = {row for row in table().rows if any(name.startswith(f"{row}/") for name in names)}
    assert set(table().rows) == {name for name in names if name in table().rows} | below


def test_every_line_is_met_by_an_expectation() -> None:
    known = {*EXPECTED["exact"], *EXPECTED["moving"]}
    for name, row in table().rows.items():
        short = name.removeprefix("library/")
        for flavour, lines in row.flavours.items():
            for key, line in lines.items():
                tags = [f":{'.'.join(map(str, key))}", f"-{flavour}" if flavour != "default" else ""]
                met = any(r.startswith(short) and all(tag in r for tag in tags) for r in known)
                assert met or not line[-1].release, (name, flavour, key)


def test_the_table_is_of_a_day_and_in_order() -> None:
    assert date.fromisoformat(table().date) <= date(2026, 11, 22)
    for name, row in table().rows.items():
        for lines in row.flavours.values():
            for key, line in lines.items():
                versions = [since.version for since in line]
                assert versions == sorted(set(versions)), (name, key)
                assert all(version[: len(key)] == key for version in versions), (name, key)


def test_every_release_has_a_distribution_and_as_many_parts_as_that_has() -> None:
    known = table()
    releases = {since.release for row in known.rows.values() for lines in row.flavours.values()
                for line in lines.values() for since in line if since.release}  # fmt: skip
    for release in releases:
        distribution, _, version = release.partition(":")
        assert known.release(distribution, version) == release
        assert distribution in {*known.prefixes.values(), *(row.distribution for row in known.rows.values())}


@pytest.mark.parametrize(
    ("reference", "architecture"),
    [("arm64v8/debian:12", "aarch64"), ("i386/debian:12", "i686"), ("debian:12", ""), ("s390x/busybox", "s390x")],
)
def test_images_of_one_architecture(reference: str, architecture: str) -> None:
    found = resolve(reference)
    assert found is not None and found.architecture == architecture


REFERENCES = [
    ("debian", Reference("library/debian")),
    ("debian:12", Reference("library/debian", "12")),
    (f"debian@{DIGEST}", Reference("library/debian", "", DIGEST)),
    (f"debian:12@{DIGEST}", Reference("library/debian", "12", DIGEST)),
    ("team/app:1", Reference("team/app", "1")),
    ("docker.io/team/app", Reference("team/app")),
    ("docker.io/debian:12", Reference("library/debian", "12")),
    ("host:5000/app:1", Reference("host:5000/app", "1")),
    ("localhost/app", Reference("localhost/app")),
    ("a.example/b/library/debian", Reference("library/debian")),
    ("a.example/library", Reference("a.example/library")),
    ("amd64/debian", Reference("library/debian", architecture="x86_64")),
    ("Debian", None),
    ("debian:", None),
    ("debian:.12", None),
    ("debian:" + "1" * 129, None),
    ("debian@sha256:12", None),
    ("/debian", None),
    ("debian/", None),
    ("a//b", None),
    ("debian 12", None),
    ("débian", None),
    ("debian:१२", None),
    ("", None),
    ("a/" * 2000 + "a", None),
]


@pytest.mark.parametrize(("text", "reference"), REFERENCES)
def test_references(text: str, reference: Reference | None) -> None:
    assert parse_reference(text) == reference


VERSIONS = [
    ("3.12", (3, 12)), ("v1.40.0", (1, 40, 0)), ("8u412", (8, 412)), ("11.0.23_9", (11, 0, 23)),
    ("3.15.0rc1", (3, 15, 0)), ("3.13.0a2", (3, 13, 0)), ("latest", None), ("3.", None), (".3", None), ("", None),
    ("1" * 10, None), ("1e5", None),
]  # fmt: skip


@pytest.mark.parametrize(("word", "version"), VERSIONS)
def test_versions(word: str, version: tuple[int, ...] | None) -> None:
    assert parse_version(word) == version


PIECES = st.sampled_from(
    [
        *("debian", "python", "node", "openjdk", "library", "gcr.io", "distroless", "redhat", "ubi9", "alpine", "3.12"),
        *("slim", "bookworm", "latest", ":", "/", "@", "-", ".", "_", DIGEST, "12", "8u", "9" * 40, "é", "\n", "\0"),
        *("$BASE", "u", "v"),
    ]
)


@settings(max_examples=EXAMPLES)
@given(st.lists(PIECES, max_size=12).map("".join) | st.text(max_size=200))
def test_any_text_is_an_image_or_none(text: str) -> None:
    found = resolve(text)
    assert found is None or isinstance(found, Image)
    if found is not None and found.release:
        assert found.release.partition(":")[2] or found.release == "windows"
        assert str(LATEST) not in found.release
