from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from resolvers.deb.declared import Context, Declared
from resolvers.deb.package_list import MOST, read_package_list
from resolvers.tree import Tree
from tests.hostile import EXAMPLES

APTFILE = """\
# what the thumbnails need
libvips42 imagemagick   # and its tools
libpq-dev=15.6-0+deb12u1

:repo:deb https://me:secret@apt.example.org/ubuntu jammy main
ffmpeg/jammy-backports
exim4-
php8.2-*
https://me:secret@example.org/pool/wkhtmltox.deb?sig=1
"""


def read(folder: Path, text: str | bytes, name: str = "Aptfile") -> Declared:
    (folder / name).write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_package_list(Context(Tree(folder), "ubuntu"), name)


def test_every_form_of_a_line(tmp_path: Path) -> None:
    declared = read(tmp_path, APTFILE)
    assert [f"{r} {r.origin}" for r in declared.requirements] == [
        "libvips42 Aptfile:2",
        "imagemagick Aptfile:2",
        "libpq-dev=15.6-0+deb12u1 Aptfile:3",
        "ffmpeg/jammy-backports Aptfile:6",
    ]
    assert declared.unknown == (
        "Aptfile:8: php8.2-* is a pattern, whose packages only the index tells",
        "Aptfile:9: https://example.org/pool/wkhtmltox.deb is a package file: what it needs is not known",
    )
    (note,) = declared.skipped
    assert (note.what, str(note.origin), note.incomplete) == (
        "deb https://apt.example.org/ubuntu jammy main", "Aptfile:5", False,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("# nothing\n\n", []),
        ("curl\r\ngit\r\n", ["curl", "git"]),
        ("curl\ncurl-\n", []),
        ("\ufeffcurl", ["curl"]),
    ],
)
def test_the_edges(tmp_path: Path, text: str, expected: list[str]) -> None:
    declared = read(tmp_path, text)
    assert [str(r) for r in declared.requirements] == expected
    assert declared.unknown == ()


def test_what_is_no_text(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="Aptfile:2: is not UTF-8"):
        read(tmp_path, b"curl\n\xff\n")


def test_more_than_a_list_can_hold(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="Aptfile:2: has more than"):
        read(tmp_path, "curl\n" + "curl " * MOST)


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text(max_size=80) | st.binary(max_size=80))
def test_hostile_lists(tmp_path_factory: pytest.TempPathFactory, text: str | bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    try:
        declared = read(folder, text.encode("utf-8", "replace") if isinstance(text, str) else text)
    except ManifestError:
        return
    assert all(r.origin.line for r in declared.requirements)
