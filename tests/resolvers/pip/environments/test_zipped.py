"""Environments in one file, laid out as venv, tar, pex, shiv and function bundles lay them out."""

from __future__ import annotations

import gzip
import io
import json
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from analyzer.service import Platform
from resolvers.pip.declared import Context, Declared
from resolvers.pip.environments.zipped import looks_zipped, read_zipped
from resolvers.tree import Tree

Files = dict[str, str]


def metadata(name: str, version: str, *headers: str) -> str:
    return "\n".join(("Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *headers, "", "text"))


def installed(site: str, *requires: str) -> Files:
    return {
        f"{site}a-1.dist-info/METADATA": metadata("a", "1", *(f"Requires-Dist: {text}" for text in requires)),
        f"{site}a/__init__.py": "",
        f"{site}a/_vendor/old-0.1.dist-info/METADATA": metadata("old", "0.1"),
        f"{site}b-2.dist-info/METADATA": metadata("b", "2", "Requires-Python: >=3.9"),
    }


def virtualenv(folder: str, *requires: str) -> Files:
    return {
        f"{folder}pyvenv.cfg": "version = 3.11.7\n",
        **installed(f"{folder}lib/python3.11/site-packages/", *requires),
    }


def pex(*requires: str, **info: object) -> Files:
    wheels = {"a-1-py3-none-any.whl": "0", "b-2-py3-none-any.whl": "0"}
    said = {
        "requirements": ["a==1"],
        "distributions": wheels,
        "interpreter_constraints": ["CPython>=3.9,<3.13"],
        **info,
    }
    return {
        "PEX-INFO": json.dumps(said),
        "__main__.py": "",
        "app/vendor/z-1.dist-info/METADATA": metadata("z", "1"),
        ".bootstrap/pex/vendor/_vendored/packaging/packaging-9.dist-info/METADATA": metadata("packaging", "9"),
        **{
            f".deps/a-1-py3-none-any.whl/{name}": text
            for name, text in installed("", *requires).items()
            if name[0] == "a"
        },
        ".deps/b-2-py3-none-any.whl/b-2.dist-info/METADATA": metadata("b", "2", "Requires-Python: >=3.9"),
    }


def zipped(files: Files) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return buffer.getvalue()


def tarred(files: Files, mode: str = "w:gz") -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:  # type: ignore[call-overload]
        for name, text in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(text)
            archive.addfile(info, io.BytesIO(text.encode()))
    return buffer.getvalue()


def context(root: Path) -> Context:
    return Context(Tree(root), Platform(), ("3.10", "3.11", "3.12"), "3.12")


def read(root: Path, data: bytes, name: str = "app.zip") -> Declared:
    (root / name).write_bytes(data)
    return read_zipped(context(root), name)


def locked(declared: Declared) -> list[str]:
    return [str(each.candidate) for each in declared.locked or ()]


SHIV = {"environment.json": "{}", "__main__.py": "", **installed("site-packages/")}
LAYER = installed("python/lib/python3.11/site-packages/")

LAYOUTS: dict[str, tuple[str, Callable[[], bytes], list[str], str]] = {
    "zip of a virtualenv": (
        "v.zip",
        lambda: zipped(virtualenv("")),
        ["==3.11.*", ">=3.9"],
        "lib/python3.11/site-packages/",
    ),
    "virtualenv, deeper": (
        "v.zip",
        lambda: zipped(virtualenv("srv/app/.venv/")),
        ["==3.11.*", ">=3.9"],
        "srv/app/.venv/lib/python3.11/site-packages/",
    ),
    "virtualenv with lib64 followed": (
        "v.zip",
        lambda: zipped(virtualenv("e/") | installed("e/lib64/python3.11/site-packages/")),
        ["==3.11.*", ">=3.9"],
        "e/lib/python3.11/site-packages/",
    ),
    "tar.gz": ("v.tar.gz", lambda: tarred(virtualenv("e/")), ["==3.11.*", ">=3.9"], "e/lib/python3.11/site-packages/"),
    "tar of .": (
        "v.tar",
        lambda: tarred(virtualenv("./"), "w"),
        ["==3.11.*", ">=3.9"],
        "lib/python3.11/site-packages/",
    ),
    "tar.xz": ("v.txz", lambda: tarred(virtualenv(""), "w:xz"), ["==3.11.*", ">=3.9"], "lib/python3.11/site-packages/"),
    "tar.bz2": (
        "v.tbz2",
        lambda: tarred(virtualenv(""), "w:bz2"),
        ["==3.11.*", ">=3.9"],
        "lib/python3.11/site-packages/",
    ),
    "from Windows": (
        "v.zip",
        lambda: zipped({"e/pyvenv.cfg": "version = 3.12.0", **installed("e/Lib/site-packages/")}),
        ["==3.12.*", ">=3.9"],
        "e/Lib/site-packages/",
    ),
    "function": ("f.zip", lambda: zipped({"handler.py": "", **installed("")}), [">=3.9"], ""),
    "layer": ("l.zip", lambda: zipped(LAYER), ["==3.11.*", ">=3.9"], "python/lib/python3.11/site-packages/"),
    "plain layer": ("l.zip", lambda: zipped(installed("python/")), [">=3.9"], "python/"),
    "shiv": ("app.pyz", lambda: b"#!/usr/bin/env python3\n" + zipped(SHIV), [">=3.9"], "site-packages/"),
    "pex": (
        "app.pex",
        lambda: b"#!/usr/bin/env python3.11\n" + zipped(pex()),
        ["<3.13,>=3.9", ">=3.9"],
        ".deps/a-1-py3-none-any.whl/",
    ),
}


@pytest.mark.parametrize(("name", "make", "pythons", "site"), LAYOUTS.values(), ids=LAYOUTS)
def test_what_is_contained_is_locked(
    name: str, make: Callable[[], bytes], pythons: list[str], site: str, tmp_path: Path
) -> None:
    declared = read(tmp_path, make(), name)
    assert locked(declared) == ["a==1", "b==2"]
    assert declared.locked is not None
    assert str(declared.locked[0].origin) == f"{name}!{site}a-1.dist-info/METADATA:3"
    assert [r.constraint for r in declared.interpreter] == pythons
    assert (declared.closed, declared.bundled, declared.skipped, declared.unknown) == (True, True, (), ())
    assert looks_zipped(Tree(tmp_path), name)


@pytest.mark.parametrize("make", (virtualenv, lambda site, *r: installed(site, *r), lambda _, *r: pex(*r)))
def test_what_is_not_contained_leaves_it_open(make: Callable[..., Files], tmp_path: Path) -> None:
    assert read(tmp_path, zipped(make("", "b>=2"))).closed
    assert not read(tmp_path, zipped(make("", "b>=3"))).closed
    assert not read(tmp_path, zipped(make("", "absent"))).closed


OTHERS = {
    "plain zipapp": ("app.pyz", zipped({"__main__.py": "print()"}), True),
    "data": ("data.zip", zipped({"data.csv": "1,2"}), False),
    "source distribution": (
        "a-1.tar.gz",
        tarred({"a-1/PKG-INFO": metadata("a", "1"), "a-1/a.egg-info/PKG-INFO": "x"}),
        False,
    ),
    "empty": ("empty.zip", zipped({}), False),
    "empty tar": ("empty.tar", tarred({}, "w"), False),
}


@pytest.mark.parametrize(("name", "data", "looks"), OTHERS.values(), ids=OTHERS)
def test_another_archive_is_skipped_with_the_reason(name: str, data: bytes, looks: bool, tmp_path: Path) -> None:
    declared = read(tmp_path, data, name)
    assert declared.locked is None
    assert [(each.what, each.reason[:29]) for each in declared.skipped] == [(name, "holds no virtual environment,")]
    assert looks_zipped(Tree(tmp_path), name) is looks


def test_what_has_no_archive_s_name_is_not_looked_at(tmp_path: Path) -> None:
    (tmp_path / "a.whl").write_bytes(zipped(installed("")))
    (tmp_path / "notes.txt").write_bytes(zipped(virtualenv("")))
    assert not looks_zipped(Tree(tmp_path), "a.whl")
    assert not looks_zipped(Tree(tmp_path), "notes.txt")
    assert not looks_zipped(Tree(tmp_path), "absent.zip")


PEX_FAULTS: dict[str, tuple[dict[str, object], str]] = {
    "a wheel that is not there": ({"distributions": {"c-1-py3-none-any.whl": ""}}, "not contained"),
    "a bad requirement": ({"requirements": ["("]}, "no requirement"),
    "a bad constraint": ({"interpreter_constraints": ["CPython>=x"]}, "no version specifier"),
    "a requirement of 5000 digits": ({"requirements": ["a==" + "1" * 5000]}, "no requirement"),
}


@pytest.mark.parametrize(("info", "reason"), PEX_FAULTS.values(), ids=PEX_FAULTS)
def test_a_fault_of_pex_info_is_named(info: dict[str, object], reason: str, tmp_path: Path) -> None:
    declared = read(tmp_path, zipped(pex(**info)))
    assert [reason in each.reason for each in declared.skipped] == [True]
    assert locked(declared) == ["a==1", "b==2"]
    assert not declared.closed


@pytest.mark.parametrize("text", ("", "[]", "{", '{"requirements": 3}', "[" * 10**5, '{"requirements": [null]}', "\0"))
def test_pex_info_of_another_shape_is_an_error(text: str, tmp_path: Path) -> None:
    with pytest.raises(ManifestError) as caught:
        read(tmp_path, zipped({**pex(), "PEX-INFO": text}))
    assert caught.value.origin.file == "app.zip!PEX-INFO"


CONSTRAINTS = {
    "one": (["==3.11.*"], ["==3.11.*"]),
    "PyPy": (["PyPy>=3.9"], [">=3.9"]),
    "free-threaded": (["CPython[free-threaded]==3.14.*"], ["==3.14.*"]),
    "only an implementation": (["CPython"], [""]),
    "one of two": (["CPython==3.9.*", "CPython==3.11.*"], [">=3.9,<3.12,!=3.10.*"]),
    "open to both sides": (["<3.10", ">=3.10"], [""]),
    "none that there is": (["==2.7.*", "==2.6.*"], ["==2.7.*"]),
    "none": ([], []),
}


@pytest.mark.parametrize(("texts", "expected"), CONSTRAINTS.values(), ids=CONSTRAINTS)
def test_any_of_a_pex_s_constraints_suffices(texts: list[str], expected: list[str], tmp_path: Path) -> None:
    declared = read(tmp_path, zipped(pex(interpreter_constraints=texts)))
    assert [r.constraint for r in declared.interpreter if r.origin.file.endswith("PEX-INFO")] == expected


def test_extras_that_a_pex_was_made_with_count(tmp_path: Path) -> None:
    assert read(tmp_path, zipped(pex("absent; extra == 'x'"))).closed
    assert not read(tmp_path, zipped(pex("absent; extra == 'x'", requirements=["a[x]"]))).closed


def test_a_wheel_that_stays_closed_is_known_by_its_name(tmp_path: Path) -> None:
    files = {**pex(distributions={"c-3-py3-none-any.whl": ""}), ".deps/c-3-py3-none-any.whl": "PK"}
    declared = read(tmp_path, zipped(files))
    assert locked(declared) == ["a==1", "b==2", "c==3"]
    assert len(declared.unknown) == 1
    assert not declared.closed


def test_a_pex_that_inherits_is_not_all_there_is(tmp_path: Path) -> None:
    assert len(read(tmp_path, zipped(pex(inherit_path="fallback"))).unknown) == 1
    assert read(tmp_path, zipped(pex(inherit_path=False))).unknown == ()


def test_a_second_environment_is_named(tmp_path: Path) -> None:
    declared = read(tmp_path, zipped({**virtualenv("one/"), **virtualenv("two/deeper/")}))
    assert locked(declared) == ["a==1", "b==2"]
    assert [each.what for each in declared.skipped] == ["two/deeper/pyvenv.cfg"]


def test_refused_members_are_named_but_not_without_end(tmp_path: Path) -> None:
    files = {**virtualenv(""), **{f"../{i}-1.dist-info/METADATA": "" for i in range(99)}}
    declared = read(tmp_path, zipped(files))
    assert len(declared.skipped) == 21
    assert not declared.closed


SEEDS = [make() for _, make, _, _ in LAYOUTS.values()]


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_mutated_archive_raises_nothing_else(data: st.DataObject, tmp_path: Path) -> None:
    archive = bytearray(data.draw(st.sampled_from(SEEDS)))
    for _ in range(data.draw(st.integers(0, 5))):
        archive[data.draw(st.integers(0, len(archive) - 1))] = data.draw(st.integers(0, 255))
    del archive[data.draw(st.integers(0, 2 * len(archive))) :]
    try:
        declared = read(tmp_path, bytes(archive))
    except ManifestError as error:
        assert error.reason
    else:
        assert declared.requirements == ()


@settings(max_examples=100, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(sorted(virtualenv("") | pex())), content=st.binary(max_size=200))
def test_a_member_of_junk_raises_nothing_else(name: str, content: bytes, tmp_path: Path) -> None:
    files = virtualenv("") if name in virtualenv("") else pex()
    text = content.decode("latin-1")
    for data in (zipped({**files, name: text}), gzip.compress(tarred({**files, name: text}, "w"))):
        try:
            assert read(tmp_path, data).locked is not None
        except ManifestError as error:
            assert error.reason
