"""Package files built with dpkg-deb, and what hostile ones may cost."""

from __future__ import annotations

import gzip
import io
import subprocess
import tarfile
import tracemalloc
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from analyzer.requirement import Source
from resolvers.deb.deb822 import value
from resolvers.deb.deb_archive import read_control_data, read_deb
from resolvers.deb.declared import Context, Declared
from resolvers.tree import Tree
from tests.hostile import EXAMPLES

CONTROL = """\
Package: billing
Version: 1:1.2-3
Architecture: amd64
Maintainer: Payments <payments@example.org>
Pre-Depends: dpkg (>= 1.19)
Depends: libc6 (>= 2.36), exim4 | mail-transport-agent,
 libssl3:any
Description: invoices
"""
EXCLUDING = f"{CONTROL}Conflicts: old-billing (<< 1)\nProvides: biller\n"


def build(folder: Path, control: str = CONTROL, *options: str) -> Path:
    root = folder / "root"
    (root / "DEBIAN").mkdir(parents=True, exist_ok=True)
    (root / "DEBIAN" / "control").write_text(control)
    (root / "DEBIAN" / "postinst").write_text("#!/bin/sh\n")
    (root / "DEBIAN" / "postinst").chmod(0o755)
    (root / "opt").mkdir(exist_ok=True)
    (root / "opt" / "control").write_text("Package: other\n")
    command = ["dpkg-deb", "--root-owner-group", *options, "--build", str(root), str(folder / "x.deb")]
    subprocess.run(command, check=True, capture_output=True)
    return folder / "x.deb"


def read(folder: Path, architecture: str = "amd64") -> Declared:
    return read_deb(Context(Tree(folder), "debian", architecture), "x.deb")


@pytest.mark.parametrize("form", ["gzip", "xz", "zstd", "none"])
def test_what_dpkg_deb_builds(tmp_path: Path, form: str) -> None:
    build(tmp_path, CONTROL, f"-Z{form}", "--uniform-compression")
    declared = read(tmp_path)
    own, *others = declared.requirements
    assert [f"{r} {r.origin}" for r in others] == [
        "dpkg (>= 1.19) x.deb", "libc6 (>= 2.36) x.deb", "exim4 | mail-transport-agent x.deb", "libssl3:any x.deb",
    ]  # fmt: skip
    assert (str(own.package), own.constraint) == ("deb/debian/billing", "=1:1.2-3")
    assert own.source == Source("path", "x.deb")
    assert (declared.locked, declared.unknown, declared.skipped) == (None, (), ())


def test_the_fields_are_those_that_dpkg_deb_shows(tmp_path: Path) -> None:
    archive = build(tmp_path, EXCLUDING)
    control = read_control_data(Tree(tmp_path), "x.deb")
    for field in ("Package", "Version", "Depends", "Conflicts", "Description"):
        shown = subprocess.run(
            ["dpkg-deb", "-f", str(archive), field], check=True, capture_output=True, text=True
        ).stdout
        assert value(control, field.lower()).split() == shown.split()


def test_what_it_excludes_is_open(tmp_path: Path) -> None:
    build(tmp_path, EXCLUDING)
    conflicts, provides = read(tmp_path).unknown
    assert conflicts.startswith("x.deb: billing has Conflicts: old-billing (<< 1);")
    assert provides.startswith("x.deb: billing has Provides: biller;")


def test_a_foreign_architecture_is_part_of_the_name(tmp_path: Path) -> None:
    build(tmp_path)
    assert read(tmp_path, "arm64").requirements[0].package.name == "billing:amd64"


def member(name: str, content: bytes) -> bytes:
    header = f"{name:<16}{0:<12}{0:<6}{0:<6}{'100644':<8}{len(content):<10}`\n".encode()
    return header + content + b"\n" * (len(content) % 2)


def tar(files: dict[str, bytes], **changes: object) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            for attribute, given_value in changes.items():
                setattr(info, attribute, given_value)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


