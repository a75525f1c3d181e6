"""What the packages of one service's system ship into the environments of others."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from analyzer.report import Report
from analyzer.service import Platform
from analyzer.verdict import Boundary, Code, Conflict
from cohabit.auditing import examine_fleet
from cohabit.fleet import gather_fleet
from cohabit.settings import Settings
from reports.prose import headline, sentences
from tests.local_index import Distribution, build_index

PACKAGES = """Package: dashboard
Version: 1
Architecture: all
Depends: python3-flask

Package: python3-flask
Version: 2.2.2-3
Architecture: all

Package: portal
Version: 1
Architecture: all
Depends: libguava-java

Package: libguava-java
Version: 31.1-1
Architecture: all
"""
REPOMD = (
    '<repomd xmlns="http://linux.duke.edu/metadata/repo"><data type="primary">'
    '<location href="repodata/primary.xml.gz"/></data></repomd>'
)
PRIMARY = """<metadata xmlns="http://linux.duke.edu/metadata/common" xmlns:rpm="http://linux.duke.edu/metadata/rpm">
<package type="rpm"><name>python3-flask</name><arch>noarch</arch><version epoch="0" ver="9" rel="1.el9"/><format>
<rpm:provides><rpm:entry name="python3.9dist(flask)" flags="EQ" epoch="0" ver="2.2.2"/></rpm:provides>
</format></package>
<package type="rpm"><name>google-guava</name><arch>noarch</arch><version epoch="0" ver="9" rel="1.el9"/><format>
<rpm:provides><rpm:entry name="mvn(com.google.guava:guava)" flags="EQ" epoch="0" ver="31.0.1.jre"/></rpm:provides>
</format></package>
<package type="rpm"><name>desk</name><arch>noarch</arch><version epoch="0" ver="1" rel="1.el9"/><format>
<rpm:requires><rpm:entry name="python3-flask"/><rpm:entry name="google-guava"/></rpm:requires></format></package>
</metadata>"""
LOCK = "com.google.guava:guava:{}=runtimeClasspath\nempty=\n"
SHARED = "plugins { id 'war' }\ndependencies { implementation 'com.google.guava:guava:20.0' }\n"


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> str:
    versions = [Distribution("flask", version) for version in ("2.2.2", "2.3", "3.0")]
    above = Distribution("login", "1", requires_dist=("flask>=3",))
    return str(build_index(tmp_path_factory.mktemp("index"), [*versions, above]))


def audited(root: Path, index: str, files: dict[str, str], release: str = "debian:12", python: str = "3.11") -> Report:
    for name, text in {**files, "Packages": PACKAGES, "rpm/repodata/repomd.xml": REPOMD}.items():
        (root / name).parent.mkdir(exist_ok=True, parents=True)
        (root / name).write_text(text)
    (root / "rpm/repodata/primary.xml.gz").write_bytes(gzip.compress(PRIMARY.encode(), mtime=0))
    place = str(root / ("Packages" if release.startswith("debian") else "rpm"))
    settings = Settings(
        platform=Platform(python),
        boundaries=(Boundary.PROCESS, Boundary.VENV, Boundary.CONTAINER, Boundary.VM),
        universe=((release, (place,)),),
        index_url=index,
        exclude_newer="",
        cache=False,
    )
    return examine_fleet(gather_fleet(root, settings), settings)


def debian(line: str) -> str:
    return f"FROM debian:12\nRUN apt-get install -y {line}\n"


def centos(line: str) -> str:
    return f"FROM quay.io/centos/centos:stream9\nRUN dnf install -y {line}\n"


def only(report: Report) -> Conflict:
    (conflict,) = report.conflicts
    return conflict


def lines(conflict: Conflict) -> dict[str, str]:
    """The place and the words of each side that speaks of what clashes."""
    inner = [d for d in conflict.requirements if d.requirement.package in conflict.packages]
    return {d.service: f"{d.requirement.origin} {d.requirement.shipped_by}".strip() for d in inner}


@pytest.mark.parametrize("wish", ["flask>=3", "login"])
@pytest.mark.parametrize(
    ("release", "python", "dockerfile", "carrier"),
    [
        ("debian:12", "3.11", debian("python3-flask"), "python3-flask 2.2.2-3"),
        ("debian:12", "3.11", debian("dashboard"), "python3-flask 2.2.2-3"),
        ("centos:9", "3.9", centos("python3-flask"), "python3-flask 9-1.el9"),
        ("centos:9", "3.9", centos("desk"), "python3-flask 9-1.el9"),
    ],
)
def test_a_system_package_limits_who_shares_its_python(
    tmp_path: Path, index: str, release: str, python: str, dockerfile: str, carrier: str, wish: str
) -> None:
    base = dockerfile.splitlines()[0]
    files = {"console/Dockerfile": dockerfile, "shop/Dockerfile": base, "shop/requirements.txt": wish}
    conflict = only(audited(tmp_path, index, files, release, python))
    assert (conflict.code, conflict.boundary) == (Code.SYSTEM_PYTHON, Boundary.VENV)
    assert conflict.services == ("console", "shop")
    sides = {d.service: d.requirement for d in conflict.requirements if d.requirement.package.type == "pypi"}
    assert str(sides["console"].origin) == "console/Dockerfile:2"
    assert sides["console"].shipped_by == carrier
    assert str(sides["shop"].origin) == "shop/requirements.txt:1"
    told = " ".join(sentences(conflict.explanation))
    assert f"console has flask==2.2.2 of {carrier} (console/Dockerfile:2)" in told


def test_who_agrees_gets_the_version_of_the_system(tmp_path: Path, index: str) -> None:
    files = {"console/Dockerfile": debian("dashboard"), "old/Dockerfile": "FROM debian:12"}
    files["old/requirements.txt"] = "flask<3"
    report = audited(tmp_path, index, files)
    assert not report.conflicts
    (witness,) = {c.witness for c in report.compatible if len(c.services) == 2}
    assert "flask==2.2.2" in map(str, witness.versions)


@pytest.mark.parametrize(
    ("release", "python", "dockerfile"),
    [("debian:12", "3.12", debian("dashboard")), ("centos:9", "3.11", centos("desk"))],
)
def test_on_another_python_it_is_nobody_elses_matter(
    tmp_path: Path, index: str, release: str, python: str, dockerfile: str
) -> None:
    base = dockerfile.splitlines()[0]
    files = {"console/Dockerfile": dockerfile, "shop/Dockerfile": base, "shop/requirements.txt": "flask>=3"}
    assert not audited(tmp_path, index, files, release, python).conflicts


@pytest.mark.parametrize("wish", ["flask==3.0", "login"])
def test_who_installs_both_itself_gets_pips_and_is_no_conflict(tmp_path: Path, index: str, wish: str) -> None:
    files = {"both/Dockerfile": debian("python3-flask"), "both/requirements.txt": wish}
    files |= {"shop/Dockerfile": "FROM debian:12", "shop/requirements.txt": "flask>=3"}
    assert not audited(tmp_path, index, files).conflicts


@pytest.mark.parametrize(
    ("release", "dockerfile", "carrier"),
    [
        ("debian:12", debian("libguava-java"), "libguava-java 31.1-1"),
        ("debian:12", debian("portal"), "libguava-java 31.1-1"),
        ("centos:9", centos("google-guava"), "google-guava 9-1.el9"),
        ("centos:9", centos("desk"), "google-guava 9-1.el9"),
    ],
)
def test_a_system_package_puts_its_jar_on_a_shared_class_path(
    tmp_path: Path, index: str, release: str, dockerfile: str, carrier: str
) -> None:
    files = {"portal/Dockerfile": dockerfile, "shop/build.gradle": SHARED, "shop/gradle.lockfile": LOCK.format("20.0")}
    files["shop/Dockerfile"] = dockerfile.splitlines()[0]
    conflict = only(audited(tmp_path, index, files, release, "3.11"))
    assert (conflict.code, conflict.boundary) == (Code.SHARED_JAR, Boundary.CONTAINER)
    assert lines(conflict) == {"portal": f"portal/Dockerfile:2 {carrier}", "shop": "shop/gradle.lockfile:1"}
    assert headline(conflict).startswith("portal and shop have incompatible versions of guava: 31.")


@pytest.mark.parametrize(
    ("script", "version"),
    [
        (SHARED, "31.0-jre"),
        ("plugins { id 'org.springframework.boot' version '3.3.0'\nid 'java' }\n", "20.0"),
    ],
    ids=["compatible", "bundled"],
)
def test_a_jar_that_suits_or_a_class_path_of_its_own_is_no_conflict(
    tmp_path: Path, index: str, script: str, version: str
) -> None:
    files = {"portal/Dockerfile": debian("libguava-java"), "shop/build.gradle": script}
    files |= {"shop/Dockerfile": "FROM debian:12", "shop/gradle.lockfile": LOCK.format(version)}
    assert not audited(tmp_path, index, files).conflicts
