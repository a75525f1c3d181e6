"""What RPM packages ship for pip and Gradle, by their Provides."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from packaging.version import Version

from analyzer.package import Candidate
from resolvers.rpm.capability import Capability, Sense
from resolvers.rpm.repomd import Repodata
from resolvers.rpm.shipping import contents
from resolvers.rpm.universe import RpmUniverse, read_universe
from tests.hostile import EXAMPLES

TEXTS = st.text(max_size=30)
CENTOS = Path(__file__).parents[3] / "fixtures" / "rpm" / "centos9"


class Providing(RpmUniverse):
    """A universe of one package with these capabilities."""

    def __init__(self, *capabilities: Capability) -> None:
        repositories: tuple[tuple[Repodata, object], ...] = ()
        super().__init__(repositories, "x86_64")
        self._capabilities = capabilities

    def provided(self, unit):
        return iter(self._capabilities)


def shown(capability: Capability) -> list[tuple[str, str]]:
    return [(_name(c.candidate), c.marker) for c in contents("centos:9", Providing(capability), 0)]


def _name(candidate: Candidate) -> str:
    namespace = f"{candidate.package.namespace}:" if candidate.package.namespace else ""
    return f"{namespace}{candidate}"


@pytest.mark.parametrize(
    ("name", "evr", "expected"),
    [
        ("python3.9dist(requests)", "2.25.1", "requests==2.25.1"),
        ("python3.12dist(zope-interface)", "6", "zope-interface==6"),
        ("python3.9dist(selinux)", "3.6~rc1", "selinux==3.6rc1"),
        ("python3.9dist(lit)", "19.1.3~~dev0", "lit==19.1.3.dev0"),
        ("python3.9dist(gpep517)", "1.0^post1", "gpep517==1.0.post1"),
        ("python3.9dist(odd)", "1.0-3.el9", "odd==1.0"),
        ("mvn(com.google.guava:guava)", "31.0.1.jre", "com.google.guava:guava==31.0.1-jre"),
        ("mvn(org.dogtagpki.jss:jss-base)", "5.5.0.SNAPSHOT", "org.dogtagpki.jss:jss-base==5.5.0-SNAPSHOT"),
        ("mvn(org.jboss.logging:jboss-logging)", "3.4.1.Final", "org.jboss.logging:jboss-logging==3.4.1.Final"),
    ],
)
def test_a_capability_names_what_is_shipped(name: str, evr: str, expected: str) -> None:
    ((found, marker),) = shown(Capability(name, Sense.EQUAL, evr))
    assert found == expected
    assert bool(marker) is name.startswith("python")


@pytest.mark.parametrize(
    ("name", "sense", "evr"),
    [
        ("python3dist(requests)", Sense.EQUAL, "2.25.1"),
        ("python3.9dist(requests[socks])", Sense.EQUAL, "2.25.1"),
        ("python3.9dist(requests)", Sense.GREATER | Sense.EQUAL, "2.25.1"),
        ("python3.9dist(requests)", Sense.ANY, ""),
        ("python3.9dist(requests)", Sense.EQUAL, "not a version"),
        ("python3.9dist(requests)", Sense.EQUAL, "1" * 5000),
        ("mvn(com.google.guava:guava:pom:)", Sense.EQUAL, "31.0.1"),
        ("mvn(com.sun:tools)", Sense.EQUAL, "SYSTEM"),
        ("python3-requests", Sense.EQUAL, "2.25.1-5.el9"),
    ],
)
def test_others_name_nothing(name: str, sense: int, evr: str) -> None:
    assert shown(Capability(name, sense, evr)) == []


@settings(max_examples=EXAMPLES)
@given(st.sampled_from(("python3.9dist({})", "mvn({})", "{}")), TEXTS, st.integers(0, 7), TEXTS)
def test_whatever_a_capability_is(form: str, name: str, sense: int, evr: str) -> None:
    for found, marker in shown(Capability(form.format(name), sense, evr)):
        assert found and (not marker or Version(found.partition("==")[2]))


def test_real_packages_ship_what_their_versions_say_and_what_they_alone_know() -> None:
    universe = read_universe([CENTOS / "baseos", CENTOS / "appstream"])
    python = {
        str(found.candidate): universe.units[unit].version.rpartition(":")[2].partition("-")[0]
        for unit in range(len(universe.units))
        for found in contents("centos:9", universe, unit)
        if found.marker == 'python_version == "3.9"'
    }
    assert len(python) > 12
    differing = {found for found, version in python.items() if Version(found.partition("==")[2]) != Version(version)}
    assert differing == {"pyasn1-modules==0.2.8"}
