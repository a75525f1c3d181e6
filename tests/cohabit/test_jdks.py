"""JDKs, from the folder to the verdict."""

from __future__ import annotations

import pytest

from analyzer.boundary import Boundary
from analyzer.report import Report
from analyzer.verdict import Code, Depth, Stance
from cohabit.auditing import examine_fleet
from cohabit.configuration import load
from cohabit.fleet import gather_fleet
from reports import prose
from reports.fleet_json import fleet_from_json, fleet_to_json

BOOT = "plugins { id 'org.springframework.boot' version '3.2.0' }\n"
TOOLCHAIN = BOOT + "java { toolchain { languageVersion = JavaLanguageVersion.of(%d) } }\n"
SERVICES = {
    "billing": {"build.gradle": TOOLCHAIN % 17, "Dockerfile": "FROM gcr.io/distroless/java17-debian12\n"},
    "search": {"build.gradle": TOOLCHAIN % 21, "Dockerfile": "FROM gcr.io/distroless/java21-debian12\n"},
    "old": {"build.gradle": BOOT + "sourceCompatibility = 1.8\n", "Dockerfile": "FROM openjdk:11-jre-slim-bookworm\n"},
    "free": {"build.gradle.kts": 'plugins { application }\ntasks.compileJava { options.release.set(17) }\n'},
    "native": {"build.gradle": TOOLCHAIN % 25 + "apply plugin: 'org.graalvm.buildtools.native'\n"},
    "script": {"requirements.txt": ""},
}  # fmt: skip


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> Report:
    root = tmp_path_factory.mktemp("fleet")
    for service, files in SERVICES.items():
        (root / service).mkdir()
        for name, content in files.items():
            (root / service / name).write_text(content)
    settings = load(root, environment={}, options={"offline": True, "cache": False})
    fleet = gather_fleet(root, settings)
    assert fleet_from_json(fleet_to_json(fleet)) == fleet
    return examine_fleet(fleet, settings)


def test_ranges_without_a_jdk_in_common_clash_at_the_container(report: Report) -> None:
    [declared] = [c for c in report.conflicts if c.stance is Depth.DECLARED]
    assert (declared.code, declared.services, declared.boundary) == (
        Code.JDK, ("billing", "search"), Boundary.CONTAINER,
    )  # fmt: skip
    assert prose.headline(declared) == "billing and search have no version of JDK in common: 17 against 21"
    assert [str(d.requirement.origin) for d in declared.requirements] == [
        "billing/build.gradle:2",
        "search/build.gradle:2",
    ]


def test_images_with_different_jdks_clash_by_their_locks(report: Report) -> None:
    locked = {c.services: c for c in report.conflicts if c.stance is Depth.LOCKED}
    assert set(locked) == {("billing", "old"), ("old", "search"), ("free", "old")}
    assert {c.code for c in locked.values()} == {Code.JDK}
    together = [set(c.services) for c in report.compatible if c.stance is Stance.RELOCKED]
    assert any({"billing", "old", "free", "native", "script"} <= group for group in together)
    assert not [u for u in report.undecided if "native" not in u.services]


def test_a_witness_is_a_jdk_that_suits_all(report: Report) -> None:
    group = next(c for c in report.compatible if c.stance is Stance.RELOCKED and {"old", "billing"} <= set(c.services))
    versions = {str(c.package): c.version for c in group.witness.versions}
    assert versions["generic/jdk"] == "17"
    assert report.plans[Stance.RELOCKED].environments == 2
