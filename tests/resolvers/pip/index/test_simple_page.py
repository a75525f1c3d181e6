"""Project pages of the Simple API, as indexes write them and as nobody should."""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resolvers.pip.index.simple_page import IndexFile, index_file, read_page

JSON = "application/vnd.pypi.simple.v1+json"
HTML = "text/html"
PAGE = "https://index.example/simple/a/"
WHEEL = "A-1.0-py3-none-any.whl"
HASH = "ab" * 32


def entry(**more: Any) -> dict[str, Any]:
    return {"filename": WHEEL, "url": f"../../files/{WHEEL}", "hashes": {}} | more


def from_json(*entries: Any, url: str = PAGE) -> list[IndexFile]:
    return list(read_page(json.dumps({"meta": {}, "files": entries}).encode(), JSON, url))


def from_html(text: str, url: str = PAGE) -> list[IndexFile]:
    return list(read_page(text.encode(), HTML, url))


def test_a_json_entry() -> None:
    [file] = from_json(
        entry(
            **{"upload-time": "2024-05-01T10:00:00.5Z", "requires-python": ">=3.9", "size": 7, "yanked": "broken"},
            **{"hashes": {"sha256": HASH.upper()}, "core-metadata": {"sha256": HASH}},
        )
    )
    assert (file.package, file.version, {str(tag) for tag in file.tags}) == ("a", "1.0", {"py3-none-any"})
    assert file.url == f"https://index.example/files/{WHEEL}"
    assert file.upload_time == datetime(2024, 5, 1, 10, 0, 0, 500_000, tzinfo=UTC)
    assert (file.requires_python, file.yanked, file.has_metadata, file.size) == (">=3.9", True, True, 7)
    assert (file.sha256, file.metadata_sha256) == (HASH, HASH)


def test_an_html_entry() -> None:
    [file] = from_html(
        f'<!DOCTYPE html><A rel=x HREF="../../files/{WHEEL}#sha256={HASH}" data-requires-python=">=3.9, &lt;4"\n'
        f"data-core-metadata='sha256={HASH}' data-yanked>{WHEEL}</A>"
    )
    assert (file.package, file.version, file.url) == ("a", "1.0", f"https://index.example/files/{WHEEL}")
    assert (file.requires_python, file.yanked, file.has_metadata) == (">=3.9, <4", True, True)
    assert (file.sha256, file.metadata_sha256, file.upload_time) == (HASH, HASH, None)


STATED = [
    ({"core-metadata": True}, True),
    ({"core-metadata": False, "dist-info-metadata": True}, False),
    ({"dist-info-metadata": {"sha256": HASH}}, True),
    ({"core-metadata": None}, False),
    ({}, False),
]


@pytest.mark.parametrize(("more", "has"), STATED)
def test_metadata_beside_a_file_by_either_key(more: dict[str, Any], has: bool) -> None:
    assert [file.has_metadata for file in from_json(entry(**more))] == [has]
    attributes = "".join(f' data-{k}="{str(bool(v)).lower()}"' for k, v in more.items() if v is not None)
    assert [file.has_metadata for file in from_html(f'<a href="{WHEEL}"{attributes}>')] == [has]


def test_an_empty_reason_yanks_too() -> None:
    assert [f.yanked for f in from_json(entry(yanked=""), entry(yanked=True), entry(yanked=False))] == [
        True,
        True,
        False,
    ]


def test_a_base_and_a_comment() -> None:
    text = f'<base href="https://files.example/x/"><!-- <a href="b-2.tar.gz"> --><a href="a-1.tar.gz">a</a>{WHEEL}'
    assert [file.url for file in from_html(text)] == ["https://files.example/x/a-1.tar.gz"]


