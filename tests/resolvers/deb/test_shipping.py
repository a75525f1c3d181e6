"""What Debian packages ship for pip and Gradle, against what real packages say inside."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from packaging.version import Version

from analyzer.package import Candidate
from analyzer.universe import Unit
from resolvers.deb.java_libraries import modules
from resolvers.deb.python_distributions import distributions
from resolvers.deb.shipping import contents
from resolvers.deb.upstream_version import upstream_version

REAL = Path(__file__).parents[3] / "fixtures" / "deb" / "shipped.txt"


def real() -> dict[tuple[str, str], dict[str, str]]:
    """By package and version, what is in it."""
    found: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for line in REAL.read_text().splitlines()[1:]:
        package, version, what, own = line.split()
        found[package, version][what] = own
    return found


def claimed(package: str, version: str) -> dict[str, str]:
    python = {f"pypi:{c.package.name}": c.version for c in distributions(package, version)}
    return python | {f"maven:{c.package.namespace}:{c.package.name}": c.version for c in modules(package, version)}


@pytest.mark.parametrize(("package", "version"), sorted(real()))
def test_what_is_claimed_is_what_the_package_says(package: str, version: str) -> None:
    inside = {what: own for what, own in real()[package, version].items() if own != "None"}
    found = claimed(package, version)
    assert found.keys() == inside.keys()
    for what, own in inside.items():
        if what.startswith("pypi:"):
            assert Version(found[what]) == Version(own)
        else:
            assert found[what] == own


@pytest.mark.parametrize(
    ("package", "version", "expected"),
    [
        ("python3-flask", "3.0~rc1-1", "flask==3.0rc1"),
        ("python3-flask:any", "2.2.2-3", "flask==2.2.2"),
        ("python3-flask", "1.0+really0.9-1", None),
        ("python3-flask", "20230101.gabc-1", None),
        ("python3-alembic", "1.9.0-1", None),
        ("libguava-java", "99.1-1", "guava==99.1-jre"),
        ("python3-pkg-resources", "66.1.1-1", None),
        ("nginx", "1.22.1-9", None),
    ],
)
def test_other_versions_than_those_seen(package: str, version: str, expected: str | None) -> None:
    found: list[Candidate] = [*distributions(package, version), *modules(package, version)]
    assert [str(candidate) for candidate in found] == ([expected] if expected else [])


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("2.2.2-3", "2.2.2"),
        ("3:3.2.25-0+deb12u7", "3.2.25"),
        ("1.4.46+ds1-1", "1.4.46"),
        ("23.0.1+dfsg-1", "23.0.1"),
        ("2.0.0~b1+git2-1", "2.0.0b1"),
        ("6.0-3+b2", "6.0"),
        ("1.0+really0.9-1", ""),
        ("", ""),
    ],
)
def test_upstream_versions(version: str, expected: str) -> None:
    assert upstream_version(version) == expected


class OneUnit:
    """A universe of one package."""

    def __init__(self, name: str, version: str) -> None:
        self.units = (Unit(name, version, "all", 0),)


@pytest.mark.parametrize(
    ("release", "marker"), [("debian:12", 'python_version == "3.11"'), ("ubuntu:22.04", 'python_version == "3.10"')]
)
def test_a_distribution_is_seen_on_the_python_of_its_release(release: str, marker: str) -> None:
    (found,) = contents(release, OneUnit("python3-flask", "2.2.2-3"), 0)
    assert (str(found.candidate), found.marker) == ("flask==2.2.2", marker)


def test_where_the_python_is_not_known_only_jars_are() -> None:
    assert not list(contents("debian:99", OneUnit("python3-flask", "2.2.2-3"), 0))
    (found,) = contents("debian:99", OneUnit("libguava-java", "31.1-1"), 0)
    assert (found.candidate.package.namespace, found.marker) == ("com.google.guava", "")
