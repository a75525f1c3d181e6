"""The table of what clashes and what separates it, cell by cell: a fleet of two services for each row.

What only the planner knows has its tests there: trust zones, capacity. Two
interpreters in one image are not told apart from one (docs/decisions/0004-one-python.md).
"""

from __future__ import annotations

import gzip
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from analyzer.origin import Origin
from analyzer.service import Platform
from analyzer.verdict import Boundary, Code
from cohabit.auditing import examine_fleet
from cohabit.fleet import gather_fleet
from cohabit.settings import ServiceSettings, Settings
from tests.local_index import Distribution, build_index

PROCESS, VENV, CONTAINER, VM = Boundary
PACKAGES = """Package: python3-flask
Version: 2.2.2-3
Architecture: all

Package: libguava-java
Version: 31.1-1
Architecture: all

Package: postfix
Version: 3
Architecture: all
Conflicts: mta

Package: postfix
Version: 2
Architecture: all

Package: exim4
Version: 4
Architecture: all
Provides: mta
"""
REPOMD = (
    '<repomd xmlns="http://linux.duke.edu/metadata/repo"><data type="primary">'
    '<location href="repodata/primary.xml.gz"/></data></repomd>'
)
PRIMARY = """<metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm">
<package type="rpm"><name>mysql</name><arch>noarch</arch><version epoch="0" ver="8" rel="1"/><format>
<rpm:conflicts><rpm:entry name="mariadb"/></rpm:conflicts></format></package>
<package type="rpm"><name>mariadb</name><arch>noarch</arch><version epoch="0" ver="10" rel="1"/><format/></package>
</metadata>"""
CENTOS = "FROM quay.io/centos/centos:stream9\nRUN dnf install -y {}\n"
DEBIAN = "FROM debian:12\nRUN apt-get install -y {}\n"
CLONE = "FROM debian:12\nRUN git clone https://git.example/org/geo /opt/geo && cd /opt/geo && git checkout {}\n"
WAR = "plugins {{ id 'war' }}\ndependencies {{ implementation 'com.google.guava:guava:{}' }}\n"
BOOT = "plugins {{ id 'java'\nid 'org.springframework.boot' version '3.3.0' }}\n// {}\n"
TOOLCHAIN = "plugins {{ id 'war' }}\njava {{ toolchain {{ languageVersion = JavaLanguageVersion.of({}) }} }}\n"
LOCK = "com.google.guava:guava:{}=runtimeClasspath\nempty=\n"
LOCKED = {"gradle.lockfile": LOCK}
IMPORTED = "geo @ git+https://git.example/org/geo@{}"
FOR = "FROM --platform=linux/{} debian:12"
PROJECT = '[project]\nname = "own"\nversion = "1"\nrequires-python = "{}"\n'
ONE, OTHER = "1" * 40, "2" * 40


@dataclass(frozen=True)
class Row:
    """A row of the table: the files of the two services, and the code and boundary of their conflict; no code
    where they are apart whatever boundary there is. ``kernels`` are what each needs of its kernel."""

    what: str
    one: Mapping[str, str]
    other: Mapping[str, str]
    code: Code | None
    weakest: Boundary
    kernels: tuple[str, ...] = ()


def files(name: str, form: str, *sides: str, **others: str) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """The same file for both services, each with its own word in it."""
    one, other = ({name: form.format(side)} | {n: t.format(side) for n, t in others.items()} for side in sides)
    return one, other


