"""Resolvers that users add through the entry point group ``cohabit.resolvers``."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

import cohabit
from analyzer.errors import CohabitError

PLUGIN = """
from dataclasses import dataclass
from analyzer.origin import Origin
from analyzer.package import Package
from analyzer.requirement import Requirement
from analyzer.service import DependencySet
from resolvers.seam import Gathered, Manifest
from resolvers.tree import join

class Spells:
    ecosystem = "spell"

    def manifests(self, tree, directory):
        return (Manifest(join(directory, "spells"), "book"),) if "spells" in tree.names(directory) else ()

    def gather(self, tree, directory, wish):
        found = self.manifests(tree, directory)
        words = [w for m in found for w in tree.read_text(m.path).split()]
        wanted = tuple(Requirement(Package("spell", w), "", Origin(found[0].path)) for w in words)
        return Gathered((DependencySet("spell", wanted),) if words else ())
"""


@pytest.fixture
def plugin(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An installed distribution whose entry point names the class in ``spellbook.py``."""
    site = tmp_path / "site"
    (site / "spellbook-1.dist-info").mkdir(parents=True)
    (site / "spellbook-1.dist-info/METADATA").write_text("Metadata-Version: 2.1\nName: spellbook\nVersion: 1\n")
    (site / "spellbook-1.dist-info/entry_points.txt").write_text("[cohabit.resolvers]\nspells = spellbook:Spells\n")
    monkeypatch.syspath_prepend(site)
    monkeypatch.delitem(sys.modules, "spellbook", raising=False)
    (tmp_path / "fleet/tower").mkdir(parents=True)
    (tmp_path / "fleet/tower/spells").write_text("lumos")
    return site / "spellbook.py"


def test_they_find_services_and_read_them_in_processes_of_their_own(plugin: Path, tmp_path: Path) -> None:
    plugin.write_text(PLUGIN)
    [tower] = cohabit.gather(tmp_path / "fleet").services
    assert (tower.name, tower.evidence) == ("tower", ("spells (book)",))
    assert [str(r) for group in tower.sets for r in group.requirements] == ["lumos"]


def test_one_that_crashes_costs_its_services_alone(plugin: Path, tmp_path: Path) -> None:
    crash = "import os; os._exit(7) if directory == 'tower' else None\n        found = self"
    plugin.write_text(PLUGIN.replace("found = self", crash, 1))
    (tmp_path / "fleet/hut").mkdir()
    (tmp_path / "fleet/hut/spells").write_text("nox")
    hut, tower = cohabit.gather(tmp_path / "fleet").services
    assert [str(r) for group in hut.sets for r in group.requirements] == ["nox"]
    assert [note.reason for note in tower.skipped] == ["reading it ended its process with code 7"]


@pytest.mark.parametrize("text", ["raise RuntimeError('no magic today')", "import no_such_module", "Other = 1"])
def test_one_that_cannot_be_loaded_is_named(text: str, plugin: Path, tmp_path: Path) -> None:
    plugin.write_text(text)
    with pytest.raises(CohabitError, match=r"'spells' \(spellbook:Spells\) cannot be loaded"):
        cohabit.gather(tmp_path / "fleet")
