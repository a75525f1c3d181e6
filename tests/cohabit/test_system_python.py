"""Debian packages that ship Python distributions, beside services that use pip."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.service import Platform
from analyzer.verdict import Boundary, Code
from cohabit.auditing import examine_fleet
from cohabit.fleet import gather_fleet
from cohabit.settings import Settings
from resolvers.deb.python_distributions import shipped
from tests.local_index import Distribution, build_index

INDEX = """Package: dashboard
Version: 1
Architecture: all
Depends: python3-flask

Package: python3-flask
Version: 2.2.2-3
Architecture: all
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    files = {
        "console/Dockerfile": "FROM debian:12\nRUN apt-get install -y dashboard\n",
        "shop/Dockerfile": "FROM debian:12\nCOPY requirements.txt .\n",
        "shop/requirements.txt": "flask>=3\n",
        "old/Dockerfile": "FROM debian:12\n",
        "old/requirements.txt": "flask<3\n",
        "Packages": INDEX,
    }
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def audited(root: Path, index: str, python: str):
    settings = Settings(
        platform=Platform(python),
        universe=(("debian:12", (str(root / "Packages"),)),),
        index_url=index,
        exclude_newer="",
        cache=False,
    )
    return examine_fleet(gather_fleet(root, settings), settings)


@pytest.fixture
def index(tmp_path_factory: pytest.TempPathFactory) -> str:
    versions = [Distribution("flask", version) for version in ("2.2.2", "2.3", "3.0")]
    return str(build_index(tmp_path_factory.mktemp("index"), versions))


def test_a_system_package_limits_who_shares_its_python(root: Path, index: str) -> None:
    report = audited(root, index, "3.11")
    found = {c.services: c for c in report.conflicts}
    assert set(found) == {("console", "shop"), ("old", "shop")}
    clash = found["console", "shop"]
    assert (clash.code, clash.boundary) == (Code.VERSION, Boundary.CONTAINER)
    limits = [str(d.requirement) for d in clash.requirements if d.service == "console"]
    assert "flask==2.2.2" in limits
    (fits,) = {c.witness for c in report.compatible if set(c.services) == {"console", "old"}}
    assert "flask==2.2.2" in map(str, fits.versions)


def test_on_another_python_it_is_nobody_elses_matter(root: Path, index: str) -> None:
    assert {c.services for c in audited(root, index, "3.12").conflicts} == {("old", "shop")}


@pytest.mark.parametrize(
    ("package", "version", "expected"),
    [
        ("python3-flask", "2.2.2-3", "flask==2.2.2"),
        ("python3-yaml", "6.0-3+b2", "pyyaml==6.0"),
        ("python3-django", "3:3.2.25-0+deb12u7", "django==3.2.25"),
        ("python3-sqlalchemy", "1.4.46+ds1-1", "sqlalchemy==1.4.46"),
        ("python3-pip", "23.0.1+dfsg-1", "pip==23.0.1"),
        ("python3-flask:any", "3.0~rc1-1", "flask==3.0rc1"),
        ("python3-flask", "1.0+really0.9-1", None),
        ("python3-flask", "20230101.gabc-1", None),
        ("python3", "3.11.2-1", None),
        ("nginx", "1.22.1-9", None),
    ],
)
def test_what_a_package_ships(package: str, version: str, expected: str | None) -> None:
    found = shipped(package, version)
    assert (str(found) if found else None) == expected
