"""Records of installed packages in every form, the machine's own dpkg and apt as judges."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from resolvers.deb.declared import Context, Declared
from resolvers.deb.dpkg_status import is_status, read_status
from resolvers.deb.root_filesystem import read_root_filesystem
from resolvers.tree import Tree
from tests.hostile import EXAMPLES

STATUS = """\
Package: curl
Status: install ok installed
Priority: optional
Architecture: amd64
Version: 7.88.1-10+deb12u5
Depends: libc6 (>= 2.34)
Conffiles:
 /etc/x 0123
Description: fetches
 things

Package: gone
Status: deinstall ok config-files
Architecture: amd64
Version: 1

Package: tzdata
Status: hold ok installed
Architecture: all
Version: 2024a-0+deb12u1

Package: libc6
Status: install ok installed
Architecture: amd64
Version: 2.36-9

Package: libc6
Status: install ok installed
Architecture: i386
Version: 2.36-9

Package: half
Status: install reinstreq half-installed
Architecture: amd64
Version: 3
"""
EXTENDED = """\
Package: libc6
Architecture: i386
Auto-Installed: 1

Package: tzdata
Architecture: amd64
Auto-Installed: 1

Package: curl
Architecture: amd64
Auto-Installed: 0
"""
TABLE = """\
Desired=Unknown/Install/Remove/Purge/Hold
| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend
|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)
||/ Name           Version           Architecture Description
+++-==============-=================-============-=================================================
ii  curl           7.88.1-10+deb12u5 amd64        command line tool
hi  libc6:i386     2.36-9            i386         GNU C Library
rc  gone           1                 amd64        is gone
"""
NARROW = """\
||/ Name           Version        Description
+++-==============-==============-==============================================
ii  curl           7.88.1-10      command line tool
ii  libgstreamer-p 1.22           cut off
ii  tzdata         2024a-0+deb12u cut off
"""
FORMS: dict[str, tuple[str, list[str], list[str], int]] = {
    "database": (
        STATUS,
        ["curl==7.88.1-10+deb12u5 1", "tzdata==2024a-0+deb12u1 17", "libc6==2.36-9 22", "libc6:i386==2.36-9 27"],
        ["curl", "tzdata", "libc6", "libc6:i386"],
        0,
    ),
    "dpkg -l": (TABLE, ["curl==7.88.1-10+deb12u5 6", "libc6:i386==2.36-9 7"], ["curl", "libc6:i386"], 0),
    "dpkg -l, old and narrow": (NARROW, ["curl==7.88.1-10 3"], ["curl"], 2),
    "dpkg --get-selections": ("curl\t\t\tinstall\nlibc6:i386\thold\ngone\tdeinstall\n", [], ["curl", "libc6:i386"], 0),
    "dpkg-query -W": (
        "curl\t7.88\nlibc6:amd64\t2.36-9\ngone\t\n",
        ["curl==7.88 1", "libc6==2.36-9 2"],
        ["curl", "libc6"],
        0,
    ),
    "apt list --installed": (
        "Listing... Done\ncurl/stable,now 7.88 amd64 [installed]\ntzdata/stable 2024a all [installed,automatic]\n"
        "vim/stable 9 amd64\nbash/now 5.2 amd64 [installed,local]\n",
        ["curl==7.88 2", "tzdata==2024a 3", "bash==5.2 5"],
        ["curl", "bash"],
        0,
    ),
}


def read(folder: Path, text: str) -> Declared:
    (folder / "status").write_text(text)
    return read_status(Context(Tree(folder), "debian"), "status")


@pytest.mark.parametrize(("text", "locked", "asked", "open_count"), FORMS.values(), ids=FORMS)
def test_forms(tmp_path: Path, text: str, locked: list[str], asked: list[str], open_count: int) -> None:
    declared = read(tmp_path, text)
    assert [f"{pin.candidate} {pin.origin.line}" for pin in declared.locked or ()] == locked
    assert [str(r) for r in declared.requirements] == asked
    assert len(declared.unknown) == open_count
    assert is_status(Tree(tmp_path), "status")


@pytest.mark.parametrize("text", ["", "hello world\n", "curl\ngit\n", "Package: x\nVersion: 1\n", "flask==1\n", "\0"])
def test_other_texts(tmp_path: Path, text: str) -> None:
    with pytest.raises(ManifestError, match="is no record of installed packages"):
        read(tmp_path, text)
    assert not is_status(Tree(tmp_path), "status")


def test_a_record_that_is_broken_has_a_line(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="status:5: is neither a field"):
        read(tmp_path, "Package: a\nStatus: install ok installed\nVersion: 1\n\nnonsense\n")


def test_a_package_without_a_name_is_open(tmp_path: Path) -> None:
    declared = read(tmp_path, "Package: ../x\nStatus: install ok installed\nVersion: 1\n")
    assert declared.unknown == ("status:1: has a package whose name or version is none",)


def root(folder: Path, **files: str) -> Declared:
    for name, text in files.items():
        place = folder / "host" / name.replace("__", "/")
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return read_root_filesystem(Context(Tree(folder), "debian"), "host")


def test_what_apt_calls_automatic_is_not_asked_for(tmp_path: Path) -> None:
    declared = root(tmp_path, var__lib__dpkg__status=STATUS, var__lib__apt__extended_states=EXTENDED)
    assert [f"{r} {r.origin}" for r in declared.requirements] == [
        "curl host/var/lib/dpkg/status:1", "libc6 host/var/lib/dpkg/status:22",
    ]  # fmt: skip
    assert len(declared.locked or ()) == 4


def test_apt_agrees_on_what_was_asked_for(tmp_path: Path) -> None:
    declared = root(tmp_path, var__lib__dpkg__status=STATUS, var__lib__apt__extended_states=EXTENDED)
    shown = _shown(
        "apt-mark", "-o", f"Dir::State::status={tmp_path}/host/var/lib/dpkg/status",
        "-o", f"Dir::State={tmp_path}/host/var/lib/apt", "-o", "APT::Architecture=amd64",
        "-o", "APT::Architectures=amd64,i386",
        "-o", f"Dir::Cache={tmp_path}", "showmanual",
    )  # fmt: skip
    # apt also names what is half installed: it has to deal with it.
    assert {r.package.name for r in declared.requirements} | {"half"} == set(shown)


def test_broken_marks_make_everything_asked_for(tmp_path: Path) -> None:
    declared = root(tmp_path, var__lib__dpkg__status=STATUS, var__lib__apt__extended_states="nonsense")
    assert len(declared.requirements) == 4
    assert [(note.origin.line, note.incomplete) for note in declared.skipped] == [(1, False)]


def test_an_image_without_dpkg(tmp_path: Path) -> None:
    folder = "var__lib__dpkg__status.d__"
    files = {
        f"{folder}base": "Package: base-files\nVersion: 12.4\nArchitecture: amd64\n",
        f"{folder}libc6": "Package: libc6\nVersion: 2.36-9\nArchitecture: amd64\n",
        f"{folder}libc6.md5sums": "0 usr/lib/libc.so",
        f"{folder}odd": "nonsense",
    }
    declared = root(tmp_path, **files)
    assert [str(r) for r in declared.requirements] == ["base-files", "libc6"]
    assert [str(pin.origin) for pin in declared.locked or ()] == [
        f"host/var/lib/dpkg/status.d/{n}:1" for n in ("base", "libc6")
    ]
    assert [str(note.origin) for note in declared.skipped] == ["host/var/lib/dpkg/status.d/odd:1"]


def test_a_folder_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "host").mkdir()
    assert root(tmp_path) == Declared()


@pytest.mark.parametrize(
    "command",
    [["dpkg", "-l"], ["dpkg-query", "-W"], ["dpkg", "--get-selections"], ["cat", "/var/lib/dpkg/status"]],
    ids=lambda command: " ".join(command),
)
def test_what_this_machine_prints(tmp_path: Path, command: list[str]) -> None:
    if not Path("/var/lib/dpkg/status").exists():
        command = ["true"]
    lines = _shown(*command)
    own = _shown("dpkg-query", "-W", "-f", "${Package} ${Status}\n") if len(lines) else []
    installed = {line.split()[0] for line in own if line.endswith("installed") and "not-installed" not in line}
    declared = read(tmp_path, "\n".join(lines) if lines else STATUS)
    names = {r.package.name.partition(":")[0] for r in declared.requirements}
    assert names == (installed or {"curl", "tzdata", "libc6"})
    assert declared.unknown == ()


def _shown(*command: str) -> list[str]:
    assert shutil.which(command[0])
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


PIECES = st.sampled_from(
    ["Package: a1\n", "Status: install ok installed\n", "Version: 1\n", "Architecture: i386\n", "\n", " x\n",
     "ii  curl 1 amd64 x\n", "+++-====-===\n", "curl\tinstall\n", "curl\t1\n", "Listing...\n",
     "curl/now 1 amd64 [installed]\n",
     "-", ":", "#", "\0"]
)  # fmt: skip


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(PIECES | st.text(max_size=6) | st.binary(max_size=6), max_size=20))
def test_hostile_records(tmp_path_factory: pytest.TempPathFactory, pieces: list[str | bytes]) -> None:
    folder = tmp_path_factory.getbasetemp()
    content = b"".join(piece if isinstance(piece, bytes) else piece.encode("utf-8", "replace") for piece in pieces)
    (folder / "status").write_bytes(content)
    try:
        declared = read_status(Context(Tree(folder)), "status")
    except ManifestError:
        return
    assert all(pin.candidate.version and pin.origin.line for pin in declared.locked or ())
