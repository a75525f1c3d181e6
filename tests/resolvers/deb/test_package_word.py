from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.deb.package_word import PackageWord, WordError, is_archive, literal_name, parse_word
from tests.hostile import EXAMPLES

WORDS = {
    "curl": PackageWord("curl"),
    "curl=7.88.1-10+deb12u5": PackageWord("curl", "", "=7.88.1-10+deb12u5"),
    "nodejs=18.*": PackageWord("nodejs", "", "=18.*"),
    "vim=2:9.0.1378-2": PackageWord("vim", "", "=2:9.0.1378-2"),
    "git/bookworm-backports": PackageWord("git", "", "/bookworm-backports"),
    "libc6:i386=2.36-9": PackageWord("libc6", "i386", "=2.36-9"),
    "g++": PackageWord("g++"),
    "g+++": PackageWord("g++"),
    "g++-12": PackageWord("g++-12"),
    "libsigc++-2.0-0v5": PackageWord("libsigc++-2.0-0v5"),
    "vim+": PackageWord("vim"),
    "exim4-": PackageWord("exim4", removed=True),
    "x11=1.2-": PackageWord("x11", "", "=1.2-"),
}
OTHERS = [
    "",
    "x",
    "Curl",
    "-y",
    "curl=",
    "curl/",
    "curl=1=2",
    "lib*",
    "lib?",
    "a|b",
    "^x$",
    "lamp-server^",
    "~nx",
    "?name(x)",
    "a b",
    "é1",
    "a" * 500,
    "1\n2",
]


@pytest.mark.parametrize(("text", "expected"), WORDS.items())
def test_words(text: str, expected: PackageWord) -> None:
    assert parse_word(text) == expected


def test_a_suite_holds_where_the_word_names_nothing() -> None:
    assert parse_word("git", "sid").constraint == "/sid"
    assert parse_word("git=1", "sid").constraint == "=1"
    assert parse_word("git/stable", "sid").constraint == "/stable"


@pytest.mark.parametrize("text", OTHERS)
def test_what_names_no_package(text: str) -> None:
    with pytest.raises(WordError):
        parse_word(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("./x.deb", True),
        ("/tmp/x.deb", True),
        ("x.deb", True),
        ("https://example.org/x.deb", True),
        ("x/sid", False),
        ("x", False),
    ],
)
def test_archives(text: str, expected: bool) -> None:
    assert is_archive(text) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("nginx=${V}", "nginx"), ("nginx:amd64=$V", "nginx"), ("git/$S", "git"), ("lib$V=1", ""), ("$X", "")],
)
def test_the_name_in_front_of_what_is_not_known(text: str, expected: str) -> None:
    assert literal_name(text) == expected


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text(alphabet="ab1+-.:=/~*^$[ é\n\0", max_size=20) | st.text(max_size=20))
def test_hostile_words(text: str) -> None:
    try:
        word = parse_word(text)
    except WordError:
        return
    assert text.startswith(word.name)
