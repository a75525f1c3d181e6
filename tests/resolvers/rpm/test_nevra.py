from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from resolvers.rpm.declared import Declared, Target
from resolvers.rpm.nevra import is_lock, read_list
from resolvers.tree import Tree
from tests.hostile import EXAMPLES

RPM_QA = """\
bash-5.1.8-6.el9.x86_64
gpg-pubkey-8483c65d-5ccc5b19
ca-certificates-2024.2.69_v8.0.303-91.4.el9_4.noarch
java-17-openjdk-headless-17.0.9.0.9-2.el9.x86_64
glibc-2.34-60.el9.x86_64
glibc-2.34-60.el9.i686
"""
SOSREPORT = """\
NetworkManager-1:1.44.0-3.el9.x86_64        Tue Nov  7 09:12:01 2023
bash-5.1.8-6.el9.x86_64                     Tue Nov  7 09:12:02 2023
1:dbus-1.12.20-8.el9.x86_64                 Tue Nov  7 09:12:03 2023
(none):tzdata-2024a-1.el9.noarch            Tue Nov  7 09:12:03 2023
"""
DNF_LIST = """\
Last metadata expiration check: 0:12:01 ago on Tue Nov  7 09:12:01 2023.
Installed Packages
NetworkManager.x86_64                    1:1.44.0-3.el9             @baseos
a-package-whose-name-is-so-long-that-yum-breaks-the-line.noarch
                                         2.0-1.el9                  @System
bash.x86_64                              5.1.8-6.el9                @anaconda
"""
KERNELS = """\
kernel-core-5.14.0-70.el9.x86_64
kernel-core-5.14.0-362.el9.x86_64
"""
CASES = {
    "rpm -qa": (
        RPM_QA,
        [
            "1 bash 5.1.8-6.el9",
            "3 ca-certificates 2024.2.69_v8.0.303-91.4.el9_4",
            "5 glibc 2.34-60.el9",
            "6 glibc.i686 2.34-60.el9",
            "4 java-17-openjdk-headless 17.0.9.0.9-2.el9",
        ],
    ),
    "sosreport": (
        SOSREPORT,
        ["1 NetworkManager 1:1.44.0-3.el9", "2 bash 5.1.8-6.el9", "3 dbus 1:1.12.20-8.el9", "4 tzdata 2024a-1.el9"],
    ),
    "dnf list": (
        DNF_LIST,
        [
            "3 NetworkManager 1:1.44.0-3.el9",
            "4 a-package-whose-name-is-so-long-that-yum-breaks-the-line 2.0-1.el9",
            "6 bash 5.1.8-6.el9",
        ],
    ),
    "without architecture": ("bash-5.1.8-6.el9\n", ["1 bash 5.1.8-6.el9"]),
    "several kernels": (KERNELS, ["2 kernel-core 5.14.0-362.el9"]),
}


def _read(folder: Path, text: str) -> Declared:
    (folder / "rpms.txt").write_text(text, encoding="utf-8")
    return read_list(Tree(folder), "rpms.txt", Target("centos:9"))


@pytest.mark.parametrize("case", CASES)
def test_locks(tmp_path: Path, case: str) -> None:
    text, expected = CASES[case]
    declared = _read(tmp_path, text)
    locked = declared.locked or ()
    assert [f"{p.origin.line} {p.candidate.package.name} {p.candidate.version}" for p in locked] == expected
    assert [(r.package, r.constraint) for r in declared.requirements] == [(p.candidate.package, "") for p in locked]
    assert not any(s.incomplete for s in declared.skipped)
    assert is_lock(text)


def test_names_alone_are_no_lock(tmp_path: Path) -> None:
    text = (
        "# for the web\nhttpd\njava-17-openjdk   # as a name\nglibc.i686\nphp-0:8.1\n/usr/bin/env\n@web-server\n"
        "pkgconfig(libssl) >= 3\n"
    )
    declared = _read(tmp_path, text)
    assert declared.locked is None
    assert [f"{r.origin.line} {r}" for r in declared.requirements] == [
        "2 httpd",
        "3 java-17-openjdk",
        "4 glibc.i686",
        "5 php=0:8.1",
        "6 /usr/bin/env",
        "8 pkgconfig(libssl) >= 3",
    ]
    assert declared.unknown == (
        "@web-server is a group or a module, whose packages only the repository knows (rpms.txt:7)",
    )
    assert not is_lock(text)


def test_what_is_no_package_is_skipped_with_its_line(tmp_path: Path) -> None:
    declared = _read(tmp_path, "bash\n$(cat more)\nwhat is this?\n")
    assert [(s.origin.line, s.incomplete) for s in declared.skipped] == [(2, True), (3, True)]


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    st.lists(st.text("ab1.-:x86_4 \t(none)#*@/\r", max_size=40) | st.text(max_size=30), max_size=12).map("\n".join)
    | st.binary(max_size=80)
)
def test_any_text_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, content: str | bytes) -> None:
    folder = tmp_path_factory.getbasetemp()
    raw = content if isinstance(content, bytes) else content.encode("utf-8", "replace")
    (folder / "hostile.txt").write_bytes(raw)
    try:
        declared = read_list(Tree(folder), "hostile.txt", Target())
    except ManifestError as error:
        assert error.reason
        return
    lines = raw.count(b"\n") + 1
    assert all(1 <= item.origin.line <= lines for item in (*declared.requirements, *declared.skipped))


def test_long_lines_take_no_time(tmp_path: Path) -> None:
    for piece in ("-1", "a-", ".x86_64", "1:", "-0.", " "):
        _read(tmp_path, (piece * 200_000 + "\n") * 3)
