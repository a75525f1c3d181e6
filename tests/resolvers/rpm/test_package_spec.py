"""Readings of a word, in the order that libdnf's own ``hawkey.Subject`` gives (0.69, Debian 12)."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resolvers.rpm.package_spec import Reading, readings, told
from tests.hostile import EXAMPLES

HAWKEY = {
    "java-17-openjdk": [
        ("java-17-openjdk", "", ""),
        ("java", "=17-openjdk", ""),
        ("java-17", "=openjdk", ""),
    ],
    "httpd-2.4.57-5.el9.x86_64": [
        ("httpd", "=2.4.57-5.el9", "x86_64"),
        ("httpd-2.4.57-5.el9", "", "x86_64"),
        ("httpd-2.4.57-5.el9.x86_64", "", ""),
        ("httpd", "=2.4.57-5.el9.x86_64", ""),
        ("httpd-2.4.57", "=5.el9.x86_64", ""),
    ],
    "httpd-0:2.4.57": [("httpd", "=0:2.4.57", "")],
    "glibc.i686": [("glibc", "", "i686"), ("glibc.i686", "", "")],
    "foo-1:2-3": [("foo", "=1:2-3", "")],
    "a": [("a", "", "")],
    "a.b.c": [("a.b", "", "c"), ("a.b.c", "", "")],
    "a--b": [("a--b", "", ""), ("a-", "=b", "")],
    "gcc-c++": [("gcc-c++", "", ""), ("gcc", "=c++", "")],
    "libstdc++.so.6": [("libstdc++.so", "", "6"), ("libstdc++.so.6", "", "")],
    "foo-1-2.noarch": [
        ("foo", "=1-2", "noarch"),
        ("foo-1-2", "", "noarch"),
        ("foo-1-2.noarch", "", ""),
        ("foo", "=1-2.noarch", ""),
        ("foo-1", "=2.noarch", ""),
    ],
    "python3.11": [("python3", "", "11"), ("python3.11", "", "")],
}

TOLD = {
    "java-17-openjdk": Reading("java-17-openjdk"),
    "java-1.8.0-openjdk-1:1.8.0.392.b08-4.el9.x86_64": Reading(
        "java-1.8.0-openjdk", "=1:1.8.0.392.b08-4.el9", "x86_64"
    ),
    "httpd-2.4.57-5.el9": Reading("httpd", "=2.4.57-5.el9"),
    "httpd-2.4.57": Reading("httpd-2.4.57"),
    "python3.11": Reading("python3.11"),
    "glibc.i686": Reading("glibc", "", "i686"),
    "foo-1:2": Reading("foo", "=1:2"),
    "a-b-1.x86_64": Reading("a-b-1", "", "x86_64"),
    "nodejs-18-1": Reading("nodejs-18-1"),
    "pkgconfig(x)": Reading("pkgconfig(x)"),
}


@pytest.mark.parametrize("text", HAWKEY)
def test_order_of_trial(text: str) -> None:
    assert [(r.name, r.constraint, r.arch) for r in readings(text)] == HAWKEY[text]


@pytest.mark.parametrize("text", ["pkgconfig(libssl)", "/usr/bin/env", "1:foo-2-3.x86_64", "a >= 1", ""])
def test_what_is_no_package_reads_as_itself(text: str) -> None:
    assert readings(text) == (Reading(text),)


@pytest.mark.parametrize("text", TOLD)
def test_parts_that_tell(text: str) -> None:
    assert told(text) == TOLD[text]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.text("ab1.-:+~^/( \n*é", max_size=60) | st.text(max_size=2000))
def test_any_text_has_a_reading(text: str) -> None:
    found = readings(text)
    assert found
    assert told(text) in found or told(text).arch