VERSION = member("debian-binary", b"2.0\n")
ARCHIVE = b"!<arch>\n"
BROKEN: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "is no Debian package"),
    "something else": (b"PK\3\4" + b"\0" * 100, "is no Debian package"),
    "no member": (b"!<arch>\n", "ends before its control data"),
    "no control data": (ARCHIVE + VERSION + member("data.tar.xz", b"x"), "ends before its control data"),
    "cut off": (ARCHIVE + VERSION + member("control.tar", tar({"control": b""}))[:-600], "ends before its control"),
    "a size that is none": (ARCHIVE + VERSION[:48] + b"-1        " + VERSION[58:], "is a damaged ar archive"),
    "a header cut off": (ARCHIVE + VERSION + b"control.tar", "is a damaged ar archive"),
    "far too large": (ARCHIVE + member("control.tar", b"")[:48] + b"9999999999`\n", "has control data of more than"),
    "no file control": (ARCHIVE + member("control.tar", tar({"md5sums": b""})), "has no control data to read"),
    "leads out": (ARCHIVE + member("control.tar", tar({"../control": b"Package: x\n"})), "has no control data to read"),
    "a link": (
        ARCHIVE + member("control.tar", tar({"control": b""}, type=tarfile.SYMTYPE, linkname="/etc/passwd")),
        "has no control data to read: control is a link",
    ),
    "twice": (
        ARCHIVE + member("control.tar", tar({"control": b"Package: x\n", "./control": b"Package: y\n"})),
        "has no control data to read: control is there twice",
    ),
    "empty control": (ARCHIVE + member("control.tar", tar({"./control": b"\n"})), "has empty control data"),
    "no name": (ARCHIVE + member("control.tar", tar({"./control": b"Package: ../x\nVersion: 1\n"})), "has no package"),
    "no version": (ARCHIVE + member("control.tar", tar({"./control": b"Package: xyz\n"})), "has no package name"),
    "no compression": (ARCHIVE + member("control.tar.gz", b"\x1f\x8b broken"), "is a damaged archive"),
    "no fields": (ARCHIVE + member("control.tar", tar({"./control": b"nonsense\n"})), "is neither a field"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "message"), BROKEN.values(), ids=BROKEN)
def test_broken(tmp_path: Path, content: bytes, message: str) -> None:
    (tmp_path / "x.deb").write_bytes(content)
    with pytest.raises(ManifestError, match=message):
        read(tmp_path)


def test_a_bomb_is_not_inflated(tmp_path: Path) -> None:
    bomb = gzip.compress(tar({"zeros": b"\0" * 70 * 2**20, "control": b"Package: x\n"}))
    (tmp_path / "x.deb").write_bytes(ARCHIVE + VERSION + member("control.tar.gz", bomb))
    tracemalloc.start()
    with pytest.raises(ManifestError, match="inflates to more than"):
        read(tmp_path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 20 * 2**20


def test_what_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ManifestError, match="does not exist"):
        read(tmp_path)
    (tmp_path / "x.deb").mkdir()
    with pytest.raises(ManifestError, match="is no regular file"):
        read(tmp_path)


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return build(tmp_path_factory.mktemp("sound"), EXCLUDING, "-Zgzip").read_bytes()


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.data())
def test_hostile_archives(tmp_path_factory: pytest.TempPathFactory, sound: bytes, data: st.DataObject) -> None:
    folder = tmp_path_factory.getbasetemp()
    content = bytearray(sound[: data.draw(st.integers(0, len(sound)))])
    for place, byte in data.draw(st.lists(st.tuples(st.integers(0, len(sound) - 1), st.integers(0, 255)), max_size=8)):
        content[place : place + 1] = bytes([byte])
    (folder / "x.deb").write_bytes(content)
    try:
        declared = read(folder)
    except ManifestError:
        return
    assert declared.requirements[0].source is not None