NO_ENTRY = [
    entry(filename=7),
    entry(url=None),
    entry(url=""),
    entry(url="javascript:alert(1)//a.whl"),
    entry(url="file:///etc/passwd"),
    entry(url="http://files.example/down-from-https.whl"),
    entry(url="https://[half/a.whl"),
    entry(filename="../../A-1.0-py3-none-any.whl"),
    entry(filename="..\\A-1.0-py3-none-any.whl"),
    entry(filename="A-1.0.whl"),
    entry(filename="A.tar.gz"),
    entry(filename=f"A-{'1' * 5000}.tar.gz"),
    entry(filename="A-1.0-py3-none-any.whl\0"),
    entry(hashes=[]),
    entry(yanked={}),
    entry(size="large"),
    [],
    "A-1.0-py3-none-any.whl",
    None,
]


@pytest.mark.parametrize("bad", NO_ENTRY, ids=range(len(NO_ENTRY)))
def test_an_entry_that_makes_no_sense_is_left_out_and_the_others_are_not(bad: Any) -> None:
    assert [file.filename for file in from_json(bad, entry(filename="a-2.tar.gz"))] == ["a-2.tar.gz"]


@pytest.mark.parametrize("field", ["hashes", "upload-time", "requires-python", "size", "core-metadata"])
def test_a_fact_in_an_unknown_form_is_none(field: str) -> None:
    value = {"hashes": {"sha256": "../x"}, "size": -1}.get(field, None if field != "upload-time" else "2024-05-01")
    [file] = from_json(entry(**{field: value}))
    assert (file.sha256, file.upload_time, file.requires_python, file.size, file.has_metadata) == (
        ("", None, "", None, False)
    )


NO_PAGE = [b"", b"[]", b"{", b'{"files": {}}', b"\xff\xfe", b"[" * 100_000, b'{"files": [' + b"[" * 100_000]


@pytest.mark.parametrize("content", NO_PAGE, ids=range(len(NO_PAGE)))
def test_a_page_that_is_none_has_no_files(content: bytes) -> None:
    assert not list(read_page(content, JSON, PAGE))
    assert not list(read_page(content, HTML, PAGE))


BOMBS = ["<a " * 700_000, "<a href='" * 200_000, "<!--" * 500_000, "<a " + "x" * 2_000_000, '<a "' * 500_000]


@pytest.mark.parametrize("text", BOMBS, ids=range(len(BOMBS)))
def test_the_time_for_a_page_grows_with_its_length_only(text: str) -> None:
    began = time.process_time()
    assert not from_html(text)
    assert time.process_time() - began < 5


@pytest.mark.parametrize(("page", "expected"), [("file:///x/simple/a/index.html", 3), (PAGE, 1)])
def test_only_a_local_page_leads_to_local_files(page: str, expected: int) -> None:
    links = [
        "file:///f/a-1.tar.gz",
        "https://files.example/a-1.tar.gz",
        "http://files.example/a-1.tar.gz",
        "ftp://x/a-1.zip",
    ]
    assert len(from_html("".join(f'<a href="{link}">' for link in links), page)) == expected


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
KEYS = ["filename", "url", "hashes", "upload-time", "requires-python", "yanked", "core-metadata", "size"]


@given(st.lists(st.dictionaries(st.sampled_from(KEYS), values), max_size=3))
def test_any_json_gives_files_or_none(entries: list[dict[str, Any]]) -> None:
    assert all(isinstance(file, IndexFile) for file in from_json(*entries, *(entry() | e for e in entries)))


@given(st.text() | st.binary().map(lambda b: b.decode("utf-8", "replace")), st.sampled_from([PAGE, "file:///x/"]))
def test_any_html_gives_links_that_may_be_followed(text: str, page: str) -> None:
    files = from_html(f'<a href="{text}/{WHEEL}">{text}<a href={WHEEL}', page)
    assert all(file.url.startswith(("https:", "http:", "file:") if page[0] == "f" else "https:") for file in files)


@given(st.text(max_size=300))
def test_any_file_name(name: str) -> None:
    for ending in (".whl", ".tar.gz", ".zip", ""):
        file = index_file(name + ending, "https://index.example/")
        assert file is None or not set("/\\") & set(file.filename)
