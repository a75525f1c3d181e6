"""apt itself as the judge of what the words of an install line mean, on a repository of its own."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from resolvers.container.build import Build
from resolvers.deb.declared import Context
from resolvers.deb.install_line import read_install_lines
from resolvers.shell.script import commands
from resolvers.tree import Tree

PACKAGES = {
    "g++": ["4:12.2-3"],
    "foo": ["1.2-3", "1.4-1"],
    "bar": ["2.0~rc1-1"],
    "libbaz1.0": ["1.0"],
    "memtest86+": ["6"],
}
LINES = [
    "install foo",
    "install foo+ bar",
    "install foo bar-",
    "install -y g++ g+++ memtest86+",
    "install -yqq libbaz1.0 -- bar",
    "-q=2 install foo --no-install-recommends",
    "install -t sid foo",
    "install -tsid foo bar",
    "-yt=sid install foo",
    "--target-release=sid install foo",
    "--default-release sid install foo bar",
    "-o APT::Default-Release=sid install foo",
    "-oDebug::NoLocking=1 install foo",
    "install foo=1.2-3",
    "install foo=1.2*",
    "install foo/sid bar:amd64",
    "install bar=2.0~rc1-1 foo-",
    "install --assume-yes=false foo",
    "--print-uris -P x install foo",
    "install -s -f foo",
    "satisfy foo",
    "reinstall foo",
]


@pytest.fixture(scope="module")
def apt(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """``apt-get`` with nothing of this machine: an empty status, and one repository."""
    root = tmp_path_factory.mktemp("apt")
    for folder in ("repository", "state/lists/partial", "cache/archives/partial"):
        (root / folder).mkdir(parents=True)
    stanzas = [
        f"Package: {name}\nVersion: {version}\nArchitecture: amd64\nFilename: ./{name}.deb\nSize: 1\n"
        for name, versions in PACKAGES.items()
        for version in versions
    ]
    (root / "repository/Packages").write_text("\n".join(stanzas))
    (root / "repository/Release").write_text("Suite: sid\nCodename: sid\n")
    (root / "sources.list").write_text(f"deb [trusted=yes] copy:{root}/repository ./\n")
    (root / "state/status").touch()
    options = {
        "Dir::State": root / "state", "Dir::State::status": root / "state/status", "Dir::Cache": root / "cache",
        "Dir::Etc::sourcelist": root / "sources.list", "Dir::Etc::sourceparts": "/dev/null",
        "Dir::Etc::parts": "/dev/null",
        "Dir::Etc::main": "/dev/null", "Dir::Etc::preferencesparts": "/dev/null", "APT::Architecture": "amd64",
        "APT::Architectures": "amd64", "APT::Sandbox::User": "root",
    }  # fmt: skip
    command = ["apt-get", *(part for option, value in options.items() for part in ("-o", f"{option}={value}"))]
    subprocess.run([*command, "update"], check=True, capture_output=True)
    return command


@pytest.mark.parametrize("line", LINES)
def test_apt_installs_what_was_read(apt: list[str], line: str) -> None:
    said = subprocess.run([*apt, "-s", *line.split()], capture_output=True, text=True).stdout
    installed = dict(re.findall(r"^Inst (\S+) \((\S+)", said, re.MULTILINE))
    followed = commands(f"apt-get {line}", "setup.sh").commands
    declared = read_install_lines(Context(Tree(Path("/nonexistent"))), Build(commands=followed), "")
    idle = any(option in line.split() for option in ("-s", "--print-uris"))
    assert {r.package.name for r in declared.requirements} == (set() if idle else installed.keys())
    assert declared.unknown == ()
    for requirement in declared.requirements:
        wanted = requirement.constraint.removeprefix("=").rstrip("*")
        assert not requirement.constraint.startswith("=") or installed[requirement.package.name].startswith(wanted)
