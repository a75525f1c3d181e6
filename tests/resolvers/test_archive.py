"""Archives: what is read, what is refused, and what is never believed."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import struct
import tarfile
import tracemalloc
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from resolvers.archive import LIMITS, any_member, read_archive, read_archive_file
from resolvers.members import Contents, Limits
from resolvers.tree import Tree

SMALL = Limits(members=50, member=2000, kept=5000, index=20_000, inflated=400_000, free=50_000, ratio=20)
FILES = {"app/a.txt": b"first\n", "app/deep/er/b.txt": b"second", "c.txt": b""}


def read(data: bytes, limits: Limits = SMALL) -> Contents:
    return read_archive_file(io.BytesIO(data), "x.archive", lambda name: name.endswith(".txt"), limits)


def zipped(files: dict[str, bytes] = FILES, method: int = zipfile.ZIP_DEFLATED, **changes: int) -> bytes:
    """A zip; ``changes`` are attributes that every ZipInfo is given."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in files.items():
            info = zipfile.ZipInfo("placeholder")
            info.filename, info.compress_type = name, method
            for attribute, value in changes.items():
                setattr(info, attribute, value)
            archive.writestr(info, content)
    return buffer.getvalue()


def tarred(files: dict[str, bytes] = FILES, form: int = tarfile.PAX_FORMAT, **changes: object) -> bytes:
    """A tar; ``changes`` are attributes that every TarInfo is given."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=form) as archive:
        for name, content in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            for attribute, value in changes.items():
                setattr(info, attribute, value)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


def header(name: str = "a.txt", size: int = 0, kind: bytes = b"0") -> bytes:
    info = tarfile.TarInfo(name)
    info.size, info.type = size, kind
    return info.tobuf(tarfile.GNU_FORMAT)


def pax(records: bytes, *after: bytes) -> bytes:
    return header("pax", len(records), b"x") + records.ljust(512, b"\0") + (b"".join(after) or header()) + bytes(1024)


def overlapping() -> bytes:
    """Two entries of the index that point to one member."""
    data = zipped({"a.txt": b"x" * 100})
    end = data.rindex(b"PK\5\6")
    start = data.index(b"PK\1\2")
    entry = data[start:end]
    tail = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 2, 2, 2 * len(entry), start, 0)
    return data[:start] + entry + entry.replace(b"a.txt", b"b.txt") + tail


def patched(data: bytes, signature: bytes, offset: int, value: bytes) -> bytes:
    at = data.index(signature) + offset
    return data[:at] + value + data[at + len(value) :]


READABLE: dict[str, Callable[[], bytes]] = {
    "deflated zip": zipped,
    "stored zip": lambda: zipped(method=zipfile.ZIP_STORED),
    "zip behind a shebang": lambda: b"#!/usr/bin/env python3\n" + zipped(),
    "pax tar": tarred,
    "gnu tar": lambda: tarred(form=tarfile.GNU_FORMAT),
    "ustar": lambda: tarred(form=tarfile.USTAR_FORMAT),
    "tar.gz": lambda: gzip.compress(tarred()),
    "tar.gz of two members": lambda: gzip.compress(tarred()[:700]) + gzip.compress(tarred()[700:]),
    "tar.bz2": lambda: bz2.compress(tarred()),
    "tar.xz": lambda: lzma.compress(tarred()),
    "names that start with ./": lambda: tarred({f"./{name}": content for name, content in FILES.items()}),
    "tar whose last member is a zip": lambda: tarred({**FILES, "z.bin": zipped({"no.txt": b""})}),
}


@pytest.mark.parametrize("make", READABLE.values(), ids=READABLE)
def test_contents(make: Callable[[], bytes]) -> None:
    contents = read(make())
    assert contents.files == FILES
    assert set(contents.names) >= set(FILES)
    assert not contents.refused


REFUSED: dict[str, tuple[Callable[[], bytes], str]] = {
    "zip: parent": (lambda: zipped({"../a.txt": b"x"}), "leads out"),
    "zip: parent inside": (lambda: zipped({"x/../../a.txt": b"x"}), "leads out"),
    "zip: absolute": (lambda: zipped({"/etc/a.txt": b"x"}), "absolute"),
    "zip: backslash": (lambda: zipped({"..\\a.txt": b"x"}), "backslash"),
    "zip: drive": (lambda: zipped({"C:a.txt": b"x"}), "absolute"),
    "zip: control character": (lambda: zipped({"a\x1b[31m.txt": b"x"}), "control"),
    "zip: link": (lambda: zipped({"a.txt": b"/etc/passwd"}, external_attr=0o120777 << 16), "link"),
    "zip: encrypted": (lambda: patched(zipped({"a.txt": b"x"}), b"PK\1\2", 8, b"\1\0"), "encrypted"),
    "zip: bzip2": (lambda: zipped({"a.txt": b"x"}, zipfile.ZIP_BZIP2), "method 12"),
    "zip: lzma": (lambda: zipped({"a.txt": b"x"}, zipfile.ZIP_LZMA), "method 14"),
    "zip: unknown method": (lambda: patched(zipped({"a.txt": b"x"}), b"PK\1\2", 10, b"\x63\0"), "method 99"),
    "zip: says it is small": (
        lambda: patched(zipped({"a.txt": b"x" * 9000}), b"PK\1\2", 24, struct.pack("<L", 10)),
        "damaged",
    ),
    "zip: says it is large": (lambda: patched(zipped({"a.txt": b"x"}), b"PK\1\2", 24, b"\0\0\0\x70"), "larger than"),
    "zip: too large": (lambda: zipped({"a.txt": os.urandom(3000)}), "larger than"),
    "zip: wrong checksum": (lambda: patched(zipped({"a.txt": b"x"}), b"PK\1\2", 16, b"\0\0\0\0"), "damaged"),
    "zip: broken deflate": (lambda: patched(zipped({"a.txt": b"x" * 99}), b"a.txt", 5, b"\xff\xff"), "damaged"),
    "zip: another local name": (lambda: patched(zipped({"a.txt": b"x"}), b"PK\3\4", 30, b"b"), "damaged"),
    "tar: parent": (lambda: tarred({"../a.txt": b"x"}), "leads out"),
    "tar: absolute": (lambda: tarred({"/a.txt": b"x"}), "absolute"),
    "tar: backslash": (lambda: tarred({"a\\b.txt": b"x"}), "backslash"),
    "tar: bytes that are no text": (lambda: tarred({"caf\udce9.txt": b"x"}, tarfile.GNU_FORMAT), "no text"),
    "tar: symbolic link": (lambda: tarred({"a.txt": b""}, type=tarfile.SYMTYPE, linkname="/etc/passwd"), "link"),
    "tar: hard link": (lambda: tarred({"a.txt": b""}, type=tarfile.LNKTYPE, linkname="../x"), "link"),
    "tar: device": (lambda: tarred({"a.txt": b""}, type=tarfile.CHRTYPE), "device"),
    "tar: sparse by pax": (lambda: pax(b"22 GNU.sparse.major=1\n"), "sparse"),
    "tar: sparse by GNU": (lambda: header("a.txt", 0, b"S") + bytes(1024), "sparse"),
    "tar: too large": (lambda: tarred({"a.txt": b"x" * 3000}), "larger than"),
    "tar: path by pax": (lambda: pax(b"17 path=../a.txt\n"), "leads out"),
}


@pytest.mark.parametrize(("make", "reason"), REFUSED.values(), ids=REFUSED)
def test_a_refused_member_is_named_and_the_rest_is_read(make: Callable[[], bytes], reason: str) -> None:
    contents = read(make())
    assert contents.files == {}
    assert [reason in refused.reason for refused in contents.refused] == [True]
    assert all(refused.name.isprintable() for refused in contents.refused)


def test_of_a_name_that_is_there_twice_neither_is_taken() -> None:
    with pytest.warns(UserWarning, match="Duplicate"):
        buffer = io.BytesIO(zipped({"b.txt": b"kept"}))
        with zipfile.ZipFile(buffer, "a") as archive:
            archive.writestr("a.txt", "1")
            archive.writestr("a.txt", "2")
    two_tars = tarred({"a.txt": b"1", "b.txt": b"kept"})[:2048] + tarred({"./a.txt": b"2"})
    for data in (buffer.getvalue(), two_tars):
        contents = read(data)
        assert contents.files == {"b.txt": b"kept"}
        assert [refused.reason for refused in contents.refused] == ["is there twice"]


UNREADABLE: dict[str, tuple[Callable[[], bytes], str]] = {
    "overlapping members": (overlapping, "overlap"),
    "member over the index": (
        lambda: patched(zipped({"a.txt": b"x"}), b"PK\1\2", 20, b"\xff\0\0\0"),
        "overlaps the index",
    ),
    "zip of too many members": (lambda: zipped({f"{i}.txt": b"" for i in range(51)}), "more than 50 members"),
    "zip of too much metadata": (
        lambda: zipped({f"{i}.txt": b"x" * 1900 for i in range(4)}),
        "5000 bytes of metadata",
    ),
    "zip with a large index": (lambda: zipped({f"{i}{'n' * 3000}": b"" for i in range(8)}), "an index of more"),
    "zip with a long name": (lambda: zipped({"n" * 5000: b""}), "name longer"),
    "zip cut off": (lambda: zipped()[:-30], "damaged"),
    "zip index elsewhere": (lambda: patched(zipped(), b"PK\5\6", 16, b"\xff\xff\xff\x7f"), "overlap|damaged"),
    "zip of several disks": (lambda: patched(zipped(), b"PK\1\2", 6, b"\xff\xff"), "damaged"),
    "tar of too many members": (lambda: tarred({f"{i}.txt": b"" for i in range(51)}), "more than 50 members"),
    "tar of too much metadata": (
        lambda: tarred({f"{i}.txt": b"x" * 1900 for i in range(4)}),
        "5000 bytes of metadata",
    ),
    "tar cut off in a member": (lambda: tarred({"a.txt": b"x" * 900})[:1000], "middle of a member"),
    "tar cut off in a header": (lambda: tarred()[:100], "middle of a member"),
    "tar that claims terabytes": (lambda: header("a.bin", 2**42), "middle of a member"),
    "tar of negative size": (lambda: patched(header("a.txt", 2**40), b"a.txt", 124, b"\xff" * 12), "damaged"),
    "tar with a huge pax header": (lambda: header("pax", 2**30, b"x") + bytes(4096), "extended header"),
    "tar with a huge long name": (lambda: header("long", 2**30, b"L") + bytes(4096), "extended header"),
    "tar with a huge global header": (lambda: header("pax", 2**30, b"g") + bytes(4096), "extended header"),
    "tar: pax without a length": (lambda: pax(b"path=a\n"), "without a length"),
    "tar: pax of length 0": (lambda: pax(b"0 path=a\n"), "cut off"),
    "tar: pax of a huge length": (lambda: pax(b"99999999999 path=a\n"), "without a length"),
    "tar: pax of the wrong length": (lambda: pax(b"50 path=a\n"), "cut off"),
    "tar: pax size no number": (lambda: pax(b"12 size=-99\n"), "no number"),
    "tar: pax size of 5000 digits": (lambda: pax(b"30 size=" + b"9" * 21 + b"\n"), "no number"),
    "gzip bomb": (lambda: gzip.compress(header("a.bin", 300_000) + bytes(300_000)), "times its size"),
    "bzip2 bomb": (lambda: bz2.compress(header("a.bin", 300_000) + bytes(300_000)), "times its size"),
    "xz bomb": (lambda: lzma.compress(header("a.bin", 300_000) + bytes(300_000)), "times its size"),
    "large without being a bomb": (
        lambda: gzip.compress(header("a.bin", 500_000) + os.urandom(500_224), 0),
        "400000 bytes",
    ),
    "gzip cut off": (lambda: gzip.compress(tarred())[:60], "damaged"),
    "xz cut off": (lambda: lzma.compress(tarred({"a.txt": os.urandom(1500)}))[:900], "ends before"),
    "bzip2 of junk": (lambda: b"BZh9" + bytes(99), "damaged"),
    "xz of junk": (lambda: b"\xfd7zXZ\0" + bytes(99), "damaged"),
    "text": (lambda: b"hello, world\n" * 99, "damaged"),
    "gzip of text": (lambda: gzip.compress(b"hello, world\n" * 99), "damaged"),
}


@pytest.mark.parametrize(("make", "reason"), UNREADABLE.values(), ids=UNREADABLE)
def test_an_archive_that_cannot_be_believed_is_one_typed_error(make: Callable[[], bytes], reason: str) -> None:
    with pytest.raises(ManifestError, match=reason) as caught:
        read(make())
    assert caught.value.origin.file == "x.archive"


def test_a_member_that_says_it_is_small_is_not_inflated_whole() -> None:
    bomb = patched(zipped({"a.txt": bytes(2**25)}), b"PK\1\2", 24, struct.pack("<L", 10))
    tracemalloc.start()
    try:
        assert read(bomb, LIMITS).files == {}
        assert tracemalloc.get_traced_memory()[1] < 2**24
    finally:
        tracemalloc.stop()


def test_an_xz_dictionary_of_gigabytes_is_not_allocated() -> None:
    small = {"id": lzma.FILTER_LZMA2, "dict_size": 2**20}
    data = bytearray(lzma.compress(tarred(), check=lzma.CHECK_NONE, filters=[small]))
    # Block header: size, flags, filter id, size of properties, dictionary size (40 is 4 GiB - 1), padding, CRC.
    data[16] = 40
    length = (data[12] + 1) * 4
    data[12 + length - 4 : 12 + length] = struct.pack("<L", zlib.crc32(data[12 : 12 + length - 4]))
    with pytest.raises(ManifestError, match="emory"):
        read(bytes(data))


NAMES = st.text(st.characters(codec="utf-8", exclude_characters="\0/\\:"), min_size=1, max_size=150).filter(
    lambda name: name not in (".", "..") and not any(ord(char) < 32 or ord(char) == 127 for char in name)
)
PATHS = st.lists(NAMES, min_size=1, max_size=3).map("/".join)


@settings(max_examples=30, deadline=None)
@given(
    files=st.dictionaries(PATHS.map(lambda path: f"{path}.txt"), st.binary(max_size=1500), max_size=3),
    form=st.sampled_from((tarfile.PAX_FORMAT, tarfile.GNU_FORMAT)),
)
def test_tar_and_zip_agree_with_the_standard_library(files: dict[str, bytes], form: int) -> None:
    assert read(tarred(files, form)).files == files
    assert read(zipped(files)).files == files


SEEDS = [*(make() for make in READABLE.values()), overlapping(), pax(b"12 path=abc\n")]


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_a_mutated_archive_raises_nothing_else(data: st.DataObject) -> None:
    archive = bytearray(data.draw(st.sampled_from(SEEDS)))
    for _ in range(data.draw(st.integers(0, 6))):
        archive[data.draw(st.integers(0, len(archive) - 1))] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del archive[data.draw(st.integers(0, len(archive))) :]
    try:
        contents = read(bytes(archive))
    except ManifestError as error:
        assert error.reason
    else:
        assert all(".." not in name.split("/") and not name.startswith("/") for name in contents.names)


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=3000), st.sampled_from((b"", b"PK\3\4", b"\x1f\x8b\x08", b"BZh9", b"\xfd7zXZ\0")))
def test_bytes_raise_nothing_else(data: bytes, start: bytes) -> None:
    try:
        assert read(start + data).files == {}
    except ManifestError as error:
        assert error.reason


def test_only_regular_files_of_the_tree_are_opened(tmp_path: Path) -> None:
    (tmp_path / "tree" / "folder.zip").mkdir(parents=True)
    (tmp_path / "outside.zip").write_bytes(zipped())
    (tmp_path / "tree" / "link.zip").symlink_to(tmp_path / "outside.zip")
    os.mkfifo(tmp_path / "tree" / "pipe.zip")
    (tmp_path / "tree" / "good.zip").write_bytes(zipped())
    tree = Tree(tmp_path / "tree")
    for path in ("folder.zip", "link.zip", "pipe.zip", "none.zip", "../outside.zip"):
        assert not any_member(tree, path, lambda _: True)
        with pytest.raises(ManifestError):
            read_archive(tree, path, lambda _: True)
    assert any_member(tree, "good.zip", lambda name: name == "c.txt")
    assert not any_member(tree, "good.zip", lambda name: name == "d.txt")
    assert read_archive(tree, "good.zip", lambda _: True).files == FILES


def test_a_glimpse_does_not_inflate_a_bomb(tmp_path: Path) -> None:
    with gzip.open(tmp_path / "bomb.tar.gz", "wb", 9) as file:
        file.write(header("bomb", 2**33))
        for _ in range(100):
            file.write(bytes(2**20))
    assert not any_member(Tree(tmp_path), "bomb.tar.gz", lambda name: name == "a")
    with pytest.raises(ManifestError, match="times its size"):
        read_archive(Tree(tmp_path), "bomb.tar.gz", lambda _: False, LIMITS)
