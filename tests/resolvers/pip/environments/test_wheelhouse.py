"""Wheelhouses: one version of each distribution is a lock, several are a choice."""

from __future__ import annotations

import io
import tarfile
import zipfile
from pathlib import Path

import pytest

from analyzer.errors import ManifestError
from analyzer.service import Platform
from resolvers.pip.declared import Context, Declared
from resolvers.pip.environments.wheelhouse import read_wheelhouse
from resolvers.tree import Tree

LINUX = Platform()


def metadata(name: str, version: str, *requires: str) -> str:
    headers = ("Metadata-Version: 2.2", f"Name: {name}", f"Version: {version}", "Requires-Python: >=3.9")
    return "\n".join((*headers, *(f"Requires-Dist: {text}" for text in requires), "", "text"))


def wheel(name: str, version: str, *requires: str, folder: str = "") -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(f"{folder or f'{name}-{version}'}.dist-info/METADATA", metadata(name, version, *requires))
        archive.writestr(f"{name}/_vendor/old-1.dist-info/METADATA", metadata("old", "1"))
    return buffer.getvalue()


def sdist(name: str, version: str, *requires: str, dynamic: str = "") -> bytes:
    text = metadata(name, version, *requires).replace("\n\n", f"\nDynamic: {dynamic}\n\n" if dynamic else "\n\n")
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        info = tarfile.TarInfo(f"{name}-{version}/PKG-INFO")
        info.size = len(text)
        archive.addfile(info, io.BytesIO(text.encode()))
    return buffer.getvalue()


A = {"a-1-py3-none-any.whl": wheel("a", "1", "b>=1")}
B = {"b-1-py3-none-any.whl": wheel("b", "1")}


def read(root: Path, files: dict[str, bytes], platform: Platform = LINUX, python: str = "3.11") -> Declared:
    (root / "wheels").mkdir()
    for name, content in files.items():
        (root / "wheels" / name).write_bytes(content)
    return read_wheelhouse(Context(Tree(root), platform, (python,), python), "wheels")


def locked(declared: Declared) -> list[str]:
    return [str(each.candidate) for each in declared.locked or ()]


def test_wheels_are_a_lock_that_is_not_private(tmp_path: Path) -> None:
    declared = read(tmp_path, {**A, **B, "README": b"", "SHA256SUMS": b""})
    assert locked(declared) == ["a==1", "b==1"]
    assert declared.locked is not None
    assert str(declared.locked[0].origin) == "wheels/a-1-py3-none-any.whl!a-1.dist-info/METADATA:3"
    assert [r.constraint for r in declared.interpreter] == [">=3.9", ">=3.9"]
    assert (declared.closed, declared.bundled, declared.skipped, declared.requirements) == (True, False, (), ())


CHOICES = {
    "a dependency that is not there": (A, ["a==1"], [], False),
    "several versions": ({**A, **B, "b-2-py3-none-any.whl": wheel("b", "2")}, ["a==1"], [("b", True)], False),
    "one version in several wheels": (
        {**A, **B, "b-1-cp311-none-any.whl": wheel("b", "1")},
        ["a==1", "b==1"],
        [],
        True,
    ),
    "a wheel and its source": ({**A, **B, "b-1.tar.gz": b"not looked at"}, ["a==1", "b==1"], [], True),
    "a source of another version": ({**A, **B, "b-3.tar.gz": sdist("b", "3")}, ["a==1"], [("b", True)], False),
    "only a source": ({**A, "b-1.tar.gz": sdist("b", "1")}, ["a==1", "b==1"], [], True),
    "a source that must be built": (
        {**A, "b-1.tar.gz": sdist("b", "1", dynamic="Requires-Dist")},
        ["a==1", "b==1"],
        [],
        False,
    ),
    "a damaged wheel": ({**A, "b-1-py3-none-any.whl": b"PK\3\4"}, ["a==1"], [("b", True)], False),
    "a damaged source": ({**A, "b-1.tar.gz": b"\x1f\x8b"}, ["a==1"], [("b", True)], False),
    "another release inside": ({**A, "b-1-py3-none-any.whl": wheel("b", "2")}, ["a==1"], [("b", True)], False),
    "no metadata": ({**A, "b-1-py3-none-any.whl": wheel("b", "1", folder="x/b-1")}, ["a==1"], [("b", True)], False),
    "no wheel's name": ({**A, **B, "c.whl": wheel("c", "1")}, ["a==1", "b==1"], [("c.whl", True)], False),
    "no source's name": ({**A, **B, "c.zip": b""}, ["a==1", "b==1"], [("c.zip", True)], False),
    "a version of 5000 digits": (
        {**A, **B, f"c-{'1' * 200}-py3-none-any.whl": b""},
        ["a==1", "b==1"],
        [(f"c-{'1' * 200}-py3-none-any.whl", True)],
        False,
    ),
    "a bad requirement": (
        {**A, "b-1-py3-none-any.whl": wheel("b", "1", "(")},
        ["a==1", "b==1"],
        [("b: Requires-Dist", True)],
        False,
    ),
}


