"""What nothing provides is no proof where an entry could not be read."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from analyzer.demands import OPERATING_SYSTEM
from analyzer.oracle import Answer, Refuted, Satisfied, Unknown
from analyzer.origin import Origin
from analyzer.package import Package
from analyzer.requirement import Requirement
from analyzer.universe import Universe
from analyzer.verdict import Demand
from resolvers.deb.universe import read_universe as read_deb
from resolvers.distribution.oracle import DistributionOracle
from resolvers.rpm.universe import read_universe as read_rpm
from tests.debian_universe import index

BROKEN = "\nPackage: lib\nVersion: 1_0\nArchitecture: amd64\n"
DEB = index("a; Depends: lib", "b; Depends: gone", "c; Conflicts: d", "d", "e; Depends: c, gone", "f; Depends: d | x")
RPM = """<metadata xmlns:rpm="r">
{}<package type="rpm"><name>a</name><arch>x86_64</arch><version epoch="0" ver="1" rel="1"/>
<format><rpm:requires><rpm:entry name="lib"/></rpm:requires></format></package>
</metadata>"""
RPM_BROKEN = '<package type="rpm"><name>lib</name><arch>x86_64</arch></package>\n'


def asked(ecosystem: str, universe: Universe, names: Sequence[str]) -> Answer:
    oracle = DistributionOracle(ecosystem, lambda release: universe, lambda requirements: "")
    os = Demand("s", Requirement(OPERATING_SYSTEM, "debian:12", Origin("Dockerfile", 1)))
    own = [Demand("s", Requirement(Package(ecosystem, name, "debian"), "", Origin("x", 1))) for name in names]
    return oracle.ask([os, *own], {})


@pytest.mark.parametrize(
    ("names", "whole", "torn"),
    [
        (["a"], Refuted, Unknown),
        (["d"], Satisfied, Satisfied),
        (["c", "d"], Refuted, Refuted),
        (["a", "c", "d"], Refuted, Refuted),
        (["e", "f"], Refuted, Refuted),
        (["a", "d"], Refuted, Unknown),
    ],
)
def test_a_lack_is_no_proof_beside_unread_entries(
    tmp_path: Path, names: list[str], whole: type[Answer], torn: type[Answer]
) -> None:
    (tmp_path / "Packages").write_text(DEB)
    assert isinstance(asked("deb", read_deb([tmp_path / "Packages"]), names), whole)
    (tmp_path / "Packages").write_text(DEB + BROKEN)
    answer = asked("deb", read_deb([tmp_path / "Packages"]), names)
    assert isinstance(answer, torn)
    if isinstance(answer, Unknown):
        assert "1 not readable provides" in answer.reason
        assert {demand.requirement.package.name for demand in answer.named} == {"a"}


def test_a_proof_does_not_rest_on_a_lack(tmp_path: Path) -> None:
    (tmp_path / "Packages").write_text(DEB + BROKEN)
    answer = asked("deb", read_deb([tmp_path / "Packages"]), ["a", "c", "d"])
    assert isinstance(answer, Refuted)
    assert {demand.requirement.package.name for demand in answer.named} == {"c", "d"}


@pytest.mark.parametrize(("broken", "expected"), [("", Refuted), (RPM_BROKEN, Unknown)])
def test_rpm(tmp_path: Path, broken: str, expected: type[Answer]) -> None:
    (tmp_path / "primary.xml").write_text(RPM.format(broken))
    assert isinstance(asked("rpm", read_rpm([tmp_path / "primary.xml"]), ["a"]), expected)
