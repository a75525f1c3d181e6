"""Gradle's published rules (``fixtures/maven/rich_versions.json``: rule, page of the user manual, outcome)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analyzer.package import Candidate
from resolvers.maven.resolution import Fault, resolve
from tests.resolvers.maven.universe import Table, package, said

CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[3] / "fixtures" / "maven" / "rich_versions.json").read_text()
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["rule"])
def test_the_rules_of_the_manual(case: dict[str, Any]) -> None:
    tables = (case.get(name, {}) for name in ("modules", "managed", "capabilities", "relocated"))
    forced = {package(name): version for name, version in case.get("forced", {}).items()}
    found = resolve({"root": [said(text) for text in case["root"]]}, forced, Table(*tables))
    versions = {module.package.name: module.version for module in found.modules}
    if case["outcome"] == "fails":
        assert found.failures
    else:
        assert not found.failures
        assert case["outcome"].items() <= versions.items()
        assert "lib" in case["outcome"] or "lib" not in versions


def test_a_failure_names_what_is_against_what() -> None:
    universe = Table({"up 1.0": ["lib strictly 1.1"], "lib 1.1": [], "lib 2.0": []})
    (failure,) = resolve({"root": [said("up 1.0"), said("lib 2.0")]}, {}, universe).failures
    assert failure.fault is Fault.REJECTED
    ruling, wanting = failure.against
    assert (ruling.source, wanting.source) == (Candidate(package("up"), "1.0"), "root")
    assert (ruling.dependency.constraint, wanting.dependency.constraint) == ("strictly 1.1", "2.0")


def test_what_no_repository_has_is_no_contradiction() -> None:
    (failure,) = resolve({"root": [said("gone 1.0")]}, {}, Table({})).failures
    assert (failure.fault, failure.reason) == (Fault.MISSING, "org.example:gone 1.0 is in no repository")
