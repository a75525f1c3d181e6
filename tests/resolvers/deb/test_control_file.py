from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from resolvers.deb.control_file import read_control
from resolvers.deb.declared import Context, Declared
from resolvers.deb.dependencies import MOST
from resolvers.tree import Tree
from tests.hostile import EXAMPLES

CONTROL = """\
Source: billing
Section: web
Priority: optional
Maintainer: Payments <payments@example.org>
Build-Depends: debhelper-compat (= 13),
 dh-python, python3-all
Build-Depends-Indep: python3-sphinx <!nodoc>
Standards-Version: 4.6.2

Package: billing
Architecture: any
Pre-Depends: ${misc:Pre-Depends}
Depends: billing-common (= ${binary:Version}),
         ${misc:Depends},
# needed for the reports
         adduser,
         exim4 | mail-transport-agent,
         libseccomp2 (>= 2.5) [amd64 arm64],
         libatomic1 [armhf],
         python3:any (>= 3.9~) | python3-minimal:any
Recommends: logrotate
Description: invoices
 and reminders.

Package: billing-common
Architecture: all
Depends: tzdata (>> 2024)

Package: billing-doc
Architecture: all
Section: doc
Depends: libjs-sphinxdoc

Package: libbilling-dev
Architecture: any
Section: libdevel
Depends: libssl-dev

Package: billing-gpio
Architecture: armhf
Depends: gpiod
"""


def read(folder: Path, text: str, **beside: str) -> Declared:
    (folder / "debian").mkdir(exist_ok=True)
    (folder / "debian" / "control").write_text(text)
    for name, content in beside.items():
        (folder / "debian" / f"{name}.substvars").write_text(content)
    return read_control(Context(Tree(folder), "debian"), "debian/control")


def test_what_the_binaries_need(tmp_path: Path) -> None:
    declared = read(tmp_path, CONTROL)
    assert [(str(r.package), r.constraint, str(r.origin)) for r in declared.requirements] == [
        ("deb/debian/adduser", "", "debian/control:16"),
        ("deb/debian/exim4", "| mail-transport-agent", "debian/control:17"),
        ("deb/debian/libseccomp2", "(>= 2.5)", "debian/control:18"),
        ("deb/debian/python3:any", "(>= 3.9~) | python3-minimal:any", "debian/control:20"),
        ("deb/debian/tzdata", "(>> 2024)", "debian/control:27"),
    ]
    assert declared.unknown == ()


def test_what_is_left_out_is_noted(tmp_path: Path) -> None:
    notes = read(tmp_path, CONTROL).skipped
    assert not any(note.incomplete for note in notes)
    assert [f"{note.what} {note.origin.line}" for note in notes] == [
        "Build-Depends 5", "Build-Depends-Indep 7",
        "billing-doc 29", "libbilling-dev 34", "billing-gpio 39",
        "${misc:Pre-Depends} 12", "${misc:Depends} 14",
    ]  # fmt: skip


BINARY = "Source: x\n\nPackage: x\nArchitecture: any\nDepends: {}\n"
OPEN = {
    "what a build computes": ("${shlibs:Depends}", [], ["debian/control:5: ${shlibs:Depends} stands for packages"]),
    "a version that a build fills in": (
        "y (= ${y:Version}) | z",
        ["y | z"],
        ["debian/control:5: y (= ${y:Version}) | z has"],
    ),
    "no relationship": ("y (>= ), z", ["z"], ["debian/control:5: y (>= ) is no relationship"]),
    "half a variable": ("lib${x}", [], ["debian/control:5: lib${x} stands for packages"]),
}


@pytest.mark.parametrize(("depends", "expected", "reasons"), OPEN.values(), ids=OPEN)
def test_what_is_open(tmp_path: Path, depends: str, expected: list[str], reasons: list[str]) -> None:
    declared = read(tmp_path, BINARY.format(depends))
    assert [str(r) for r in declared.requirements] == expected
    assert [found.startswith(reason) for found, reason in zip(declared.unknown, reasons, strict=True)] == [True]


def test_what_a_build_left_behind_is_used(tmp_path: Path) -> None:
    text = BINARY.format("${shlibs:Depends}, ${misc:Depends}, y (= ${y:Version})")
    declared = read(
        tmp_path, text, x="shlibs:Depends=libc6 (>= 2.34), libssl3 (>= 3.0.0)\nmisc:Depends=\ny:Version?=2-1\n"
    )
    assert [str(r) for r in declared.requirements] == ["libc6 (>= 2.34)", "libssl3 (>= 3.0.0)", "y (= 2-1)"]
    assert (declared.unknown, declared.skipped) == ((), ())


def test_what_is_no_control_file(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="debian/control:1"):
        read(tmp_path, "nonsense")
    assert read(tmp_path, "") == Declared()


def test_more_than_a_field_can_hold(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="debian/control:5: has more than"):
        read(tmp_path, BINARY.format("ab," * (MOST + 1)))


PIECES = st.sampled_from(
    ["Source: x\n", "\n", "Package: x\n", "Architecture: any\n", "Depends: ", "Pre-Depends:", " y", ", ", " | ",
     "(>= 1)", "${a:b}",     "${", "}", "[amd64]", "<!x>", "\n ", "#", "(", ":any", "Section: doc\n", "x (= ${v})"]
)  # fmt: skip


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(PIECES | st.text(max_size=5), max_size=20).map("".join))
def test_hostile_control_files(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    folder = tmp_path_factory.getbasetemp()
    try:
        declared = read(folder, text.encode("utf-8", "replace").decode())
    except ManifestError:
        return
    assert all(r.origin.line for r in declared.requirements)
