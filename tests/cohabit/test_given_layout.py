"""Layouts that cannot be had are refused with a reason."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from analyzer.boundary import Boundary
from analyzer.errors import CohabitError
from analyzer.service import Fleet, Service
from analyzer.verdict import Stance
from cohabit.configuration import ConfigurationError, load
from cohabit.fleet import saved_fleet
from cohabit.given_layout import with_layout
from reports.fleet_json import fleet_to_json

FLEET = Fleet("shop", (Service("a", "a"),))

BROKEN: dict[str, tuple[Callable[[Path], object], str]] = {
    "a named pipe": (os.mkfifo, "no regular file"),
    "a folder": (Path.mkdir, "no regular file"),
    "absent": (lambda path: None, "cannot read"),
    "no JSON": (lambda path: path.write_bytes(b"\xff\xfe"), "malformed"),
    "deep": (lambda path: path.write_bytes(b"[" * 100_000), "Expected `object`"),
    "another document": (lambda path: path.write_bytes(b"{}"), "schema|report|required"),
}


@pytest.mark.parametrize(("write", "reason"), BROKEN.values(), ids=BROKEN)
def test_a_previous_report_that_is_none(tmp_path: Path, write: Callable[[Path], object], reason: str) -> None:
    write(tmp_path / "report")
    with pytest.raises(CohabitError, match=reason):
        with_layout(FLEET, None, tmp_path / "report", Stance.LOCKED)


def test_placements_of_a_saved_fleet_are_checked(tmp_path: Path) -> None:
    (tmp_path / "cohabit.toml").write_text('[[placement]]\nservices = ["a", "z"]\ntogether = "container"\n')
    with pytest.raises(ConfigurationError, match="no service 'z'"):
        saved_fleet(fleet_to_json(FLEET), "fleet.json", load(tmp_path, environment={}))


def test_the_layout_of_a_saved_fleet_is_its_own(tmp_path: Path) -> None:
    (tmp_path / "cohabit.toml").write_text('[[environment]]\nboundary = "container"\nservices = ["z"]\n')
    settings = load(tmp_path, environment={})
    assert settings.present[0].boundary is Boundary.CONTAINER
    assert saved_fleet(fleet_to_json(FLEET), "fleet.json", settings) == FLEET
