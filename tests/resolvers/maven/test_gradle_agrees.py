"""Resolutions and version order against the frozen answers of Gradle 4.4.1 (``fixtures/maven/freeze_gradle.py``).

Three rules have changed since, and cases that rest on them are left out, whatever the answers are: what a version
that lost said of others counted still; a range was not narrowed down to a version inside that another wanted; and
``strictly`` did not override what comes from below. Left out as well are graphs that never rest, where a version takes
the only one that wants it out of the graph, or two hold each other up.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from analyzer.package import Candidate, Package
from resolvers.maven.gradle_order import key
from resolvers.maven.module import ModuleDependency
from resolvers.maven.resolution import Resolution, resolve
from resolvers.maven.rich_version import rich_version
from resolvers.maven.selection import Wish, choose
from tests.resolvers.maven.universe import Table, package, said

FIXTURES = Path(__file__).parents[3] / "fixtures" / "maven"
Universe = dict[str, Any]
UNIVERSES: list[Universe] = json.loads((FIXTURES / "gradle_resolutions.json").read_text())
ORDER = [line.split() for line in (FIXTURES / "gradle_order.txt").read_text().splitlines() if line[0] != "#"]
CHANGED_ORDER = re.compile(r"(?i)snapshot|sp|final|release|(?<!\d)0\d")
"""Words with a place of their own since, and numbers spelt in two ways, at which the comparison ended."""


def resolution(universe: Universe) -> Resolution:
    forced = {package(name): version for name, version in universe["forced"].items()}
    return resolve({"root": [said(text) for text in universe["root"]]}, forced, Table(universe["modules"]))


def heard(universe: Universe, found: Resolution) -> dict[Package, list[Wish]]:
    """What any version that is named anywhere says of others."""
    table = Table(universe["modules"])
    waiting: list[ModuleDependency] = [said(text) for text in universe["root"]]
    known: dict[Package, list[Wish]] = defaultdict(list)
    seen: set[Candidate] = set()
    for word in waiting:
        rich = rich_version(found.graph.forced.get(word.package, word.constraint))
        known[word.package].append(Wish(rich))
        version = choose([Wish(rich)], lambda word=word: table.versions(word.package)).version  # type: ignore[misc]
        module = table.module(Candidate(word.package, version))
        if module and module.candidate not in seen:
            seen.add(module.candidate)
            waiting += module.dependencies
    return known


def rests_on_a_changed_rule(universe: Universe, found: Resolution) -> bool:
    table = Table(universe["modules"])
    for module, wishes in heard(universe, found).items():
        alone = [choose([wish], lambda module=module: table.versions(module)) for wish in wishes]  # type: ignore[misc]
        highest = max((c.version for c in alone if c.version), key=key, default="")
        strict = any(wish.rich.strictly for wish in wishes) and len(wishes) > 1
        if strict or any(c.unmatched for c in alone) or highest != found.versions.get(module, highest):
            return True
    return not rests(table, found)


def rests(table: Table, found: Resolution) -> bool:
    """Whether every version is wanted by the root, or by another that is, and not only by those that it brings."""
    wanted: set[Package] = set()
    before = -1
    while len(wanted) > before:
        before = len(wanted)
        for module, wishes in found.wishes.items():
            for edge, wish in wishes:
                alone = choose([wish], lambda module=module: table.versions(module)).version  # type: ignore[misc]
                holds = isinstance(edge.source, str) or edge.source.package in wanted
                if holds and alone == found.versions[module]:
                    wanted.add(module)
    return wanted == set(found.versions)


@pytest.mark.parametrize("number", range(len(UNIVERSES)))
def test_resolves_as_gradle_does(number: int) -> None:
    universe = UNIVERSES[number]
    found = resolution(universe)
    answer = universe["answer"]
    modules = sorted(f"{module.package.name} {module.version}" for module in found.modules)
    if not rests_on_a_changed_rule(universe, found):
        assert bool(found.failures) == answer["fails"]
        assert answer["fails"] or modules == answer["modules"]


def test_most_universes_count() -> None:
    counted = [u for u in UNIVERSES if not rests_on_a_changed_rule(u, resolution(u))]
    agreeing = [u for u in UNIVERSES if sorted(map(_shown, resolution(u).modules)) == u["answer"]["modules"]]
    assert (len(counted), len(agreeing)) == (262, 529)


def _shown(module: Candidate) -> str:
    return f"{module.package.name} {module.version}"


def test_orders_as_gradle_does() -> None:
    ours = [(one, two, str((key(one) > key(two)) - (key(one) < key(two)))) for one, two, _ in ORDER]
    differing = [f"{one} {two}" for (one, two, sign), said in zip(ours, ORDER, strict=True) if sign != said[2]]
    assert all(CHANGED_ORDER.search(pair) for pair in differing)
    assert (len(ORDER), len(differing)) == (600, 22)
