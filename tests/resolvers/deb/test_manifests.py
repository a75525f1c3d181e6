from __future__ import annotations

from pathlib import Path

import pytest

from resolvers.deb.gather import DebGatherer
from resolvers.discovery import discover
from resolvers.tree import Tree

STATUS = "Package: curl\nStatus: install ok installed\nVersion: 1\n"
INSTALL = "#!/bin/sh\nset -e\nsudo apt-get -y install curl\n"
FOLDERS: dict[str, tuple[dict[str, str], list[str]]] = {
    "package lists": (
        {"Aptfile": "", "apt.txt": "", "packages.txt": "curl", "Dockerfile": "FROM x\n"},
        ["Aptfile: package list", "apt.txt: package list"],
    ),
    "a source package": ({"debian/control": "", "debian/rules": ""}, ["debian/control: debian/control"]),
    "scripts": (
        {
            "setup.sh": INSTALL, "run.sh": "exec app\n", "comment.sh": "# apt install x\n", "test-setup.sh": INSTALL,
            "i.bash": "install_packages x\n",
        },
        ["i.bash: install script", "setup.sh: install script"],
    ),
    "scripts beside a Dockerfile": ({"setup.sh": INSTALL, "Dockerfile": "FROM debian\n"}, []),
    "package files": (
        {"a_1_amd64.deb": "", "b_1_all.deb": ""}, ["a_1_amd64.deb: Debian package", "b_1_all.deb: Debian package"],
    ),
    "a flat repository": ({"a_1_amd64.deb": "", "Packages.gz": ""}, []),
    "a package in several versions": ({"a_1_amd64.deb": "", "a_2_amd64.deb": ""}, []),
    "records": (
        {
            "status": STATUS, "dpkg-l.txt": "ii  curl 1 amd64 x\n", "installed-debs": "ii  curl 1 amd64 x\n",
            "host.dpkg": "curl\tinstall\n",
        },
        ["dpkg-l.txt: dpkg status", "host.dpkg: dpkg status", "installed-debs: dpkg status", "status: dpkg status"],
    ),
    "what is only called so": ({"status": "all is well\n", "dpkg.conf": "x\n", "status.d/x": ""}, []),
    "a root filesystem": ({"var/lib/dpkg/status": STATUS}, ["var/lib/dpkg/status: dpkg status of a root filesystem"]),
    "an image without dpkg": (
        {"var/lib/dpkg/status.d/base": "Package: base\n"}, ["var/lib/dpkg/status.d: dpkg status of a root filesystem"],
    ),
    "folders that are called so": ({"apt.txt/x": "", "x.deb/y": "", "status/z": ""}, []),
}  # fmt: skip


def tree(folder: Path, files: dict[str, str]) -> Tree:
    for name, text in files.items():
        place = folder / name
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text)
    return Tree(folder)


@pytest.mark.parametrize(("files", "expected"), FOLDERS.values(), ids=FOLDERS)
def test_folders(tmp_path: Path, files: dict[str, str], expected: list[str]) -> None:
    found = DebGatherer().manifests(tree(tmp_path, files), "")
    assert [f"{m.path}: {m.role}" for m in found] == expected


LISTED = {
    "packages.txt": ("curl\n", "package list"),
    "apt-packages.txt": ("curl\n", "package list"),
    "debs.list": ("curl\n", "package list"),
    "requirements.txt": ("flask\n", ""),
    "setup.sh": (INSTALL, "install script"),
    "x.deb": ("", "Debian package"),
    "control": ("", "debian/control"),
    "saved": (STATUS, "dpkg status"),
    "other": ("hello\n", ""),
}


@pytest.mark.parametrize(("name", "content", "role"), [(n, *rest) for n, rest in LISTED.items()], ids=LISTED)
def test_files_that_configuration_lists(tmp_path: Path, name: str, content: str, role: str) -> None:
    found = DebGatherer().manifests(tree(tmp_path, {f"a/{name}": content}), f"a/{name}")
    assert [m.role for m in found] == [role] * bool(role)


def test_services(tmp_path: Path) -> None:
    files = {
        "a/Aptfile": "curl", "tools/setup.sh": INSTALL, "pool/main/x/x_1_all.deb": "",
        "host/var/lib/dpkg/status": STATUS, "src/debian/control": "Source: x\n", "setup.sh": INSTALL,
    }  # fmt: skip
    found = discover(tree(tmp_path, files), [DebGatherer()])
    assert [f.directory for f in found.found] == ["", "a", "host", "src"]
    assert [f"{note.what}: {note.reason}" for note in found.skipped] == [
        "tools: holds only scripts that install packages; list what is a service in cohabit.toml"
    ]


def test_a_script_that_is_hostile_costs_little(tmp_path: Path) -> None:
    files = {f"s{number}.sh": "apt " * 20_000 for number in range(100)}
    assert DebGatherer().manifests(tree(tmp_path, files), "") == ()