TABLE = (
    Row("PyPI versions", *files("requirements.txt", "flask{}", "<3", ">=3"), Code.VERSION, VENV),
    Row("checkout for import", *files("requirements.txt", IMPORTED, ONE, OTHER), Code.SOURCE, VENV),
    Row(
        "PyPI and deb", {"Dockerfile": DEBIAN.format("python3-flask")}, {"requirements.txt": "flask>=3"},
        Code.SYSTEM_PYTHON, VENV,
    ),
    Row("Python version", *files("pyproject.toml", PROJECT, "<3.11", ">=3.12"), Code.INTERPRETER, CONTAINER),
    Row("deb version", *files("Dockerfile", DEBIAN, "postfix=3", "postfix=2"), Code.DEB_VERSION, CONTAINER),
    Row("deb relations", *files("Dockerfile", DEBIAN, "postfix", "exim4"), Code.DEB_RESOLUTION, CONTAINER),
    Row("rpm relations", *files("Dockerfile", CENTOS, "mysql", "mariadb"), Code.RPM_RESOLUTION, CONTAINER),
    Row("release", *files("Dockerfile", "FROM debian:{}", "11", "12"), Code.OPERATING_SYSTEM, CONTAINER),
    Row("distribution", *files("Dockerfile", "FROM {}", "debian:12", "fedora:42"), Code.OPERATING_SYSTEM, CONTAINER),
    Row("checkout", *files("Dockerfile", CLONE, ONE, OTHER), Code.CHECKOUT, CONTAINER),
    Row("port", *files("Dockerfile", "FROM debian:12\nLABEL x={}\nEXPOSE 8080\n", "1", "2"), Code.PORT, CONTAINER),
    Row("Maven, shared", *files("build.gradle", WAR, "20.0", "33.0", **LOCKED), Code.EVICTION, CONTAINER),
    Row("Maven, bundled", *files("build.gradle", BOOT, "20.0", "33.0", **LOCKED), None, PROCESS),
    Row(
        "Maven and deb", {"Dockerfile": DEBIAN.format("libguava-java")},
        {"build.gradle": WAR.format("20.0"), "gradle.lockfile": LOCK.format("20.0")}, Code.SHARED_JAR, CONTAINER,
    ),
    Row("JDK", *files("build.gradle", TOOLCHAIN, "17", "21"), Code.JDK, CONTAINER),
    Row("architecture", *files("Dockerfile", FOR, "amd64", "arm64"), Code.ARCHITECTURE, VM),
    Row("kernel version", *files("Dockerfile", "FROM debian:12\n# {}\n", "", ""), Code.KERNEL, VM, (">=5.10", "<5")),
    Row(
        "kernel setting", *files("Dockerfile", "FROM debian:12\n# {}\n", "", ""), Code.KERNEL, VM,
        ("sysctl kernel.shmmax=1", "sysctl kernel/shmmax=2"),
    ),
    Row(
        "kernel module", *files("Dockerfile", "FROM debian:12\n# {}\n", "", ""), None, PROCESS,
        ("module wireguard", "privileged"),
    ),
)  # fmt: skip
IN_USE = ((PROCESS, VENV, CONTAINER, VM), (CONTAINER, VM), (VM,))


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> str:
    versions = [Distribution("flask", version) for version in ("2.2.2", "3.0")]
    return str(build_index(tmp_path_factory.mktemp("index"), versions))


def audited(root: Path, row: Row, index: str, boundaries: tuple[Boundary, ...]):
    written = {f"a/{name}": text for name, text in row.one.items()} | {f"b/{n}": text for n, text in row.other.items()}
    for name, text in {**written, "Packages": PACKAGES, "rpm/repodata/repomd.xml": REPOMD}.items():
        (root / name).parent.mkdir(exist_ok=True, parents=True)
        (root / name).write_text(text)
    (root / "rpm/repodata/primary.xml.gz").write_bytes(gzip.compress(PRIMARY.encode(), mtime=0))
    needs = zip("ab", row.kernels, strict=False)
    settings = Settings(
        services=tuple(ServiceSettings(name, name, Origin("cohabit.toml"), kernel=(need,)) for name, need in needs),
        platform=Platform("3.11"),
        boundaries=boundaries,
        universe=(("debian:12", (str(root / "Packages"),)), ("centos:9", (str(root / "rpm"),))),
        index_url=index,
        exclude_newer="",
        cache=False,
    )
    return examine_fleet(gather_fleet(root, settings), settings)


@pytest.mark.parametrize("boundaries", IN_USE, ids=lambda used: "+".join(used))
@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.what)
def test_what_separates_it(tmp_path: Path, row: Row, index: str, boundaries: tuple[Boundary, ...]) -> None:
    found = {c.code: c.boundary for c in audited(tmp_path, row, index, boundaries).conflicts if len(c.services) == 2}
    if row.code is None:
        assert not found
        return
    expected = next(b for b in boundaries if b.strength >= row.weakest.strength)
    assert found == {row.code: expected}
