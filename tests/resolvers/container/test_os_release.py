"""Which release ``etc/os-release`` names."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from analyzer.origin import Origin
from resolvers.container.os_release import parse_os_release, release_of
from tests.hostile import EXAMPLES

RELEASES = [
    ('ID=debian\nVERSION_ID="12"\n', "debian:12"),
    ('PRETTY_NAME="Debian GNU/Linux forky/sid"\nID=debian\nVERSION_CODENAME=forky\n', "debian:14"),
    ("ID=debian\n", "debian"),
    ("ID=debian\nVERSION_CODENAME=jammy\n", "debian"),
    ('ID=ubuntu\nID_LIKE=debian\nVERSION_ID="24.04"\n', "ubuntu:24.04"),
    ("ID=alpine\nVERSION_ID=3.20.3\n", "alpine:3.20"),
    ("ID=alpine\nVERSION_ID=3.21.0_alpha20240807\n", "alpine:edge"),
    ('ID="centos"\nID_LIKE="rhel fedora"\nVERSION_ID="9"\n', "centos:9"),
    ('ID="rhel"\nID_LIKE="fedora"\nVERSION_ID="9.4"\n', "rhel:9"),
    ('ID="rocky"\nID_LIKE="rhel centos fedora"\nVERSION_ID="9.3"\n', "rocky:9"),
    ('ID="almalinux"\nVERSION_ID="8.10"\n', "almalinux:8"),
    ('ID="ol"\nID_LIKE="fedora"\nVERSION_ID="9.4"\n', "oraclelinux:9"),
    ('ID="amzn"\nID_LIKE="fedora"\nVERSION_ID="2023"\n', "amazonlinux:2023"),
    ("ID=fedora\nVERSION_ID=42\n", "fedora:42"),
    ('ID="opensuse-leap"\nID_LIKE="suse opensuse"\nVERSION_ID="15.6"\n', "opensuse:15.6"),
    ('ID="opensuse-tumbleweed"\nVERSION_ID="20260901"\n', "opensuse:tumbleweed"),
    ('ID="sles"\nVERSION_ID="15.6"\n', "sles:15.6"),
    ("ID=arch\nBUILD_ID=rolling\n", "arch"),
    ('ID=linuxmint\nID_LIKE="ubuntu debian"\nVERSION_ID="21.3"\n', "linuxmint:21.3"),
    ("ID=raspbian\nID_LIKE=debian\nVERSION_ID='12'\n", "raspbian:12"),
    ('# a comment\n\nexport ID=fedora\nID=debian\r\nVERSION_ID="1\\2"\r\n', "debian:12"),
    ("ID=ubuntu\nID=debian\nVERSION_ID=11\nVERSION_ID=12\n", "debian:12"),
    ('HOME_URL="unclosed\nID=debian\nVERSION_ID=12', "debian:12"),
]


@pytest.mark.parametrize(("text", "release"), RELEASES)
def test_releases(text: str, release: str) -> None:
    assert release_of(text, "etc/os-release") == release


FAULTS = [
    ("", 0, "names no distribution (ID)"),
    ("NAME=Debian\nVERSION_ID=12\n", 0, "names no distribution (ID)"),
    ("\nID=\n", 2, "ID is none that os-release(5) admits"),
    ('ID="Debian GNU/Linux"\n', 1, "ID is none that os-release(5) admits"),
    ("ID=../../x\n", 1, "ID is none that os-release(5) admits"),
    ("ID=debian\nVERSION_ID='1 2'\n", 2, "VERSION_ID is none that os-release(5) admits"),
    ("ID=debian\nVERSION_ID=" + "1" * 65 + "\n", 2, "VERSION_ID is none that os-release(5) admits"),
    ('ID="debian\n', 1, "ID is no value that a shell would take as it is"),
    ("ID=$(id)\n", 1, "ID is no value that a shell would take as it is"),
    ("ID=debian\nVERSION_ID=12 sid\n", 2, "VERSION_ID is no value that a shell would take as it is"),
]


@pytest.mark.parametrize(("text", "line", "reason"), FAULTS)
def test_faults(text: str, line: int, reason: str) -> None:
    with pytest.raises(ManifestError) as caught:
        release_of(text, "etc/os-release")
    assert (caught.value.origin, caught.value.reason) == (Origin("etc/os-release", line), reason)


@pytest.mark.parametrize(
    ("text", "origin"),
    [
        ('ID=debian\nVERSION_ID="12"\n', Origin("f", 2, "VERSION_ID=12")),
        ("ID=arch\n", Origin("f", 1, "ID=arch")),
    ],
)
def test_the_line_that_says_so(text: str, origin: Origin) -> None:
    assert parse_os_release(text, "f").origin == origin


LINES = st.sampled_from(
    [
        *(
            "ID=",
            "VERSION_ID=",
            "ID_LIKE=",
            "VERSION_CODENAME=",
            "debian",
            "alpine",
            "12",
            "3.20",
            "bookworm",
            "ubuntu",
        ),
        *("opensuse-tumbleweed", "'", '"', "\\", "$", "\n", "\r", " ", "_", "\0", "é", "=", "#"),
    ]
)


@settings(max_examples=EXAMPLES)
@given(st.lists(LINES, max_size=20).map("".join) | st.text(max_size=300))
def test_any_text_is_a_release_or_a_typed_error(text: str) -> None:
    try:
        found = parse_os_release(text, "etc/os-release")
    except ManifestError:
        return
    assert found.release and found.release.isprintable() and " " not in found.release
    assert 0 < found.origin.line <= text.count("\n") + 1
