from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.service import Platform
from resolvers.rpm.gather import RpmGatherer
from resolvers.seam import Wish
from resolvers.tree import Tree
from tests.resolvers.rpm.building import rpmbuild, run

SPEC = """
Name: alpha
Version: 1.0
Release: 1
Summary: a
License: MIT
BuildArch: noarch
Requires: gamma >= 2
Requires: beta = %{version}-%{release}
%description
a
%package -n beta
Summary: b
%description -n beta
b
%files
%files -n beta
"""


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return rpmbuild(tmp_path_factory.mktemp("gather"), SPEC)


def _write(folder: Path, **files: str | bytes) -> Tree:
    for name, content in files.items():
        (folder / name.replace("__", ".")).write_bytes(content if isinstance(content, bytes) else content.encode())
    return Tree(folder)


def test_manifests_are_known_by_name_and_content(tmp_path: Path, packages: list[Path]) -> None:
    tree = _write(
        tmp_path,
        a__rpm=packages[0].read_bytes(),
        not__rpm=b"no package",
        setup__sh="#!/bin/sh\nsudo dnf install -y httpd\n",
        other__sh="echo hello\n",
        run_tests__sh="dnf install -y gdb\n",
        web__spec="Name: web\n",
        app__spec="# of another tool\na = Analysis(['app.py'])\n",
        rpms__txt="httpd\n",
        packages__txt="httpd\n",
    )
    assert [(m.path, m.role) for m in RpmGatherer().manifests(tree, "")] == [
        ("a.rpm", "RPM package"),
        ("rpms.txt", "RPM package list"),
        ("setup.sh", "install script"),
        ("web.spec", "spec"),
    ]


def test_a_listed_file_is_what_its_content_says(tmp_path: Path) -> None:
    tree = _write(tmp_path, packages__txt="bash-5.1.8-6.el9.x86_64\n", notes__txt="To do: everything\n")
    assert [m.role for m in RpmGatherer().manifests(tree, "packages.txt")] == ["RPM package list"]
    assert RpmGatherer().manifests(tree, "notes.txt") == ()


def test_packages_of_a_folder_satisfy_one_another(tmp_path: Path, packages: list[Path]) -> None:
    tree = _write(tmp_path, **{path.name.replace(".", "__"): path.read_bytes() for path in packages})
    (found,) = RpmGatherer().gather(tree, "", Wish(Platform(os="centos:9"))).sets
    assert [f"{r.origin} {r.package} {r.constraint}" for r in found.requirements] == [
        "alpha-1.0-1.noarch.rpm rpm/centos/gamma >= 2"
    ]


def test_packages_of_a_repository_are_offered_and_not_installed(tmp_path: Path, packages: list[Path]) -> None:
    tree = _write(tmp_path, a__rpm=packages[0].read_bytes())
    run("createrepo_c", "-q", tmp_path)
    assert RpmGatherer().manifests(tree, "") == ()


@pytest.mark.parametrize("command", ["dnf install -y /tmp/alpha.rpm", "rpm -Uvh alpha.rpm", "dnf localinstall ./*.rpm"])
def test_a_package_that_is_copied_into_the_image(tmp_path: Path, packages: list[Path], command: str) -> None:
    (tmp_path / "rpms").mkdir()
    (tmp_path / "rpms" / "alpha.rpm").write_bytes(packages[0].read_bytes())
    tree = _write(tmp_path, Dockerfile=f"FROM fedora:42\nCOPY rpms/alpha.rpm /tmp/\nRUN {command}\n")
    (found,) = RpmGatherer().gather(tree, "", Wish()).sets
    if "*" in command:
        assert found.unknown == ("./*.rpm stands for every package of that pattern (Dockerfile:3)",)
    else:
        assert [str(r) for r in found.requirements] == ["beta = 1.0-1", "gamma >= 2"]
        assert not found.unknown


def test_a_root_filesystem(tmp_path: Path, packages: list[Path]) -> None:
    folder = tmp_path / "usr/lib/sysimage/rpm"
    folder.mkdir(parents=True)
    run("rpm", "--dbpath", folder, "-i", "--justdb", "--nodeps", "--force-debian", *packages)
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/os-release").write_text("ID=fedora\nVERSION_ID=42\n")
    (found,) = RpmGatherer().gather(Tree(tmp_path), "", Wish()).sets
    assert [str(pin.candidate) for pin in found.locked or ()] == ["alpha==1.0-1", "beta==1.0-1"]
    assert {pin.candidate.package.namespace for pin in found.locked or ()} == {"fedora"}


def test_what_a_script_would_do_elsewhere_is_not_done_on_debian(tmp_path: Path) -> None:
    script = "if command -v dnf; then\n  dnf install -y httpd\nelse\n  apt-get install -y apache2\nfi\n"
    tree = _write(tmp_path, install__sh=script, Dockerfile="FROM debian:12\nRUN true\n")
    assert RpmGatherer().gather(tree, "", Wish()).sets == ()
    (found,) = RpmGatherer().gather(tree, "", Wish(Platform(os="fedora:42"))).sets
    assert found.unknown == ("httpd is installed only under a condition (install.sh:2)",)


def test_a_broken_file_costs_only_itself(tmp_path: Path) -> None:
    tree = _write(tmp_path, a__rpm=b"\xed\xab\xee\xdb" + b"\0" * 50, rpms__txt="httpd\n", bad__spec=b"Name: \xff\n")
    gathered = RpmGatherer().gather(tree, "", Wish())
    assert [r.package.name for s in gathered.sets for r in s.requirements] == ["httpd"]
    assert [(s.what, s.incomplete) for s in gathered.skipped] == [("a.rpm", True), ("bad.spec", True)]
