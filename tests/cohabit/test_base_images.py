"""The images that services are built on, from the folder to the verdict."""

from __future__ import annotations

from pathlib import Path

import pytest

from analyzer.origin import Origin
from analyzer.service import Fleet, Platform
from analyzer.verdict import Code, Stance
from cohabit.auditing import examine_fleet
from cohabit.configuration import from_command_line, load
from cohabit.fleet import gather_fleet
from cohabit.settings import Settings
from reports.fleet_json import fleet_from_json, fleet_to_json

FILES = {
    "billing/Dockerfile": "FROM debian:11\n",
    "edge/Dockerfile": "FROM --platform=linux/arm64 debian:12\n",
    "image/etc/os-release": 'ID=debian\nVERSION_ID="12"\n',
    "nothing/Dockerfile": "FROM scratch\n",
    "own/Dockerfile": "FROM acme/base:1\n",
    "search/Dockerfile": "ARG RELEASE=bookworm\nFROM golang:1 AS build\nRUN make\nFROM python:3.12-slim-${RELEASE}\n",
    "web/Dockerfile": "FROM nginx:1.27-alpine3.20\n",
}
PLATFORMS = {
    "billing": Platform(os="debian:11"),
    "edge": Platform(os="debian:12", arch="aarch64"),
    "image": Platform(os="debian:12"),
    "nothing": Platform(),
    "own": Platform(),
    "search": Platform(os="debian:12"),
    "web": Platform(os="alpine:3.20"),
}


def fleet_of(root: Path, configuration: str = "") -> Fleet:
    for name, text in FILES.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    (root / "cohabit.toml").write_text(configuration)
    return gather_fleet(root, load(root, environment={}))


def platforms(fleet: Fleet) -> dict[str, Platform]:
    return {s.name: Platform("", s.platform.os, s.platform.arch) for s in fleet.services}


def test_images_are_the_platforms_and_stay_so_when_saved(tmp_path: Path) -> None:
    fleet = fleet_of(tmp_path)
    assert platforms(fleet) == PLATFORMS
    lines = {s.name: {str(r.origin): r.origin.text for r in s.base} for s in fleet.services}
    assert lines["billing"] == {"billing/Dockerfile:1": "FROM debian:11"}
    assert lines["image"] == {"image/etc/os-release:2": "VERSION_ID=12"}
    assert list(lines["search"]) == ["search/Dockerfile:4"]
    assert fleet_from_json(fleet_to_json(fleet)) == fleet


@pytest.mark.parametrize(
    ("configuration", "changed"),
    [
        ('[platform]\nos = "ubuntu:24.04"\n', dict.fromkeys(PLATFORMS, "ubuntu:24.04")),
        ('[[service]]\npath = "own"\nplatform = { os = "debian:12" }\n', {"own": "debian:12"}),
        ('[[service]]\npath = "billing"\nplatform = { os = "debian:12" }\n', {"billing": "debian:12"}),
    ],
)
def test_configuration_goes_before_images(tmp_path: Path, configuration: str, changed: dict[str, str]) -> None:
    fleet = fleet_of(tmp_path, configuration)
    expected = {name: changed.get(name, platform.os) for name, platform in PLATFORMS.items()}
    assert {name: platform.os for name, platform in platforms(fleet).items()} == expected
    silent = [s for s in fleet.services if s.name in changed]
    assert not [r for s in silent for r in s.base if r.package.name == "os"]
    assert not [note for s in silent for note in s.skipped]


def test_releases_that_differ_cannot_share_a_root_filesystem(tmp_path: Path) -> None:
    fleet = fleet_of(tmp_path)
    report = examine_fleet(fleet, load(tmp_path, environment={}, options={"offline": True, "cache": False}))
    apart = {c.services: c for c in report.conflicts if c.code is Code.OPERATING_SYSTEM and "edge" not in c.services}
    assert set(apart) == {
        ("billing", "image"), ("billing", "search"), ("billing", "web"), ("image", "web"), ("search", "web"),
    }  # fmt: skip
    origins = [demand.requirement.origin for demand in apart["billing", "web"].requirements]
    assert origins == [
        Origin("billing/Dockerfile", 1, "FROM debian:11"),
        Origin("web/Dockerfile", 1, "FROM nginx:1.27-alpine3.20"),
    ]
    platform = {Code.OPERATING_SYSTEM, Code.ARCHITECTURE}
    elsewhere = {c.services for c in report.conflicts if c.code in platform and "edge" in c.services}
    assert elsewhere == {tuple(sorted(("edge", name))) for name in PLATFORMS if name != "edge"}
    declared = [u for u in report.undecided if u.stance is Stance.RELOCKED]
    assert {u.services for u in declared} == {("own",)} | {
        tuple(sorted(("own", name))) for name in PLATFORMS if name not in ("own", "edge")
    }


def test_metadata_of_a_release_that_nobody_is_for_is_told(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "Dockerfile").write_text("FROM debian:12\nRUN apt-get install -y nginx\n")
    misspelt = Settings(universe=(("debain:12", (str(tmp_path),)), ("debian:12", ())))
    (told,) = gather_fleet(tmp_path, misspelt).skipped
    assert (told.what, told.incomplete) == ("package metadata of debain:12", False)


def test_a_place_without_a_release_is_given_on_the_command_line(tmp_path: Path) -> None:
    settings = load(tmp_path, environment={}, options=from_command_line({"universe": ("/srv/mirror",)}))
    assert settings.universe == (("", ("/srv/mirror",)),)
