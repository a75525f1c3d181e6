"""Branches and tags become commits after gathering."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from analyzer.origin import Origin
from analyzer.package import Package
from analyzer.requirement import Requirement
from analyzer.service import DependencySet, Fleet, Service
from analyzer.verdict import Code
from cohabit.auditing import examine_fleet
from cohabit.configuration import load
from cohabit.fleet import gather_fleet
from cohabit.git_commits import told_by, with_commits
from cohabit.settings import Settings
from resolvers.git.remotes import UnansweredError
from tests.resolvers.git.made import A, B, checkout, write

GEO, LOST = Package("git", "geo", "git.example/org"), Package("git", "lost", "git.example/org")


@dataclass
class Told:
    """Knows some repositories, and remembers what it was asked."""

    known: Mapping[Package, Mapping[str, str]]
    asked: list[tuple[Package, frozenset[str]]] = field(default_factory=list)

    def commits(self, repository: Package, names: Collection[str]) -> Mapping[str, str]:
        self.asked.append((repository, frozenset(names)))
        if repository not in self.known:
            raise UnansweredError("says nothing")
        return self.known[repository]


def service(name: str, *wanted: tuple[Package, str]) -> Service:
    requirements = tuple(Requirement(p, text, Origin(f"{name}/Dockerfile", 2)) for p, text in wanted)
    return Service(name, name, sets=(DependencySet("git", requirements),))


def texts(fleet: Fleet) -> list[str]:
    return [r.constraint for s in fleet.services for d in s.sets for r in d.requirements]


def test_each_repository_is_asked_once() -> None:
    fleet = Fleet("fleet", (
        service("a", (GEO, "v1 in /opt/geo"), (GEO, f"v0 (commit {A}) in x"), (LOST, "main in y")),
        service("b", (GEO, "perhaps v1 in z"), (GEO, "HEAD in z"), (GEO, "(unknown) in z"), (GEO, f"commit {A} in z")),
    ))  # fmt: skip
    remotes = Told({GEO: {"v1": B, "HEAD": A}})
    found = told_by(fleet, remotes)
    assert sorted(remotes.asked, key=str) == [(GEO, frozenset({"v1", "HEAD"})), (LOST, frozenset({"main"}))]
    assert texts(found) == [
        f"v1 (commit {B}) in /opt/geo", f"v0 (commit {A}) in x", "main in y",
        f"perhaps v1 (commit {B}) in z", f"HEAD (commit {A}) in z", "(unknown) in z", f"commit {A} in z",
    ]  # fmt: skip
    (skipped,) = found.skipped
    assert (skipped.what, skipped.reason) == ("commits of git/git.example/org/lost", "says nothing")


def test_nobody_is_asked_unless_it_is_permitted() -> None:
    fleet = Fleet("fleet", (service("a", (GEO, "v1 in /opt/geo")),))
    assert with_commits(fleet, Settings()) is fleet
    assert with_commits(fleet, Settings(allow_network=True, offline=True)) is fleet


def test_a_mirror_decides_a_clash(tmp_path: Path) -> None:
    root = tmp_path / "fleet"
    for name, how in {"a": "-b v1 ", "b": "-b v2 "}.items():
        write(root / name, {"Dockerfile": f"FROM debian:12\nRUN git clone {how}https://git.example/org/geo /opt/geo\n"})
    write(root, {"cohabit.toml": '[git]\nmirrors = ["../mirror"]\n'})
    bare = checkout(tmp_path / "mirror", A, inner="geo.git")
    write(bare, {"objects/info/packs": "", "refs/heads/main": A})
    write(bare, {"packed-refs": f"# pack-refs with: peeled fully-peeled\n{A} refs/tags/v1\n{B} refs/tags/v2\n"})
    settings = load(root, environment={}, options={"offline": True, "cache": False})
    report = examine_fleet(gather_fleet(root, settings), settings)
    assert [(c.code, c.services) for c in report.conflicts] == [(Code.CHECKOUT, ("a", "b"))]