@pytest.mark.parametrize(("files", "kept", "skipped", "closed"), CHOICES.values(), ids=CHOICES)
def test_what_is_taken(
    files: dict[str, bytes], kept: list[str], skipped: list[tuple[str, bool]], closed: bool, tmp_path: Path
) -> None:
    declared = read(tmp_path, files)
    assert locked(declared) == kept
    assert [(each.what, each.incomplete) for each in declared.skipped] == skipped
    assert declared.closed is closed


FITTING = {
    "py3-none-any": [("linux", "x86_64", "3.11"), ("windows", "x86_64", "3.14")],
    "py2.py3-none-any": [("alpine:3.20", "aarch64", "3.12")],
    "cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64": [("debian:12", "x86_64", "3.11")],
    "cp39-abi3-manylinux_2_28_aarch64": [("linux", "aarch64", "3.13"), ("debian:13", "aarch64", "3.9")],
    "cp311-cp311-musllinux_1_2_x86_64": [("alpine:3.20", "x86_64", "3.11")],
    "cp311-cp311-macosx_11_0_arm64": [("macos", "aarch64", "3.11")],
    "cp311-cp311-win_amd64": [("windows", "x86_64", "3.11")],
}
UNFIT = {
    "py2-none-any": ("linux", "x86_64", "3.11"),
    "py312-none-any": ("linux", "x86_64", "3.11"),
    "cp312-cp312-manylinux_2_17_x86_64": ("linux", "x86_64", "3.11"),
    "cp312-abi3-manylinux_2_17_x86_64": ("linux", "x86_64", "3.11"),
    "cp311-cp311-manylinux_2_17_aarch64": ("linux", "x86_64", "3.11"),
    "cp311-cp311-manylinux_2_39_x86_64": ("debian:12", "x86_64", "3.11"),
    "cp311-cp311-manylinux_2_17_x86_64": ("alpine:3.20", "x86_64", "3.11"),
    "cp311-cp311-musllinux_1_2_x86_64": ("debian:12", "x86_64", "3.11"),
    "cp311-cp311-macosx_11_0_x86_64": ("macos", "aarch64", "3.11"),
    "cp311-cp311-win32": ("windows", "x86_64", "3.11"),
    "pp39-pypy39_pp73-manylinux_2_17_x86_64": ("linux", "x86_64", "3.9"),
}


@pytest.mark.parametrize(("tag", "targets"), FITTING.items(), ids=FITTING)
def test_a_wheel_of_the_platform_counts(tag: str, targets: list[tuple[str, str, str]], tmp_path: Path) -> None:
    for number, (system, arch, python) in enumerate(targets):
        (tmp_path / str(number)).mkdir()
        declared = read(
            tmp_path / str(number), {f"b-1-{tag}.whl": wheel("b", "1")}, Platform(os=system, arch=arch), python
        )
        assert locked(declared) == ["b==1"]


@pytest.mark.parametrize(("tag", "target"), UNFIT.items(), ids=UNFIT)
def test_a_wheel_of_another_platform_does_not(tag: str, target: tuple[str, str, str], tmp_path: Path) -> None:
    system, arch, python = target
    files = {f"b-2-{tag}.whl": wheel("b", "2"), **A, **B}
    declared = read(tmp_path, files, Platform(os=system, arch=arch), python)
    assert locked(declared) == ["a==1", "b==1"]
    assert [(each.what, each.incomplete) for each in declared.skipped] == [(f"b-2-{tag}.whl", False)]
    assert declared.closed


def test_a_folder_without_wheels_is_none(tmp_path: Path) -> None:
    with pytest.raises(ManifestError):
        read(tmp_path, {"a-1.tar.gz": sdist("a", "1")})
    with pytest.raises(ManifestError):
        read_wheelhouse(Context(Tree(tmp_path), LINUX, ("3.11",), "3.11"), "../wheels")
