from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from hypothesis import given, settings
from hypothesis import strategies as st

from analyzer.demands import OPERATING_SYSTEM
from analyzer.origin import Origin
from analyzer.package import Candidate, Package, pypi
from analyzer.requirement import Locked, Requirement, Source
from analyzer.service import DependencySet, Fleet, Platform, Service
from reports.cyclonedx import documents, fleet_to_cyclonedx, service_to_cyclonedx
from tests.hostile import EXAMPLES

OFFICIAL = JsonStrictValidator(SchemaVersion.V1_6)
FLASK = pypi("flask")
LIBSSL = Package("deb", "libssl3", "debian")


def service(name: str = "billing") -> Service:
    return Service(
        name,
        f"services/{name}",
        Platform("3.12", "debian:12"),
        (
            DependencySet(
                "pypi",
                (Requirement(FLASK, ">=2", Origin("pyproject.toml", 4)),),
                (Locked(Candidate(FLASK, "2.3.1"), Origin("uv.lock", 9)),),
            ),
            DependencySet("deb", (Requirement(LIBSSL, "", Origin("Dockerfile", 2)),)),
            DependencySet(
                "npm", locked=(Locked(Candidate(Package("npm", "core", "@a"), "1.0.0"), Origin("x")),), bundled=True
            ),
            DependencySet("rpm", (Requirement(Package("rpm", "/usr/bin/env"), "", Origin("x.spec", 1)),)),
        ),
        base=(Requirement(OPERATING_SYSTEM, "debian:12", Origin("Dockerfile", 1)),),
    )


def valid(content: bytes) -> Any:
    fault = OFFICIAL.validate_str(content.decode())
    assert fault is None, repr(fault)
    return json.loads(content)


def test_a_service_is_the_subject_of_its_own_document() -> None:
    document = valid(service_to_cyclonedx(service()))
    assert document["metadata"]["component"]["name"] == "billing"
    told = {c["name"]: c.get("purl") for c in document["components"]}
    assert told == {
        "debian": None,
        "libssl3": "pkg:deb/debian/libssl3?distro=debian-12",
        "core": "pkg:npm/%40a/core@1.0.0",
        "flask": "pkg:pypi/flask@2.3.1",
        "/usr/bin/env": None,
    }
    flask = next(c for c in document["components"] if c["name"] == "flask")
    assert flask["evidence"]["occurrences"] == [
        {"location": "pyproject.toml", "line": 4},
        {"location": "uv.lock", "line": 9},
    ]
    assert {"name": "cohabit:required", "value": ">=2"} in flask["properties"]


def test_a_fleet_holds_its_services_which_hold_their_packages() -> None:
    fleet = Fleet("shop", (service("a"), service("b")))
    document = valid(fleet_to_cyclonedx(fleet))
    assert [(c["name"], len(c["components"])) for c in document["components"]] == [("a", 5), ("b", 5)]
    references = [item["ref"] for item in document["dependencies"]]
    assert references == ["fleet", "service:a", "service:b"]
    assert fleet_to_cyclonedx(fleet) == fleet_to_cyclonedx(fleet)


def test_a_fleet_of_one_is_that_service() -> None:
    assert fleet_to_cyclonedx(Fleet("shop", (service(),))) == service_to_cyclonedx(service())


def test_file_names_stay_in_their_folder() -> None:
    names = ["a", "a/b", "a-b", "../x", "..", "A b", "a.cdx"]
    found = documents(Fleet("shop", tuple(service(name) for name in names)))
    assert len(found) == len(names)
    assert all("/" not in name and not name.startswith(".") and name.endswith(".cdx.json") for name in found)


TEXT = st.text(min_size=1, max_size=10)


@settings(max_examples=EXAMPLES, deadline=None)
@given(
    TEXT,
    st.sampled_from(("pypi", "deb", "rpm", "npm", "maven", "golang", "git", "odd")),
    TEXT,
    st.text(max_size=8),
    TEXT,
)
def test_whatever_the_names_the_schema_holds(name: str, kind: str, package: str, namespace: str, version: str) -> None:
    what = Package(kind, package, namespace)
    wanted = Requirement(what, version, Origin(name, 1), source=Source("git", version))
    pins = (Locked(Candidate(what, version), Origin(name)),) * 2
    group = DependencySet(kind, (wanted, wanted), pins)
    valid(fleet_to_cyclonedx(Fleet(name, (Service(name, name, sets=(group, group)), Service(f"{name}2", "")))))


def test_the_command_writes_one_document_or_a_folder(tmp_path: Path) -> None:
    from cohabit.command_line import run

    for name in ("a", "b"):
        (tmp_path / "fleet" / name).mkdir(parents=True)
        (tmp_path / "fleet" / name / "requirements.txt").write_text("flask==2.0\n")
    whole, folder = tmp_path / "fleet.json", tmp_path / "bills"
    folder.mkdir()
    given_ = ["gather", str(tmp_path / "fleet"), "--format", "cyclonedx", "--output"]
    assert [run([*given_, str(whole)]), run([*given_, str(folder)])] == [0, 0]
    assert len(valid(whole.read_bytes())["components"]) == 2
    assert sorted(p.name for p in folder.iterdir()) == ["a.cdx.json", "b.cdx.json"]
    assert [valid(p.read_bytes())["metadata"]["component"]["name"] for p in sorted(folder.iterdir())] == ["a", "b"]
