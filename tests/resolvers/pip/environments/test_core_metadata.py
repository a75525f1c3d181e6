"""Core metadata: what counts, on which line it stands, and what junk costs."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.metadata import parse_email

from analyzer.errors import ManifestError
from resolvers.pip.environments.core_metadata import CoreMetadata, read_core_metadata

GOOD = b"""\
Metadata-Version: 2.4
Name: Flask_SQL.Alchemy
Version: 3.0-beta
Summary: =?utf-8?q?not=20read?=
Requires-Python: >=3.8, <4
Provides-Extra: Fast_API
Dynamic: Description
Requires-Dist: flask>=2.2.5
Requires-Dist: sqlalchemy[asyncio] (>=2.0.16) ;
  python_version >= "3.8"
Requires-Dist: uvloop; extra == "fast-api"

Version: in the description
Requires-Dist: nothing
"""


def read(data: bytes) -> CoreMetadata:
    return read_core_metadata(data, "METADATA")


@pytest.mark.parametrize("newline", (b"\n", b"\r\n", b"\r"))
def test_what_a_resolver_needs(newline: bytes) -> None:
    metadata = read(GOOD.replace(b"\n", newline))
    assert (metadata.name, metadata.version, metadata.standard) == ("flask-sql-alchemy", "3.0b0", "2.4")
    assert (metadata.origin.line, metadata.origin.text) == (3, "Version: 3.0-beta")
    assert [(str(r.dependency), r.origin.line) for r in metadata.requires] == [
        ("flask>=2.2.5", 8),
        ('sqlalchemy[asyncio]>=2.0.16; python_version >= "3.8"', 9),
        ('uvloop; extra == "fast-api"', 11),
    ]
    assert [(r.constraint, r.origin.line) for r in metadata.interpreter] == [("<4,>=3.8", 5)]
    assert (metadata.extras, metadata.dynamic, metadata.skipped) == (("fast-api",), frozenset({"description"}), ())


WITHOUT_RELEASE = {
    "empty": b"",
    "no version": b"Name: a\n",
    "no name": b"Version: 1\n",
    "version in the body": b"Name: a\n\nVersion: 1\n",
    "two names": b"Name: a\nName: b\nVersion: 1\n",
    "two versions": b"Name: a\nVersion: 1\nversion: 1\n",
    "name of spaces": b"Name: \nVersion: 1\n",
    "name of a path": b"Name: ../../etc\nVersion: 1\n",
    "name with a line in it": b"Name: a\n b\nVersion: 1\n",
    "name of another alphabet": "Name: \u0430\nVersion: 1\n".encode(),
    "legacy version": b"Name: a\nVersion: 1.0-dev-r7-final\n",
    "version of 5000 digits": b"Name: a\nVersion: " + b"1" * 5000 + b"\n",
    "latin-1": b"Name: caf\xe9\nVersion: 1\n",
    "UTF-16": "Name: a\nVersion: 1\n".encode("utf-16"),
    "NUL": b"Name: a\0b\nVersion: 1\n",
    "too many headers": b"Name: a\nVersion: 1\n" + b"Requires-Dist: b\n" * 6000,
    "binary": bytes(range(256)),
}


@pytest.mark.parametrize("data", WITHOUT_RELEASE.values(), ids=WITHOUT_RELEASE)
def test_without_name_and_version_there_is_no_metadata(data: bytes) -> None:
    with pytest.raises(ManifestError) as caught:
        read(data)
    assert caught.value.origin.file == "METADATA"


JUNK = {
    "no requirement": b"Requires-Dist: flask (",
    "legacy specifier": b"Requires-Dist: flask>=1.x",
    "parentheses": b"Requires-Dist: a; " + b"(" * 3000 + b"python_version>'3'" + b")" * 3000,
    "long": b"Requires-Dist: a" + b">=1," * 3000,
    "a version of 5000 digits": b"Requires-Dist: a>=" + b"1" * 5000,
    "requires-python": b"Requires-Python: three",
    "requires-python of 5000 digits": b"Requires-Python: >=" + b"3" * 5000,
}


@pytest.mark.parametrize("line", JUNK.values(), ids=JUNK)
def test_a_line_of_junk_is_skipped_with_its_line(line: bytes) -> None:
    metadata = read(b"Name: a\n" + line + b"\nVersion: 1\nRequires-Dist: kept\n")
    assert [(skipped.origin.line, skipped.incomplete) for skipped in metadata.skipped] == [(2, True)]
    assert [str(r.dependency) for r in metadata.requires] == ["kept"]


def test_credentials_do_not_reach_a_value() -> None:
    metadata = read(b"Name: a\nVersion: 1\nRequires-Dist: b @ https://me:secret@index.example/b.whl?token=secret\n")
    assert "secret" not in str([r.origin for r in metadata.requires])


def test_a_megabyte_of_folded_lines_takes_no_quadratic_time() -> None:
    assert read(b"Name: a\nVersion: 1\nSummary: x\n" + b" y\n" * 10**6).version == "1"


LINES = st.sampled_from(
    (
        b"Name: a",
        b"Version: 1.0",
        b"Requires-Dist: b>1",
        b" ;extra=='x'",
        b"Dynamic: X",
        b"",
        b"junk",
        b"Requires-Dist:",
    )
)


@settings(max_examples=100)
@given(st.lists(LINES, max_size=9).map(b"\n".join))
def test_headers_are_those_that_packaging_sees(data: bytes) -> None:
    try:
        metadata = read(data)
    except ManifestError:
        return
    raw, _ = parse_email(data)
    assert (raw["name"], raw["version"]) == (metadata.name, metadata.version)
    unfolded = [" ".join(name.lower().split()) for name in raw.get("dynamic", [])]
    assert unfolded == [*metadata.dynamic] * len(raw.get("dynamic", []))
    stated = len(raw.get("requires_dist", []))
    assert stated == len(metadata.requires) + len(metadata.skipped)


@settings(max_examples=150)
@given(st.binary(max_size=300), st.integers(0, len(GOOD)))
def test_bytes_raise_nothing_else(data: bytes, at: int) -> None:
    for mutated in (data, GOOD[:at] + data + GOOD[at:], GOOD[:at]):
        try:
            assert read(mutated).name
        except ManifestError as error:
            assert error.reason
