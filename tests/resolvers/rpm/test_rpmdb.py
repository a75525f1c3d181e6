from __future__ import annotations

import shutil
import sqlite3
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.errors import ManifestError
from resolvers.rpm.declared import Declared, Target
from resolvers.rpm.rpmdb import database, read_rpmdb
from resolvers.rpm.user_installed import HISTORY, STATE
from resolvers.tree import Tree
from tests.hostile import EXAMPLES
from tests.resolvers.rpm.building import rpmbuild, run

SPEC = """
Name: gamma
Version: 1.5
Release: 2.el9
Epoch: 1
Summary: g
License: MIT
BuildArch: noarch
Requires: beta
Recommends: zeta
%description
g
%package -n beta
Summary: b
Version: 2.5~rc1
%description -n beta
b
%package -n zeta
Summary: z
%description -n zeta
z
%files
%files -n beta
%files -n zeta
"""
FOLDER = "var/lib/rpm"


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return rpmbuild(tmp_path_factory.mktemp("rpmdb"), SPEC)


@pytest.fixture(scope="module")
def root(packages: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A root filesystem into which dnf installed gamma, with what it needs."""
    root = tmp_path_factory.mktemp("root")
    run("createrepo_c", "-q", packages[0].parent)
    options = [f"--installroot={root}", f"--repofrompath=x,{packages[0].parent.as_uri()}", "--repo=x", "--releasever=9"]
    run("dnf", "-y", "-q", "--nogpgcheck", f"--setopt=cachedir={root}/cache", *options, "install", "gamma")
    made = next(root.rglob("rpmdb.sqlite"))
    if made.parent != root / FOLDER:
        shutil.copytree(made.parent, root / FOLDER, dirs_exist_ok=True)
    return root


def _read(root: Path) -> Declared:
    tree = Tree(root)
    return read_rpmdb(tree, "", database(tree, ""), Target("centos:9"))


def test_packages_are_what_rpm_says(root: Path) -> None:
    query = "%{NAME} %|EPOCH?{%{EPOCH}:}|%{VERSION}-%{RELEASE}\n"
    printed = run("rpm", "--dbpath", root / FOLDER, "-qa", "--qf", query).split("\n")
    locked = _read(root).locked or ()
    assert sorted(f"{p.candidate.package.name} {p.candidate.version}" for p in locked) == sorted(filter(None, printed))
    assert len(locked) == 3


def test_only_what_someone_asked_for_is_required(root: Path) -> None:
    declared = _read(root)
    assert [r.package.name for r in declared.requirements] == ["gamma"]
    assert not declared.skipped


def test_dnf5_says_it_in_toml(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / FOLDER, tmp_path / FOLDER)
    state = tmp_path / STATE
    state.parent.mkdir(parents=True)
    state.write_text(
        'version = "1.0"\n[packages]\n"beta.noarch" = {reason = "Dependency"}\n"gamma.noarch" = {reason = "User"}\n'
    )
    # zeta is in no record: rpm itself installed it.
    assert [r.package.name for r in _read(tmp_path).requirements] == ["gamma", "zeta"]


def test_records_of_dnf_that_cannot_be_read_leave_all_required(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / FOLDER, tmp_path / FOLDER)
    (tmp_path / HISTORY).parent.mkdir(parents=True)
    (tmp_path / HISTORY).write_bytes(b"no database at all" * 100)
    declared = _read(tmp_path)
    assert len(declared.requirements) == 3
    assert [(s.what, s.incomplete) for s in declared.skipped] == [(HISTORY, False)]


def test_what_only_the_log_says_counts(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / FOLDER, tmp_path / "live" / FOLDER)
    with sqlite3.connect(tmp_path / "live" / FOLDER / "rpmdb.sqlite") as live:
        live.execute("PRAGMA journal_mode = WAL")
        live.execute("DELETE FROM Packages WHERE hnum = 1")
        live.commit()
        # Closing would fold the log into the database.
        shutil.copytree(tmp_path / "live" / FOLDER, tmp_path / "copy" / FOLDER)
    live.close()
    assert (tmp_path / "copy" / FOLDER / "rpmdb.sqlite-wal").stat().st_size
    assert len(_read(tmp_path / "copy").locked or ()) == 2


@pytest.mark.parametrize("name", ["Packages", "Packages.db"])
def test_older_formats_are_named(tmp_path: Path, name: str) -> None:
    (tmp_path / FOLDER).mkdir(parents=True)
    (tmp_path / FOLDER / name).write_bytes(b"\0" * 64)
    with pytest.raises(ManifestError, match="rebuilddb"):
        _read(tmp_path)


LOOP = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i AS hnum, i AS blob FROM n"
HOSTILE = {
    "a view that never ends": [f"CREATE VIEW Packages AS {LOOP}"],
    "a column that is made when it is read": [
        "CREATE TABLE Packages(hnum INTEGER PRIMARY KEY, blob AS (zeroblob(1000000000)))",
        "INSERT INTO Packages(hnum) VALUES (1)",
    ],
    "a virtual table": ["CREATE VIRTUAL TABLE Packages USING fts5(hnum, blob)"],
    "no such table": ["CREATE TABLE Other(a)"],
    "no such column": ["CREATE TABLE Packages(a)"],
}


@pytest.mark.parametrize("statements", HOSTILE.values(), ids=HOSTILE)
def test_hostile_schemas_are_refused(tmp_path: Path, statements: list[str]) -> None:
    (tmp_path / FOLDER).mkdir(parents=True)
    with sqlite3.connect(tmp_path / FOLDER / "rpmdb.sqlite") as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()
    with pytest.raises(ManifestError):
        _read(tmp_path)


def test_rows_that_are_no_headers_are_skipped(root: Path, tmp_path: Path) -> None:
    shutil.copytree(root / FOLDER, tmp_path / FOLDER)
    with sqlite3.connect(tmp_path / FOLDER / "rpmdb.sqlite") as connection:
        connection.execute("UPDATE Packages SET blob = 'text' WHERE hnum = 1")
        connection.execute("INSERT INTO Packages(hnum, blob) VALUES (99, x'0000000100000001')")
    connection.close()
    declared = _read(tmp_path)
    assert len(declared.locked or ()) == 2
    assert [(s.what, s.incomplete) for s in declared.skipped] == [("package 1", True), ("package 99", True)]


@settings(max_examples=EXAMPLES, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 2**18), st.integers(0, 255)), max_size=12), st.integers(0, 2**18))
def test_damaged_databases_are_refused(
    root: Path, tmp_path_factory: pytest.TempPathFactory, changes: list[tuple[int, int]], end: int
) -> None:
    content = bytearray((root / FOLDER / "rpmdb.sqlite").read_bytes())
    for place, value in changes:
        content[place % len(content)] = value
    damaged = tmp_path_factory.getbasetemp() / "damaged"
    (damaged / FOLDER).mkdir(parents=True, exist_ok=True)
    (damaged / FOLDER / "rpmdb.sqlite").write_bytes(content[: end if end % 3 == 0 else None])
    try:
        declared = _read(damaged)
    except ManifestError as error:
        assert error.reason.isprintable()
    else:
        assert declared.locked is not None
